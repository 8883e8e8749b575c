//! Convolution over one or two axes.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use super::NoBias;
use super::batch_norm::Absorb;
use crate::initializers::{Fans, GlorotUniform, Initializer, Zeros};
use crate::kernels::conv::{self, Convolution};
use crate::kernels::depthwise;
use crate::kernels::window::{Axis, image};
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

/// `y[o] = b + Σ x[o·stride + t·dilation − before]·W[t]` over the cells `t` of a window and the channels of each: the kernel is
/// not flipped. What lies outside of the input is zero. Activations are steps of their own.
///
/// In a listing: `Conv2d(6 -> 16, 5x5, relu)` or `Conv1d(16, 5, padding = causal)`, with `strides = 2`, `padding = same`,
/// `dilation_rate = 2`, `groups = 2`, `use_bias = false`, `kernel_initializer = he_normal`, `bias_initializer = zeros`.
/// Source: Keras' `Conv1D`, `Conv2D`.
///
/// Over one axis, time, it can work frame by frame ([`Step`](crate::Step)) where it reads only frames of the past and the present:
/// with `padding = causal` and without strides, or with a window of one frame. What it remembers is a
/// [`PastFrames`](super::PastFrames) of (kernel − 1)·dilation frames.
///
/// # Shapes
/// - `X`: the input, `[[[S; C]; W]; H]`, or `[[S; C]; W]` for one axis; `Y`: the output, of F filters
/// - `K`: the kernel, `[[[[S; F]; C/groups]; KW]; KH]` or `[[[S; F]; C/groups]; KW]`, as Keras stores it. Channels and filters are
///   split into groups, of which each reads and writes its own part. For `DepthwiseConv2d(3x3, depth_multiplier = 2)`, Keras'
///   `DepthwiseConv2D`, it is `[[[[S; M]; C]; KW]; KH]`: filter c·M + m reads channel c alone
/// - `B`: the bias, `[S; F]`, or [`NoBias`]
/// - `SH`, `SW`: the strides; `TOP`, `LEFT`: how many zeros stand before the input; `DH`, `DW`: the dilations
///
/// ```
/// use graven::{Parameters, layers::Conv};
/// type Edges = Conv<f32, [[[f32; 1]; 28]; 28], [[[f32; 6]; 24]; 24], [[[[f32; 6]; 1]; 5]; 5], [f32; 6]>;
/// let mut conv = Edges::zeroed();
/// conv.kernel[2][3][0][5] = 0.5; // row 2, column 3, channel 0, filter 5
/// assert_eq!(Edges::COUNT, 156);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Conv<
    S,
    X,
    Y,
    K,
    B,
    const SH: usize = 1,
    const SW: usize = 1,
    const TOP: usize = 0,
    const LEFT: usize = 0,
    const DH: usize = 1,
    const DW: usize = 1,
> {
    /// The weights: those of a cell of the window, a channel and a filter.
    pub kernel: K,
    /// What is added to each filter's output, or [`NoBias`].
    pub bias: B,
    shapes: PhantomData<(S, X, Y)>,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NoBias {}
    impl<S: crate::Scalar, const F: usize> Sealed for [S; F] {}
}

/// Either an array of biases or [`NoBias`]. Sealed: the layer's memory relies on there being nothing else.
pub trait BiasArray<S: Scalar>: sealed::Sealed + Sized + Send + Sync + 'static {
    /// How many scalars it holds.
    const COUNT: usize;
    /// The values.
    fn values(&self) -> &[S];
    /// The values to write to.
    fn values_mut(&mut self) -> &mut [S];
}

impl<S: Scalar, const F: usize> BiasArray<S> for [S; F] {
    const COUNT: usize = F;
    #[inline(always)]
    fn values(&self) -> &[S] {
        self
    }
    #[inline(always)]
    fn values_mut(&mut self) -> &mut [S] {
        self
    }
}

impl<S: Scalar> BiasArray<S> for NoBias {
    const COUNT: usize = 0;
    #[inline(always)]
    fn values(&self) -> &[S] {
        &[]
    }
    #[inline(always)]
    fn values_mut(&mut self) -> &mut [S] {
        &mut []
    }
}

impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    K: Tensor<Scalar = S>,
    B: BiasArray<S>,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
    const DH: usize,
    const DW: usize,
> Convolution for Conv<S, X, Y, K, B, SH, SW, TOP, LEFT, DH, DW>
{
    const ROWS: Axis = Axis {
        inputs: image(&X::SHAPE)[0],
        outputs: image(&Y::SHAPE)[0],
        window: kernel(&K::SHAPE)[0],
        stride: SH,
        dilation: DH,
        before: TOP,
    };
    const COLUMNS: Axis = Axis {
        inputs: image(&X::SHAPE)[1],
        outputs: image(&Y::SHAPE)[1],
        window: kernel(&K::SHAPE)[1],
        stride: SW,
        dilation: DW,
        before: LEFT,
    };
    const CHANNELS: usize = X::SHAPE.width();
    const FILTERS: usize = Y::SHAPE.width();
    // A kernel whose last axis is not the filters has that many for each channel, by which it is one of as many groups.
    const GROUPS: usize = if K::SHAPE.width() == Y::SHAPE.width() {
        X::SHAPE.width() / kernel(&K::SHAPE)[2]
    } else {
        X::SHAPE.width()
    };
}

