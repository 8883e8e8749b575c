//! The arithmetic that costs time, as const-generic loops over arrays which the compiler vectorises at every
//! [`Level`](crate::simd::Level). Kernels know no layer.

pub(crate) mod affine;
pub(crate) mod conv;
pub(crate) mod depthwise;
pub(crate) mod gates;
pub(crate) mod merge;
pub(crate) mod normalize;
pub(crate) mod pool;
pub(crate) mod product;
pub(crate) mod transcendental;
pub(crate) mod window;

/// `N` values from `start` on.
#[inline(always)]
fn lanes<S, const N: usize>(values: &[S], start: usize) -> Option<&[S; N]> {
    values.get(start..start + N)?.first_chunk()
}

/// The same, to write to.
#[inline(always)]
fn lanes_mut<S, const N: usize>(values: &mut [S], start: usize) -> Option<&mut [S; N]> {
    values.get_mut(start..start + N)?.first_chunk_mut()
}
