//! One optimizer step, and one evaluation, on a batch of any size: tile by tile, without allocation.

use core::borrow::BorrowMut;
use core::fmt;
use core::ops::Range;

use super::{Buffers, Core, Trainer};
use crate::layer::Seen;
use crate::losses::{Loss, Target, TargetError};
use crate::metrics::Metric;
use crate::model::run::{LengthMismatch, Pass, first};
use crate::model::{self, Memory, Model, Sample};
use crate::optimizers::{Optimizer, Slots};
use crate::random::Context;
use crate::scalar::Scalar;
use crate::simd::{Level, Task, dispatch};
use crate::tensor::Tensor;

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
        if inputs.len() == targets.len() {
            Ok(Self { inputs, targets })
        } else {
            Err(LengthMismatch { inputs: inputs.len(), others: targets.len(), what: "targets" })
        }
    }

    /// Where the first sample of each part stands, its inputs and its targets: as few parts as hold up to `size` each, of
    /// nearly equal size. A layer that normalises over the samples of a part then never sees a lone last one.
    pub(super) fn parts(
        &self,
        size: usize,
    ) -> impl Iterator<Item = (usize, &'a [X], &'a [T])> + use<'a, X, T> {
        let (inputs, targets) = (self.inputs, self.targets);
        let count = inputs.len().div_ceil(size);
        (0..count).map(move |part| {
            let [start, end] = [part, part + 1].map(|part| part * inputs.len() / count);
            let inputs = inputs.get(start..end).unwrap_or_default();
            (start, inputs, targets.get(start..end).unwrap_or_default())
        })
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

/// Sees each sample that a step went through, its output as it was before the update.
pub(super) trait Observe<M: Model, C, T> {
    fn sample<L: Level>(&mut self, level: L, loss: &C, logits: &M::Output, output: &M::Output, target: &T);
}

/// Nobody looks.
struct Unobserved;

impl<M: Model, C, T> Observe<M, C, T> for Unobserved {
    #[inline(always)]
    fn sample<L: Level>(&mut self, _: L, _: &C, _: &M::Output, _: &M::Output, _: &T) {}
}

/// Metrics look.
struct Counting<'a, Q>(&'a mut Q);

impl<M: Model, C, T, Q: Metric<M::Output, T>> Observe<M, C, T> for Counting<'_, Q> {
    #[inline(always)]
    fn sample<L: Level>(&mut self, _: L, _: &C, _: &M::Output, output: &M::Output, target: &T) {
        self.0.update(output, target);
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
        let context = Context::new(self.seed, self.iteration);
        let loss = dispatch(Step {
            buffers: self.buffers.borrow_mut(),
            optimizer: &self.optimizer,
            loss: &self.loss,
            batch,
            observer,
            iteration: self.iteration,
            context,
        })?;
        self.iteration += 1;
        Ok(loss)
    }

    /// The mean loss of some samples at inference; nothing is updated.
    pub(super) fn measure<T: Target<C::Target>>(
        &mut self,
        batch: &Batch<'_, M::Sample, T>,
        observer: &mut impl Observe<M, C, T>,
    ) -> M::Scalar {
        dispatch(Measure { buffers: self.buffers.borrow_mut(), loss: &self.loss, batch, observer })
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

struct Step<'a, M: Model, O: Optimizer, C, T, F> {
    buffers: &'a mut Buffers<M, O>,
    optimizer: &'a O,
    loss: &'a C,
    batch: &'a Batch<'a, M::Sample, T>,
    observer: &'a mut F,
    iteration: u64,
    context: Context,
}

impl<M, O, C, T, F> Task for Step<'_, M, O, C, T, F>
where
    M: Model,
    O: Optimizer,
    C: Loss<M::Output, M::Head>,
    T: Target<C::Target>,
    F: Observe<M, C, T>,
{
    type Output = Result<M::Scalar, StepError>;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> Self::Output {
        let Buffers { model, gradient, slots, tape } = self.buffers;
        gradient.as_mut_slice().fill(M::Scalar::ZERO);
        let count = M::Scalar::from_f64(self.batch.inputs.len() as f64);
        let mut total = M::Scalar::ZERO;
        for (start, inputs, targets) in self.batch.parts(M::TILE) {
            let context = self.context.sample(start);
            let tile = (inputs, targets);
            total += Pass::on_tape(model, self.loss, tile, M::Scalar::ONE / count, tape, context, gradient)
                .run(level);
            let logits = first(&mut tape.logits, inputs.len());
            let outputs = first(&mut tape.outputs, inputs.len());
            for ((target, logits), output) in targets.iter().zip(&*logits).zip(&*outputs) {
                self.observer.sample(level, self.loss, logits, output, target);
            }
        }
        let loss = total / count;
        if !loss.is_finite() || !all_finite(gradient.as_slice()) {
            return Err(StepError::NotFinite { loss: loss.to_f64() });
        }
        let mut done = 0;
        while let Some(run) = next_trainable::<M>(done) {
            done = run.end;
            let parameters = model.as_mut_slice().get_mut(run.clone()).unwrap_or_default();
            let gradient = gradient.as_slice().get(run.clone()).unwrap_or_default();
            slots.within(
                run,
                #[inline(always)]
                |slots| self.optimizer.update(level, self.iteration, parameters, gradient, slots),
            );
        }
        model.settle(gradient, Seen { samples: self.batch.inputs.len(), calls: 1 });
        Ok(loss)
    }
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

/// Whether every value is finite.
#[inline(always)]
fn all_finite<S: Scalar>(values: &[S]) -> bool {
    // Counted in integers, without a way out of the loop: that vectorises.
    let count = |sum: u32, value: &S| sum | u32::from(!value.is_finite());
    values.iter().fold(0, count) == 0
}

struct Measure<'a, M: Model, O: Optimizer, C, T, F> {
    buffers: &'a mut Buffers<M, O>,
    loss: &'a C,
    batch: &'a Batch<'a, M::Sample, T>,
    observer: &'a mut F,
}

impl<M, O, C, T, F> Task for Measure<'_, M, O, C, T, F>
where
    M: Model,
    O: Optimizer,
    C: Loss<M::Output, M::Head>,
    T: Target<C::Target>,
    F: Observe<M, C, T>,
{
    type Output = M::Scalar;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> M::Scalar {
        let Buffers { model, tape, .. } = self.buffers;
        let mut scratch = M::StripScratch::zeros();
        let mut total = M::Scalar::ZERO;
        let memory = M::Input::batch_mut(tape.inputs.as_flat_mut());
        for (_, samples, targets) in self.batch.parts(M::STRIP) {
            let inputs = M::Sample::values(samples, memory);
            let logits = first(&mut tape.logits, inputs.len());
            let outputs = first(&mut tape.outputs, inputs.len());
            model.infer_logits(level, inputs, logits, scratch.as_slice_mut());
            outputs.copy_from_slice(logits);
            model::activate::<M, L>(level, outputs);
            for ((target, logits), output) in targets.iter().zip(&*logits).zip(&*outputs) {
                total += target.with(|target| self.loss.evaluate(level, logits, output, target, None));
                self.observer.sample(level, self.loss, logits, output, target);
            }
        }
        total / M::Scalar::from_f64(self.batch.inputs.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_that_is_not_finite_is_found() {
        let mut values = [1.0f32; 70];
        assert!(all_finite(&values));
        for place in [0, 33, 69] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                values[place] = bad;
                assert!(!all_finite(&values));
                values[place] = f32::MAX;
            }
        }
    }
}
