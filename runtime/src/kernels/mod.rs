//! The arithmetic that costs time, as const-generic loops over arrays which the compiler vectorises at every
//! [`Level`](crate::simd::Level). Kernels know no layer.

pub(crate) mod affine;
pub(crate) mod gates;
pub(crate) mod merge;
pub(crate) mod product;
pub(crate) mod transcendental;
