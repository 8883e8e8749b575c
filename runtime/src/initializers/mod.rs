//! How parameters start: Keras' initializers.

mod orthogonal;
mod scaling;
mod simple;

pub use orthogonal::Orthogonal;
pub use scaling::{
    Distribution, FanMode, GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform,
    VarianceScaling,
};
pub use simple::{Constant, Ones, RandomNormal, RandomUniform, TruncatedNormal, Zeros};

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
///
/// ```
/// use graven::initializers::{Fans, HeUniform, Initializer};
/// use graven::random::Random;
/// let mut kernel = [0.0f32; 6 * 4];
/// HeUniform.fill(&mut Random::new(1), Fans { input: 6, output: 4 }, &mut kernel);
/// assert!(kernel.iter().all(|weight| weight.abs() <= 1.0)); // √(6/6)
/// ```
pub trait Initializer {
    /// Fills `values`, the tensor in Keras' row-major order.
    fn fill<S: Scalar>(&self, random: &mut Random, fans: Fans, values: &mut [S]);
}

/// Fills with what `draw` gives.
fn fill_with<S: Scalar>(values: &mut [S], mut draw: impl FnMut() -> f64) {
    for value in values {
        *value = S::from_f64(draw());
    }
}

/// A normal number, drawn again until it is within two standard deviations.
fn truncated_normal(random: &mut Random) -> f64 {
    loop {
        let value = random.normal();
        if (-2.0..=2.0).contains(&value) {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec;
    use std::vec::Vec;

    const FANS: Fans = Fans { input: 100, output: 200 };

    fn draw(initializer: impl Initializer) -> Vec<f64> {
        let mut values = vec![0.0; FANS.input * FANS.output];
        initializer.fill(&mut Random::new(1), FANS, &mut values);
        values
    }

    /// Mean 0, this standard deviation, and nothing outside of ±`limit`.
    fn has(initializer: impl Initializer, deviation: f64, limit: f64) {
        let values = draw(initializer);
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| value * value).sum::<f64>() / count;
        assert!(mean.abs() < 5.0 * deviation / count.sqrt(), "mean {mean}");
        assert!((variance.sqrt() / deviation - 1.0).abs() < 0.02, "{} for {deviation}", variance.sqrt());
        let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        assert!(largest <= limit && largest > 0.95 * limit.min(3.0 * deviation), "{largest} for {limit}");
    }

    /// What is left of a standard deviation of 1 when values beyond ±2 are drawn again.
    const TRUNCATED: f64 = 0.879_625_661_034_239_8;

    #[test]
    fn scaled_by_the_fans() {
        let uniform = |variance: f64| (variance.sqrt(), (3.0 * variance).sqrt());
        let normal = |variance: f64| (variance.sqrt(), 2.0 * variance.sqrt() / TRUNCATED);
        let (deviation, limit) = uniform(2.0 / 300.0);
        has(GlorotUniform, deviation, limit);
        let (deviation, limit) = normal(2.0 / 300.0);
        has(GlorotNormal, deviation, limit);
        let (deviation, limit) = uniform(2.0 / 100.0);
        has(HeUniform, deviation, limit);
        let (deviation, limit) = normal(2.0 / 100.0);
        has(HeNormal, deviation, limit);
        let (deviation, limit) = uniform(1.0 / 100.0);
        has(LecunUniform, deviation, limit);
        let (deviation, limit) = normal(1.0 / 100.0);
        has(LecunNormal, deviation, limit);
        let untruncated = VarianceScaling {
            scale: 3.0,
            mode: FanMode::FanOut,
            distribution: Distribution::UntruncatedNormal,
        };
        has(untruncated, (3.0f64 / 200.0).sqrt(), f64::INFINITY);
    }

    #[test]
    fn fixed_distributions() {
        has(RandomUniform::default(), 0.1 / 12.0f64.sqrt(), 0.05);
        has(RandomNormal::default(), 0.05, f64::INFINITY);
        has(TruncatedNormal::default(), 0.05 * TRUNCATED, 0.1);
        assert!(draw(Constant(0.25)).iter().all(|&value| value == 0.25));
        assert!(draw(Ones).iter().all(|&value| value == 1.0));
        assert!(draw(Zeros).iter().all(|&value| value == 0.0));
    }
}
