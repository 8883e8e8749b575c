//! What a model does when called: initialise, predict, differentiate. The bodies of the methods that `model!` writes.

use core::fmt;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use super::{Memory, Model, Sample, Tape, activate, derive};
use crate::losses::{Loss, Target};
use crate::random::{Context, Random};
use crate::simd::{Level, Task, dispatch};
use crate::tensor::Tensor;

/// Parameters drawn by the model's initializers.
pub fn init<M: Model>(seed: u64) -> M {
    let mut model = M::zeroed();
    model.initialize(&mut Random::new(seed));
    model
}

/// The same, on the heap and never on the stack.
#[cfg(feature = "alloc")]
pub fn boxed<M: Model>(seed: u64) -> Box<M> {
    let mut model = M::zeroed_box();
    model.initialize(&mut Random::new(seed));
    model
}

/// A boxed model with its parameters drawn again.
#[cfg(feature = "alloc")]
pub fn reseed<M: Model>(mut model: Box<M>, seed: u64) -> Box<M> {
    model.as_mut_slice().fill(crate::Scalar::ZERO);
    model.initialize(&mut Random::new(seed));
    model
}

/// The output for one sample.
#[inline]
pub fn predict<M: Model>(model: &M, input: &M::Sample) -> M::Output {
    let mut output = M::Output::ZEROS;
    predict_in(model, input, &mut M::Scratch::zeros(), &mut output);
    output
}

/// The output for one sample, written to `output`, in the caller's scratch memory of any content.
#[inline]
pub fn predict_in<M: Model>(model: &M, input: &M::Sample, scratch: &mut M::Scratch, output: &mut M::Output) {
    dispatch(One::<M> { model, sample: input, output, scratch });
}

/// The outputs for any number of samples, a strip at a time.
///
/// # Errors
/// When there are not as many outputs as inputs; nothing is written then.
pub fn predict_batch<M: Model>(
    model: &M,
    inputs: &[M::Sample],
    outputs: &mut [M::Output],
) -> Result<(), LengthMismatch> {
    LengthMismatch::check(inputs.len(), outputs.len(), "outputs")?;
    forward_all(model, inputs, outputs);
    Ok(())
}

/// [`predict_batch`] where the lengths are known to be equal.
pub(crate) fn forward_all<M: Model>(model: &M, samples: &[M::Sample], outputs: &mut [M::Output]) {
    dispatch(Many::<M> { model, samples, outputs });
}

/// Inference; with `FOLDED` that of a model that was folded.
#[inline(always)]
fn infer<M: Model, L: Level, const FOLDED: bool>(
    model: &M,
    level: L,
    inputs: &[M::Input],
    outputs: &mut [M::Output],
    scratch: &mut [M::Scalar],
) {
    if FOLDED {
        model.forward_folded(level, inputs, outputs, scratch);
    } else {
        model.forward(level, inputs, outputs, scratch);
    }
}

/// One sample. All sizes are in the types, so that everything below inlines to straight code without a check.
pub(super) struct One<'a, M: Model, const FOLDED: bool = false> {
    pub(super) model: &'a M,
    pub(super) sample: &'a M::Sample,
    pub(super) output: &'a mut M::Output,
    pub(super) scratch: &'a mut M::Scratch,
}

impl<M: Model, const FOLDED: bool> Task for One<'_, M, FOLDED> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let mut memory = [M::Input::ZEROS];
        let inputs = M::Sample::values(core::slice::from_ref(self.sample), &mut memory);
        let outputs = core::slice::from_mut(self.output);
        infer::<M, L, FOLDED>(self.model, level, inputs, outputs, self.scratch.as_slice_mut());
    }
}

/// Any number of samples, a strip at a time.
pub(super) struct Many<'a, M: Model, const FOLDED: bool = false> {
    pub(super) model: &'a M,
    pub(super) samples: &'a [M::Sample],
    pub(super) outputs: &'a mut [M::Output],
}

impl<M: Model, const FOLDED: bool> Task for Many<'_, M, FOLDED> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let (mut scratch, mut memory) = (M::StripScratch::zeros(), M::StripInput::ZEROS);
        let memory = M::Input::batch_mut(memory.as_flat_mut());
        for (samples, outputs) in self.samples.chunks(M::STRIP).zip(self.outputs.chunks_mut(M::STRIP)) {
            let inputs = M::Sample::values(samples, memory);
            infer::<M, L, FOLDED>(self.model, level, inputs, outputs, scratch.as_slice_mut());
        }
    }
}

/// A loss that fits a model and its targets: what `gradients` asks for, in one bound.
pub trait LossFor<M: Model, T> {
    /// The loss of one sample; `gradient` is overwritten with its derivatives with respect to every parameter. The pass is
    /// the one of training (with dropout, drawn from seed 0).
    fn gradients(&self, model: &M, input: &M::Sample, target: &T, gradient: &mut M) -> M::Scalar;
}

