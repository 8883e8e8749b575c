//! Optimizers: how parameters follow their gradients, in Keras' formulas.

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

use crate::memory::Parameters;
use crate::simd::Level;

/// An update rule. What it remembers of each parameter are `Slots`: as many copies of the parameter struct as it needs.
pub trait Optimizer {
    /// The memory: `[P; N]`, zero at the start.
    type Slots<P: Parameters>: Slots<P>;

    /// Applies one update; `iteration` counts them from 0.
    fn update<P: Parameters, L: Level>(
        &self,
        level: L,
        iteration: u64,
        parameters: &mut P,
        gradient: &P,
        slots: &mut Self::Slots<P>,
    );

    /// The present learning rate.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate.
    fn set_learning_rate(&mut self, learning_rate: f64);
}

/// An array of parameter structs. Sealed.
pub trait Slots<P>: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
    impl<P, const N: usize> Sealed for [P; N] {}
}
impl<P, const N: usize> Slots<P> for [P; N] {}
