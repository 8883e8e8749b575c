//! The work of training: what runs for some samples, or some parameters, whichever thread does it.
//!
//! ```text
//! batch = chunks = tiles:   the tiles of a chunk add to one gradient, the chunks' gradients are added in their order
//! ```
//! Where a batch is cut depends on the model and the size of the batch only. So the numbers are the same on any number of threads.

use super::Spare;
use crate::losses::{Loss, Target};
use crate::metrics::Metric;
use crate::model::run::{Pass, first};
use crate::model::{self, Memory, Model, Sample, Tape};
use crate::optimizers::Optimizer;
use crate::random::Context;
use crate::scalar::{Scalar, are_finite};
use crate::simd::{Level, Task, dispatch};
use crate::tensor::Tensor;

/// How many samples a chunk has at most: enough that adding its gradient costs little beside computing it. A parameter is added in
/// about the time of 10 multiply-accumulates, and each sample takes three or so for every one of the forward pass.
pub(super) const fn chunk<M: Model>() -> usize {
    if !Spare::<M>::EXISTS {
        return usize::MAX;
    }
    let macs = model::max(model::max(M::MACS, M::COUNT), 1);
    let even = 128 * M::COUNT / macs;
    let least = model::max(32, M::TILE);
    model::max(even, least)
}

/// Some samples in a row of a batch.
#[derive(Debug)]
pub(super) struct Samples<'a, X, T> {
    /// The place of the first one in the batch.
    pub(super) start: usize,
    pub(super) inputs: &'a [X],
    pub(super) targets: &'a [T],
}

impl<'a, X, T> Samples<'a, X, T> {
    /// As few parts as hold up to `size` samples each, of nearly equal size.
    pub(super) fn parts(&self, size: usize) -> impl Iterator<Item = Self> + use<'a, X, T> {
        let &Self { start, inputs, targets } = self;
        let count = inputs.len().div_ceil(size);
        (0..count).map(move |part| {
            let [from, to] = [part, part + 1].map(|part| part * inputs.len() / count);
            let inputs = inputs.get(from..to).unwrap_or_default();
            Self { start: start + from, inputs, targets: targets.get(from..to).unwrap_or_default() }
        })
    }
}

/// Targets, with what the model made of their samples: logits and outputs.
pub(super) type Shown<'a, M, T> =
    (&'a [T], &'a [<M as crate::Layer>::Output], &'a [<M as crate::Layer>::Output]);

/// What the passes of one step have in common.
pub(super) struct Training<'a, M: Model, C> {
    pub(super) model: &'a M,
    pub(super) loss: &'a C,
    /// What gradients are multiplied by.
    pub(super) weight: M::Scalar,
    pub(super) context: Context,
}

impl<M: Model, C: Loss<M::Output, M::Head>> Training<'_, M, C> {
    /// The sum of the losses of a chunk; `gradient` becomes that of their gradients. Each tile is shown to `seen`.
    pub(super) fn run<T: Target<C::Target>>(
        &self,
        chunk: &Samples<'_, M::Sample, T>,
        tape: &mut Tape<M>,
        gradient: &mut M,
        mut seen: impl FnMut(Shown<'_, M, T>),
    ) -> M::Scalar {
        gradient.as_mut_slice().fill(M::Scalar::ZERO);
        let mut total = M::Scalar::ZERO;
        for Samples { start, inputs, targets } in chunk.parts(M::TILE) {
            let (tile, context) = ((inputs, targets), self.context.sample(start));
            let pass = Pass::on_tape(self.model, self.loss, tile, self.weight, tape, context, gradient);
            total += dispatch(pass);
            let logits = first(&mut tape.logits, inputs.len());
            seen((targets, logits, first(&mut tape.outputs, inputs.len())));
        }
        total
    }
}

/// Sees each sample that a step went through, its output as it was before the update.
pub(super) trait Observe<M: Model, C, T> {
    fn sample<L: Level>(&mut self, level: L, loss: &C, logits: &M::Output, output: &M::Output, target: &T);
}

/// Nobody looks.
pub(super) struct Unobserved;

impl<M: Model, C, T> Observe<M, C, T> for Unobserved {
    #[inline(always)]
    fn sample<L: Level>(&mut self, _: L, _: &C, _: &M::Output, _: &M::Output, _: &T) {}
}

/// Metrics look.
pub(super) struct Counting<'a, Q>(pub(super) &'a mut Q);

impl<M: Model, C, T, Q: Metric<M::Output, T>> Observe<M, C, T> for Counting<'_, Q> {
    #[inline(always)]
    fn sample<L: Level>(&mut self, _: L, _: &C, _: &M::Output, output: &M::Output, target: &T) {
        self.0.update(output, target);
    }
}

