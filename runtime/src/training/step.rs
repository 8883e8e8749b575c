//! One optimizer step, and one evaluation, on a batch of any size: part by part, without allocation.

use core::borrow::BorrowMut;
use core::fmt;
use core::ops::Range;

use super::pass::{
    Add, Counting, Infer, IsFinite, Judge, Observe, Samples, Show, Shown, Training, Unobserved, Update, chunk,
};
use super::{Buffers, Core, Trainer};
use crate::layer::Seen;
use crate::losses::{Loss, Target, TargetError};
use crate::metrics::Metric;
use crate::model::Model;
use crate::model::run::{LengthMismatch, first};
use crate::optimizers::{Optimizer, Slots};
use crate::random::Context;
use crate::scalar::Scalar;
use crate::simd::dispatch;

/// Samples and their targets, as many of each.
#[derive(Debug)]
pub struct Batch<'a, X, T> {
    inputs: &'a [X],
    targets: &'a [T],
}

impl<'a, X, T> Batch<'a, X, T> {
    /// Pairs inputs with targets.
    ///
    /// # Errors
    /// When there are not as many of each.
    pub fn new(inputs: &'a [X], targets: &'a [T]) -> Result<Self, LengthMismatch> {
        LengthMismatch::check(inputs.len(), targets.len(), "targets")?;
        Ok(Self { inputs, targets })
    }

    /// As few parts as hold up to `size` samples each, of nearly equal size. A layer that normalises over the samples of a part
    /// then never sees a lone last one.
    pub(super) fn parts(&self, size: usize) -> impl Iterator<Item = Samples<'a, X, T>> + use<'a, X, T> {
        Samples { start: 0, inputs: self.inputs, targets: self.targets }.parts(size)
    }

    /// The inputs.
    pub fn inputs(&self) -> &'a [X] {
        self.inputs
    }

    /// The targets.
    pub fn targets(&self) -> &'a [T] {
        self.targets
    }
}

/// Why a step was not done; the parameters are as they were.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StepError {
    /// The batch has no sample.
    Empty,
    /// The target of one sample is impossible.
    Target {
        /// Which sample of the batch, from 0.
        sample: usize,
        /// What is wrong with it.
        error: TargetError,
    },
    /// The loss, or a gradient, is infinite or not a number.
    NotFinite {
        /// The loss.
        loss: f64,
    },
}

impl fmt::Display for StepError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the batch is empty: give at least one sample"),
            Self::Target { sample, error } => write!(formatter, "the target of sample {sample}: {error}"),
            Self::NotFinite { loss } if loss.is_finite() => formatter.write_str(
                "a gradient is infinite or not a number (the parameters were left as they were): \
                 try a smaller learning rate, and check the inputs",
            ),
            Self::NotFinite { loss } => write!(
                formatter,
                "the loss became {loss} (the parameters were left as they were): \
                 try a smaller learning rate, and check inputs and targets"
            ),
        }
    }
}

impl core::error::Error for StepError {}

impl<M: Model, O: Optimizer, C: Loss<M::Output, M::Head>, Q, B: BorrowMut<Buffers<M, O>>>
    Trainer<M, O, C, Q, B>
{
    /// One update of the parameters from the mean gradient of `batch`; gives the mean loss before the update.
    ///
    /// Allocates nothing; the time is proportional to the batch. The batch may have any size.
    ///
    /// # Errors
    /// [`StepError`] for an empty batch, an impossible target, or a loss or gradient that is not finite. The parameters
    /// are then as they were.
    pub fn train_step<T: Target<C::Target>>(
        &mut self,
        batch: &Batch<'_, M::Sample, T>,
    ) -> Result<M::Scalar, StepError> {
        self.core.step(batch, &mut Unobserved)
    }

    /// The mean loss of `batch` at inference, after counting its samples in the metrics; nothing is trained.
    ///
    /// Allocates nothing. The metrics go on from what they have; see [`metrics_mut`](Trainer::metrics_mut) to reset them.
    ///
    /// # Errors
    /// [`StepError`] for an empty batch or an impossible target.
    pub fn test_step<T: Target<C::Target>>(
        &mut self,
        batch: &Batch<'_, M::Sample, T>,
    ) -> Result<M::Scalar, StepError>
    where
        Q: Metric<M::Output, T>,
    {
        check(&self.core.loss, batch)?;
        let Self { core, metrics } = self;
        Ok(core.measure(batch, &mut Counting(metrics)))
    }
}

