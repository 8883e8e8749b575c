//! Convolution of each channel by itself, with several filters each, and its two gradients.
//!
//! ```text
//! forward: for M pixels and N filters o: sum[m][o] = b[o];  for tap: sum[m][o] += x[start(m) + tap][channel(o)] · w[tap][o]
//! dW:      for N filters: sum[o] = dw[tap][o];  for pixel: sum[o] += x[start + tap][channel(o)] · dy[pixel][o]
//! dX:      for pixel, tap, o: dx[start + tap][channel(o)] += w[tap][o] · dy[pixel][o]
//! ```
//! With one filter for each channel, channels and filters are the same contiguous values, and all three run over them in vectors.

use super::conv::{Convolution, start};
use super::{lanes, lanes_mut};
use crate::scalar::Scalar;
use crate::simd::Level;

/// Where in the image a tap is, from where its window begins.
#[inline(always)]
fn tap_start<C: Convolution>(tap: usize) -> usize {
    let (row, column) = (tap / C::COLUMNS.window, tap % C::COLUMNS.window);
    row * C::ROWS.dilation * C::WIDTH + column * C::COLUMNS.dilation * C::CHANNELS
}

/// The values of `N` filters' channels at one cell.
#[inline(always)]
fn values<C: Convolution, S: Scalar, const N: usize>(
    image: &[S],
    cell: usize,
    filter: usize,
) -> Option<[S; N]> {
    if C::OUTER == 1 {
        return lanes::<S, N>(image, cell + filter).copied();
    }
    let mut values = [S::ZERO; N];
    for n in 0..N {
        values[n] = *image.get(cell + (filter + n) / C::OUTER)?;
    }
    Some(values)
}

/// The pixels of one image, which has its zeros around it; `bias` may be empty.
#[inline(always)]
pub(crate) fn forward<C: Convolution, S: Scalar, L: Level>(
    level: L,
    image: &[S],
    kernel: &[S],
    bias: &[S],
    pixels: &mut [S],
) {
    let mut forward = Forward { level, image, kernel, bias, pixels };
    let mut filter = 0;
    filter = forward.filters::<C, 8>(filter);
    filter = forward.filters::<C, 4>(filter);
    forward.filters::<C, 1>(filter);
}

struct Forward<'a, S, L> {
    level: L,
    image: &'a [S],
    kernel: &'a [S],
    bias: &'a [S],
    pixels: &'a mut [S],
}

impl<S: Scalar, L: Level> Forward<'_, S, L> {
    #[inline(always)]
    fn filters<C: Convolution, const N: usize>(&mut self, mut filter: usize) -> usize {
        while filter + N <= C::FILTERS {
            let mut pixel = 0;
            while pixel + 4 <= C::PIXELS {
                self.tile::<C, 4, N>(pixel, filter);
                pixel += 4;
            }
            while pixel < C::PIXELS {
                self.tile::<C, 1, N>(pixel, filter);
                pixel += 1;
            }
            filter += N;
        }
        filter
    }

    #[inline(always)]
    fn tile<C: Convolution, const M: usize, const N: usize>(&mut self, pixel: usize, filter: usize) {
        let mut sums = [[S::ZERO; N]; M];
        if let Some(bias) = lanes::<S, N>(self.bias, filter) {
            sums = [*bias; M];
        }
        for tap in 0..C::ROWS.window * C::COLUMNS.window {
            let Some(weights) = lanes::<S, N>(self.kernel, tap * C::FILTERS + filter) else { return };
            for m in 0..M {
                let cell = start::<C>(pixel + m) + tap_start::<C>(tap);
                let Some(values) = values::<C, S, N>(self.image, cell, filter) else { return };
                for n in 0..N {
                    sums[m][n] = self.level.mul_add(values[n], weights[n], sums[m][n]);
                }
            }
        }
        for m in 0..M {
            if let Some(pixel) = lanes_mut::<S, N>(self.pixels, (pixel + m) * C::FILTERS + filter) {
                *pixel = sums[m];
            }
        }
    }
}

/// Adds the gradients of the kernel, over all samples; their images have their zeros around them.
#[inline(always)]
pub(crate) fn kernel_gradients<C: Convolution, S: Scalar, L: Level>(
    level: L,
    images: &[S],
    output_gradients: &[S],
    kernel: &mut [S],
) {
    for (tap, weights) in kernel.chunks_exact_mut(C::FILTERS).enumerate() {
        let mut filter = 0;
        filter = tap_gradients::<C, S, L, 8>(level, images, output_gradients, weights, (tap, filter));
        filter = tap_gradients::<C, S, L, 4>(level, images, output_gradients, weights, (tap, filter));
        tap_gradients::<C, S, L, 1>(level, images, output_gradients, weights, (tap, filter));
    }
}

#[inline(always)]
fn tap_gradients<C: Convolution, S: Scalar, L: Level, const N: usize>(
    level: L,
    images: &[S],
    output_gradients: &[S],
    weights: &mut [S],
    (tap, mut filter): (usize, usize),
) -> usize {
    while filter + N <= C::FILTERS {
        let Some(weights) = lanes_mut::<S, N>(weights, filter) else { return filter };
        let gradients = output_gradients.chunks_exact(C::PIXELS * C::FILTERS);
        for (image, dy) in images.chunks_exact(C::PADDED).zip(gradients) {
            for (pixel, dy) in dy.chunks_exact(C::FILTERS).enumerate() {
                let cell = start::<C>(pixel) + tap_start::<C>(tap);
                let Some(values) = values::<C, S, N>(image, cell, filter) else { continue };
                let Some(dy) = lanes::<S, N>(dy, filter) else { continue };
                for n in 0..N {
                    weights[n] = level.mul_add(values[n], dy[n], weights[n]);
                }
            }
        }
        filter += N;
    }
    filter
}

/// Adds the gradients of all samples' images, which have room for their zeros around them.
#[inline(always)]
pub(crate) fn input_gradients<C: Convolution, S: Scalar, L: Level>(
    level: L,
    output_gradients: &[S],
    kernel: &[S],
    images: &mut [S],
) {
    let gradients = output_gradients.chunks_exact(C::PIXELS * C::FILTERS);
    for (image, dy) in images.chunks_exact_mut(C::PADDED).zip(gradients) {
        for (pixel, dy) in dy.chunks_exact(C::FILTERS).enumerate() {
            for (tap, weights) in kernel.chunks_exact(C::FILTERS).enumerate() {
                let cell = start::<C>(pixel) + tap_start::<C>(tap);
                let Some(values) = image.get_mut(cell..cell + C::CHANNELS) else { continue };
                let filters = weights.chunks_exact(C::OUTER).zip(dy.chunks_exact(C::OUTER));
                for (value, (weights, dy)) in values.iter_mut().zip(filters) {
                    for (&weight, &dy) in weights.iter().zip(dy) {
                        *value = level.mul_add(weight, dy, *value);
                    }
                }
            }
        }
    }
}
