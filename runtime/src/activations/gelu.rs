//! Gaussian error linear units (Hendrycks and Gimpel, 2016).

use super::Elementwise;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = x·Φ(x) = x/2·erfc(−x/√2)`: Keras' default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gelu;

impl Elementwise for Gelu {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(_: L, x: S) -> S {
        x * cumulative(x)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        let density = S::from_f64(0.398_942_280_401_432_7) * (S::from_f64(-0.5) * x * x).exp(level);
        cumulative(x) + x * density
    }
}

/// `f(x) = x/2·(1 + tanh u)` with `u = √(2/π)·(x + 0.044715·x³)`: Keras' `approximate=True`.
///
/// Computed as `x·σ(2u)`, the same number, which keeps its digits where tanh u is near −1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeluApproximate;

impl Elementwise for GeluApproximate {
    const FROM_OUTPUT: bool = false;

    #[inline(always)]
    fn value<S: Scalar, L: Level>(level: L, x: S) -> S {
        x * twice_inner(x).logistic(level)
    }

    #[inline(always)]
    fn derivative<S: Scalar, L: Level>(level: L, x: S) -> S {
        let twice = twice_inner(x);
        let (above, below) = (twice.logistic(level), (-twice).logistic(level));
        let slope = S::from_f64(2.0 * SQRT_2_OVER_PI) * (S::ONE + S::from_f64(3.0 * CUBIC) * x * x);
        above + x * above * below * slope
    }
}

const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;
const CUBIC: f64 = 0.044_715;

/// Φ(x), the distribution function of the normal distribution.
#[inline(always)]
fn cumulative<S: Scalar>(x: S) -> S {
    S::from_f64(0.5) * (x * S::from_f64(-core::f64::consts::FRAC_1_SQRT_2)).erfc()
}

#[inline(always)]
fn twice_inner<S: Scalar>(x: S) -> S {
    S::from_f64(2.0 * SQRT_2_OVER_PI) * (x + S::from_f64(CUBIC) * x * x * x)
}
