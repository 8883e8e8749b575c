//! Normalisation of each channel over all rows of a batch: its statistics, and the gradients through them.
//!
//! ```text
//! statistics: mean = sum of x / n;  variance = sum of (x − mean)² / n
//! gradients:  dx = scale · (dy − mean of dy − (x − mean) / (variance + ε) · mean of dy · (x − mean))
//! ```
//! Sums run over four rows at a time within a sample, then over the samples: in `f32` that keeps more digits than one long sum,
//! and no addition waits for the one before.

use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Tensor;

/// `x·scale + shift` in place, on rows of `C`.
#[inline(always)]
pub(crate) fn scale_and_shift<S: Scalar, L: Level, const C: usize>(
    level: L,
    scale: &[S; C],
    shift: &[S; C],
    on: &mut [S],
) {
    for row in <[S; C]>::batch_mut(on) {
        for c in 0..C {
            row[c] = level.mul_add(row[c], scale[c], shift[c]);
        }
    }
}

/// What the values of one pass are normalised by: `mean` and `variance` of each channel.
pub(crate) struct Statistics<S, const C: usize> {
    pub(crate) mean: [S; C],
    pub(crate) variance: [S; C],
}

/// Sums over all rows, for each channel: of the gradients dy of what came out, and of dy·(x − mean).
pub(crate) struct Sums<S, const C: usize> {
    pub(crate) gradients: [S; C],
    pub(crate) products: [S; C],
}

impl<S: Scalar, const C: usize> Statistics<S, C> {
    /// Those of these samples: the mean first, then the mean square of the differences from it.
    #[inline(always)]
    pub(crate) fn of<const ROWS: usize>(samples: &[[[S; C]; ROWS]]) -> Self {
        let count = S::from_f64((samples.len() * ROWS) as f64);
        let mut mean = sum(
            samples,
            #[inline(always)]
            |_, x| x,
        );
        for c in 0..C {
            mean[c] /= count;
        }
        let mut variance = sum(
            samples,
            #[inline(always)]
            |c, x| (x - mean[c]) * (x - mean[c]),
        );
        for c in 0..C {
            variance[c] /= count;
        }
        Self { mean, variance }
    }

    /// Puts them onto the tape.
    #[inline(always)]
    pub(crate) fn keep(&self, tape: &mut [S]) {
        for (kept, &value) in tape.iter_mut().zip(self.mean.iter().chain(&self.variance)) {
            *kept = value;
        }
    }

    /// Those that were put there.
    #[inline(always)]
    pub(crate) fn kept(tape: &[S]) -> Self {
        let mut statistics = Self { mean: [S::ZERO; C], variance: [S::ZERO; C] };
        for (value, &kept) in statistics.mean.iter_mut().chain(&mut statistics.variance).zip(tape) {
            *value = kept;
        }
        statistics
    }

    /// Normalises by these statistics: `(x − mean)·scale + shift`.
    #[inline(always)]
    pub(crate) fn normalize<L: Level, const ROWS: usize>(
        &self,
        level: L,
        inputs: &[[[S; C]; ROWS]],
        outputs: &mut [[[S; C]; ROWS]],
        scale: &[S; C],
        shift: &[S; C],
    ) {
        for (x, y) in inputs.iter().zip(outputs) {
            for row in 0..ROWS {
                for c in 0..C {
                    y[row][c] = level.mul_add(x[row][c] - self.mean[c], scale[c], shift[c]);
                }
            }
        }
    }

    /// The sums that all gradients follow from.
    #[inline(always)]
    pub(crate) fn sums<L: Level, const ROWS: usize>(
        &self,
        level: L,
        inputs: &[[[S; C]; ROWS]],
        dy: &[[[S; C]; ROWS]],
    ) -> Sums<S, C> {
        let gradients = sum(
            dy,
            #[inline(always)]
            |_, dy| dy,
        );
        Sums { gradients, products: sum_of_products(level, inputs, &self.mean, dy) }
    }

    /// Writes the gradients of what went in; `scale` is `gamma/√(variance + ε)`.
    #[inline(always)]
    pub(crate) fn input_gradients<L: Level, const ROWS: usize>(
        &self,
        level: L,
        inputs: &[[[S; C]; ROWS]],
        dy: &[[[S; C]; ROWS]],
        dx: &mut [[[S; C]; ROWS]],
        (scale, epsilon): (&[S; C], S),
        sums: &Sums<S, C>,
    ) {
        let count = S::from_f64((inputs.len() * ROWS) as f64);
        // dx = scale·dy + along·(x − mean) + constant
        let (mut along, mut constant) = ([S::ZERO; C], [S::ZERO; C]);
        for c in 0..C {
            constant[c] = -scale[c] * sums.gradients[c] / count;
            along[c] = -scale[c] * sums.products[c] / (count * (self.variance[c] + epsilon));
        }
        for ((x, dy), dx) in inputs.iter().zip(dy).zip(dx) {
            for row in 0..ROWS {
                for c in 0..C {
                    let centred = x[row][c] - self.mean[c];
                    let rest = level.mul_add(along[c], centred, constant[c]);
                    dx[row][c] = level.mul_add(scale[c], dy[row][c], rest);
                }
            }
        }
    }
}

