//! The numbers a network is made of: `f32` and `f64`, with the functions that `core` lacks.

use core::fmt::Display;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::kernels::product::Product;
use crate::kernels::transcendental;
use crate::simd::{Level, Vector};
use crate::tensor::Tensor;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
pub(crate) use sealed::Sealed;

/// A floating point type that parameters and samples consist of: `f32` or `f64`. Sealed.
///
/// ```
/// use graven::Scalar;
/// fn circumference<S: Scalar>(radius: S) -> S {
///     S::from_f64(2.0 * core::f64::consts::PI) * radius
/// }
/// assert_eq!(circumference(1.0f64), core::f64::consts::TAU);
/// ```
pub trait Scalar:
    Tensor<Scalar = Self>
    + nalgebra::Scalar
    + Default
    + PartialOrd
    + Display
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// Far below what matters to a sum with any weight, far above the subnormal numbers, on which processors are slow.
    const TINY: Self;
    /// A register of a level.
    #[doc(hidden)]
    type Vector<L: Level>: Vector<Self>;
    /// The name of the type in the safetensors format: `F32` or `F64`.
    const SAFETENSORS: &'static str;

    /// The nearest value of this type.
    fn from_f64(value: f64) -> Self;
    /// The same value in double precision.
    fn to_f64(self) -> f64;
    /// The value whose bytes, little-endian, begin `bytes`; `None` when there are too few.
    fn from_le_bytes(bytes: &[u8]) -> Option<Self>;
    /// Hands the value's bytes, little-endian, to `write`.
    fn write_le_bytes(self, write: &mut dyn FnMut(&[u8]));
    /// The value, or 0 if it is less than `bound` from it; NaN stays so.
    fn flush(self, bound: Self) -> Self;
    /// True unless the value is infinite or NaN.
    fn is_finite(self) -> bool;
    /// Whether it is not a number.
    fn is_nan(self) -> bool;
    /// |x|.
    fn abs(self) -> Self;
    /// The larger of the two; the other one where one is NaN.
    fn max(self, other: Self) -> Self;
    /// The smaller of the two; the other one where one is NaN.
    fn min(self, other: Self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// eˣ.
    fn exp<L: Level>(self, level: L) -> Self;
    /// eˣ − 1, exact near 0.
    fn exp_m1(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x), exact near 0.
    fn ln_1p(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh<L: Level>(self, level: L) -> Self;
    /// The logistic function, `1/(1 + e^−x)`.
    fn logistic<L: Level>(self, level: L) -> Self;
    /// The complementary error function, `2/√π ∫ₓ^∞ e^(−t²) dt`: exact where it is small, as 1 less the error function is not.
    fn erfc(self) -> Self;
    /// `self · factor + addend` rounded once. A slow library call unless the processor level has the instruction, so
    /// kernels ask their [`Level`](crate::simd::Level) instead.
    #[cfg(feature = "std")]
    fn fused_mul_add(self, factor: Self, addend: Self) -> Self;
    /// Computes a product.
    #[doc(hidden)]
    fn product<L: Level>(level: L, product: Product<'_, Self>);
}

/// Whether no value is infinite or not a number.
#[inline(always)]
pub(crate) fn are_finite<S: Scalar>(values: &[S]) -> bool {
    // Counted in integers, without a way out of the loop: that vectorises.
    values.iter().fold(0, |sum: u32, value| sum | u32::from(!value.is_finite())) == 0
}

macro_rules! scalar {
    ($type:ty, $name:literal, $bytes:literal, $tiny:literal, $vector:ident, $product:ident, $curves:ident, $abs:path, $sqrt:path, $exp_m1:path, $ln:path, $ln_1p:path, $erfc:path) => {
        impl Scalar for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const SAFETENSORS: &'static str = $name;
            const TINY: Self = $tiny;
            type Vector<L: Level> = L::$vector;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $type
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline]
            fn from_le_bytes(bytes: &[u8]) -> Option<Self> {
                bytes.first_chunk::<$bytes>().map(|first| <$type>::from_le_bytes(*first))
            }
            #[inline]
            fn write_le_bytes(self, write: &mut dyn FnMut(&[u8])) {
                write(&self.to_le_bytes());
            }
            #[inline(always)]
            fn flush(self, bound: Self) -> Self {
                if $abs(self) < bound { 0.0 } else { self }
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                <$type>::is_finite(self)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                <$type>::is_nan(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $abs(self)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                <$type>::max(self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                <$type>::min(self, other)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                // The instruction rounds exactly, as libm's function does: the same bits, much faster.
                #[cfg(feature = "std")]
                return <$type>::sqrt(self);
                #[cfg(not(feature = "std"))]
                return $sqrt(self);
            }
            #[inline(always)]
            fn exp<L: Level>(self, level: L) -> Self {
                $curves::exp(level, self)
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                $exp_m1(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $ln(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                $ln_1p(self)
            }
            #[inline(always)]
            fn tanh<L: Level>(self, level: L) -> Self {
                $curves::tanh(level, self)
            }
            #[inline(always)]
            fn logistic<L: Level>(self, level: L) -> Self {
                $curves::logistic(level, self)
            }
            #[inline(always)]
            fn erfc(self) -> Self {
                $erfc(self)
            }
            #[cfg(feature = "std")]
            #[inline(always)]
            fn fused_mul_add(self, factor: Self, addend: Self) -> Self {
                <$type>::mul_add(self, factor, addend)
            }
            #[inline(always)]
            fn product<L: Level>(level: L, product: Product<'_, Self>) {
                level.$product(product);
            }
        }
    };
}

scalar!(
    f32,
    "F32",
    4,
    1e-30,
    F32,
    product_f32,
    transcendental,
    f32::abs,
    libm::sqrtf,
    libm::expm1f,
    libm::logf,
    libm::log1pf,
    libm::erfcf
);
scalar!(
    f64,
    "F64",
    8,
    1e-270,
    F64,
    product_f64,
    exact,
    f64::abs,
    libm::sqrt,
    libm::expm1,
    libm::log,
    libm::log1p,
    libm::erfc
);

/// The functions of f64, by libm: double precision is for being sure, not for being fast.
mod exact {
    pub(super) fn exp<L>(_: L, x: f64) -> f64 {
        libm::exp(x)
    }

    pub(super) fn tanh<L>(_: L, x: f64) -> f64 {
        libm::tanh(x)
    }

    /// With an exponential that can't overflow.
    pub(super) fn logistic<L>(_: L, x: f64) -> f64 {
        let small = libm::exp(-x.abs());
        if x < 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) }
    }
}
