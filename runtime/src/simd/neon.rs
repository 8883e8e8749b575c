//! The registers of AArch64, which always has NEON.
#![allow(
    unsafe_code,
    reason = "intrinsics that every processor of the target has, and memory behind pointers"
)]
#![allow(unreachable_pub, reason = "associated types of a public trait, which nobody should name")]

use core::arch::aarch64::*;

use super::Vector;
use super::vector::{first, write_first};

macro_rules! register {
    ($name:ident, $scalar:ty, $register:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $add:ident, $fma:ident, [$low:ident, $high:ident]) => {
        /// A register.
        #[derive(Clone, Copy)]
        pub struct $name($register);

        // SAFETY of every block: NEON belongs to the target; pointers are the caller's promise.
        impl Vector<$scalar> for $name {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: $scalar) -> Self {
                // SAFETY: see above.
                Self(unsafe { $splat(value) })
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, addend: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $fma(addend.0, self.0, factor.0) })
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            fn twice(self) -> [Self; 2] {
                // SAFETY: see above.
                unsafe { [Self($low(self.0, self.0)), Self($high(self.0, self.0))] }
            }
            #[inline(always)]
            unsafe fn load(from: *const $scalar) -> Self {
                // SAFETY: see above.
                Self(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $scalar) {
                // SAFETY: see above.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $scalar, count: usize) -> Self {
                // SAFETY: see above.
                Self(unsafe { $load(first::<$scalar, $lanes>(from, count).as_ptr()) })
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $scalar, count: usize) {
                let mut lanes = [0.0; $lanes];
                // SAFETY: see above.
                unsafe {
                    $store(lanes.as_mut_ptr(), self.0);
                    write_first(lanes, to, count);
                }
            }
        }
    };
}
register!(
    F32,
    f32,
    float32x4_t,
    4,
    vdupq_n_f32,
    vld1q_f32,
    vst1q_f32,
    vaddq_f32,
    vfmaq_f32,
    [vzip1q_f32, vzip2q_f32]
);
register!(
    F64,
    f64,
    float64x2_t,
    2,
    vdupq_n_f64,
    vld1q_f64,
    vst1q_f64,
    vaddq_f64,
    vfmaq_f64,
    [vzip1q_f64, vzip2q_f64]
);
