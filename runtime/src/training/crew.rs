//! The work of a step on several threads, in an order that does not depend on how many they are.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::pass::{Add, Infer, Observe, Samples, Show, Shown, Training, Update, chunk};
use super::step::Batch;
use crate::losses::{Loss, Target};
use crate::memory::Zeroed;
use crate::model::{Model, Tape};
use crate::optimizers::Optimizer;
use crate::parallel::Threads;
use crate::scalar::Scalar;
use crate::simd::dispatch;
use crate::tensor::Tensor;

/// Threads, and the memory of all but the calling one.
pub(super) struct Crew<M: Model> {
    threads: Threads,
    desks: Vec<Desk<M>>,
}

/// What one thread writes to.
struct Desk<M: Model> {
    gradient: Box<M>,
    tape: Box<Tape<M>>,
}

impl<M: Model> fmt::Debug for Crew<M> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Crew of {}", self.threads.count())
    }
}

/// Where a thread writes: to its own desk, or what the trainer has.
type Place<'a, M> = (&'a mut M, &'a mut Tape<M>);

/// One chunk of a batch at work: where its gradient goes, what came of it.
struct Work<'a, M: Model, T> {
    chunk: &'a Samples<'a, M::Sample, T>,
    gradient: &'a mut M,
    tape: &'a mut Tape<M>,
    loss: M::Scalar,
    logits: Vec<M::Output>,
    outputs: Vec<M::Output>,
}

impl<M: Model> Crew<M> {
    pub(super) fn new(threads: Threads) -> Self {
        let desk = |_| Desk { gradient: M::zeroed_box(), tape: Tape::zeroed_in_place() };
        let desks = (1..threads.count()).map(desk).collect();
        Self { threads, desks }
    }

    pub(super) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Whether so many samples are enough work.
    pub(super) fn is_worth<N: Model>(&self, samples: usize) -> bool {
        self.threads.is_worth::<N>(samples)
    }

    /// The sum of the samples' losses and, in `gradient`, of their gradients: as many chunks at a time as there are threads, added
    /// in their order.
    pub(super) fn sum<C, T, F>(
        &mut self,
        pass: Training<'_, M, C>,
        batch: &Batch<'_, M::Sample, T>,
        (gradient, spare, tape): (&mut M, &mut M, &mut Tape<M>),
        observer: &mut F,
    ) -> M::Scalar
    where
        C: Loss<M::Output, M::Head>,
        T: Target<C::Target>,
        F: Observe<M, C, T>,
    {
        let chunks: Vec<_> = batch.parts(chunk::<M>()).collect();
        let mut total = M::Scalar::ZERO;
        for wave in chunks.chunks(self.threads.count()) {
            let first = wave.iter().any(|chunk| chunk.start == 0);
            // The calling thread's desk; the first chunk's gradient is what the others are added to.
            let own = (if first { &mut *gradient } else { &mut *spare }, &mut *tape);
            let desks = self.desks.iter_mut().map(|desk| (&mut *desk.gradient, &mut *desk.tape));
            let mut works: Vec<_> = core::iter::once(own).chain(desks).zip(wave).map(Work::new).collect();
            self.threads.each(works.iter_mut().collect(), |work| work.run(&pass));
            for Work { loss, chunk, logits, outputs, .. } in &works {
                total += *loss;
                dispatch(Show { loss: pass.loss, observer, shown: (chunk.targets, logits, outputs) });
            }
            drop(works);
            let spare = (!first).then_some(spare.as_slice());
            let desks = self.desks.iter().take(wave.len() - 1).map(|desk| desk.gradient.as_slice());
            add(&self.threads, gradient.as_mut_slice(), &spare.into_iter().chain(desks).collect::<Vec<_>>());
        }
        total
    }

