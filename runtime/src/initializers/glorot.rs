//! Glorot and Bengio's initializers (2010), which keep the variance of activations and gradients alike.

use super::{Fans, Initializer};
use crate::random::Random;
use crate::scalar::Scalar;

/// Uniform in ±√(6 / (inputs + outputs)): Keras' default for kernels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlorotUniform;

impl Initializer for GlorotUniform {
    fn fill<S: Scalar>(&self, random: &mut Random, fans: Fans, values: &mut [S]) {
        let limit = libm::sqrt(6.0 / (fans.input + fans.output).max(1) as f64);
        for value in values {
            *value = S::from_f64((2.0 * random.uniform() - 1.0) * limit);
        }
    }
}
