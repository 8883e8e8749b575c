//! The products of recurrent layers: one vector by the gates of a matrix, whose rows hold one block of `U` for each gate.

use crate::kernels::product::{Left, Product, Right, Start};
use crate::scalar::Scalar;
use crate::simd::Level;

/// `bias[g·U + u] + Σ values[k] · kernel[k][g·U + u]` for all gates g: one row of a product, in registers.
#[inline(always)]
pub(crate) fn products<
    S: Scalar,
    L: Level,
    const K: usize,
    const G: usize,
    const U: usize,
    const N: usize,
>(
    level: L,
    bias: Option<&[S; G]>,
    values: &[S; K],
    kernel: &[[S; G]; K],
) -> [[S; U]; N] {
    let mut sums = [[S::ZERO; U]; N];
    row(level, bias.map_or(Start::Zero, |bias| Start::Row(bias)), values, kernel, sums.as_flattened_mut());
    sums
}

/// `sums[g][u] += Σ values[k] · kernel[k][g·U + u]` for all gates.
#[inline(always)]
pub(crate) fn accumulate<
    S: Scalar,
    L: Level,
    const K: usize,
    const G: usize,
    const U: usize,
    const N: usize,
>(
    level: L,
    values: &[S; K],
    kernel: &[[S; G]; K],
    sums: &mut [[S; U]; N],
) {
    row(level, Start::Result, values, kernel, sums.as_flattened_mut());
}

#[inline(always)]
fn row<S: Scalar, L: Level, const K: usize, const G: usize>(
    level: L,
    start: Start<'_, S>,
    values: &[S; K],
    kernel: &[[S; G]; K],
    sums: &mut [S],
) {
    let product = Product {
        rows: 1,
        columns: G,
        outer: 1,
        inner: K,
        a: Left { values, row: K, outer: 0, inner: 1 },
        b: Right { values: kernel.as_flattened(), outer: 0, inner: G },
        start,
        c: sums,
        c_row: G,
        reproducible: true,
    };
    product.run_row::<L, G>(level);
}

/// `sums[g][u] += Σ values[k] · kernel[k][(first + g)·U + u]` for as many gates as there are sums.
#[inline(always)]
pub(crate) fn accumulate_from<
    S: Scalar,
    L: Level,
    const K: usize,
    const G: usize,
    const U: usize,
    const N: usize,
>(
    level: L,
    values: &[S; K],
    kernel: &[[S; G]; K],
    first: usize,
    sums: &mut [[S; U]; N],
) {
    for k in 0..K {
        let value = values[k];
        let gates = kernel[k].as_chunks::<U>().0;
        for (sums, weights) in sums.iter_mut().zip(gates.iter().skip(first)) {
            for u in 0..U {
                sums[u] = level.mul_add(value, weights[u], sums[u]);
            }
        }
    }
}

/// `sums[k] = Σ gradients[u] · kernel[k][g·U + u]` for one gate `g`.
#[inline(always)]
pub(crate) fn back<S: Scalar, L: Level, const K: usize, const G: usize, const U: usize>(
    level: L,
    gradients: &[S; U],
    kernel: &[[S; G]; K],
    gate: usize,
    sums: &mut [S; K],
) {
    for (row, sum) in kernel.iter().zip(sums) {
        *sum = S::ZERO;
        let Some(weights) = row.as_chunks::<U>().0.get(gate) else { continue };
        for u in 0..U {
            *sum = level.mul_add(gradients[u], weights[u], *sum);
        }
    }
}

/// `kernel[k][g·U + u] += values[k] · gradients[u]` for one gate `g`.
#[inline(always)]
pub(crate) fn outer<S: Scalar, L: Level, const K: usize, const G: usize, const U: usize>(
    level: L,
    values: &[S; K],
    gradients: &[S; U],
    gate: usize,
    kernel: &mut [[S; G]; K],
) {
    for (row, &value) in kernel.iter_mut().zip(values) {
        let Some(weights) = row.as_chunks_mut::<U>().0.get_mut(gate) else { continue };
        for u in 0..U {
            weights[u] = level.mul_add(value, gradients[u], weights[u]);
        }
    }
}