impl<M: Model, C: Loss<M::Output, M::Head>, T: Target<C::Target>> LossFor<M, T> for C {
    fn gradients(&self, model: &M, input: &M::Sample, target: &T, gradient: &mut M) -> M::Scalar {
        gradient.as_mut_slice().fill(crate::Scalar::ZERO);
        let (mut logits, mut outputs) = (M::Output::ZEROS, M::Output::ZEROS);
        let (mut output_gradients, mut memory) = (M::Output::ZEROS, M::Input::ZEROS);
        let loss = dispatch(Pass {
            model,
            loss: self,
            samples: core::slice::from_ref(input),
            memory: core::slice::from_mut(&mut memory),
            targets: core::slice::from_ref(target),
            weight: crate::Scalar::ONE,
            arena: M::SampleArena::zeros().as_slice_mut(),
            logits: core::slice::from_mut(&mut logits),
            outputs: core::slice::from_mut(&mut outputs),
            output_gradients: core::slice::from_mut(&mut output_gradients),
            context: Context::new(0, 0),
            gradient: &mut *gradient,
        });
        clear_untrained(gradient);
        loss
    }
}

/// What lies in the places of parameters that have no gradient is the layers' own affair.
fn clear_untrained<M: Model>(gradient: &mut M) {
    let values = gradient.as_mut_slice();
    let mut done = 0;
    M::trainable(0, &mut |range| {
        values.get_mut(done..range.start).unwrap_or_default().fill(crate::Scalar::ZERO);
        done = range.end;
    });
    values.get_mut(done..).unwrap_or_default().fill(crate::Scalar::ZERO);
}

/// Forward, loss and backward of one tile; gives the sum of the samples' losses, adds `weight` times the gradients.
pub(crate) struct Pass<'a, M: Model, C, T> {
    pub(crate) model: &'a M,
    pub(crate) loss: &'a C,
    pub(crate) samples: &'a [M::Sample],
    /// For inputs made from samples.
    pub(crate) memory: &'a mut [M::Input],
    pub(crate) targets: &'a [T],
    pub(crate) weight: M::Scalar,
    pub(crate) arena: &'a mut [M::Scalar],
    pub(crate) logits: &'a mut [M::Output],
    pub(crate) outputs: &'a mut [M::Output],
    pub(crate) output_gradients: &'a mut [M::Output],
    pub(crate) context: Context,
    pub(crate) gradient: &'a mut M,
}

impl<'a, M: Model, C, T> Pass<'a, M, C, T> {
    /// The buffers of a tape, cut to the samples of this tile.
    #[inline(always)]
    pub(crate) fn on_tape(
        model: &'a M,
        loss: &'a C,
        (samples, targets): (&'a [M::Sample], &'a [T]),
        weight: M::Scalar,
        tape: &'a mut Tape<M>,
        context: Context,
        gradient: &'a mut M,
    ) -> Self {
        let count = samples.len();
        Self {
            model,
            loss,
            samples,
            memory: M::Input::batch_mut(tape.inputs.as_flat_mut()),
            targets,
            weight,
            arena: tape.arena.as_slice_mut(),
            logits: first(&mut tape.logits, count),
            outputs: first(&mut tape.outputs, count),
            output_gradients: first(&mut tape.gradients, count),
            context,
            gradient,
        }
    }
}

/// The first `count` tensors of a tile.
#[inline(always)]
pub(crate) fn first<Y: Tensor, T: Tensor<Scalar = Y::Scalar>>(tile: &mut T, count: usize) -> &mut [Y] {
    Y::batch_mut(tile.as_flat_mut()).get_mut(..count).unwrap_or_default()
}

impl<M: Model, C: Loss<M::Output, M::Head>, T: Target<C::Target>> Task for Pass<'_, M, C, T> {
    type Output = M::Scalar;
    #[inline(always)]
    fn run<L: Level>(self, level: L) -> M::Scalar {
        let inputs = M::Sample::values(self.samples, self.memory);
        self.model.train_logits(level, inputs, self.logits, self.arena, self.context);
        self.outputs.copy_from_slice(self.logits);
        activate::<M, L>(level, self.outputs);
        let mut total = M::Scalar::default();
        for (sample, target) in self.targets.iter().enumerate() {
            let gradient = &mut self.output_gradients[sample];
            let (logits, output) = (&self.logits[sample], &self.outputs[sample]);
            total += target.with(|target| self.loss.evaluate(level, logits, output, target, Some(gradient)));
        }
        for value in Tensor::flat_mut(self.output_gradients) {
            *value *= self.weight;
        }
        if !C::ON_LOGITS {
            derive::<M, L>(level, self.outputs, self.output_gradients);
        }
        self.model.backward_logits(
            level,
            inputs,
            self.output_gradients,
            None,
            self.arena,
            self.context,
            self.gradient,
        );
        total
    }
}

/// Two slices that must be of one length are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthMismatch {
    /// The number of inputs.
    pub inputs: usize,
    /// The number of the others.
    pub others: usize,
    /// What the others are.
    pub what: &'static str,
}

impl LengthMismatch {
    /// An error unless there are as many inputs as others.
    pub(crate) fn check(inputs: usize, others: usize, what: &'static str) -> Result<(), Self> {
        if inputs == others { Ok(()) } else { Err(Self { inputs, others, what }) }
    }
}

impl fmt::Display for LengthMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inputs, others, what } = self;
        write!(formatter, "there are {inputs} inputs but {others} {what}: give as many {what} as inputs")
    }
}

impl core::error::Error for LengthMismatch {}
