//! Products of two values, summed along one axis.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

/// Contracts one axis of a value `X` with one of a value `Y`, which come side by side as `Both`; gives `Z`: the other axis of `X`,
/// then that of `Y`. `AXES` is 10·i + j for axes i and j, from 1. With `NORMALIZE` = 1 both are scaled to length 1 along
/// these axes first, where Σx² is at least 1e-14. Source: Keras' `Dot`.
///
/// In a listing: `Dot(a, b, axes = (2, 1), normalize = true)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Dot<S, X, Y, Both, Z, const AXES: usize, const NORMALIZE: usize>(PhantomData<(S, X, Y, Both, Z)>);

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<
    S: Scalar,
    X: Tensor,
    Y: Tensor,
    Both: Tensor,
    Z: Tensor,
    const AXES: usize,
    const NORMALIZE: usize,
> Parameters for Dot<S, X, Y, Both, Z, AXES, NORMALIZE>
{
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

/// One value of one or two axes, of which one is contracted.
#[derive(Clone, Copy)]
struct Operand {
    /// The size of the contracted axis, and how far apart neighbours on it are.
    size: usize,
    step: usize,
    /// The same of the axis that stays.
    rows: usize,
    row_step: usize,
}

impl Operand {
    const fn new(shape: &Shape, axis: usize) -> Self {
        match (shape.as_slice(), axis) {
            (&[rows, size], 2) => Self { size, step: 1, rows, row_step: size },
            (&[size, rows], _) => Self { size, step: rows, rows, row_step: 1 },
            _ => Self { size: shape.count(), step: 1, rows: 1, row_step: 0 },
        }
    }

    #[inline(always)]
    fn at(&self, row: usize, place: usize) -> usize {
        row * self.row_step + place * self.step
    }

    /// What scales a row to length 1.
    #[inline(always)]
    fn scale<S: Scalar, L: Level>(&self, level: L, values: &[S], row: usize) -> (S, bool) {
        let mut sum = S::ZERO;
        for place in 0..self.size {
            let value = values[self.at(row, place)];
            sum = level.mul_add(value, value, sum);
        }
        let least = S::from_f64(1e-14);
        (S::ONE / sum.max(least).sqrt(), sum > least)
    }
}

impl<S: Scalar, X, Y, Both, Z, const AXES: usize, const NORMALIZE: usize>
    Dot<S, X, Y, Both, Z, AXES, NORMALIZE>
where
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
{
    const X: Operand = Operand::new(&X::SHAPE, AXES / 10);
    const Y: Operand = Operand::new(&Y::SHAPE, AXES % 10);

    #[inline(always)]
    fn scale<L: Level>(level: L, operand: Operand, values: &[S], row: usize) -> S {
        if NORMALIZE == 0 { S::ONE } else { operand.scale(level, values, row).0 }
    }

    /// The gradient of one operand from that of the result, in which `step` and `other_step` lead from row to row.
    #[inline(always)]
    fn gradient<L: Level>(
        level: L,
        dz: &[S],
        (x, steps): (Side<'_, S>, usize),
        (y, other_steps): (Side<'_, S>, usize),
        dx: &mut [S],
    ) {
        for row in 0..x.operand.rows {
            for place in 0..x.operand.size {
                dx[x.operand.at(row, place)] = S::ZERO;
            }
            for other in 0..y.operand.rows {
                let dz =
                    dz[row * steps + other * other_steps] * Self::scale(level, y.operand, y.values, other);
                for place in 0..x.operand.size {
                    let dx = &mut dx[x.operand.at(row, place)];
                    *dx = level.mul_add(dz, y.values[y.operand.at(other, place)], *dx);
                }
            }
            if NORMALIZE != 0 {
                x.scale_gradient(level, row, dx);
            }
        }
    }
}

/// An operand with its values.
#[derive(Clone, Copy)]
struct Side<'a, S> {
    operand: Operand,
    values: &'a [S],
}

impl<S: Scalar> Side<'_, S> {
    /// Turns the gradient of a row of length 1 into that of the row: with its scale n, `n·(g − n²·x·Σ x·g)`.
    #[inline(always)]
    fn scale_gradient<L: Level>(&self, level: L, row: usize, gradient: &mut [S]) {
        let (scale, varies) = self.operand.scale(level, self.values, row);
        let places = || (0..self.operand.size).map(|place| self.operand.at(row, place));
        let mut along = S::ZERO;
        for at in places().filter(|_| varies) {
            along = level.mul_add(self.values[at], gradient[at], along);
        }
        along *= scale * scale;
        for at in places() {
            gradient[at] = scale * (gradient[at] - self.values[at] * along);
        }
    }
}

impl<S: Scalar, X, Y, Both, Z, const AXES: usize, const NORMALIZE: usize> Layer
    for Dot<S, X, Y, Both, Z, AXES, NORMALIZE>
where
    X: Tensor<Scalar = S>,
    Y: Tensor<Scalar = S>,
    Both: Tensor<Scalar = S>,
    Z: Tensor<Scalar = S>,
{
    type Input = Both;
    type Output = Z;
    const INPUTS: &'static [Shape] = &[X::SHAPE, Y::SHAPE];

    #[inline(always)]
    fn forward<L: Level>(&self, level: L, inputs: &[Both], outputs: &mut [Z], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            let ((x, y), z) = (input.as_flat().split_at(X::LEN), output.as_flat_mut());
            for row in 0..Self::X.rows {
                let scale = Self::scale(level, Self::X, x, row);
                for column in 0..Self::Y.rows {
                    let mut sum = S::ZERO;
                    for place in 0..Self::X.size {
                        sum = level.mul_add(x[Self::X.at(row, place)], y[Self::Y.at(column, place)], sum);
                    }
                    z[row * Self::Y.rows + column] = sum * scale * Self::scale(level, Self::Y, y, column);
                }
            }
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, _: &mut Self) {
        let gradients = step.input_gradients.unwrap_or_default().iter_mut();
        for ((input, gradient), dz) in step.inputs.iter().zip(gradients).zip(step.output_gradients) {
            let ((x, y), dz) = (input.as_flat().split_at(X::LEN), dz.as_flat());
            let (dx, dy) = gradient.as_flat_mut().split_at_mut(X::LEN);
            let x = (Side { operand: Self::X, values: x }, Self::Y.rows);
            let y = (Side { operand: Self::Y, values: y }, 1);
            Self::gradient(level, dz, x, y, dx);
            Self::gradient(level, dz, y, x, dy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Baseline;
    use crate::testing::check_layer;

    type M<const R: usize, const C: usize> = [[f64; C]; R];

    #[test]
    fn two_vectors_and_two_matrices() {
        let mut output = [[0.0]];
        let layer = Dot::<f64, [f64; 2], [f64; 2], [f64; 4], [f64; 1], 11, 0>::default();
        layer.forward(Baseline, &[[1.0, 2.0, 3.0, 4.0]], &mut output, &mut []);
        assert_eq!(output, [[11.0]]);
        let layer = Dot::<f64, M<2, 1>, M<1, 2>, [f64; 4], M<2, 2>, 21, 0>::default();
        let mut output = [[[0.0; 2]; 2]];
        layer.forward(Baseline, &[[1.0, 2.0, 3.0, 4.0]], &mut output, &mut []);
        assert_eq!(output, [[[3.0, 4.0], [6.0, 8.0]]]);
    }

    #[test]
    fn derivatives() {
        check_layer::<Dot<f64, [f64; 3], [f64; 3], [f64; 6], [f64; 1], 11, 0>>();
        check_layer::<Dot<f64, [f64; 3], [f64; 3], [f64; 6], [f64; 1], 11, 1>>();
        check_layer::<Dot<f64, M<2, 3>, M<3, 5>, [f64; 21], M<2, 5>, 21, 0>>();
        check_layer::<Dot<f64, M<2, 3>, M<5, 3>, [f64; 21], M<2, 5>, 22, 1>>();
        check_layer::<Dot<f64, M<3, 2>, M<3, 5>, [f64; 21], M<2, 5>, 11, 1>>();
        check_layer::<Dot<f64, M<3, 2>, [f64; 3], [f64; 9], [f64; 2], 11, 0>>();
        check_layer::<Dot<f64, [f64; 3], M<2, 3>, [f64; 9], [f64; 2], 12, 1>>();
    }

    #[test]
    fn a_row_of_zeros_has_no_length() {
        let layer = Dot::<f64, [f64; 2], [f64; 2], [f64; 4], [f64; 1], 11, 1>::default();
        let mut output = [[1.0]];
        layer.forward(Baseline, &[[0.0, 0.0, 3.0, 4.0]], &mut output, &mut []);
        assert_eq!(output, [[0.0]]);
    }
}
