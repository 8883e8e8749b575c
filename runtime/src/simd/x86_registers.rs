//! The registers of x86-64: SSE2, AVX2 with FMA, AVX-512.
#![allow(unsafe_code, reason = "the intrinsics of a level, reached only through that level")]
#![allow(unreachable_pub, reason = "associated types of a public trait, which nobody should name")]

use core::arch::x86_64::*;

use super::Vector;
use super::vector::{first, write_first};

/// A register type with its instructions. What remains of a row is read and written by masks, or through an array.
macro_rules! register {
    ($name:ident, $scalar:ty, $register:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $add:ident,
     |$a:ident, $b:ident, $c:ident| $mul_add:expr, |$lanes_of:ident| $twice:expr, |$from:ident, $count:ident| $load_first:expr,
     |$to:ident, $value:ident, $length:ident| $store_first:expr) => {
        /// A register of this level.
        #[derive(Clone, Copy)]
        pub struct $name($register);

        // SAFETY of every block: the instructions belong to the level through which alone the type is reached; pointers
        // are the caller's promise.
        impl Vector<$scalar> for $name {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: $scalar) -> Self {
                // SAFETY: see above.
                Self(unsafe { $splat(value) })
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, addend: Self) -> Self {
                let ($a, $b, $c) = (self.0, factor.0, addend.0);
                // SAFETY: see above.
                Self(unsafe { $mul_add })
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            fn twice(self) -> [Self; 2] {
                let $lanes_of = self.0;
                // SAFETY: see above.
                unsafe { $twice }.map(Self)
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
            unsafe fn load_first($from: *const $scalar, $count: usize) -> Self {
                // SAFETY: see above.
                Self(unsafe { $load_first })
            }
            #[inline(always)]
            unsafe fn store_first(self, $to: *mut $scalar, $length: usize) {
                let $value = self.0;
                // SAFETY: see above.
                unsafe { $store_first }
            }
        }
    };
}

register!(
    Sse2F32,
    f32,
    __m128,
    4,
    _mm_set1_ps,
    _mm_loadu_ps,
    _mm_storeu_ps,
    _mm_add_ps,
    |a, b, c| _mm_add_ps(_mm_mul_ps(a, b), c),
    |v| [_mm_unpacklo_ps(v, v), _mm_unpackhi_ps(v, v)],
    |from, count| {
        let lanes = first::<f32, 4>(from, count);
        _mm_loadu_ps(lanes.as_ptr())
    },
    |to, value, length| {
        let mut lanes = [0.0; 4];
        _mm_storeu_ps(lanes.as_mut_ptr(), value);
        write_first(lanes, to, length)
    }
);
register!(
    Sse2F64,
    f64,
    __m128d,
    2,
    _mm_set1_pd,
    _mm_loadu_pd,
    _mm_storeu_pd,
    _mm_add_pd,
    |a, b, c| _mm_add_pd(_mm_mul_pd(a, b), c),
    |v| [_mm_unpacklo_pd(v, v), _mm_unpackhi_pd(v, v)],
    |from, count| {
        let lanes = first::<f64, 2>(from, count);
        _mm_loadu_pd(lanes.as_ptr())
    },
    |to, value, length| {
        let mut lanes = [0.0; 2];
        _mm_storeu_pd(lanes.as_mut_ptr(), value);
        write_first(lanes, to, length)
    }
);

#[cfg(feature = "std")]
pub(super) use wide::{Avx2F32, Avx2F64, Avx512F32, Avx512F64};

/// The registers of the levels that are found at run time.
#[cfg(feature = "std")]
mod wide {
    use super::*;

    /// Read from entry `LANES − count` on, it is a mask of the first `count` lanes.
    static MASK_32: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    /// The same for lanes of 64 bits.
    static MASK_64: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

    register!(
        Avx2F32,
        f32,
        __m256,
        8,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_add_ps,
        |a, b, c| _mm256_fmadd_ps(a, b, c),
        |v| {
            let [low, high] =
                [_mm256_set_epi32(3, 3, 2, 2, 1, 1, 0, 0), _mm256_set_epi32(7, 7, 6, 6, 5, 5, 4, 4)];
            [_mm256_permutevar8x32_ps(v, low), _mm256_permutevar8x32_ps(v, high)]
        },
        |from, count| {
            let mask = _mm256_loadu_si256(MASK_32.as_ptr().add(8 - count.min(8)).cast());
            _mm256_maskload_ps(from, mask)
        },
        |to, value, length| {
            let mut lanes = [0.0; 8];
            _mm256_storeu_ps(lanes.as_mut_ptr(), value);
            write_first(lanes, to, length)
        }
    );
    register!(
        Avx2F64,
        f64,
        __m256d,
        4,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_add_pd,
        |a, b, c| _mm256_fmadd_pd(a, b, c),
        |v| [_mm256_permute4x64_pd::<0b01_01_00_00>(v), _mm256_permute4x64_pd::<0b11_11_10_10>(v)],
        |from, count| {
            let mask = _mm256_loadu_si256(MASK_64.as_ptr().add(4 - count.min(4)).cast());
            _mm256_maskload_pd(from, mask)
        },
        |to, value, length| {
            let mut lanes = [0.0; 4];
            _mm256_storeu_pd(lanes.as_mut_ptr(), value);
            write_first(lanes, to, length)
        }
    );
    register!(
        Avx512F32,
        f32,
        __m512,
        16,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_add_ps,
        |a, b, c| _mm512_fmadd_ps(a, b, c),
        |v| {
            let low = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
            let high = _mm512_set_epi32(15, 15, 14, 14, 13, 13, 12, 12, 11, 11, 10, 10, 9, 9, 8, 8);
            [_mm512_permutexvar_ps(low, v), _mm512_permutexvar_ps(high, v)]
        },
        |from, count| _mm512_maskz_loadu_ps(lanes_16(count), from),
        |to, value, length| _mm512_mask_storeu_ps(to, lanes_16(length), value)
    );
    register!(
        Avx512F64,
        f64,
        __m512d,
        8,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_add_pd,
        |a, b, c| _mm512_fmadd_pd(a, b, c),
        |v| {
            let [low, high] =
                [_mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0), _mm512_set_epi64(7, 7, 6, 6, 5, 5, 4, 4)];
            [_mm512_permutexvar_pd(low, v), _mm512_permutexvar_pd(high, v)]
        },
        |from, count| _mm512_maskz_loadu_pd(lanes_8(count), from),
        |to, value, length| _mm512_mask_storeu_pd(to, lanes_8(length), value)
    );

    /// A mask of the first lanes.
    #[inline(always)]
    fn lanes_16(count: usize) -> __mmask16 {
        ((1u32 << count.min(16)) - 1) as __mmask16
    }

    /// A mask of the first lanes.
    #[inline(always)]
    fn lanes_8(count: usize) -> __mmask8 {
        ((1u16 << count.min(8)) - 1) as __mmask8
    }
}
