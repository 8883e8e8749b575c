//! The largest value, or the mean, of every window.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::fmt;
use core::marker::PhantomData;

use crate::kernels::pool::{self, Pooling};
use crate::kernels::window::{Axis, image};
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

/// One number of every window, for each channel: [`MaxPool`], [`AveragePool`].
///
/// # Shapes
/// - `X`: the input, `[[[S; C]; W]; H]`, or `[[S; C]; W]` for one axis; `Y`: the output
/// - `KH`, `KW`: the window; `SH`, `SW`: the strides; `TOP`, `LEFT`: how far before the input the first window begins
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Pool<
    R,
    S,
    X,
    Y,
    const KH: usize,
    const KW: usize,
    const SH: usize = 1,
    const SW: usize = 1,
    const TOP: usize = 0,
    const LEFT: usize = 0,
>(PhantomData<(R, S, X, Y)>);

/// `y[o] = max x[o·stride + t − before]` over the cells `t` of a window that lie in the input, for each channel; NaN if one is. The
/// gradient goes to the first cell that is the largest, row by row. Source: Keras' `MaxPooling1D`, `MaxPooling2D`.
///
/// In a listing: `MaxPool2d(2x2)` or `MaxPool1d(2)`, with `strides = 2` (the window's size by default), `padding = same`.
///
/// ```
/// use graven::{Parameters, model};
/// model! { Largest(image: 4x4x1) < MaxPool2d(2x2) > }
/// let image: [[[f32; 1]; 4]; 4] = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [0.0; 4], [0.0; 4]].map(|row| row.map(|x| [x]));
/// assert_eq!(Largest::zeroed().predict(&image), [[[6.0], [8.0]], [[0.0], [0.0]]]);
/// ```
pub type MaxPool<
    S,
    X,
    Y,
    const KH: usize,
    const KW: usize,
    const SH: usize = 1,
    const SW: usize = 1,
    const TOP: usize = 0,
    const LEFT: usize = 0,
> = Pool<Largest, S, X, Y, KH, KW, SH, SW, TOP, LEFT>;

/// `y[o] = Σ x[o·stride + t − before] / n` over the `n` cells `t` of a window that lie in the input, for each channel: what lies
/// outside does not count. Source: Keras' `AveragePooling1D`, `AveragePooling2D`.
///
/// In a listing: `AveragePool2d(2x2)` or `AveragePool1d(2)`, with `strides = 2` (the window's size by default), `padding = same`.
///
/// ```
/// use graven::{Parameters, model};
/// model! { Mean(steps: 4x1) < AveragePool1d(2) > }
/// assert_eq!(Mean::zeroed().predict(&[[1.0], [3.0], [4.0], [6.0]]), [[2.0], [5.0]]);
/// ```
pub type AveragePool<
    S,
    X,
    Y,
    const KH: usize,
    const KW: usize,
    const SH: usize = 1,
    const SW: usize = 1,
    const TOP: usize = 0,
    const LEFT: usize = 0,
> = Pool<Mean, S, X, Y, KH, KW, SH, SW, TOP, LEFT>;

/// What a [`Pool`] makes of a window: [`Largest`] or [`Mean`]. Sealed.
#[allow(private_bounds, reason = "sealed")]
pub trait Reduce: Sealed + fmt::Debug + Send + Sync + 'static {}

trait Sealed {
    /// The pixels of one image.
    fn forward<P: Pooling, S: Scalar>(image: &[S], pixels: &mut [S]);
    /// The gradients of the images from those of the pixels. Only the largest value is given images.
    fn backward<P: Pooling, X: Tensor, Y: Tensor<Scalar = X::Scalar>>(images: &[X], dy: &[Y], dx: &mut [X]);
}

/// The largest value of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Largest;

/// The mean of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean;

impl Reduce for Largest {}
impl Sealed for Largest {
    #[inline(always)]
    fn forward<P: Pooling, S: Scalar>(image: &[S], pixels: &mut [S]) {
        pool::max::<P, S>(image, pixels);
    }
    #[inline(always)]
    fn backward<P: Pooling, X: Tensor, Y: Tensor<Scalar = X::Scalar>>(images: &[X], dy: &[Y], dx: &mut [X]) {
        for (dx, (image, dy)) in dx.iter_mut().zip(images.iter().zip(dy)) {
            pool::max_gradients::<P, X::Scalar>(image.as_flat(), dy.as_flat(), dx.as_flat_mut());
        }
    }
}

impl Reduce for Mean {}
impl Sealed for Mean {
    #[inline(always)]
    fn forward<P: Pooling, S: Scalar>(image: &[S], pixels: &mut [S]) {
        pool::average::<P, S>(image, pixels);
    }
    #[inline(always)]
    fn backward<P: Pooling, X: Tensor, Y: Tensor<Scalar = X::Scalar>>(_: &[X], dy: &[Y], dx: &mut [X]) {
        for (dx, dy) in dx.iter_mut().zip(dy) {
            pool::average_gradients::<P, X::Scalar>(dy.as_flat(), dx.as_flat_mut());
        }
    }
}

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<
    R: Reduce,
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
> Parameters for Pool<R, S, X, Y, KH, KW, SH, SW, TOP, LEFT>
{
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

impl<
    R: Reduce,
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
> Pooling for Pool<R, S, X, Y, KH, KW, SH, SW, TOP, LEFT>
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
    R: Reduce,
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
> Layer for Pool<R, S, X, Y, KH, KW, SH, SW, TOP, LEFT>
{
    type Input = X;
    type Output = Y;

    #[inline(always)]
    fn forward<L: Level>(&self, _: L, inputs: &[X], outputs: &mut [Y], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            R::forward::<Self, S>(input.as_flat(), output.as_flat_mut());
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
        R::backward::<Self, X, Y>(
            step.inputs,
            step.output_gradients,
            step.input_gradients.unwrap_or_default(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check_layer;

    type Image<const H: usize, const W: usize, const C: usize> = [[[f64; C]; W]; H];

    fn check<R: Reduce + Default + PartialEq>() {
        check_layer::<Pool<R, f64, Image<1, 1, 1>, Image<1, 1, 1>, 1, 1>>();
        check_layer::<Pool<R, f64, Image<5, 7, 3>, Image<2, 3, 3>, 2, 2, 2, 2>>();
        check_layer::<Pool<R, f64, Image<2, 4, 13>, Image<1, 2, 13>, 2, 2, 2, 2>>();
        check_layer::<Pool<R, f64, Image<5, 6, 3>, Image<3, 3, 3>, 3, 3, 2, 2, 1, 0>>();
        check_layer::<Pool<R, f64, [[f64; 5]; 7], [[f64; 5]; 4], 1, 3, 1, 2, 0, 1>>();
    }

    #[test]
    fn derivatives() {
        check::<Largest>();
        check::<Mean>();
    }

    #[test]
    fn what_is_no_number_is_not_lost() {
        let mut outputs = [[[0.0; 1]; 1]; 1];
        let inputs = [[[f64::NAN], [1.0]], [[2.0], [3.0]]];
        let layer = MaxPool::<f64, Image<2, 2, 1>, Image<1, 1, 1>, 2, 2>::default();
        layer.forward(crate::simd::Baseline, &[inputs], core::slice::from_mut(&mut outputs), &mut []);
        assert!(outputs[0][0][0].is_nan());
    }
}
