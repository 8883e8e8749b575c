//! Initializers that do not look at the layer's sizes.

use super::{Fans, Initializer, fill_with, truncated_normal};
use crate::random::Random;
use crate::scalar::Scalar;

/// All 0: Keras' default for biases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zeros;

impl Initializer for Zeros {
    fn fill<S: Scalar>(&self, _: &mut Random, _: Fans, values: &mut [S]) {
        values.fill(S::ZERO);
    }
}

/// All 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ones;

impl Initializer for Ones {
    fn fill<S: Scalar>(&self, _: &mut Random, _: Fans, values: &mut [S]) {
        values.fill(S::ONE);
    }
}

/// All this value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Constant(pub f64);

impl Initializer for Constant {
    fn fill<S: Scalar>(&self, _: &mut Random, _: Fans, values: &mut [S]) {
        values.fill(S::from_f64(self.0));
    }
}

/// Uniform from `minimum` to `maximum`, −0.05 to 0.05 by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomUniform {
    /// The lower bound.
    pub minimum: f64,
    /// The upper bound.
    pub maximum: f64,
}

impl Default for RandomUniform {
    fn default() -> Self {
        Self { minimum: -0.05, maximum: 0.05 }
    }
}

impl Initializer for RandomUniform {
    fn fill<S: Scalar>(&self, random: &mut Random, _: Fans, values: &mut [S]) {
        fill_with(values, || self.minimum + random.uniform() * (self.maximum - self.minimum));
    }
}

/// Normal with mean 0 and standard deviation 0.05 by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomNormal {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub standard_deviation: f64,
}

impl Default for RandomNormal {
    fn default() -> Self {
        Self { mean: 0.0, standard_deviation: 0.05 }
    }
}

impl Initializer for RandomNormal {
    fn fill<S: Scalar>(&self, random: &mut Random, _: Fans, values: &mut [S]) {
        fill_with(values, || self.mean + self.standard_deviation * random.normal());
    }
}

/// Normal, but drawn again beyond two standard deviations from the mean; so the values' own deviation is 0.88 times
/// `standard_deviation`. By default with mean 0 and 0.05.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    /// The mean.
    pub mean: f64,
    /// The standard deviation before truncation.
    pub standard_deviation: f64,
}

impl Default for TruncatedNormal {
    fn default() -> Self {
        Self { mean: 0.0, standard_deviation: 0.05 }
    }
}

impl Initializer for TruncatedNormal {
    fn fill<S: Scalar>(&self, random: &mut Random, _: Fans, values: &mut [S]) {
        fill_with(values, || self.mean + self.standard_deviation * truncated_normal(random));
    }
}
