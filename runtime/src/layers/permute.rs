//! Axes in another order.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{MAX_RANK, Shape, Tensor};

/// Moves the axes of `X` so that it becomes `Y`: axis a of `Y` is the axis of `X` that digit a of `ORDER` names, from 1.
///
/// In a listing: `Permute((2, 1))`. Source: Keras' `Permute`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Permute<S, X, Y, const ORDER: usize>(PhantomData<(S, X, Y)>);

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<S: Scalar, X: Tensor, Y: Tensor, const ORDER: usize> Parameters for Permute<S, X, Y, ORDER> {
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

/// How far apart in `X` neighbours on each axis of `Y` are.
const fn strides<X: Tensor, Y: Tensor>(mut order: usize) -> [usize; MAX_RANK] {
    let (axes, rank) = (X::SHAPE, Y::SHAPE.as_slice().len());
    let mut of_x = [0; MAX_RANK];
    let (mut axis, mut stride) = (rank, 1);
    while axis > 0 {
        axis -= 1;
        of_x[axis] = stride;
        stride *= axes.as_slice()[axis];
    }
    let mut strides = [0; MAX_RANK];
    let mut axis = rank;
    while axis > 0 {
        axis -= 1;
        strides[axis] = of_x[order % 10 - 1];
        order /= 10;
    }
    strides
}

impl<S: Scalar, X: Tensor, Y: Tensor, const ORDER: usize> Permute<S, X, Y, ORDER> {
    const STRIDES: [usize; MAX_RANK] = strides::<X, Y>(ORDER);

    /// Hands every place in `Y`, in order, to `visit`, with the place in `X` of the same number.
    #[inline(always)]
    fn places(mut visit: impl FnMut(usize, usize)) {
        let mut index = [0; MAX_RANK];
        let mut from = 0;
        for to in 0..Y::LEN {
            visit(to, from);
            for (axis, &size) in Y::SHAPE.as_slice().iter().enumerate().rev() {
                index[axis] += 1;
                from += Self::STRIDES[axis];
                if index[axis] < size {
                    break;
                }
                from -= size * Self::STRIDES[axis];
                index[axis] = 0;
            }
        }
    }
}

impl<S: Scalar, X, Y, const ORDER: usize> Layer for Permute<S, X, Y, ORDER>
where
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
{
    type Input = X;
    type Output = Y;

    #[inline(always)]
    fn forward<L: Level>(&self, _: L, inputs: &[X], outputs: &mut [Y], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            let (x, y) = (input.as_flat(), output.as_flat_mut());
            Self::places(|to, from| y[to] = x[from]);
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
        for (dx, dy) in step.input_gradients.unwrap_or_default().iter_mut().zip(step.output_gradients) {
            let (dx, dy) = (dx.as_flat_mut(), dy.as_flat());
            Self::places(|to, from| dx[from] = dy[to]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Baseline;
    use crate::testing::check_layer;

    #[test]
    fn a_matrix_is_transposed() {
        let layer = Permute::<f32, [[f32; 3]; 2], [[f32; 2]; 3], 21>::default();
        let mut output = [[[0.0; 2]; 3]];
        layer.forward(Baseline, &[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], &mut output, &mut []);
        assert_eq!(output, [[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]]);
    }

    #[test]
    fn derivatives() {
        check_layer::<Permute<f64, [[f64; 1]; 1], [[f64; 1]; 1], 21>>();
        check_layer::<Permute<f64, [[[f64; 2]; 3]; 5], [[[f64; 5]; 2]; 3], 231>>();
    }
}
