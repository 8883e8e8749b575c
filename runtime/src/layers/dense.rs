//! The fully connected layer.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use nalgebra::{SMatrix, SVector};

use super::batch_norm::Absorb;
use crate::initializers::{Fans, GlorotUniform, Initializer, Zeros};
use crate::kernels::affine;
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path, describe_field};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Shape;

/// `y = x·W + b` on the last axis, from `I` features to `O`; activations are steps of their own.
///
/// In a listing: `Dense(64 -> 32, relu)`, with `use_bias = false`, `kernel_initializer = he_normal`,
/// `bias_initializer = zeros`. Source: Keras' `Dense`.
///
/// # Shapes
/// - input `[S; I]`, output `[S; O]`; for inputs of more axes, every row of the last one
/// - `kernel`: nalgebra's O×I matrix, whose column-major memory is Keras' row-major `(I, O)`; `bias`: O
///
/// ```
/// use graven::{Parameters, layers::Dense};
/// let mut dense = Dense::<f32, 3, 2>::zeroed();
/// dense.kernel[(1, 2)] = 0.5; // the weight from input 2 to output 1
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Dense<S: Scalar, const I: usize, const O: usize, B = SVector<S, O>> {
    /// The weights: row o, column i leads from input i to output o.
    pub kernel: SMatrix<S, O, I>,
    /// What is added to each output, or [`NoBias`].
    pub bias: B,
}

/// The bias of a layer made with `use_bias = false`: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct NoBias;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NoBias {}
    impl<S: crate::Scalar, const O: usize> Sealed for nalgebra::SVector<S, O> {}
}

/// Either a vector of `O` biases or [`NoBias`]. Sealed: the layer's memory relies on there being nothing else.
pub trait BiasVector<S: Scalar, const O: usize>: sealed::Sealed + Sized + Send + Sync + 'static {
    /// How many scalars it holds.
    const COUNT: usize;
    /// The values, if there are any.
    fn values(&self) -> Option<&[S; O]>;
    /// The values to write to, if there are any.
    fn values_mut(&mut self) -> Option<&mut [S; O]>;
}

impl<S: Scalar, const O: usize> BiasVector<S, O> for SVector<S, O> {
    const COUNT: usize = O;
    #[inline(always)]
    fn values(&self) -> Option<&[S; O]> {
        self.data.0.first()
    }
    #[inline(always)]
    fn values_mut(&mut self) -> Option<&mut [S; O]> {
        self.data.0.first_mut()
    }
}

impl<S: Scalar, const O: usize> BiasVector<S, O> for NoBias {
    const COUNT: usize = 0;
    #[inline(always)]
    fn values(&self) -> Option<&[S; O]> {
        None
    }
    #[inline(always)]
    fn values_mut(&mut self) -> Option<&mut [S; O]> {
        None
    }
}

// SAFETY: a matrix of scalars, then a vector of scalars or nothing; `repr(C)`, and equal alignments leave no padding.
unsafe impl<S: Scalar, const I: usize, const O: usize, B: BiasVector<S, O>> Parameters for Dense<S, I, O, B> {
    type Scalar = S;
    const COUNT: usize = I * O + B::COUNT;

    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        visit(&path.join("kernel"), Shape::new(&[I, O]), offset);
        if B::COUNT > 0 {
            describe_field::<SVector<S, O>>(path, "bias", offset + I * O, visit);
        }
    }
}

impl<S: Scalar, const I: usize, const O: usize, B: BiasVector<S, O>> Dense<S, I, O, B> {
    /// Draws kernel and bias; what `kernel_initializer` and `bias_initializer` in a listing call.
    pub fn initialize_with(
        &mut self,
        random: &mut Random,
        kernel: &impl Initializer,
        bias: &impl Initializer,
    ) {
        kernel.fill(random, Fans { input: I, output: O }, self.kernel.data.0.as_flattened_mut());
        if let Some(values) = self.bias.values_mut() {
            bias.fill(random, Fans { input: O, output: O }, values);
        }
    }
}

impl<S: Scalar, const I: usize, const O: usize, B: BiasVector<S, O>> Absorb<S, O> for Dense<S, I, O, B> {
    fn absorb(&mut self, scale: &[S; O], shift: &[S; O]) -> bool {
        for weights in &mut self.kernel.data.0 {
            for (weight, &scale) in weights.iter_mut().zip(scale) {
                *weight *= scale;
            }
        }
        let Some(bias) = self.bias.values_mut() else { return false };
        for (bias, (&scale, &shift)) in bias.iter_mut().zip(scale.iter().zip(shift)) {
            *bias = *bias * scale + shift;
        }
        true
    }
}

impl<S: Scalar, const I: usize, const O: usize, B: BiasVector<S, O>> Layer for Dense<S, I, O, B> {
    type Input = [S; I];
    type Output = [S; O];

    fn initialize(&mut self, random: &mut Random) {
        self.initialize_with(random, &GlorotUniform, &Zeros);
    }

    #[inline(always)]
    fn forward<L: Level>(&self, level: L, inputs: &[[S; I]], outputs: &mut [[S; O]], _: &mut [S]) {
        affine::forward(level, inputs, &self.kernel.data.0, self.bias.values(), outputs);
    }

    #[inline(always)]
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, gradient: &mut Self) {
        let dy = step.output_gradients;
        affine::parameter_gradients(
            level,
            step.inputs,
            dy,
            &mut gradient.kernel.data.0,
            gradient.bias.values_mut(),
        );
        if let Some(dx) = step.input_gradients {
            affine::input_gradients(level, dy, &self.kernel.data.0, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check_layer;

    #[test]
    fn derivatives() {
        check_layer::<Dense<f64, 1, 1>>();
        check_layer::<Dense<f64, 3, 5>>();
        check_layer::<Dense<f64, 17, 1>>();
        check_layer::<Dense<f64, 7, 13>>();
        check_layer::<Dense<f64, 5, 67>>();
        check_layer::<Dense<f64, 3, 5, NoBias>>();
    }
}
