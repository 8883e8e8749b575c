//! The gradients of what went in.

use core::marker::PhantomData;

use super::tiles::{Columns, Register, Tiled};
use super::{Convolution, run_start, start};
use crate::scalar::Scalar;
use crate::simd::{Level, Vector, read, write};

/// How many filters of the kernel are transposed at once, and how many values of a run at most.
const BLOCK: usize = 32;
const WIDEST: usize = 32;

/// Adds the gradients of all samples' images, which have room for their zeros around them.
#[inline(always)]
pub(crate) fn input_gradients<C: Convolution, S: Scalar, L: Level>(
    _: L,
    output_gradients: &[S],
    kernel: &[S],
    images: &mut [S],
) {
    let width = Ord::min(4 * Register::<S, L>::LANES, WIDEST);
    for group in 0..C::GROUPS {
        for block in 0..C::OUTER.div_ceil(BLOCK) {
            let filter = block * BLOCK;
            let count = Ord::min(BLOCK, C::OUTER - filter);
            for run in 0..C::RUNS {
                for part in 0..C::RUN.div_ceil(width) {
                    let first = part * width;
                    let values = Ord::min(width, C::RUN - first);
                    let weights = transposed::<C, S>(
                        kernel,
                        run * C::RUN + first,
                        values,
                        group * C::OUTER + filter,
                        count,
                    );
                    let offset = run_start::<C>(run) + group * C::INNER + first;
                    let gradients = output_gradients.chunks_exact(C::PIXELS * C::FILTERS);
                    for (image, dy) in images.chunks_exact_mut(C::PADDED).zip(gradients) {
                        let filter = group * C::OUTER + filter;
                        let shape = PhantomData::<(C, L)>;
                        InputGradients { dy, weights: &weights, image, filter, count, offset, shape }
                            .all(C::PIXELS, values);
                    }
                }
            }
        }
    }
}

/// Weights of `values` places of a run, a row for each of `count` filters; zeros behind them.
#[inline(always)]
fn transposed<C: Convolution, S: Scalar>(
    kernel: &[S],
    first: usize,
    values: usize,
    filter: usize,
    count: usize,
) -> [[S; WIDEST]; BLOCK] {
    let mut weights = [[S::ZERO; WIDEST]; BLOCK];
    for value in 0..values {
        let from = (first + value) * C::FILTERS + filter;
        let row = kernel.get(from..from + count).unwrap_or_default();
        for (weights, &weight) in weights.iter_mut().zip(row) {
            weights[value] = weight;
        }
    }
    weights
}

struct InputGradients<'a, S, T> {
    dy: &'a [S],
    weights: &'a [[S; WIDEST]; BLOCK],
    image: &'a mut [S],
    /// The first filter, and how many.
    filter: usize,
    count: usize,
    /// Where the values are, from where a window begins.
    offset: usize,
    shape: PhantomData<T>,
}

/// The pixels, counted down the columns: windows side by side overlap, and what was just written there could not be read at once.
#[inline(always)]
fn down_columns<C: Convolution>(count: usize) -> usize {
    let (column, row) = (count / C::ROWS.outputs, count % C::ROWS.outputs);
    row * C::COLUMNS.outputs + column
}

impl<C: Convolution, S: Scalar, L: Level> Tiled<S, L> for InputGradients<'_, S, (C, L)> {
    #[inline(always)]
    fn tile<const M: usize, const N: usize>(&mut self, first: usize, done: usize, columns: Columns) {
        let lanes = Register::<S, L>::LANES;
        let mut rows: [&[S]; M] = [&[]; M];
        for m in 0..M {
            let from = down_columns::<C>(first + m) * C::FILTERS + self.filter;
            let Some(row) = self.dy.get(from..from + self.count) else { return };
            rows[m] = row;
        }
        let mut sums = [[Register::<S, L>::splat(S::ZERO); N]; M];
        let Some(filters) = self.weights.get(..self.count) else { return };
        for f in 0..self.count {
            let mut weights = [Register::<S, L>::splat(S::ZERO); N];
            for n in 0..N {
                weights[n] = read(&filters[f], columns.first + n * lanes, lanes);
            }
            for m in 0..M {
                let value = Register::<S, L>::splat(rows[m][f]);
                for n in 0..N {
                    sums[m][n] = value.mul_add(weights[n], sums[m][n]);
                }
            }
        }
        for m in done..M {
            for n in 0..N {
                let place =
                    start::<C>(down_columns::<C>(first + m)) + self.offset + columns.first + n * lanes;
                // Behind the run there are zeros to add, or the end of the image.
                let count = if place + lanes <= C::PADDED { lanes } else { columns.lanes::<N>(n, lanes) };
                let sum = sums[m][n].add(read(self.image, place, count));
                write(sum, self.image, place, count);
            }
        }
    }
}
