//! Activation functions: applied in place to the values of the layer before them, in the formulas of Keras.
//!
//! One file a function (or a family). They are types without values, so a network's activation is part of its type; their
//! arguments are const generics holding the bits of an `f64`.

mod exponential;
mod gelu;
mod linear;
mod relu;
mod sigmoid;
mod silu;
mod softmax;
mod tanh;

pub use exponential::{Celu, Elu, Exponential, Selu};
pub use gelu::{Gelu, GeluApproximate};
pub use linear::Linear;
pub use relu::{LeakyRelu, Relu, Relu6, ReluWith};
pub use sigmoid::{HardSigmoid, LogSigmoid, Sigmoid, Softplus, Softsign};
pub(crate) use sigmoid::{log_one_plus_exp, logistic};
pub use silu::{HardSilu, Mish, Silu};
pub(crate) use softmax::largest;
pub use softmax::{LogSoftmax, Softmax};
pub use tanh::{HardTanh, Tanh};

use crate::scalar::Scalar;
use crate::simd::Level;

/// An activation function, elementwise or along the last axis.
pub trait Activation: 'static {
    /// Whether [`backward`](Self::backward) wants what `forward` gave (true) or what it was given (false).
    const FROM_OUTPUT: bool;

    /// Replaces pre-activations by activations; `width` is the size of the last axis.
    fn forward<S: Scalar, L: Level>(level: L, width: usize, values: &mut [S]);

    /// Replaces the gradients of the activations by those of the pre-activations. `kept`: see [`FROM_OUTPUT`](Self::FROM_OUTPUT).
    fn backward<S: Scalar, L: Level>(level: L, width: usize, kept: &[S], gradients: &mut [S]);
}

/// A function of each element by itself.
pub trait Elementwise: 'static {
    /// Whether the derivative is computed from the function's value (true) or its argument (false).
    const FROM_OUTPUT: bool;

    /// f(x).
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S;

    /// f′ at the point whose value (or argument) was kept; at a kink what Keras' JAX backend gives.
    fn derivative<S: Scalar, L: Level>(level: L, kept: S) -> S;
}

impl<E: Elementwise> Activation for E {
    const FROM_OUTPUT: bool = E::FROM_OUTPUT;

    #[inline(always)]
    fn forward<S: Scalar, L: Level>(level: L, _: usize, values: &mut [S]) {
        for value in values {
            *value = E::value(level, *value);
        }
    }

    #[inline(always)]
    fn backward<S: Scalar, L: Level>(level: L, _: usize, kept: &[S], gradients: &mut [S]) {
        for (gradient, &kept) in gradients.iter_mut().zip(kept) {
            *gradient *= E::derivative(level, kept);
        }
    }
}

/// The argument of an activation, from its const generic.
#[inline(always)]
pub(crate) fn argument<S: Scalar, const BITS: u64>() -> S {
    S::from_f64(f64::from_bits(BITS))
}

/// [`Activation::forward`] with the width as a constant, for generated code.
#[inline(always)]
pub fn activate<A: Activation, S: Scalar, L: Level, const K: usize>(level: L, values: &mut [S]) {
    A::forward(level, K, values);
}

/// [`Activation::backward`] with the width as a constant, for generated code.
#[inline(always)]
pub fn derive<A: Activation, S: Scalar, L: Level, const K: usize>(level: L, kept: &[S], gradients: &mut [S]) {
    A::backward(level, K, kept, gradients);
}
