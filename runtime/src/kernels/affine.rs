//! `y = x·W + b` for rows of constant size, and its two gradients.
//!
//! ```text
//! forward:  for a tile of M rows and N columns:  acc[m][n] = b[n];  for i: acc[m][n] += x[m][i] · w[i][n]
//! dW:       for a tile of 4 inputs and N outputs: acc[i][n] = dw[i][n];  for row: acc[i][n] += x[row][i] · dy[row][n]
//! dX:       as forward, of W and the transpose of up to 32 rows of dY
//! ```
//! 1. The accumulators of a tile are a local array of at most 256 scalars, so they stay in vector registers. (Of 8×32 the
//!    compiler makes no vectors at all: 3 GFLOP/s instead of 115 for 4×64, on a Zen 4 whose limit is 118.)
//! 2. Each weight row of a tile is contiguous and used for M rows, so loads cost 1/M of the arithmetic.
//! 3. Every output sums its inputs in the same order in every tile size: one sample and a batch give the same bits.

use crate::scalar::Scalar;
use crate::simd::Level;

/// `outputs[r] = inputs[r] · kernel + bias`; `kernel[i][o]` is the weight from input `i` to output `o`.
#[inline(always)]
pub(crate) fn forward<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    inputs: &[[S; I]],
    kernel: &[[S; O]; I],
    bias: Option<&[S; O]>,
    outputs: &mut [[S; O]],
) {
    let (input_tiles, input_rest) = inputs.as_chunks::<4>();
    let (output_tiles, output_rest) = outputs.as_chunks_mut::<4>();
    for (x, y) in input_tiles.iter().zip(output_tiles) {
        let mut column = 0;
        column = forward_columns::<S, L, I, O, 4, 64>(level, x, kernel, bias, y, column);
        column = forward_columns::<S, L, I, O, 4, 16>(level, x, kernel, bias, y, column);
        column = forward_columns::<S, L, I, O, 4, 8>(level, x, kernel, bias, y, column);
        forward_columns::<S, L, I, O, 4, 1>(level, x, kernel, bias, y, column);
    }
    let rest = input_rest.as_chunks::<1>().0.iter();
    for (x, y) in rest.zip(output_rest.as_chunks_mut::<1>().0) {
        let mut column = 0;
        column = forward_columns::<S, L, I, O, 1, 64>(level, x, kernel, bias, y, column);
        column = forward_columns::<S, L, I, O, 1, 8>(level, x, kernel, bias, y, column);
        forward_columns::<S, L, I, O, 1, 1>(level, x, kernel, bias, y, column);
    }
}

/// Whole tiles of `N` columns from `column` on; returns the first column not done.
#[inline(always)]
fn forward_columns<S: Scalar, L: Level, const I: usize, const O: usize, const M: usize, const N: usize>(
    level: L,
    x: &[[S; I]; M],
    kernel: &[[S; O]; I],
    bias: Option<&[S; O]>,
    y: &mut [[S; O]; M],
    mut column: usize,
) -> usize {
    while column + N <= O {
        let mut sums = [[S::ZERO; N]; M];
        if let Some(bias) = bias {
            let start = columns::<S, O, N>(bias, column);
            sums.fill(*start);
        }
        for i in 0..I {
            let weights = columns::<S, O, N>(&kernel[i], column);
            for m in 0..M {
                let value = x[m][i];
                for n in 0..N {
                    sums[m][n] = level.mul_add(value, weights[n], sums[m][n]);
                }
            }
        }
        for m in 0..M {
            *columns_mut::<S, O, N>(&mut y[m], column) = sums[m];
        }
        column += N;
    }
    column
}

/// Adds the gradients of kernel and bias.
#[inline(always)]
pub(crate) fn parameter_gradients<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    inputs: &[[S; I]],
    output_gradients: &[[S; O]],
    kernel: &mut [[S; O]; I],
    bias: Option<&mut [S; O]>,
) {
    if let Some(bias) = bias {
        for dy in output_gradients {
            for o in 0..O {
                bias[o] += dy[o];
            }
        }
    }
    let (tiles, _) = kernel.as_chunks_mut::<4>();
    let whole = I - I % 4;
    for (tile, weights) in tiles.iter_mut().enumerate() {
        kernel_rows::<S, L, I, O, 4>(level, inputs, output_gradients, weights, tile * 4);
    }
    for i in whole..I {
        let weights = core::array::from_mut(&mut kernel[i]);
        kernel_rows::<S, L, I, O, 1>(level, inputs, output_gradients, weights, i);
    }
}

