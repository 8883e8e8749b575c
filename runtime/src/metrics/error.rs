//! How far outputs are from their targets.

use super::accuracy::mean_metric;
use super::{Mean, Metric};
use crate::scalar::Scalar;
use crate::tensor::{Single, Tensor};

/// The mean of `(t − p)²`. Source: Keras' metric of this name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanSquaredError(Mean);

/// The mean of `|t − p|`. Source: Keras' metric of this name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanAbsoluteError(Mean);

/// The mean of `change(t − p)` over one sample.
fn mean<Y: Tensor>(output: &Y, target: &Y, change: fn(f64) -> f64) -> f64 {
    let pairs = output.as_flat().iter().zip(target.as_flat());
    pairs.map(|(p, t)| change(t.to_f64() - p.to_f64())).sum::<f64>() / Y::LEN as f64
}

mean_metric!([Y: Single], MeanSquaredError, Y, Y, 0, "mean_squared_error", |_this, y, t| mean(y, t, |e| e * e));
mean_metric!([Y: Single], MeanAbsoluteError, Y, Y, 0, "mean_absolute_error", |_this, y, t| mean(y, t, f64::abs));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_samples_and_outputs() {
        let (mut square, mut absolute) = (MeanSquaredError::default(), MeanAbsoluteError::default());
        for (output, target) in [([1.0f64, 2.0], [1.0, 4.0]), ([0.0, 0.0], [-2.0, 0.0])] {
            square.update(&output, &target);
            absolute.update(&output, &target);
        }
        assert_eq!((square.0.value(), absolute.0.value()), (2.0, 1.0));
    }
}
