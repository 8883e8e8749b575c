//! The gradients of the kernel.

use core::marker::PhantomData;

use super::tiles::{Columns, Register, Tiled};
use super::{Convolution, run_start};
use crate::scalar::Scalar;
use crate::simd::{Level, Vector, read, write};

/// Adds the gradients of the kernel, over all samples; their images have their zeros around them.
#[inline(always)]
pub(crate) fn kernel_gradients<C: Convolution, S: Scalar, L: Level>(
    _: L,
    images: &[S],
    output_gradients: &[S],
    kernel: &mut [S],
) {
    for group in 0..C::GROUPS {
        let shape = PhantomData::<(C, L)>;
        let mut gradients = KernelGradients { images, output_gradients, kernel: &mut *kernel, group, shape };
        gradients.all(C::RUNS * C::RUN, C::OUTER);
    }
}

struct KernelGradients<'a, S, T> {
    images: &'a [S],
    output_gradients: &'a [S],
    kernel: &'a mut [S],
    group: usize,
    shape: PhantomData<T>,
}

impl<C: Convolution, S: Scalar, L: Level> Tiled<S, L> for KernelGradients<'_, S, (C, L)> {
    #[inline(always)]
    fn tile<const M: usize, const N: usize>(&mut self, first: usize, done: usize, columns: Columns) {
        let lanes = Register::<S, L>::LANES;
        let filter = self.group * C::OUTER + columns.first;
        let mut sums = [[Register::<S, L>::splat(S::ZERO); N]; M];
        let mut places = [0; M];
        for m in 0..M {
            let weight = first + m;
            places[m] = run_start::<C>(weight / C::RUN) + weight % C::RUN + self.group * C::INNER;
            for n in 0..N {
                let place = weight * C::FILTERS + filter + n * lanes;
                sums[m][n] = read(self.kernel, place, columns.lanes::<N>(n, lanes));
            }
        }
        let step = C::COLUMNS.stride * C::CHANNELS;
        let reach = (C::COLUMNS.outputs - 1) * step + 1;
        let gradients = self.output_gradients.chunks_exact(C::PIXELS * C::FILTERS);
        for (image, dy) in self.images.chunks_exact(C::PADDED).zip(gradients) {
            for row in 0..C::ROWS.outputs {
                let mut values: [&[S]; M] = [&[]; M];
                for m in 0..M {
                    let from = row * C::ROWS.stride * C::WIDTH + places[m];
                    let Some(row) = image.get(from..from + reach) else { return };
                    values[m] = row;
                }
                for column in 0..C::COLUMNS.outputs {
                    let pixel = (row * C::COLUMNS.outputs + column) * C::FILTERS + filter;
                    let mut gradients = [Register::<S, L>::splat(S::ZERO); N];
                    for n in 0..N {
                        gradients[n] = read(dy, pixel + n * lanes, columns.lanes::<N>(n, lanes));
                    }
                    for m in 0..M {
                        let value = Register::<S, L>::splat(values[m][column * step]);
                        for n in 0..N {
                            sums[m][n] = value.mul_add(gradients[n], sums[m][n]);
                        }
                    }
                }
            }
        }
        for m in done..M {
            for n in 0..N {
                let place = (first + m) * C::FILTERS + filter + n * lanes;
                write(sums[m][n], self.kernel, place, columns.lanes::<N>(n, lanes));
            }
        }
    }
}
