//! Rectified linear units.

use super::Elementwise;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = max(x, 0)`; the derivative at 0 is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

impl Elementwise for Relu {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        // Written so that NaN stays NaN.
        if x < S::ZERO { S::ZERO } else { x }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        if y > S::ZERO { S::ONE } else { S::ZERO }
    }
}

/// `f(x) = min(max(x, 0), 6)`; the derivative at 0 and 6 is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu6;

impl Elementwise for Relu6 {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        let six = S::from_f64(6.0);
        let positive = Relu::value(level, x);
        if positive > six { six } else { positive }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        if y > S::ZERO && y < S::from_f64(6.0) { S::ONE } else { S::ZERO }
    }
}
