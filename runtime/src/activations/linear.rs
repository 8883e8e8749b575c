//! The identity.

use super::Activation;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x) = x`: what a layer without activation has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linear;

impl Activation for Linear {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn forward<S: Scalar, L: Level>(_: L, _: usize, _: &mut [S]) {}

    #[inline(always)]
    fn backward<S: Scalar, L: Level>(_: L, _: usize, _: &[S], _: &mut [S]) {}
}
