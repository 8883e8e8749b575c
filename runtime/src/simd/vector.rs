//! One register of scalars: what the products' inner loops are written in.
#![allow(unsafe_code, reason = "memory behind pointers")]
#![allow(unreachable_pub, reason = "associated types of a public trait, which nobody should name")]

use crate::scalar::Scalar;

/// A register. Its methods must be inlined into code of the level that it belongs to; they are only reached through that.
pub trait Vector<S>: Copy {
    /// How many scalars it holds.
    const LANES: usize;

    /// The same value in every lane.
    fn splat(value: S) -> Self;

    /// `self · factor + addend`.
    fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// The sum.
    fn add(self, other: Self) -> Self;

    /// Every lane twice, side by side: those of the first half of the lanes, then those of the second.
    fn twice(self) -> [Self; 2];

    /// `LANES` scalars.
    ///
    /// # Safety
    /// They must be readable.
    unsafe fn load(from: *const S) -> Self;

    /// Writes `LANES` scalars.
    ///
    /// # Safety
    /// They must be writable.
    unsafe fn store(self, to: *mut S);

    /// The first `count` scalars, at most `LANES`; zero behind them.
    ///
    /// # Safety
    /// They must be readable.
    unsafe fn load_first(from: *const S, count: usize) -> Self;

    /// Writes the first `count` scalars, at most `LANES`.
    ///
    /// # Safety
    /// They must be writable.
    unsafe fn store_first(self, to: *mut S, count: usize);
}

/// The first `count` scalars, the rest being zero.
///
/// # Safety
/// They must be readable.
#[inline(always)]
pub(super) unsafe fn first<S: Scalar, const N: usize>(from: *const S, count: usize) -> [S; N] {
    let mut lanes = [S::ZERO; N];
    for (lane, value) in lanes.iter_mut().enumerate().take(count) {
        // SAFETY: the caller's promise for `count` scalars.
        *value = unsafe { from.add(lane).read() };
    }
    lanes
}

/// Writes the first `count` scalars of an array.
///
/// # Safety
/// They must be writable.
#[inline(always)]
pub(super) unsafe fn write_first<S: Scalar, const N: usize>(lanes: [S; N], to: *mut S, count: usize) {
    for (lane, &value) in lanes.iter().enumerate().take(count) {
        // SAFETY: the caller's promise for `count` scalars.
        unsafe { to.add(lane).write(value) };
    }
}

/// `count` scalars from `at` on, at most `LANES`; zeros if they are not all there.
#[inline(always)]
pub(crate) fn read<S: Scalar, V: Vector<S>>(values: &[S], at: usize, count: usize) -> V {
    match values.get(at..at + count) {
        // SAFETY: there are as many, as was just checked.
        Some(part) if count >= V::LANES => unsafe { V::load(part.as_ptr()) },
        // SAFETY: as above.
        Some(part) => unsafe { V::load_first(part.as_ptr(), count) },
        None => V::splat(S::ZERO),
    }
}

/// Writes `count` scalars from `at` on, at most `LANES`, if there is room for them.
#[inline(always)]
pub(crate) fn write<S: Scalar, V: Vector<S>>(register: V, values: &mut [S], at: usize, count: usize) {
    match values.get_mut(at..at + count) {
        // SAFETY: there is room for as many, as was just checked.
        Some(part) if count >= V::LANES => unsafe { register.store(part.as_mut_ptr()) },
        // SAFETY: as above.
        Some(part) => unsafe { register.store_first(part.as_mut_ptr(), count) },
        None => {}
    }
}

/// A register where none is known.
#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub use four::Four;

#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
mod four {
    use super::{Vector, first, write_first};
    use crate::scalar::Scalar;

    /// Four scalars without special instructions.
    #[derive(Clone, Copy)]
    pub struct Four<S>([S; 4]);

    impl<S: Scalar> Vector<S> for Four<S> {
        const LANES: usize = 4;

        #[inline(always)]
        fn splat(value: S) -> Self {
            Self([value; 4])
        }
        #[inline(always)]
        fn mul_add(self, factor: Self, addend: Self) -> Self {
            let (Self(a), Self(b), Self(c)) = (self, factor, addend);
            Self([a[0] * b[0] + c[0], a[1] * b[1] + c[1], a[2] * b[2] + c[2], a[3] * b[3] + c[3]])
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            let (Self(a), Self(b)) = (self, other);
            Self([a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]])
        }
        #[inline(always)]
        fn twice(self) -> [Self; 2] {
            let [a, b, c, d] = self.0;
            [Self([a, a, b, b]), Self([c, c, d, d])]
        }
        #[inline(always)]
        unsafe fn load(from: *const S) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { from.cast::<[S; 4]>().read() })
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut S) {
            // SAFETY: the caller's.
            unsafe { to.cast::<[S; 4]>().write(self.0) }
        }
        #[inline(always)]
        unsafe fn load_first(from: *const S, count: usize) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { first(from, count) })
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut S, count: usize) {
            // SAFETY: the caller's.
            unsafe { write_first(self.0, to, count) }
        }
    }
}