/// What a kernel and a bias make of one image, with its zeros around it.
#[inline(always)]
pub(super) fn convolve<C: Convolution, S: Scalar, L: Level>(
    level: L,
    image: &[S],
    (kernel, bias): (&impl Tensor<Scalar = S>, &impl BiasArray<S>),
    output: &mut impl Tensor<Scalar = S>,
) {
    let (kernel, bias, output) = (kernel.as_flat(), bias.values(), output.as_flat_mut());
    if C::EACH_CHANNEL {
        depthwise::forward::<C, S, L>(level, image, kernel, bias, output);
    } else {
        conv::forward::<C, S, L>(level, image, kernel, bias, output);
    }
}

/// Rows, columns, channels and filters of a kernel.
const fn kernel(shape: &Shape) -> [usize; 4] {
    match *shape.as_slice() {
        [columns, channels, filters] => [1, columns, channels, filters],
        [rows, columns, channels, filters] => [rows, columns, channels, filters],
        _ => [1, 1, 1, shape.count()],
    }
}

// SAFETY: tensors consist of scalars only; first the kernel, then an array of scalars or nothing, and a marker without size.
// `repr(C)`, and equal alignments leave no padding.
unsafe impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    K: Tensor<Scalar = S>,
    B: BiasArray<S>,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
    const DH: usize,
    const DW: usize,
> Parameters for Conv<S, X, Y, K, B, SH, SW, TOP, LEFT, DH, DW>
{
    type Scalar = S;
    const COUNT: usize = K::LEN + B::COUNT;

    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        visit(&path.join("kernel"), K::SHAPE, offset);
        if B::COUNT > 0 {
            visit(&path.join("bias"), Shape::new(&[B::COUNT]), offset + K::LEN);
        }
    }
}

impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    K: Tensor<Scalar = S>,
    B: BiasArray<S>,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
    const DH: usize,
    const DW: usize,
> Conv<S, X, Y, K, B, SH, SW, TOP, LEFT, DH, DW>
{
    /// That the shapes belong together, which `model!` takes care of.
    const SHAPES_FIT: () = {
        let whole = Self::CHANNELS % Self::GROUPS == 0 && Self::FILTERS % Self::GROUPS == 0;
        assert!(whole, "the groups must divide channels and filters");
        let weights = Self::ROWS.window * Self::COLUMNS.window * Self::INNER * Self::FILTERS;
        assert!(weights == K::LEN, "the kernel does not fit the channels of input and output");
        assert!(B::COUNT == 0 || B::COUNT == Self::FILTERS, "there must be as many biases as filters");
    };

    /// Draws kernel and bias; what `kernel_initializer` and `bias_initializer` in a listing call.
    pub fn initialize_with(
        &mut self,
        random: &mut Random,
        kernel: &impl Initializer,
        bias: &impl Initializer,
    ) {
        let [rows, columns, channels, filters] = self::kernel(&K::SHAPE);
        let fans = Fans { input: rows * columns * channels, output: rows * columns * filters };
        kernel.fill(random, fans, self.kernel.as_flat_mut());
        let fans = Fans { input: B::COUNT, output: B::COUNT };
        bias.fill(random, fans, self.bias.values_mut());
    }

    /// One image, with its zeros around it.
    #[inline(always)]
    fn image<L: Level>(&self, level: L, image: &[S], output: &mut Y) {
        convolve::<Self, S, L>(level, image, (&self.kernel, &self.bias), output);
    }

    /// Writes the gradients of images that have room for their zeros around them.
    #[inline(always)]
    fn input_gradients<L: Level>(&self, level: L, dy: &[S], images: &mut [S]) {
        images.fill(S::ZERO);
        if Self::EACH_CHANNEL {
            depthwise::input_gradients::<Self, S, L>(level, dy, self.kernel.as_flat(), images);
        } else {
            conv::input_gradients::<Self, S, L>(level, dy, self.kernel.as_flat(), images);
        }
    }
}

impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    K: Tensor<Scalar = S>,
    B: BiasArray<S>,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
    const DH: usize,
    const DW: usize,
    const F: usize,
