//! `exp`, `tanh` and the logistic function of f32 without a branch, so that loops over them vectorise; the same on every target.
//!
//! ```text
//! exp:      n = round(x / ln 2);  r = x − n·ln 2;  2ⁿ · (1 + r + r²·q(r))
//! tanh:     −t / (2 − t) with t = 1 − e^(2|x|), x cut to 9.02, from where on tanh rounds to 1; then the sign
//! logistic: 1 / (1 + exp(−x)), 0 where that is subnormal
//! ```
//! 1. The polynomial is a minimax fit, its relative error 3.1e-9 on ±ln 2/2. What is left is rounding: over all of f32 at most
//!    1.2 ulp for `exp`, 2.7 ulp for `tanh`, 2.5 ulp for `logistic`, as the tests below measure against f64. What is faster has
//!    larger errors near 1, which 1 − tanh² does not forgive: a rational function 4.5 ulp, t / (t + 2) of a signed t 1 ulp, where
//!    half of one is what rounding costs; with that, gradients through seven steps of a recurrent layer missed Keras'.
//! 2. Rounding adds a constant whose unit in the last place is 1, so n stands in the low bits, ready to become an exponent.
//! 3. 2ⁿ is multiplied in two halves, so that results may be subnormal, or overflow to infinity.
//! 4. Comparisons are written so that NaN stays NaN.

use core::f32::consts::{LN_2, LOG2_E};

use crate::simd::Level;

/// 1.5·2²³: adding it rounds to an integer, which then stands in the low bits.
const ROUND: f32 = 12_582_912.0;
/// The bit of the sign.
const SIGN: u32 = 1 << 31;
/// ln 2 in two parts, the first with so few bits that its product with n is exact.
const LN_2_PARTS: [f32; 2] = [355.0 / 512.0, -2.121_944_4e-4];

/// eˣ.
#[inline(always)]
pub(crate) fn exp<L: Level>(level: L, x: f32) -> f32 {
    let (mantissa, exponent) = parts(level, cut(x, -104.0, 88.8));
    let half = exponent >> 1;
    mantissa * power_of_two(half) * power_of_two(exponent.wrapping_sub(half))
}

/// 1/(1 + e^−x).
#[inline(always)]
pub(crate) fn logistic<L: Level>(level: L, x: f32) -> f32 {
    let (mantissa, exponent) = parts(level, cut(-x, -87.3, 88.8));
    // Where 2ⁿ overflows, the result is 0 instead of subnormal.
    1.0 / level.mul_add(mantissa, power_of_two(exponent), 1.0)
}

/// tanh x.
#[inline(always)]
pub(crate) fn tanh<L: Level>(level: L, x: f32) -> f32 {
    let size = x.abs();
    let size = if size > 9.02 { 9.02 } else { size };
    let (whole, exponent) = round(level, size, 2.0 * LOG2_E);
    // One multiple of ln 2 is exact enough: where there are many, the quotient hardly depends on them.
    let fraction = exp_m1(level, level.mul_add(whole, -LN_2, size + size));
    let scale = power_of_two(exponent);
    // 1 − e^2|x|, exact near 0.
    let t = level.mul_add(-fraction, scale, 1.0 - scale);
    // −t/(2 − t), as 1 − 2/(2 − t) where that is more exact: 1 − tanh² needs the digits near 1.
    let (whole, part) = if t < -2.0 { (1.0, 2.0) } else { (0.0, t) };
    let result = whole - part / (2.0 - t);
    f32::from_bits(result.to_bits() | x.to_bits() & SIGN)
}

/// eˣ = mantissa · 2^exponent.
#[inline(always)]
fn parts<L: Level>(level: L, x: f32) -> (f32, i32) {
    let (whole, exponent) = round(level, x, LOG2_E);
    let rest = level.mul_add(whole, -LN_2_PARTS[1], level.mul_add(whole, -LN_2_PARTS[0], x));
    (1.0 + exp_m1(level, rest), exponent)
}

/// The integer next to `x · factor`, as both types.
#[inline(always)]
fn round<L: Level>(level: L, x: f32, factor: f32) -> (f32, i32) {
    let shifted = level.mul_add(x, factor, ROUND);
    (shifted - ROUND, shifted.to_bits().wrapping_sub(ROUND.to_bits()).cast_signed())
}

