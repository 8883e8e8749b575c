//! Zeros around an image or a sequence.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::kernels::window::image;
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

/// The input `X` with `TOP` rows and `LEFT` columns of zeros before it, and as many behind it as `Y` is larger than that.
/// Source: Keras' `ZeroPadding1D`, `ZeroPadding2D`.
///
/// In a listing: `ZeroPadding2d(1)`, `ZeroPadding2d(1x2)` for rows and columns, `ZeroPadding2d(((1, 1), (2, 0)))` for those before
/// and behind; `ZeroPadding1d((2, 0))`.
///
/// ```
/// use graven::{Parameters, model};
/// model! { Padded(steps: 2x1) < ZeroPadding1d((2, 1)) > }
/// assert_eq!(Padded::zeroed().predict(&[[1.0], [2.0]]), [[0.0], [0.0], [1.0], [2.0], [0.0]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct ZeroPadding<S, X, Y, const TOP: usize = 0, const LEFT: usize = 0>(PhantomData<(S, X, Y)>);

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<S: Scalar, X: Tensor, Y: Tensor, const TOP: usize, const LEFT: usize> Parameters
    for ZeroPadding<S, X, Y, TOP, LEFT>
{
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

impl<S: Scalar, X: Tensor<Scalar = S>, Y: Tensor<Scalar = S>, const TOP: usize, const LEFT: usize>
    ZeroPadding<S, X, Y, TOP, LEFT>
{
    /// A row of the input and of the output.
    const ROWS: [usize; 2] = [X::LEN / image(&X::SHAPE)[0], Y::LEN / image(&Y::SHAPE)[0]];
    const BEFORE: usize = LEFT * X::SHAPE.width();
}

impl<S: Scalar, X: Tensor<Scalar = S>, Y: Tensor<Scalar = S>, const TOP: usize, const LEFT: usize> Layer
    for ZeroPadding<S, X, Y, TOP, LEFT>
{
    type Input = X;
    type Output = Y;

    #[inline(always)]
    fn forward<L: Level>(&self, _: L, inputs: &[X], outputs: &mut [Y], _: &mut [S]) {
        let [row, wide] = Self::ROWS;
        for (input, output) in inputs.iter().zip(outputs) {
            *output = Y::ZEROS;
            let lines = output.as_flat_mut().chunks_exact_mut(wide).skip(TOP);
            for (line, pixels) in lines.zip(input.as_flat().chunks_exact(row)) {
                for (to, &from) in line.iter_mut().skip(Self::BEFORE).zip(pixels) {
                    *to = from;
                }
            }
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
        let [row, wide] = Self::ROWS;
        for (dx, dy) in step.input_gradients.unwrap_or_default().iter_mut().zip(step.output_gradients) {
            let lines = dy.as_flat().chunks_exact(wide).skip(TOP);
            for (line, pixels) in lines.zip(dx.as_flat_mut().chunks_exact_mut(row)) {
                for (to, &from) in pixels.iter_mut().zip(line.iter().skip(Self::BEFORE)) {
                    *to = from;
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
        check_layer::<ZeroPadding<f64, [[[f64; 3]; 2]; 5], [[[f64; 3]; 7]; 6], 0, 4>>();
        check_layer::<ZeroPadding<f64, [[f64; 2]; 5], [[f64; 2]; 8], 0, 3>>();
    }
}
