//! The logistic function, its piecewise linear stand-in, and its logarithm.

use super::Elementwise;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = 1/(1 + e^−x)`, without overflow on either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

impl Elementwise for Sigmoid {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        x.logistic(level)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        y * (S::ONE - y)
    }
}

/// `f(x) = x/6 + ½` cut to [0, 1], as in Keras 3. The derivative at ±3 is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HardSigmoid;

impl Elementwise for HardSigmoid {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        hard_logistic(x)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        if y > S::ZERO && y < S::ONE { S::from_f64(1.0 / 6.0) } else { S::ZERO }
    }
}

/// `f(x) = log(1/(1 + e^−x)) = −softplus(−x)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSigmoid;

impl Elementwise for LogSigmoid {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        -log_one_plus_exp(level, -x)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        (-x).logistic(level)
    }
}

/// `f(x) = log(1 + eˣ)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softplus;

impl Elementwise for Softplus {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        log_one_plus_exp(level, x)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        x.logistic(level)
    }
}

/// `f(x) = x/(1 + |x|)`. The derivative at 0 is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softsign;

impl Elementwise for Softsign {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        x / (S::ONE + x.abs())
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(_: L, y: S) -> S {
        (S::ONE - y.abs()) * (S::ONE - y.abs())
    }
}

/// `log(1 + eˣ)`, with an exponential that can't overflow.
#[inline(always)]
pub(crate) fn log_one_plus_exp<S: Scalar, L: Level>(level: L, x: S) -> S {
    // Written so that NaN stays NaN.
    (if x < S::ZERO { S::ZERO } else { x }) + (-x.abs()).exp(level).ln_1p()
}

/// x/6 + ½ cut to [0, 1].
#[inline(always)]
pub(crate) fn hard_logistic<S: Scalar>(x: S) -> S {
    let y = x / S::from_f64(6.0) + S::from_f64(0.5);
    // Written so that NaN stays NaN.
    if y < S::ZERO {
        S::ZERO
    } else if y > S::ONE {
        S::ONE
    } else {
        y
    }
}
