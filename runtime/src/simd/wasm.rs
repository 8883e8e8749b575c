//! The registers of wasm's `simd128`.
#![allow(unsafe_code, reason = "memory behind pointers")]
#![allow(unreachable_pub, reason = "associated types of a public trait, which nobody should name")]

use core::arch::wasm32::*;

use super::Vector;
use super::vector::{first, write_first};

macro_rules! register {
    ($name:ident, $scalar:ty, $lanes:literal, $splat:ident, $add:ident, $mul:ident, |$lanes_of:ident| $twice:expr) => {
        /// A register.
        #[derive(Clone, Copy)]
        pub struct $name(v128);

        impl Vector<$scalar> for $name {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: $scalar) -> Self {
                Self($splat(value))
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, addend: Self) -> Self {
                Self($add($mul(self.0, factor.0), addend.0))
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self($add(self.0, other.0))
            }
            #[inline(always)]
            fn twice(self) -> [Self; 2] {
                let $lanes_of = self.0;
                $twice.map(Self)
            }
            #[inline(always)]
            unsafe fn load(from: *const $scalar) -> Self {
                // SAFETY: the caller's promise.
                Self(unsafe { v128_load(from.cast()) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $scalar) {
                // SAFETY: the caller's promise.
                unsafe { v128_store(to.cast(), self.0) }
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $scalar, count: usize) -> Self {
                // SAFETY: the caller's promise; then of an array.
                Self(unsafe { v128_load(first::<$scalar, $lanes>(from, count).as_ptr().cast()) })
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $scalar, count: usize) {
                let mut lanes = [0.0; $lanes];
                // SAFETY: an array of the register's size; then the caller's promise.
                unsafe {
                    v128_store(lanes.as_mut_ptr().cast(), self.0);
                    write_first(lanes, to, count);
                }
            }
        }
    };
}
register!(F32, f32, 4, f32x4_splat, f32x4_add, f32x4_mul, |v| [
    i32x4_shuffle::<0, 0, 1, 1>(v, v),
    i32x4_shuffle::<2, 2, 3, 3>(v, v)
]);
register!(F64, f64, 2, f64x2_splat, f64x2_add, f64x2_mul, |v| [
    i64x2_shuffle::<0, 0>(v, v),
    i64x2_shuffle::<1, 1>(v, v)
]);
