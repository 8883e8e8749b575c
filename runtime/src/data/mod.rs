//! Data sets: samples with their targets.

use alloc::vec::Vec;

use crate::LengthMismatch;

/// Samples and their targets, as many of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<X, T> {
    inputs: Vec<X>,
    targets: Vec<T>,
}

impl<X, T> Dataset<X, T> {
    /// Pairs inputs with targets.
    ///
    /// # Errors
    /// When there are not as many of each.
    pub fn new(inputs: Vec<X>, targets: Vec<T>) -> Result<Self, LengthMismatch> {
        if inputs.len() == targets.len() {
            Ok(Self { inputs, targets })
        } else {
            Err(LengthMismatch { inputs: inputs.len(), others: targets.len(), what: "targets" })
        }
    }

    /// The inputs.
    pub fn inputs(&self) -> &[X] {
        &self.inputs
    }

    /// The targets.
    pub fn targets(&self) -> &[T] {
        &self.targets
    }
}