/// Shows samples to an observer.
pub(super) struct Show<'a, M: Model, C, T, F> {
    pub(super) loss: &'a C,
    pub(super) observer: &'a mut F,
    pub(super) shown: Shown<'a, M, T>,
}

impl<M: Model, C, T, F: Observe<M, C, T>> Task for Show<'_, M, C, T, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let (targets, logits, outputs) = self.shown;
        for ((target, logits), output) in targets.iter().zip(logits).zip(outputs) {
            self.observer.sample(level, self.loss, logits, output, target);
        }
    }
}

/// Inference of some samples, no more than a strip.
pub(super) struct Infer<'a, M: Model> {
    pub(super) model: &'a M,
    pub(super) samples: &'a [M::Sample],
    pub(super) logits: &'a mut [M::Output],
    pub(super) outputs: &'a mut [M::Output],
}

impl<M: Model> Task for Infer<'_, M> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Self { model, samples, logits, outputs } = self;
        let mut scratch = M::StripScratch::zeros();
        let mut memory = M::StripInput::ZEROS;
        let inputs = M::Sample::values(samples, M::Input::batch_mut(memory.as_flat_mut()));
        model.infer_logits(level, inputs, logits, scratch.as_slice_mut());
        outputs.copy_from_slice(logits);
        model::activate::<M, L>(level, outputs);
    }
}

/// Adds the losses of some samples to a total, and shows them.
pub(super) struct Judge<'a, M: Model, C, T, F> {
    pub(super) loss: &'a C,
    pub(super) observer: &'a mut F,
    pub(super) shown: Shown<'a, M, T>,
    pub(super) total: &'a mut M::Scalar,
}

impl<M, C, T, F> Task for Judge<'_, M, C, T, F>
where
    M: Model,
    C: Loss<M::Output, M::Head>,
    T: Target<C::Target>,
    F: Observe<M, C, T>,
{
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Self { loss, observer, shown: (targets, logits, outputs), total } = self;
        for ((target, logits), output) in targets.iter().zip(logits).zip(outputs) {
            *total += target.with(|target| loss.evaluate(level, logits, output, target, None));
            observer.sample(level, loss, logits, output, target);
        }
    }
}

/// `to += from`.
pub(super) struct Add<'a, S> {
    pub(super) to: &'a mut [S],
    pub(super) from: &'a [S],
}

impl<S: Scalar> Task for Add<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, _: L) {
        for (to, &from) in self.to.iter_mut().zip(self.from) {
            *to += from;
        }
    }
}

/// Whether every value is finite.
pub(super) struct IsFinite<'a, S>(pub(super) &'a [S]);

impl<S: Scalar> Task for IsFinite<'_, S> {
    type Output = bool;

    #[inline(always)]
    fn run<L: Level>(self, _: L) -> bool {
        are_finite(self.0)
    }
}

/// One update of some parameters in a row, given with their gradients and their part of the optimizer's slots.
pub(super) struct Update<'a, 's, S, O> {
    pub(super) optimizer: &'a O,
    pub(super) iteration: u64,
    pub(super) parameters: &'a mut [S],
    pub(super) gradient: &'a [S],
    pub(super) slots: &'a mut [&'s mut [S]],
}

impl<S: Scalar, O: Optimizer> Task for Update<'_, '_, S, O> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Self { optimizer, iteration, parameters, gradient, slots } = self;
        optimizer.update(level, iteration, parameters, gradient, slots);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_that_is_not_finite_is_found() {
        let mut values = [1.0f32; 70];
        let all_finite = |values: &[f32]| dispatch(IsFinite(values));
        assert!(all_finite(&values));
        for place in [0, 33, 69] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                values[place] = bad;
                assert!(!all_finite(&values));
                values[place] = f32::MAX;
            }
        }
    }

    #[test]
    fn parts_are_few_and_of_nearly_equal_size() {
        let inputs: [usize; 100] = core::array::from_fn(|i| i);
        let whole = |count: usize| Samples { start: 7, inputs: &inputs[..count], targets: &inputs[..count] };
        assert_eq!(whole(0).parts(32).count(), 0);
        for (count, size, wanted) in [(1, 32, 1), (32, 32, 1), (33, 32, 2), (100, 32, 4), (100, 1, 100)] {
            let mut next = 0;
            for part in whole(count).parts(size) {
                assert_eq!((part.start, part.inputs[0], part.inputs), (7 + next, next, part.targets));
                assert!(part.inputs.len() <= size && part.inputs.len() >= count / wanted);
                next += part.inputs.len();
            }
            assert_eq!((next, whole(count).parts(size).count()), (count, wanted));
        }
    }
}
