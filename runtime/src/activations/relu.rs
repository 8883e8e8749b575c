//! Rectified linear units.

use super::{Elementwise, argument};
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

/// Relu with Keras' arguments, as the bits of an `f64` each: `x` above `THRESHOLD` (clipped to `MAXIMUM`, infinite for none),
/// `SLOPE·(x − THRESHOLD)` at or below it.
///
/// The derivative at the threshold is `SLOPE`, at the maximum ½.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReluWith<const SLOPE: u64, const MAXIMUM: u64, const THRESHOLD: u64>;

impl<const SLOPE: u64, const MAXIMUM: u64, const THRESHOLD: u64> Elementwise
    for ReluWith<SLOPE, MAXIMUM, THRESHOLD>
{
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        let slope: S = argument::<S, SLOPE>();
        let maximum: S = argument::<S, MAXIMUM>();
        let threshold: S = argument::<S, THRESHOLD>();
        if x > threshold { if x > maximum { maximum } else { x } } else { slope * (x - threshold) }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, x: S) -> S {
        let slope: S = argument::<S, SLOPE>();
        let maximum: S = argument::<S, MAXIMUM>();
        let threshold: S = argument::<S, THRESHOLD>();
        if x > threshold {
            if x > maximum {
                S::ZERO
            } else if x == maximum {
                S::from_f64(0.5)
            } else {
                S::ONE
            }
        } else {
            slope
        }
    }
}

/// `f(x) = x` if x ≥ 0, else `SLOPE·x`; `SLOPE` is the bits of an `f64`, 0.2 in Keras' function, 0.3 in its layer.
/// The derivative at 0 is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeakyRelu<const SLOPE: u64>;

impl<const SLOPE: u64> Elementwise for LeakyRelu<SLOPE> {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        let slope: S = argument::<S, SLOPE>();
        if x < S::ZERO { slope * x } else { x }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, x: S) -> S {
        let slope: S = argument::<S, SLOPE>();
        if x < S::ZERO { slope } else { S::ONE }
    }
}
