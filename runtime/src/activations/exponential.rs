//! Units that approach a constant exponentially for negative arguments, and the exponential itself.

use super::{Elementwise, argument};
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = eˣ`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exponential;

impl Elementwise for Exponential {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        x.exp(level)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        y
    }
}

/// `f(x) = x` if x > 0, else `ALPHA·(eˣ − 1)`; `ALPHA` is the bits of an `f64`, 1 by default. The derivative at 0 is `ALPHA`.
///
/// Source: Clevert, Unterthiner, Hochreiter, 2015.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elu<const ALPHA: u64>;

impl<const ALPHA: u64> Elementwise for Elu<ALPHA> {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        let alpha: S = argument::<S, ALPHA>();
        if x > S::ZERO { x } else { alpha * x.exp_m1() }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        let alpha: S = argument::<S, ALPHA>();
        if x > S::ZERO { S::ONE } else { alpha * x.exp(level) }
    }
}

/// `f(x) = max(x, 0) + ALPHA·(e^(min(x, 0)/ALPHA) − 1)`; `ALPHA` is the bits of an `f64`, 1 by default. The derivative at 0 is 1.
///
/// Source: Barron, 2017.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Celu<const ALPHA: u64>;

impl<const ALPHA: u64> Elementwise for Celu<ALPHA> {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        let alpha: S = argument::<S, ALPHA>();
        if x > S::ZERO { x } else { alpha * (x / alpha).exp_m1() }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        let alpha: S = argument::<S, ALPHA>();
        if x > S::ZERO { S::ONE } else { (x / alpha).exp(level) }
    }
}

/// `f(x) = λ·x` if x > 0, else `λ·α·(eˣ − 1)`, with λ = 1.0507009873554805 and α = 1.6732632423543772. The derivative at
/// 0 is λ·α.
///
/// Source: Klambauer, Unterthiner, Mayr, Hochreiter, 2017.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selu;

impl Elementwise for Selu {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        let scale = S::from_f64(SCALE);
        if x > S::ZERO { scale * x } else { S::from_f64(SCALE * ALPHA) * x.exp_m1() }
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        if y > S::ZERO { S::from_f64(SCALE) } else { y + S::from_f64(SCALE * ALPHA) }
    }
}

const SCALE: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;
