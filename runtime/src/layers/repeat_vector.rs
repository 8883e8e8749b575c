//! A vector several times.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Shape;

/// Gives `N` times the same `F` features, as rows. Source: Keras' `RepeatVector`.
///
/// In a listing: `RepeatVector(4)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct RepeatVector<S, const N: usize, const F: usize>(PhantomData<S>);

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<S: Scalar, const N: usize, const F: usize> Parameters for RepeatVector<S, N, F> {
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

impl<S: Scalar, const N: usize, const F: usize> Layer for RepeatVector<S, N, F> {
    type Input = [S; F];
    type Output = [[S; F]; N];

    #[inline(always)]
    fn forward<L: Level>(&self, _: L, inputs: &[[S; F]], outputs: &mut [[[S; F]; N]], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            *output = [*input; N];
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
        for (dx, dy) in step.input_gradients.unwrap_or_default().iter_mut().zip(step.output_gradients) {
            *dx = [S::ZERO; F];
            for row in dy {
                for (dx, &dy) in dx.iter_mut().zip(row) {
                    *dx += dy;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check_layer;

    #[test]
    fn derivatives() {
        check_layer::<RepeatVector<f64, 1, 1>>();
        check_layer::<RepeatVector<f64, 5, 3>>();
    }
}