> Absorb<S, F> for Conv<S, X, Y, K, B, SH, SW, TOP, LEFT, DH, DW>
{
    /// Filters are the last axis of the kernel, or the last two where each channel has its own: scalars F apart in either case.
    /// What is outside of the input is zero before and after, so that padding changes nothing.
    fn absorb(&mut self, scale: &[S; F], shift: &[S; F]) -> bool {
        for weights in <[S; F]>::batch_mut(self.kernel.as_flat_mut()) {
            for (weight, &scale) in weights.iter_mut().zip(scale) {
                *weight *= scale;
            }
        }
        for (bias, (&scale, &shift)) in self.bias.values_mut().iter_mut().zip(scale.iter().zip(shift)) {
            *bias = *bias * scale + shift;
        }
        B::COUNT > 0
    }
}

impl<
    S: Scalar,
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    K: Tensor<Scalar = S>,
    B: BiasArray<S>,
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const LEFT: usize,
    const DH: usize,
    const DW: usize,
> Layer for Conv<S, X, Y, K, B, SH, SW, TOP, LEFT, DH, DW>
{
    type Input = X;
    type Output = Y;
    // Where there are zeros around the input, a copy that has them.
    const SCRATCH: usize = if Self::PADS { Self::PADDED } else { 0 };

    fn initialize(&mut self, random: &mut Random) {
        self.initialize_with(random, &GlorotUniform, &Zeros);
    }

    #[inline(always)]
    fn forward<L: Level>(&self, level: L, inputs: &[X], outputs: &mut [Y], scratch: &mut [S]) {
        const { Self::SHAPES_FIT };
        if Self::PADS {
            let copies = scratch.chunks_exact_mut(Self::PADDED);
            for ((input, output), copy) in inputs.iter().zip(outputs).zip(copies) {
                conv::pad::<Self, S>(input.as_flat(), copy);
                self.image(level, copy, output);
            }
        } else {
            for (input, output) in inputs.iter().zip(outputs) {
                self.image(level, input.as_flat(), output);
            }
        }
    }

    /// The copies that `train` made serve again, first for the kernel's gradients, then as memory for those of the inputs.
    #[inline(always)]
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, gradient: &mut Self) {
        let dy = Y::flat(step.output_gradients);
        let images = if Self::PADS { &*step.tape } else { X::flat(step.inputs) };
        conv::bias_gradients::<Self, S>(dy, gradient.bias.values_mut());
        let kernel = gradient.kernel.as_flat_mut();
        if Self::EACH_CHANNEL {
            depthwise::kernel_gradients::<Self, S, L>(level, images, dy, kernel);
        } else {
            conv::kernel_gradients::<Self, S, L>(level, images, dy, kernel);
        }
        let Some(dx) = step.input_gradients else { return };
        if !Self::PADS {
            return self.input_gradients(level, dy, X::flat_mut(dx));
        }
        self.input_gradients(level, dy, step.tape);
        for (copy, dx) in step.tape.chunks_exact(Self::PADDED).zip(dx) {
            conv::crop::<Self, S>(copy, dx.as_flat_mut());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check_layer;

    type Image<const H: usize, const W: usize, const C: usize> = [[[f64; C]; W]; H];
    type Kernel<const H: usize, const W: usize, const C: usize, const F: usize> = [[[[f64; F]; C]; W]; H];

    #[test]
    fn derivatives() {
        check_layer::<Conv<f64, Image<1, 1, 1>, Image<1, 1, 1>, Kernel<1, 1, 1, 1>, [f64; 1]>>();
        check_layer::<Conv<f64, Image<5, 7, 1>, Image<3, 5, 6>, Kernel<3, 3, 1, 6>, [f64; 6]>>();
        check_layer::<Conv<f64, Image<3, 4, 3>, Image<2, 3, 35>, Kernel<2, 2, 3, 35>, NoBias>>();
    }

    #[test]
    fn derivatives_with_strides_and_zeros_around() {
        // The last row and column are of no window.
        check_layer::<Conv<f64, Image<6, 6, 2>, Image<2, 2, 3>, Kernel<3, 3, 2, 3>, [f64; 3], 2, 2>>();
        check_layer::<Conv<f64, Image<5, 5, 2>, Image<3, 3, 9>, Kernel<2, 4, 2, 9>, [f64; 9], 2, 2, 0, 1>>();
        // Causal, and dilated.
        check_layer::<Conv<f64, [[f64; 2]; 7], [[f64; 3]; 7], [[[f64; 3]; 2]; 3], [f64; 3], 1, 1, 0, 4, 1, 2>>(
        );
    }

    #[test]
    fn derivatives_of_groups() {
        check_layer::<Conv<f64, Image<4, 4, 6>, Image<2, 2, 9>, Kernel<3, 3, 2, 9>, [f64; 9]>>();
        check_layer::<Conv<f64, Image<4, 4, 11>, Image<2, 2, 11>, Kernel<3, 3, 11, 1>, [f64; 11]>>();
        check_layer::<Conv<f64, Image<4, 3, 3>, Image<4, 3, 6>, Kernel<3, 2, 3, 2>, NoBias, 1, 1, 1, 0>>();
    }
}
