//! Features with mean 0 and standard deviation 1.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::scalar::Scalar;
use crate::tensor::Tensor;

/// Mean and standard deviation of each feature of a data set, to be taken out of samples.
///
/// A feature that never changes is only shifted, not divided, as scikit-learn's `StandardScaler` does.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalizer<X> {
    means: Vec<f64>,
    deviations: Vec<f64>,
    of: PhantomData<X>,
}

impl<X: Tensor> Normalizer<X> {
    /// What the samples of `inputs` have; mean 0 and deviation 1 if there are none.
    pub fn of(inputs: &[X]) -> Self {
        let count = inputs.len().max(1) as f64;
        let average = |of: &dyn Fn(usize, f64) -> f64| {
            let mut sums = vec![0.0; X::LEN];
            for input in inputs {
                for (feature, (sum, &value)) in sums.iter_mut().zip(input.as_flat()).enumerate() {
                    *sum += of(feature, value.to_f64()) / count;
                }
            }
            sums
        };
        let means = average(&|_, value| value);
        let variances = average(&|feature, value| (value - means[feature]) * (value - means[feature]));
        // Below this, the spread is what rounding makes of a constant: scikit-learn's bound.
        let constant = |variance: f64, mean: f64| {
            let epsilon = f64::EPSILON;
            variance <= count * epsilon * variance + (count * mean * epsilon) * (count * mean * epsilon)
        };
        let deviations = variances.iter().zip(&means);
        let deviations =
            deviations.map(|(&variance, &mean)| if constant(variance, mean) { 1.0 } else { variance.sqrt() });
        Self { deviations: deviations.collect(), means, of: PhantomData }
    }

    /// Shifts and scales one sample.
    pub fn apply(&self, input: &mut X) {
        let features = self.means.iter().zip(&self.deviations);
        for (value, (mean, deviation)) in input.as_flat_mut().iter_mut().zip(features) {
            *value = X::Scalar::from_f64((value.to_f64() - mean) / deviation);
        }
    }

    /// The mean of each feature.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// The standard deviation of each feature, 1 for one that never changes.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_features_are_only_shifted() {
        let inputs = [[0.1f32, 2.0], [0.1, 4.0], [0.1, 9.0]];
        let normalizer = Normalizer::of(&inputs);
        assert_eq!(normalizer.deviations()[0], 1.0);
        assert!((normalizer.deviations()[1] - (78.0f64 / 9.0).sqrt()).abs() < 1e-12);
        let mut sample = [0.1, 5.0];
        normalizer.apply(&mut sample);
        assert!(sample[0].abs() < 1e-7 && sample[1] == 0.0);
    }

    #[test]
    fn no_sample_changes_nothing() {
        let mut sample = [3.0f64];
        Normalizer::of(&[]).apply(&mut sample);
        assert_eq!(sample, [3.0]);
    }
}