/// The sum of `term` over all rows, for each channel.
#[inline(always)]
fn sum<S: Scalar, const ROWS: usize, const C: usize>(
    samples: &[[[S; C]; ROWS]],
    term: impl Fn(usize, S) -> S,
) -> [S; C] {
    let mut total = [S::ZERO; C];
    for sample in samples {
        let mut lanes = [[S::ZERO; C]; 4];
        let (fours, rest) = sample.as_chunks::<4>();
        for four in fours {
            for lane in 0..4 {
                for c in 0..C {
                    lanes[lane][c] += term(c, four[lane][c]);
                }
            }
        }
        for row in rest {
            for c in 0..C {
                lanes[0][c] += term(c, row[c]);
            }
        }
        for c in 0..C {
            total[c] += (lanes[0][c] + lanes[1][c]) + (lanes[2][c] + lanes[3][c]);
        }
    }
    total
}

/// As [`sum`], of products of two values at one place.
#[inline(always)]
fn sum_of_products<S: Scalar, L: Level, const ROWS: usize, const C: usize>(
    level: L,
    samples: &[[[S; C]; ROWS]],
    mean: &[S; C],
    others: &[[[S; C]; ROWS]],
) -> [S; C] {
    let mut total = [S::ZERO; C];
    for (sample, other) in samples.iter().zip(others) {
        let mut lanes = [[S::ZERO; C]; 4];
        let ((fours, rest), (other_fours, other_rest)) = (sample.as_chunks::<4>(), other.as_chunks::<4>());
        for (four, other) in fours.iter().zip(other_fours) {
            for lane in 0..4 {
                for c in 0..C {
                    lanes[lane][c] = level.mul_add(four[lane][c] - mean[c], other[lane][c], lanes[lane][c]);
                }
            }
        }
        for (row, other) in rest.iter().zip(other_rest) {
            for c in 0..C {
                lanes[0][c] = level.mul_add(row[c] - mean[c], other[c], lanes[0][c]);
            }
        }
        for c in 0..C {
            total[c] += (lanes[0][c] + lanes[1][c]) + (lanes[2][c] + lanes[3][c]);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::simd::Baseline;

    /// Against sums in one row, at rows that are no multiple of four.
    fn check<const ROWS: usize, const C: usize>() {
        let mut random = Random::new(1);
        let mut draw = || [(); 3].map(|()| [(); ROWS].map(|()| [(); C].map(|()| random.normal())));
        let (x, dy) = (draw(), draw());
        let statistics = Statistics::of(&x);
        let sums = statistics.sums(Baseline, &x, &dy);
        let count = (3 * ROWS) as f64;
        for c in 0..C {
            let pairs = || x.as_flattened().iter().zip(dy.as_flattened()).map(|(x, dy)| (x[c], dy[c]));
            let mean = pairs().map(|(x, _)| x).sum::<f64>() / count;
            let variance = pairs().map(|(x, _)| (x - mean) * (x - mean)).sum::<f64>() / count;
            let gradients: f64 = pairs().map(|(_, dy)| dy).sum();
            let products: f64 = pairs().map(|(x, dy)| dy * (x - mean)).sum();
            let found = [statistics.mean[c], statistics.variance[c], sums.gradients[c], sums.products[c]];
            for (found, expected) in found.into_iter().zip([mean, variance, gradients, products]) {
                assert!((found - expected).abs() < 1e-13, "{ROWS}x{C}: {found} {expected}");
            }
        }
    }

    #[test]
    fn statistics_and_sums() {
        check::<1, 1>();
        check::<4, 3>();
        check::<7, 5>();
        check::<13, 17>();
    }

    #[test]
    fn what_is_kept_comes_back() {
        let mut tape = [0.0; 4];
        Statistics { mean: [1.0, 2.0], variance: [3.0, 4.0] }.keep(&mut tape);
        let kept = Statistics::<f64, 2>::kept(&tape);
        assert_eq!((kept.mean, kept.variance), ([1.0, 2.0], [3.0, 4.0]));
    }
}
