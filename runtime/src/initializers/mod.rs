//! How parameters start: Keras' initializers.

mod glorot;

pub use glorot::GlorotUniform;

use crate::random::Random;
use crate::scalar::Scalar;

/// The number of inputs and outputs of one unit of a layer, by which initializers scale.
///
/// A kernel of `Dense(I -> O)` has `Fans { input: I, output: O }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// Inputs of one unit.
    pub input: usize,
    /// Units that one input reaches.
    pub output: usize,
}

/// Draws the initial values of one tensor.
pub trait Initializer {
    /// Fills `values`, the tensor in Keras' row-major order, whose last axis has `fans.output` (of its kernel) elements.
    fn fill<S: Scalar>(&self, random: &mut Random, fans: Fans, values: &mut [S]);
}

/// All zeros: Keras' default for biases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zeros;

impl Initializer for Zeros {
    fn fill<S: Scalar>(&self, _: &mut Random, _: Fans, values: &mut [S]) {
        values.fill(S::ZERO);
    }
}
