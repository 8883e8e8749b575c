//! Optimizers: how parameters follow their gradients, in Keras' formulas.

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

use core::ops::Range;

use crate::memory::Parameters;
use crate::scalar::Scalar;
use crate::simd::Level;

/// An update rule. What it remembers of each parameter are `Slots`: as many copies of the parameter struct as it needs.
pub trait Optimizer: Sync {
    /// The memory: `[P; N]`, zero at the start.
    type Slots<P: Parameters>: Slots<P>;
    /// Whether each parameter follows its own gradient alone, so that any part of them may be updated by itself: threads
    /// share it then.
    const ELEMENTWISE: bool = false;

    /// Applies one update to some parameters, given with their gradients and their part of each slot; `iteration` counts
    /// updates from 0.
    fn update<S: Scalar, L: Level>(
        &self,
        level: L,
        iteration: u64,
        parameters: &mut [S],
        gradient: &[S],
        slots: &mut [&mut [S]],
    );

    /// The present learning rate.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate.
    fn set_learning_rate(&mut self, learning_rate: f64);
}

/// An array of parameter structs. Sealed.
pub trait Slots<P: Parameters>: sealed::Sealed {
    /// Hands this range of each to `update`.
    fn within(&mut self, range: Range<usize>, update: impl FnOnce(&mut [&mut [P::Scalar]]));
}

mod sealed {
    pub trait Sealed {}
    impl<P, const N: usize> Sealed for [P; N] {}
}
impl<P: Parameters, const N: usize> Slots<P> for [P; N] {
    #[inline(always)]
    fn within(&mut self, range: Range<usize>, update: impl FnOnce(&mut [&mut [P::Scalar]])) {
        update(
            &mut self.each_mut().map(|slot| slot.as_mut_slice().get_mut(range.clone()).unwrap_or_default()),
        );
    }
}
