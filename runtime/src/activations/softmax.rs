//! Softmax and its logarithm, along the last axis.

use super::Activation;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `f(x)ᵢ = e^(xᵢ − m) / Σⱼ e^(xⱼ − m)` with `m = max x`, so that no exponential overflows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softmax;

impl Activation for Softmax {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn forward<S: Scalar, L: Level>(level: L, width: usize, values: &mut [S]) {
        for row in values.chunks_exact_mut(width.max(1)) {
            let largest = largest(row);
            let mut sum = S::ZERO;
            for value in row.iter_mut() {
                *value = (*value - largest).exp(level);
                sum += *value;
            }
            let factor = S::ONE / sum;
            for value in row {
                *value *= factor;
            }
        }
    }

    #[inline(always)]
    fn backward<S: Scalar, L: Level>(level: L, width: usize, outputs: &[S], gradients: &mut [S]) {
        let width = width.max(1);
        for (gradient, output) in gradients.chunks_exact_mut(width).zip(outputs.chunks_exact(width)) {
            let mut dot = S::ZERO;
            for (&g, &y) in gradient.iter().zip(output) {
                dot = level.mul_add(g, y, dot);
            }
            for (g, &y) in gradient.iter_mut().zip(output) {
                *g = y * (*g - dot);
            }
        }
    }
}

/// `f(x)ᵢ = xᵢ − m − log Σⱼ e^(xⱼ − m)` with `m = max x`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSoftmax;

impl Activation for LogSoftmax {
    const FROM_OUTPUT: bool = true;

    #[inline(always)]
    fn forward<S: Scalar, L: Level>(level: L, width: usize, values: &mut [S]) {
        for row in values.chunks_exact_mut(width.max(1)) {
            let largest = largest(row);
            let mut sum = S::ZERO;
            for value in row.iter_mut() {
                *value -= largest;
                sum += value.exp(level);
            }
            let log = sum.ln();
            for value in row {
                *value -= log;
            }
        }
    }

    #[inline(always)]
    fn backward<S: Scalar, L: Level>(level: L, width: usize, outputs: &[S], gradients: &mut [S]) {
        let width = width.max(1);
        for (gradient, output) in gradients.chunks_exact_mut(width).zip(outputs.chunks_exact(width)) {
            let mut sum = S::ZERO;
            for &g in gradient.iter() {
                sum += g;
            }
            for (g, &y) in gradient.iter_mut().zip(output) {
                *g -= y.exp(level) * sum;
            }
        }
    }
}

/// The maximum of a row; NaN entries are passed over, they come out again in the exponentials.
#[inline(always)]
pub(crate) fn largest<S: Scalar>(row: &[S]) -> S {
    let mut largest = S::from_f64(f64::NEG_INFINITY);
    for &value in row {
        largest = if value > largest { value } else { largest };
    }
    largest
}