/// eˣ − 1 within ±ln 2/2.
#[inline(always)]
fn exp_m1<L: Level>(level: L, x: f32) -> f32 {
    const Q: [f32; 5] = [0.499_999_94, 0.166_665_2, 4.166_839_3e-2, 8.368_781e-3, 1.381_446_7e-3];
    // In pairs, whose chain is shorter: in small networks it is what one waits for.
    let square = x * x;
    let (low, high) = (level.mul_add(Q[1], x, Q[0]), level.mul_add(Q[3], x, Q[2]));
    let q = level.mul_add(square, level.mul_add(square, Q[4], high), low);
    level.mul_add(square, q, x)
}

/// 2^exponent, from −126 to 127.
#[inline(always)]
fn power_of_two(exponent: i32) -> f32 {
    f32::from_bits((exponent.wrapping_add(127) << 23).cast_unsigned())
}

#[inline(always)]
fn cut(x: f32, low: f32, high: f32) -> f32 {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Simd, Task};

    /// The largest error of a function over all f32 from the last value on, in units in the last place of the true value.
    struct Worst<F>(F, fn(f64) -> f64, f32);

    trait Function: Copy {
        fn at<L: Level>(self, level: L, x: f32) -> f32;
    }

    macro_rules! function {
        ($name:ident, $function:path) => {
            #[derive(Clone, Copy)]
            struct $name;
            impl Function for $name {
                #[inline(always)]
                fn at<L: Level>(self, level: L, x: f32) -> f32 {
                    $function(level, x)
                }
            }
        };
    }
    function!(Exp, exp);
    function!(Tanh, tanh);
    function!(Logistic, logistic);

    impl<F: Function> Task for Worst<F> {
        type Output = (f64, f32);
        #[inline(always)]
        fn run<L: Level>(self, level: L) -> (f64, f32) {
            let mut worst = (0.0, 0.0);
            for bits in (0..=u32::MAX).step_by(step()) {
                let x = f32::from_bits(bits);
                if x.is_nan() || x < self.2 {
                    continue;
                }
                let (found, exact) = (self.0.at(level, x), self.1(f64::from(x)));
                let error = ulps(found, exact);
                if error > worst.0 {
                    worst = (error, x);
                }
            }
            worst
        }
    }

    /// Every 97th number: a test should take seconds. `GRAVEN_STEP=1 cargo test --release -p graven errors_of` takes all of them,
    /// some minutes, and is what the figures above are from.
    fn step() -> usize {
        std::env::var("GRAVEN_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(97)
    }

    struct At<F>(F, f32);

    impl<F: Function> Task for At<F> {
        type Output = f32;
        #[inline(always)]
        fn run<L: Level>(self, level: L) -> f32 {
            self.0.at(level, self.1)
        }
    }

    fn ulps(found: f32, exact: f64) -> f64 {
        let nearest = exact as f32;
        if found == nearest {
            return 0.0;
        }
        // Below the normal numbers, in units of the smallest of those.
        let unit = f64::from(f32::EPSILON) * libm::exp2(libm::floor(libm::log2(exact.abs().max(1.2e-38))));
        (f64::from(found) - exact).abs() / unit
    }

    fn check<F: Function>(function: F, exact: fn(f64) -> f64, from: f32, bound: f64) {
        for simd in Simd::all() {
            let (worst, at) = simd.run(Worst(function, exact, from));
            assert!(worst <= bound, "{worst} ulp at {at}, {simd:?}");
            assert!(simd.run(At(function, f32::NAN)).is_nan());
        }
    }

    #[test]
    fn errors_of_exp() {
        check(Exp, f64::exp, f32::NEG_INFINITY, 1.2);
    }

    #[test]
    fn errors_of_tanh() {
        check(Tanh, f64::tanh, f32::NEG_INFINITY, 2.7);
    }

    #[test]
    fn errors_of_logistic() {
        check(Logistic, |x| 1.0 / (1.0 + (-x).exp()), -87.0, 2.5);
    }

    #[test]
    fn tanh_stays_within_one() {
        for simd in Simd::all() {
            let mut values = (0..0x4200_0000u32).step_by(7).map(f32::from_bits);
            assert_eq!(values.find(|x| simd.run(At(Tanh, *x)) > 1.0), None, "{simd:?}");
        }
    }

    #[test]
    fn ends() {
        for simd in Simd::all() {
            let at = |x: f32| (simd.run(At(Exp, x)), simd.run(At(Tanh, x)), simd.run(At(Logistic, x)));
            assert_eq!(at(0.0), (1.0, 0.0, 0.5));
            assert_eq!(at(f32::INFINITY), (f32::INFINITY, 1.0, 1.0));
            let (exp, tanh, logistic) = at(f32::NEG_INFINITY);
            assert_eq!((exp, tanh, logistic), (0.0, -1.0, 0.0));
            assert!(simd.run(At(Logistic, -87.5)) < 1.3e-38);
        }
    }
}