    /// Inference of all samples; `seen` gets them in their order.
    pub(super) fn infer<T: Sync>(
        &self,
        model: &M,
        batch: &Batch<'_, M::Sample, T>,
        seen: &mut impl FnMut(Shown<'_, M, T>),
    ) {
        let strips: Vec<_> = batch.parts(M::STRIP).collect();
        let mut values: Vec<_> = strips
            .iter()
            .map(|strip| {
                let zeros = || core::iter::repeat_n(M::Output::ZEROS, strip.inputs.len()).collect::<Vec<_>>();
                (strip, zeros(), zeros())
            })
            .collect();
        let shares = values.chunks_mut(strips.len().div_ceil(self.threads.count()).max(1)).collect();
        self.threads.each(shares, |share: &mut [_]| {
            for (strip, logits, outputs) in share {
                let strip: &&Samples<'_, M::Sample, T> = strip;
                dispatch(Infer { model, samples: strip.inputs, logits, outputs });
            }
        });
        for (strip, logits, outputs) in &values {
            seen((strip.targets, logits, outputs));
        }
    }

    /// One update; the optimizer says whether it may see the parameters in several parts.
    pub(super) fn update<O: Optimizer>(&self, update: Update<'_, '_, M::Scalar, O>) {
        let Update { optimizer, iteration, mut parameters, mut gradient, slots } = update;
        if !O::ELEMENTWISE || parameters.len() < MANY {
            return dispatch(Update { optimizer, iteration, parameters, gradient, slots });
        }
        let size = share(&self.threads, parameters.len());
        let mut slots: Vec<&mut [M::Scalar]> = slots.iter_mut().map(|slot| &mut **slot).collect();
        let mut parts = Vec::new();
        while !parameters.is_empty() {
            let count = size.min(parameters.len());
            let (part, rest) = core::mem::take(&mut parameters).split_at_mut(count);
            let (part_gradient, gradient_rest) = gradient.split_at(count);
            let (part_slots, slots_rest): (Vec<_>, Vec<_>) =
                slots.into_iter().map(|slot| slot.split_at_mut(count)).unzip();
            parts.push((part, part_gradient, part_slots));
            (parameters, gradient, slots) = (rest, gradient_rest, slots_rest);
        }
        self.threads.each(parts, |(parameters, gradient, mut slots)| {
            dispatch(Update { optimizer, iteration, parameters, gradient, slots: &mut slots });
        });
    }
}

impl<'a, M: Model, T> Work<'a, M, T> {
    fn new(((gradient, tape), chunk): (Place<'a, M>, &'a Samples<'a, M::Sample, T>)) -> Self {
        let outputs = || Vec::with_capacity(chunk.inputs.len());
        Self { chunk, gradient, tape, loss: M::Scalar::ZERO, logits: outputs(), outputs: outputs() }
    }

    fn run<C: Loss<M::Output, M::Head>>(&mut self, pass: &Training<'_, M, C>)
    where
        T: Target<C::Target>,
    {
        let Self { chunk, gradient, tape, loss, logits, outputs } = self;
        *loss = pass.run(chunk, tape, gradient, |(_, tile_logits, tile_outputs)| {
            logits.extend_from_slice(tile_logits);
            outputs.extend_from_slice(tile_outputs);
        });
    }
}

/// From how many parameters on threads share what is done to each.
const MANY: usize = 65_536;

/// How many parameters each thread gets, in whole cache lines.
fn share(threads: &Threads, count: usize) -> usize {
    count.div_ceil(threads.count()).next_multiple_of(64)
}

/// `to += from` for each, in their order.
fn add<S: Scalar>(threads: &Threads, to: &mut [S], from: &[&[S]]) {
    if from.is_empty() {
        return;
    }
    let size = if to.len() < MANY { to.len().max(1) } else { share(threads, to.len()) };
    let parts = to.chunks_mut(size).enumerate().collect();
    threads.each(parts, |(part, to): (usize, &mut [S])| {
        for from in from {
            let from = from.get(part * size..).unwrap_or_default();
            dispatch(Add { to: &mut *to, from });
        }
    });
}
