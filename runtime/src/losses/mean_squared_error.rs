//! The mean of squared differences.

use super::Loss;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Single;

/// `mean (t − p)²` over all outputs of the sample. Source: Keras' `MeanSquaredError`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl<Y: Single, H> Loss<Y, H> for MeanSquaredError {
    type Target = Y;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        level: L,
        _: &Y,
        output: &Y,
        target: &Y,
        gradient: Option<&mut Y>,
    ) -> Y::Scalar {
        let scale = Y::Scalar::ONE / Y::Scalar::from_f64(Y::LEN as f64);
        let pairs = || output.as_flat().iter().zip(target.as_flat());
        if let Some(gradient) = gradient {
            for (g, (&p, &t)) in gradient.as_flat_mut().iter_mut().zip(pairs()) {
                *g = (scale + scale) * (p - t);
            }
        }
        let mut sum = Y::Scalar::ZERO;
        for (&p, &t) in pairs() {
            sum = level.mul_add(p - t, p - t, sum);
        }
        sum * scale
    }
}
