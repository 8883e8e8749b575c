//! `y = x·W + b` for rows of constant size, and its two gradients: each a [`Product`].
//!
//! ```text
//! forward:  a = x, b = W, from the bias
//! dW:       a = xᵀ, b = dy, onto what is there
//! dX:       a = dy, b = Wᵀ where W is small and is transposed; else dXᵀ: a = W, b = dyᵀ, in blocks of rows and inputs
//! ```

use crate::kernels::product::{Left, Product, Right, Start};
use crate::scalar::Scalar;
use crate::simd::Level;

/// Up to so many weights a single row is computed by code of its own in the caller, where all sizes are constants.
const INLINED: usize = 4096;

/// `outputs[r] = inputs[r] · kernel + bias`; `kernel[i][o]` is the weight from input `i` to output `o`.
#[inline(always)]
pub(crate) fn forward<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    inputs: &[[S; I]],
    kernel: &[[S; O]; I],
    bias: Option<&[S; O]>,
    outputs: &mut [[S; O]],
) {
    let product = Product {
        rows: inputs.len().min(outputs.len()),
        columns: O,
        outer: 1,
        inner: I,
        a: Left { values: inputs.as_flattened(), row: I, outer: 0, inner: 1 },
        b: Right { values: kernel.as_flattened(), outer: 0, inner: O },
        start: bias.map_or(Start::Zero, |bias| Start::Row(bias)),
        c: outputs.as_flattened_mut(),
        c_row: O,
        reproducible: true,
    };
    if const { I * O <= INLINED } && product.rows == 1 {
        product.run_row::<L, O>(level);
    } else {
        S::product(level, product);
    }
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
    let product = Product {
        rows: I,
        columns: O,
        outer: 1,
        inner: inputs.len().min(output_gradients.len()),
        a: Left { values: inputs.as_flattened(), row: 1, outer: 0, inner: I },
        b: Right { values: output_gradients.as_flattened(), outer: 0, inner: O },
        start: Start::Result,
        c: kernel.as_flattened_mut(),
        c_row: O,
        reproducible: false,
    };
    S::product(level, product);
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
    // The moves of one transposition or the other, in a buffer of at most 8,192 scalars.
    if const { I * O <= ROWS * (I + O) && I * O <= 8192 } {
        with_transposed_kernel(level, output_gradients, kernel, input_gradients);
    } else {
        in_blocks(level, output_gradients, kernel, input_gradients);
    }
}

#[inline(always)]
fn in_blocks<S: Scalar, L: Level, const I: usize, const O: usize>(
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
            with_transposed_rows(level, dy, kernel, dx);
        }
    }
}

#[inline(always)]
fn with_transposed_kernel<S: Scalar, L: Level, const I: usize, const O: usize>(
    level: L,
    dy: &[[S; O]],
    kernel: &[[S; O]; I],
    dx: &mut [[S; I]],
) {
    let mut transposed = [[S::ZERO; I]; O];
    for i in 0..I {
        for o in 0..O {
            transposed[o][i] = kernel[i][o];
        }
    }
    let product = Product {
        rows: dy.len().min(dx.len()),
        columns: I,
        outer: 1,
        inner: O,
        a: Left { values: dy.as_flattened(), row: O, outer: 0, inner: 1 },
        b: Right { values: transposed.as_flattened(), outer: 0, inner: I },
        start: Start::Zero,
        c: dx.as_flattened_mut(),
        c_row: I,
        reproducible: false,
    };
    S::product(level, product);
}

/// At most `ROWS` rows.
#[inline(always)]
fn with_transposed_rows<S: Scalar, L: Level, const I: usize, const O: usize>(
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
    for (block, weights) in kernel.chunks(ROWS).enumerate() {
        let mut product = [[S::ZERO; ROWS]; ROWS];
        S::product(
            level,
            Product {
                rows: weights.len(),
                columns: dy.len(),
                outer: 1,
                inner: O,
                a: Left { values: weights.as_flattened(), row: O, outer: 0, inner: 1 },
                b: Right { values: transposed.as_flattened(), outer: 0, inner: ROWS },
                start: Start::Zero,
                c: product.as_flattened_mut(),
                c_row: ROWS,
                reproducible: false,
            },
        );
        for (row, dx) in dx.iter_mut().enumerate() {
            for (dx, product) in dx.iter_mut().skip(block * ROWS).zip(&product) {
                *dx = product[row];
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::simd::{Simd, Task};

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
            Simd::all().for_each(|simd| simd.run(Compare::<I, O, R>));
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
