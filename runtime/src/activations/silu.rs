//! The argument times a function that goes from 0 to 1: SiLU and its kin.

use super::Elementwise;
use super::sigmoid::{hard_logistic, log_one_plus_exp};
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = x·σ(x)` with the logistic σ; also called swish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silu;

impl Elementwise for Silu {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        x * x.logistic(level)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        let sigmoid = x.logistic(level);
        sigmoid * (S::ONE + x * (S::ONE - sigmoid))
    }
}

/// `f(x) = x·hard_sigmoid(x)`; also called hard swish. The derivative at 3 is 1, at −3 it is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HardSilu;

impl Elementwise for HardSilu {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        x * hard_logistic(x)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, x: S) -> S {
        if x <= S::from_f64(-3.0) {
            S::ZERO
        } else if x >= S::from_f64(3.0) {
            S::ONE
        } else {
            x / S::from_f64(3.0) + S::from_f64(0.5)
        }
    }
}

/// `f(x) = x·tanh(softplus(x))`. Source: Misra, 2019.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mish;

impl Elementwise for Mish {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        x * log_one_plus_exp(level, x).tanh(level)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        let tanh = log_one_plus_exp(level, x).tanh(level);
        tanh + x * x.logistic(level) * (S::ONE - tanh * tanh)
    }
}
