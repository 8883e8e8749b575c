//! The mean of absolute differences.

use super::Loss;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Single;

/// `mean |t − p|` over all outputs of the sample; where they are equal its derivative is −1/n, as Keras has
/// it on JAX. Source: Keras' `MeanAbsoluteError`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsoluteError;

impl<Y: Single, H> Loss<Y, H> for MeanAbsoluteError {
    type Target = Y;

    #[inline(always)]
    fn evaluate<L: Level>(&self, _: L, _: &Y, output: &Y, target: &Y, gradient: Option<&mut Y>) -> Y::Scalar {
        let scale = Y::Scalar::ONE / Y::Scalar::from_f64(Y::LEN as f64);
        let differences = || output.as_flat().iter().zip(target.as_flat()).map(|(&p, &t)| p - t);
        if let Some(gradient) = gradient {
            for (g, difference) in gradient.as_flat_mut().iter_mut().zip(differences()) {
                *g = if difference > Y::Scalar::ZERO { scale } else { -scale };
            }
        }
        let mut sum = Y::Scalar::ZERO;
        for difference in differences() {
            sum += difference.abs();
        }
        sum * scale
    }
}