impl<M: Model, O: Optimizer, C: Loss<M::Output, M::Head>, B: BorrowMut<Buffers<M, O>>> Core<M, O, C, B> {
    /// One update.
    pub(super) fn step<T: Target<C::Target>>(
        &mut self,
        batch: &Batch<'_, M::Sample, T>,
        observer: &mut impl Observe<M, C, T>,
    ) -> Result<M::Scalar, StepError> {
        check(&self.loss, batch)?;
        let count = M::Scalar::from_f64(batch.inputs.len() as f64);
        let loss = self.sum(batch, M::Scalar::ONE / count, observer) / count;
        let gradient = &self.buffers.borrow().gradient;
        if !loss.is_finite() || !dispatch(IsFinite(gradient.as_slice())) {
            return Err(StepError::NotFinite { loss: loss.to_f64() });
        }
        self.update();
        let Buffers { model, gradient, .. } = self.buffers.borrow_mut();
        model.settle(gradient, Seen { samples: batch.inputs.len(), calls: 1 });
        self.iteration += 1;
        Ok(loss)
    }

    /// The sum of the samples' losses; leaves `weight` times the sum of their gradients.
    fn sum<T: Target<C::Target>>(
        &mut self,
        batch: &Batch<'_, M::Sample, T>,
        weight: M::Scalar,
        observer: &mut impl Observe<M, C, T>,
    ) -> M::Scalar {
        let context = Context::new(self.seed, self.iteration);
        let Buffers { model, gradient, spare, tape, .. } = self.buffers.borrow_mut();
        let pass = Training { model: &*model, loss: &self.loss, weight, context };
        #[cfg(feature = "parallel")]
        if let (Some(crew), Some(spare)) = (&mut self.crew, spare.get())
            && crew.is_worth::<M>(batch.inputs.len())
        {
            return crew.sum(pass, batch, (gradient, spare, tape), observer);
        }
        let mut total = M::Scalar::ZERO;
        for chunk in batch.parts(chunk::<M>()) {
            let seen = |shown: Shown<'_, M, T>| {
                dispatch(Show { loss: &self.loss, observer: &mut *observer, shown });
            };
            // The first chunk's gradient is what the others are added to.
            match spare.get() {
                Some(spare) if chunk.start > 0 => {
                    total += pass.run(&chunk, tape, spare, seen);
                    dispatch(Add { to: gradient.as_mut_slice(), from: spare.as_slice() });
                }
                _ => total += pass.run(&chunk, tape, gradient, seen),
            }
        }
        total
    }

    /// Follows the gradient.
    fn update(&mut self) {
        let Buffers { model, gradient, slots, .. } = self.buffers.borrow_mut();
        let (optimizer, iteration) = (&self.optimizer, self.iteration);
        let mut done = 0;
        while let Some(run) = next_trainable::<M>(done) {
            done = run.end;
            let parameters = model.as_mut_slice().get_mut(run.clone()).unwrap_or_default();
            let gradient = gradient.as_slice().get(run.clone()).unwrap_or_default();
            slots.within(run, |slots| {
                let update = Update { optimizer, iteration, parameters, gradient, slots };
                #[cfg(feature = "parallel")]
                if let Some(crew) = &self.crew {
                    return crew.update(update);
                }
                dispatch(update);
            });
        }
    }

    /// The mean loss of some samples at inference; nothing is updated.
    pub(super) fn measure<T: Target<C::Target>>(
        &mut self,
        batch: &Batch<'_, M::Sample, T>,
        observer: &mut impl Observe<M, C, T>,
    ) -> M::Scalar {
        let loss = &self.loss;
        let Buffers { model, tape, .. } = self.buffers.borrow_mut();
        let mut total = M::Scalar::ZERO;
        let mut judge = |shown: Shown<'_, M, T>| {
            dispatch(Judge { loss, observer: &mut *observer, shown, total: &mut total });
        };
        #[cfg(feature = "parallel")]
        let shared = match &self.crew {
            Some(crew) if crew.is_worth::<M>(batch.inputs.len()) => {
                crew.infer(&*model, batch, &mut judge);
                true
            }
            _ => false,
        };
        #[cfg(not(feature = "parallel"))]
        let shared = false;
        if !shared {
            for Samples { inputs, targets, .. } in batch.parts(M::STRIP) {
                let logits = first(&mut tape.logits, inputs.len());
                let outputs = first(&mut tape.outputs, inputs.len());
                dispatch(Infer { model: &*model, samples: inputs, logits, outputs });
                judge((targets, logits, outputs));
            }
        }
        total / M::Scalar::from_f64(batch.inputs.len() as f64)
    }
}

/// Whether a batch can be used at all.
pub(super) fn check<Y: crate::Tensor, H, X, T: Target<C::Target>, C: Loss<Y, H>>(
    loss: &C,
    batch: &Batch<'_, X, T>,
) -> Result<(), StepError> {
    if batch.inputs.is_empty() {
        return Err(StepError::Empty);
    }
    for (sample, target) in batch.targets.iter().enumerate() {
        target.with(|target| loss.check(target)).map_err(|error| StepError::Target { sample, error })?;
    }
    Ok(())
}

/// The next parameters in a row, from this place on, that training changes.
#[inline(always)]
fn next_trainable<M: Model>(from: usize) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    M::trainable(0, &mut |range| match &mut found {
        Some(found) if found.end == range.start => found.end = range.end,
        None if range.start >= from && !range.is_empty() => found = Some(range),
        _ => {}
    });
    found
}
