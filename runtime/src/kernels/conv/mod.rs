//! Convolution of images whose last axis is the channels, and its two gradients, without copying windows anywhere.
//!
//! A window consists of *runs*: pieces that are contiguous in the image and in the kernel. One kernel row of all its columns and
//! channels is a run, unless the kernel is dilated or reads a group of the channels; then a run is the channels of one cell.
//!
//! ```text
//! forward: for M pixels and N registers of filters:  sum[m][n] = b[n];  for run, k: sum[m][n] += x[start(m) + run + k] · w[run][k][n]
//! dW:      for M weights and N registers of filters: sum[m][n] = dw[m][n];  for pixel: sum[m][n] += x[start + place(m)] · dy[pixel][n]
//! dX:      for M pixels and N registers of a run:    sum[m][n] = 0;  for f: sum[m][n] += dy[m][f] · wᵀ[run][f][n];
//!                                                    then dx[start(m) + run + n] += sum[m][n]
//! ```
//! 1. Zeros around an image are copied with it once, so that no window has to ask where it is.
//! 2. M·N sums stay in registers and hide the latency of the additions. What does not fill a register is read and written by masks.
//! 3. Where fewer than M pixels or weights are left, the last tile begins earlier, and leaves out what is done already.
//! 4. Every sum has one order, whatever the number of samples.

mod forward;
mod input_gradients;
mod kernel_gradients;
mod tiles;

use core::marker::PhantomData;

use super::window::Axis;
use crate::scalar::Scalar;

pub(crate) use forward::forward;
pub(crate) use input_gradients::input_gradients;
pub(crate) use kernel_gradients::kernel_gradients;

/// The sizes of a convolution.
pub(crate) trait Convolution {
    const ROWS: Axis;
    const COLUMNS: Axis;
    const CHANNELS: usize;
    const FILTERS: usize;
    /// As many parts of channels and filters have nothing to do with each other.
    const GROUPS: usize;

    /// The image with the zeros around it.
    const PADDED: usize = Self::ROWS.padded() * Self::COLUMNS.padded() * Self::CHANNELS;
    /// Whether there are any.
    const PADS: bool = Self::PADDED > Self::ROWS.inputs * Self::COLUMNS.inputs * Self::CHANNELS;
    const PIXELS: usize = Self::ROWS.outputs * Self::COLUMNS.outputs;
    /// One row of the image.
    const WIDTH: usize = Self::COLUMNS.padded() * Self::CHANNELS;
    /// Channels and filters of one group.
    const INNER: usize = Self::CHANNELS / Self::GROUPS;
    const OUTER: usize = Self::FILTERS / Self::GROUPS;
    /// Whether each filter reads one channel.
    const EACH_CHANNEL: bool = Self::GROUPS == Self::CHANNELS && Self::CHANNELS > 1;
    /// Whether a whole row of the kernel is one run.
    const WHOLE: bool = Self::GROUPS == 1 && Self::COLUMNS.dilation == 1;
    const RUN: usize = if Self::WHOLE { Self::COLUMNS.window * Self::INNER } else { Self::INNER };
    const RUNS: usize =
        if Self::WHOLE { Self::ROWS.window } else { Self::ROWS.window * Self::COLUMNS.window };
}

/// One window of a convolution over one axis, as an image of its own: the cells side by side.
pub(crate) struct Window<C>(PhantomData<C>);

impl<C: Convolution> Convolution for Window<C> {
    const ROWS: Axis = Axis::one(1);
    const COLUMNS: Axis = Axis::one(C::COLUMNS.window);
    const CHANNELS: usize = C::CHANNELS;
    const FILTERS: usize = C::FILTERS;
    const GROUPS: usize = C::GROUPS;
}

/// Where in the image a pixel's window begins.
#[inline(always)]
pub(super) fn start<C: Convolution>(pixel: usize) -> usize {
    let (row, column) = (pixel / C::COLUMNS.outputs, pixel % C::COLUMNS.outputs);
    row * C::ROWS.stride * C::WIDTH + column * C::COLUMNS.stride * C::CHANNELS
}

/// Where a run begins, from where its window begins.
#[inline(always)]
fn run_start<C: Convolution>(run: usize) -> usize {
    if C::WHOLE {
        return run * C::ROWS.dilation * C::WIDTH;
    }
    let (row, column) = (run / C::COLUMNS.window, run % C::COLUMNS.window);
    row * C::ROWS.dilation * C::WIDTH + column * C::COLUMNS.dilation * C::CHANNELS
}

/// Copies an image to where there is room for the zeros around it.
#[inline(always)]
pub(crate) fn pad<C: Convolution, S: Scalar>(image: &[S], padded: &mut [S]) {
    padded.fill(S::ZERO);
    let row = C::COLUMNS.inputs * C::CHANNELS;
    let lines = padded.chunks_exact_mut(C::WIDTH).skip(C::ROWS.before);
    for (line, pixels) in lines.zip(image.chunks_exact(row)) {
        let line = line.get_mut(C::COLUMNS.before * C::CHANNELS..).unwrap_or_default();
        for (to, &from) in line.iter_mut().zip(pixels) {
            *to = from;
        }
    }
}

/// Copies an image out of the zeros around it.
#[inline(always)]
pub(crate) fn crop<C: Convolution, S: Scalar>(padded: &[S], image: &mut [S]) {
    let row = C::COLUMNS.inputs * C::CHANNELS;
    let lines = padded.chunks_exact(C::WIDTH).skip(C::ROWS.before);
    for (line, pixels) in lines.zip(image.chunks_exact_mut(row)) {
        let line = line.get(C::COLUMNS.before * C::CHANNELS..).unwrap_or_default();
        for (to, &from) in pixels.iter_mut().zip(line) {
            *to = from;
        }
    }
}

/// Adds the gradients of the biases, if there are any; sample by sample, so that their order is always the same.
#[inline(always)]
pub(crate) fn bias_gradients<C: Convolution, S: Scalar>(output_gradients: &[S], bias: &mut [S]) {
    if bias.is_empty() {
        return;
    }
    for sample in output_gradients.chunks_exact(C::PIXELS * C::FILTERS) {
        let pixels = if C::FILTERS < 8 { eight_pixels::<C, S>(sample, bias) } else { sample };
        for pixel in pixels.chunks_exact(C::FILTERS) {
            for (bias, &dy) in bias.iter_mut().zip(pixel) {
                *bias += dy;
            }
        }
    }
}

/// The same for a few filters: of eight pixels they are whole vectors. Gives the pixels that are left.
#[inline(always)]
fn eight_pixels<'a, C: Convolution, S: Scalar>(sample: &'a [S], bias: &mut [S]) -> &'a [S] {
    let mut sums = [[S::ZERO; 8]; 8];
    let blocks = sample.chunks_exact(8 * C::FILTERS);
    let rest = blocks.remainder();
    for block in blocks {
        for (sums, values) in sums.iter_mut().zip(block.as_chunks::<8>().0) {
            for lane in 0..8 {
                sums[lane] += values[lane];
            }
        }
    }
    for (place, &sum) in sums.as_flattened().iter().enumerate().take(8 * C::FILTERS) {
        if let Some(bias) = bias.get_mut(place % C::FILTERS) {
            *bias += sum;
        }
    }
    rest
}
