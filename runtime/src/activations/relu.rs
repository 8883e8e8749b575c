//! Rectified linear units.

use super::{Elementwise, argument, replace_if};
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
        replace_if(x < S::ZERO, S::ZERO, x)
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
        replace_if(positive > six, six, positive)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        if y > S::ZERO && y < S::from_f64(6.0) { S::ONE } else { S::ZERO }
    }
}

/// Relu with Keras' arguments, as the bits of an `f64` each: `x` above `THRESHOLD` (clipped to [0, `MAXIMUM`] unless that is
/// infinite), `SLOPE·(x − THRESHOLD)` at or below it.
///
/// The derivative is 0 at the threshold and ½ at a bound of the clip. Keras has two special cases of its own, which make
/// exceptions: with nothing but a slope it is 1 at 0, and with no threshold and a maximum of 6 it is 0 at 6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReluWith<const SLOPE: u64, const MAXIMUM: u64, const THRESHOLD: u64>;

impl<const SLOPE: u64, const MAXIMUM: u64, const THRESHOLD: u64> ReluWith<SLOPE, MAXIMUM, THRESHOLD> {
    const CLIPS: bool = f64::from_bits(MAXIMUM) != f64::INFINITY;
    const IS_LEAKY: bool = f64::from_bits(SLOPE) != 0.0 && !Self::CLIPS && f64::from_bits(THRESHOLD) == 0.0;
    const IS_SIX: bool = f64::from_bits(MAXIMUM) == 6.0 && f64::from_bits(THRESHOLD) == 0.0;
}

impl<const SLOPE: u64, const MAXIMUM: u64, const THRESHOLD: u64> Elementwise
    for ReluWith<SLOPE, MAXIMUM, THRESHOLD>
{
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        let slope: S = argument::<S, SLOPE>();
        let maximum: S = argument::<S, MAXIMUM>();
        let threshold: S = argument::<S, THRESHOLD>();
        let clipped = if x > maximum { maximum } else { Relu::value(level, x) };
        replace_if(x <= threshold, slope * (x - threshold), if Self::CLIPS { clipped } else { x })
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, x: S) -> S {
        let maximum: S = argument::<S, MAXIMUM>();
        let threshold: S = argument::<S, THRESHOLD>();
        if x < threshold {
            argument::<S, SLOPE>()
        } else if x == threshold {
            if Self::IS_LEAKY { S::ONE } else { S::ZERO }
        } else if !Self::CLIPS || (x > S::ZERO && x < maximum) {
            S::ONE
        } else if x < S::ZERO || x > maximum || Self::IS_SIX {
            S::ZERO
        } else {
            S::from_f64(0.5)
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
        replace_if(x < S::ZERO, slope * x, x)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, x: S) -> S {
        let slope: S = argument::<S, SLOPE>();
        if x < S::ZERO { slope } else { S::ONE }
    }
}