#[inline(always)]
fn kernel_rows<S: Scalar, L: Level, const I: usize, const O: usize, const M: usize>(
    level: L,
    inputs: &[[S; I]],
    output_gradients: &[[S; O]],
    weights: &mut [[S; O]; M],
    first: usize,
) {
    let mut column = 0;
    column = kernel_columns::<S, L, I, O, M, 64>(level, inputs, output_gradients, weights, first, column);
    column = kernel_columns::<S, L, I, O, M, 8>(level, inputs, output_gradients, weights, first, column);
    kernel_columns::<S, L, I, O, M, 1>(level, inputs, output_gradients, weights, first, column);
}

#[inline(always)]
fn kernel_columns<S: Scalar, L: Level, const I: usize, const O: usize, const M: usize, const N: usize>(
    level: L,
    inputs: &[[S; I]],
    output_gradients: &[[S; O]],
    weights: &mut [[S; O]; M],
    first: usize,
    mut column: usize,
) -> usize {
    while column + N <= O {
        let mut sums = [[S::ZERO; N]; M];
        for m in 0..M {
            sums[m] = *columns::<S, O, N>(&weights[m], column);
        }
        for (x, dy) in inputs.iter().zip(output_gradients) {
            let dy = columns::<S, O, N>(dy, column);
            for m in 0..M {
                let value = x[first + m];
                for n in 0..N {
                    sums[m][n] = level.mul_add(value, dy[n], sums[m][n]);
                }
            }
        }
        for m in 0..M {
            *columns_mut::<S, O, N>(&mut weights[m], column) = sums[m];
        }
        column += N;
    }
    column
}

/// How many rows of dY are transposed at once.
const ROWS: usize = 32;

/// Writes the gradients of the inputs.
#[inline(always)]
pub(crate) fn input_gradients<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    output_gradients: &[[S; O]],
    kernel: &[[S; O]; I],
    input_gradients: &mut [[S; I]],
) {
    for (dy, dx) in output_gradients.chunks(ROWS).zip(input_gradients.chunks_mut(ROWS)) {
        if dy.len() < 4 {
            for (dy, dx) in dy.iter().zip(dx) {
                input_row(level, dy, kernel, dx);
            }
        } else {
            input_rows(level, dy, kernel, dx);
        }
    }
}

/// Up to `ROWS` rows: with dY transposed, and filled up with zeros, it is the forward product of W and dYᵀ.
#[inline(always)]
fn input_rows<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    dy: &[[S; O]],
    kernel: &[[S; O]; I],
    dx: &mut [[S; I]],
) {
    let mut transposed = [[S::ZERO; ROWS]; O];
    for (row, dy) in dy.iter().enumerate() {
        for o in 0..O {
            transposed[o][row] = dy[o];
        }
    }
    let (tiles, rest) = kernel.as_chunks::<6>();
    for (tile, weights) in tiles.iter().enumerate() {
        input_tile(level, weights, &transposed, dx, tile * 6);
    }
    for (weights, i) in rest.as_chunks::<1>().0.iter().zip(tiles.len() * 6..) {
        input_tile(level, weights, &transposed, dx, i);
    }
}

#[inline(always)]
fn input_tile<S: Scalar, L: Level, const I: usize, const O: usize, const M: usize>(
    level: L,
    weights: &[[S; O]; M],
    transposed: &[[S; ROWS]; O],
    dx: &mut [[S; I]],
    first: usize,
) {
    let mut product = [[S::ZERO; ROWS]; M];
    forward_columns::<S, L, O, ROWS, M, ROWS>(level, weights, transposed, None, &mut product, 0);
    for (row, dx) in dx.iter_mut().enumerate() {
        for m in 0..M {
            dx[first + m] = product[m][row];
        }
    }
}

