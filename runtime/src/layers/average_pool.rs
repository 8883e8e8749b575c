//! The mean of every window.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::kernels::pool::{self, Pooling};
use crate::kernels::window::{Axis, image};
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

/// `y[o] = Σ x[o·stride + t − before] / n` over the `n` cells `t` of a window that lie in the input, for each channel: what lies
/// outside does not count. Source: Keras' `AveragePooling1D`, `AveragePooling2D`.
///
/// In a listing: `AveragePool2d(2x2)` or `AveragePool1d(2)`, with `strides = 2` (the window's size by default), `padding = same`.
///
/// # Shapes
/// - `X`: the input, `[[[S; C]; W]; H]`, or `[[S; C]; W]` for one axis; `Y`: the output
/// - `KH`, `KW`: the window; `SH`, `SW`: the strides; `TOP`, `LEFT`: how far before the input the first window begins
///
/// ```
/// use graven::{Parameters, model};
/// model! { Mean(steps: 4x1) < AveragePool1d(2) > }
/// assert_eq!(Mean::zeroed().predict(&[[1.0], [3.0], [4.0], [6.0]]), [[2.0], [5.0]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct AveragePool<
    S,
    X,
    Y,
    const KH: usize,
    const KW: usize,
    const SH: usize = 1,
    const SW: usize = 1,
    const TOP: usize = 0,
    const LEFT: usize = 0,
>(PhantomData<(S, X, Y)>);

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
> Parameters for AveragePool<S, X, Y, KH, KW, SH, SW, TOP, LEFT>
{
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
> Pooling for AveragePool<S, X, Y, KH, KW, SH, SW, TOP, LEFT>
{
    const ROWS: Axis = Axis {
        inputs: image(&X::SHAPE)[0],
        outputs: image(&Y::SHAPE)[0],
        window: KH,
        stride: SH,
        dilation: 1,
        before: TOP,
    };
    const COLUMNS: Axis = Axis {
        inputs: image(&X::SHAPE)[1],
        outputs: image(&Y::SHAPE)[1],
        window: KW,
        stride: SW,
        dilation: 1,
        before: LEFT,
    };
    const CHANNELS: usize = X::SHAPE.width();
}

impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
> Layer for AveragePool<S, X, Y, KH, KW, SH, SW, TOP, LEFT>
{
    type Input = X;
    type Output = Y;

    #[inline(always)]
    fn forward<L: Level>(&self, _: L, inputs: &[X], outputs: &mut [Y], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            pool::average::<Self, S>(input.as_flat(), output.as_flat_mut());
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
        for (dx, dy) in step.input_gradients.unwrap_or_default().iter_mut().zip(step.output_gradients) {
            pool::average_gradients::<Self, S>(dy.as_flat(), dx.as_flat_mut());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check_layer;

    type Image<const H: usize, const W: usize, const C: usize> = [[[f64; C]; W]; H];

    #[test]
    fn derivatives() {
        check_layer::<AveragePool<f64, Image<1, 1, 1>, Image<1, 1, 1>, 1, 1>>();
        check_layer::<AveragePool<f64, Image<5, 7, 3>, Image<2, 3, 3>, 2, 2, 2, 2>>();
        check_layer::<AveragePool<f64, Image<2, 4, 13>, Image<1, 2, 13>, 2, 2, 2, 2>>();
        check_layer::<AveragePool<f64, Image<5, 6, 3>, Image<3, 3, 3>, 3, 3, 2, 2, 1, 0>>();
        check_layer::<AveragePool<f64, [[f64; 5]; 7], [[f64; 5]; 4], 1, 3, 1, 2, 0, 1>>();
    }
}
