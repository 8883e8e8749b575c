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
pub use silu::{HardSilu, Mish, Silu};
pub(crate) use softmax::largest;
pub use softmax::{LogSoftmax, Softmax};
pub use tanh::{HardTanh, Tanh};

use crate::scalar::Scalar;
use crate::simd::Level;

/// An activation function, elementwise or along the last axis.
pub trait Activation: Send + Sync + 'static {
    /// Whether [`backward`](Self::backward) wants what `forward` gave (true) or what it was given (false).
    const FROM_OUTPUT: bool;

    /// Replaces pre-activations by activations; `width` is the size of the last axis.
    fn forward<S: Scalar, L: Level>(level: L, width: usize, values: &mut [S]);

    /// Replaces the gradients of the activations by those of the pre-activations. `kept`: see [`FROM_OUTPUT`](Self::FROM_OUTPUT).
    fn backward<S: Scalar, L: Level>(level: L, width: usize, kept: &[S], gradients: &mut [S]);
}

/// A function of each element by itself.
pub trait Elementwise: Send + Sync + 'static {
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

/// `other` where the condition holds, else `x`. A choice between what stands in a place and something else is compiled into a
/// masked write, which AMD's processors do slowly; after adding zero it is not that choice any more.
#[inline(always)]
fn replace_if<S: Scalar>(condition: bool, other: S, x: S) -> S {
    (if condition { other } else { x }) + S::ZERO
}

/// The argument of an activation, from its const generic.
#[inline(always)]
pub(crate) fn argument<S: Scalar, const BITS: u64>() -> S {
    S::from_f64(f64::from_bits(BITS))
}

/// [`Activation::forward`] as a function, for generated code.
#[inline(always)]
pub fn activate<A: Activation, S: Scalar, L: Level>(level: L, width: usize, values: &mut [S]) {
    A::forward(level, width, values);
}

/// [`Activation::backward`] as a function, for generated code.
#[inline(always)]
pub fn derive<A: Activation, S: Scalar, L: Level>(level: L, width: usize, kept: &[S], gradients: &mut [S]) {
    A::backward(level, width, kept, gradients);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Baseline;
    use crate::testing::check_activation;

    const HALF: u64 = 0.5f64.to_bits();
    const TWO: u64 = 2.0f64.to_bits();

    fn at<A: Activation>(x: f64) -> f64 {
        let mut values = [x];
        A::forward(Baseline, 1, &mut values);
        values[0]
    }

    fn slope<A: Activation>(x: f64) -> f64 {
        let kept = if A::FROM_OUTPUT { at::<A>(x) } else { x };
        let mut gradient = [1.0];
        A::backward(Baseline, 1, &[kept], &mut gradient);
        gradient[0]
    }

    macro_rules! for_all_elementwise {
        ($check:ident) => {
            $check::<Linear>();
            $check::<Relu>();
            $check::<Relu6>();
            $check::<ReluWith<HALF, TWO, HALF>>();
            $check::<LeakyRelu<HALF>>();
            $check::<Elu<TWO>>();
            $check::<Celu<TWO>>();
            $check::<Selu>();
            $check::<Exponential>();
            $check::<Gelu>();
            $check::<GeluApproximate>();
            $check::<Silu>();
            $check::<HardSilu>();
            $check::<Mish>();
            $check::<Sigmoid>();
            $check::<HardSigmoid>();
            $check::<LogSigmoid>();
            $check::<Softplus>();
            $check::<Softsign>();
            $check::<Tanh>();
            $check::<HardTanh>();
        };
    }

    #[test]
    fn derivatives() {
        fn check<A: Activation>() {
            check_activation::<A>(3);
        }
        for_all_elementwise!(check);
        for width in [1, 2, 7] {
            check_activation::<Softmax>(width);
            check_activation::<LogSoftmax>(width);
        }
    }

    #[test]
    fn not_a_number_stays_so() {
        fn check<A: Activation>() {
            assert!(at::<A>(f64::NAN).is_nan(), "{}", core::any::type_name::<A>());
        }
        for_all_elementwise!(check);
    }

    #[test]
    fn far_out_values_and_slopes_are_finite() {
        fn check<A: Activation>() {
            for x in [-700.0, -100.0, -1e-310, 1e-310, 100.0, 700.0] {
                let name = core::any::type_name::<A>();
                assert!(at::<A>(x).is_finite() && slope::<A>(x).is_finite(), "{name} at {x}");
            }
        }
        for_all_elementwise!(check);
        let mut values = [1000.0f32, 999.0, -1000.0];
        Softmax::forward(Baseline, 3, &mut values);
        assert!((values[0] - 0.731_058_6).abs() < 1e-6 && values[2] == 0.0, "{values:?}");
    }

    #[test]
    fn slopes_at_kinks_are_those_of_jax() {
        assert_eq!((slope::<Relu>(0.0), slope::<Relu6>(0.0), slope::<Relu6>(6.0)), (0.0, 0.0, 0.0));
        assert_eq!((slope::<HardSigmoid>(3.0), slope::<HardSigmoid>(-3.0)), (0.0, 0.0));
        assert_eq!((slope::<Elu<TWO>>(0.0), slope::<Celu<TWO>>(0.0)), (2.0, 1.0));
        assert_eq!(slope::<LeakyRelu<HALF>>(0.0), 1.0);
        assert!((slope::<Selu>(0.0) - 1.758_099_3).abs() < 1e-7);
        assert_eq!(
            (slope::<Softsign>(0.0), slope::<HardTanh>(1.0), slope::<HardTanh>(-1.0)),
            (1.0, 1.0, 1.0)
        );
        assert_eq!((slope::<HardSilu>(3.0), slope::<ReluWith<HALF, TWO, HALF>>(2.0)), (1.0, 0.5));
    }

    proptest::proptest! {
        #[test]
        fn softmax_is_a_distribution(
            mut values in proptest::array::uniform5(-1e3f32..1e3),
            shift in -50.0f32..50.0,
        ) {
            let mut shifted = values.map(|value| value + shift);
            Softmax::forward(Baseline, 5, &mut values);
            Softmax::forward(Baseline, 5, &mut shifted);
            proptest::prop_assert!((values.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            for (a, b) in values.iter().zip(&shifted) {
                // The sum with the shift is rounded, by up to 1050·2⁻²⁴ on either side.
                proptest::prop_assert!((a - b).abs() < 5e-4);
            }
        }
    }
}
