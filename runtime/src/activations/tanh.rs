//! The hyperbolic tangent and its piecewise linear stand-in.

use super::{Elementwise, replace_if};
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = tanh x`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

impl Elementwise for Tanh {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        x.tanh(level)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        S::ONE - y * y
    }
}

/// `f(x) = x` cut to [−1, 1]. The derivative at ±1 is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HardTanh;

impl Elementwise for HardTanh {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        replace_if(x < -S::ONE, -S::ONE, if x > S::ONE { S::ONE } else { x })
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, x: S) -> S {
        if x < -S::ONE || x > S::ONE { S::ZERO } else { S::ONE }
    }
}
