//! The pixels that come out.

use core::marker::PhantomData;

use super::tiles::{Columns, Register, Tiled};
use super::{Convolution, run_start, start};
use crate::scalar::Scalar;
use crate::simd::{Level, Vector, read, write};

/// The pixels of one image, which has its zeros around it; `bias` may be empty.
#[inline(always)]
pub(crate) fn forward<C: Convolution, S: Scalar, L: Level>(
    _: L,
    image: &[S],
    kernel: &[S],
    bias: &[S],
    pixels: &mut [S],
) {
    for group in 0..C::GROUPS {
        let mut forward =
            Forward { image, kernel, bias, pixels: &mut *pixels, group, shape: PhantomData::<(C, L)> };
        forward.all(C::PIXELS, C::OUTER);
    }
}

struct Forward<'a, S, T> {
    image: &'a [S],
    kernel: &'a [S],
    bias: &'a [S],
    pixels: &'a mut [S],
    group: usize,
    shape: PhantomData<T>,
}

impl<C: Convolution, S: Scalar, L: Level> Tiled<S, L> for Forward<'_, S, (C, L)> {
    #[inline(always)]
    fn tile<const M: usize, const N: usize>(&mut self, first: usize, _: usize, columns: Columns) {
        let lanes = Register::<S, L>::LANES;
        let filter = self.group * C::OUTER + columns.first;
        let mut sums = [[Register::<S, L>::splat(S::ZERO); N]; M];
        let mut starts = [0; M];
        for m in 0..M {
            starts[m] = start::<C>(first + m) + self.group * C::INNER;
            for n in 0..N {
                sums[m][n] = read(self.bias, filter + n * lanes, columns.lanes::<N>(n, lanes));
            }
        }
        for run in 0..C::RUNS {
            let mut runs: [&[S]; M] = [&[]; M];
            for m in 0..M {
                let from = starts[m] + run_start::<C>(run);
                let Some(values) = self.image.get(from..from + C::RUN) else { return };
                runs[m] = values;
            }
            for k in 0..C::RUN {
                let place = (run * C::RUN + k) * C::FILTERS + filter;
                let mut weights = [Register::<S, L>::splat(S::ZERO); N];
                for n in 0..N {
                    weights[n] = read(self.kernel, place + n * lanes, columns.lanes::<N>(n, lanes));
                }
                for m in 0..M {
                    let value = Register::<S, L>::splat(runs[m][k]);
                    for n in 0..N {
                        sums[m][n] = value.mul_add(weights[n], sums[m][n]);
                    }
                }
            }
        }
        for m in 0..M {
            let place = (first + m) * C::FILTERS + filter;
            for n in 0..N {
                write(sums[m][n], self.pixels, place + n * lanes, columns.lanes::<N>(n, lanes));
            }
        }
    }
}
