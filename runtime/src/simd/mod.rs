//! Which instructions the processor has, asked once per call of a model; everything below is compiled once per level.
//!
//! A [`Task`] is generic code, all of it `#[inline(always)]`; [`dispatch`] runs it inside a function compiled for the
//! best [`Level`] of this machine, so that the compiler vectorises plain loops with that level's registers.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod x86;

use crate::scalar::Scalar;

mod sealed {
    pub trait Sealed {}
}

/// A set of instructions that the running processor is known to have. Sealed; kernels are generic over it.
pub trait Level: sealed::Sealed + Copy + Send + Sync + 'static {
    /// What it is called in reports.
    const NAME: &'static str;

    /// `factor · value + addend`: rounded once where the level has that instruction, twice elsewhere.
    fn mul_add<S: Scalar>(self, factor: S, value: S, addend: S) -> S;

    /// Runs `task` in a function of its own, compiled for this level: where inlining it once more would cost more than a call.
    fn outline<T: Task>(self, task: T) -> T::Output;
}

/// What every processor of the compilation target has.
#[derive(Clone, Copy, Debug)]
pub struct Baseline;

impl sealed::Sealed for Baseline {}

impl Level for Baseline {
    const NAME: &'static str = "baseline";

    #[inline(always)]
    fn mul_add<S: Scalar>(self, factor: S, value: S, addend: S) -> S {
        factor * value + addend
    }

    #[inline(never)]
    fn outline<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }
}

/// Work to be compiled for every level.
pub trait Task {
    /// What it gives.
    type Output;
    /// Does it; must be `#[inline(always)]`, or the level's instructions are lost.
    fn run<L: Level>(self, level: L) -> Self::Output;
}

/// Runs `task` at the best level of this processor.
#[inline]
pub fn dispatch<T: Task>(task: T) -> T::Output {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    return x86::dispatch(task);
    #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
    task.run(Baseline)
}