/// One row: a scalar product for each input.
#[inline(always)]
fn input_row<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    dy: &[S; O],
    kernel: &[[S; O]; I],
    dx: &mut [S; I],
) {
    const LANES: usize = 16;
    let (chunks, rest) = dy.as_chunks::<LANES>();
    for (weights, dx) in kernel.iter().zip(dx) {
        let (weight_chunks, weight_rest) = weights.as_chunks::<LANES>();
        let mut sums = [S::ZERO; LANES];
        for (dy, weights) in chunks.iter().zip(weight_chunks) {
            for lane in 0..LANES {
                sums[lane] = level.mul_add(dy[lane], weights[lane], sums[lane]);
            }
        }
        *dx = sum_lanes(sums);
        for (&dy, &weight) in rest.iter().zip(weight_rest) {
            *dx = level.mul_add(dy, weight, *dx);
        }
    }
}

#[inline(always)]
fn sum_lanes<S: Scalar>(mut lanes: [S; 16]) -> S {
    let mut half = 8;
    while half > 0 {
        for lane in 0..half {
            let other = lanes[lane + half];
            lanes[lane] += other;
        }
        half /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn columns<S, const O: usize, const N: usize>(row: &[S; O], column: usize) -> &[S; N] {
    row[column..].first_chunk().expect("the caller has checked `column + N <= O`")
}

#[inline(always)]
fn columns_mut<S, const O: usize, const N: usize>(row: &mut [S; O], column: usize) -> &mut [S; N] {
    row[column..].first_chunk_mut().expect("the caller has checked `column + N <= O`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::simd::{Task, dispatch};

    fn draw<const N: usize, const R: usize>(random: &mut Random) -> [[f64; N]; R] {
        core::array::from_fn(|_| core::array::from_fn(|_| random.normal()))
    }

    struct Compare<const I: usize, const O: usize, const R: usize>;

    impl<const I: usize, const O: usize, const R: usize> Task for Compare<I, O, R> {
        type Output = ();
        #[inline(always)]
        fn run<L: Level>(self, level: L) {
            let mut random = Random::new(1);
            let (x, dy) = (draw::<I, R>(&mut random), draw::<O, R>(&mut random));
            let (kernel, [bias]) = (draw::<O, I>(&mut random), draw::<O, 1>(&mut random));
            let (mut y, mut dx) = ([[0.0; O]; R], [[0.0; I]; R]);
            let (mut kernel_gradient, mut bias_gradient) = ([[1.0; O]; I], [2.0; O]);
            forward(level, &x, &kernel, Some(&bias), &mut y);
            parameter_gradients(level, &x, &dy, &mut kernel_gradient, Some(&mut bias_gradient));
            input_gradients(level, &dy, &kernel, &mut dx);
            let close =
                |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b} at {}, {I}x{O}, {R} rows", L::NAME);
            for o in 0..O {
                for r in 0..R {
                    close(y[r][o], bias[o] + (0..I).map(|i| x[r][i] * kernel[i][o]).sum::<f64>());
                }
                for i in 0..I {
                    close(kernel_gradient[i][o], 1.0 + (0..R).map(|r| x[r][i] * dy[r][o]).sum::<f64>());
                }
                close(bias_gradient[o], 2.0 + (0..R).map(|r| dy[r][o]).sum::<f64>());
            }
            for r in 0..R {
                for i in 0..I {
                    close(dx[r][i], (0..O).map(|o| dy[r][o] * kernel[i][o]).sum());
                }
            }
        }
    }

    #[test]
    fn equals_the_sums_at_odd_sizes() {
        fn at_all_levels<const I: usize, const O: usize, const R: usize>() {
            Compare::<I, O, R>.run(crate::simd::Baseline);
            dispatch(Compare::<I, O, R>);
        }
        at_all_levels::<1, 1, 1>();
        at_all_levels::<3, 5, 7>();
        at_all_levels::<7, 13, 9>();
        at_all_levels::<17, 1, 8>();
        at_all_levels::<1, 31, 3>();
        at_all_levels::<5, 107, 19>();
        at_all_levels::<9, 64, 33>();
    }
}
