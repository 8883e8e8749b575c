//! The products of recurrent layers: one vector by the gates of a matrix, whose rows hold one block of `U` for each gate.

use crate::kernels::product::{Left, Product, Right, Start};
use crate::scalar::Scalar;
use crate::simd::Level;

/// `sums[g][u] += Σ values[k] · kernel[k][g·U + u]` for the gates from `first` on.
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
    first: usize,
    sums: &mut [[S; U]; N],
) {
    // All gates at once are one row of a product, in registers.
    if const { N * U == G } {
        let product = Product {
            rows: 1,
            columns: G,
            outer: 1,
            inner: K,
            a: Left { values, row: K, outer: 0, inner: 1 },
            b: Right { values: kernel.as_flattened(), outer: 0, inner: G },
            start: Start::Result,
            c: sums.as_flattened_mut(),
            c_row: G,
            reproducible: true,
        };
        product.run_row::<L, G>(level);
        return;
    }
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

/// `sums[g] += row[g]` for the gates from `first` on.
#[inline(always)]
pub(crate) fn add<S: Scalar, const G: usize, const U: usize, const N: usize>(
    row: Option<&[S; G]>,
    first: usize,
    sums: &mut [[S; U]; N],
) {
    let Some(row) = row else { return };
    for (sums, row) in sums.iter_mut().zip(row.as_chunks::<U>().0.iter().skip(first)) {
        for u in 0..U {
            sums[u] += row[u];
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
