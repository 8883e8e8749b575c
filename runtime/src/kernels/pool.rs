//! Pooling: the largest or the mean of windows, channel by channel, and the gradients.
//!
//! ```text
//! forward, for each window and N channels:       y[n] = maximum or mean of x[cell][n] over the window's cells
//! maximum, backward: rest[n] = dy[n];  for cell: where x[cell][n] == y[n]:  dx[cell][n] += rest[n], rest[n] = 0
//! mean, backward:                      for cell: dx[cell][n] += dy[n] / count
//! ```

use super::window::Axis;
use super::{lanes, lanes_mut};
use crate::scalar::Scalar;

/// The sizes of a pooling layer.
pub(crate) trait Pooling {
    const ROWS: Axis;
    const COLUMNS: Axis;
    const CHANNELS: usize;

    /// Whether each cell is in exactly one window.
    const COVERS: bool = Self::ROWS.covers() && Self::COLUMNS.covers();
}

/// The cells of a window that lie in the input: two ranges.
#[derive(Clone, Copy)]
struct Cells {
    rows: (usize, usize),
    columns: (usize, usize),
}

impl Cells {
    #[inline(always)]
    fn of<P: Pooling>(pixel: usize) -> Self {
        let (row, column) = (pixel / P::COLUMNS.outputs, pixel % P::COLUMNS.outputs);
        Self { rows: P::ROWS.cells(row), columns: P::COLUMNS.cells(column) }
    }

    #[inline(always)]
    fn count<S: Scalar>(self) -> S {
        let count = (self.rows.1 - self.rows.0) * (self.columns.1 - self.columns.0);
        S::from_f64(count as f64)
    }
}

/// Where a cell of the image begins.
#[inline(always)]
fn cell<P: Pooling>(row: usize, column: usize) -> usize {
    (row * P::COLUMNS.inputs + column) * P::CHANNELS
}

/// What is done at one window, with `N` channels from this one on; of the last block, fewer than `N` are of this window.
trait Work {
    fn at<P: Pooling, const N: usize>(&mut self, pixel: usize, channel: usize);

    /// Whether `N` channels from this one on may be worked on, though they reach beyond the window's.
    fn may_reach<P: Pooling, const N: usize>(&self, pixel: usize, channel: usize) -> bool;
}

/// Does it at all windows, with all channels: in blocks of 8, and what is left one by one, unless a block may reach further.
#[inline(always)]
fn each_window<P: Pooling>(mut work: impl Work) {
    for pixel in 0..P::ROWS.outputs * P::COLUMNS.outputs {
        let mut channel = 0;
        while channel + 16 <= P::CHANNELS {
            work.at::<P, 16>(pixel, channel);
            channel += 16;
        }
        if channel + 8 <= P::CHANNELS {
            work.at::<P, 8>(pixel, channel);
            channel += 8;
        }
        if P::CHANNELS - channel > 1 && work.may_reach::<P, 8>(pixel, channel) {
            work.at::<P, 8>(pixel, channel);
            continue;
        }
        while channel < P::CHANNELS {
            work.at::<P, 1>(pixel, channel);
            channel += 1;
        }
    }
}

/// Whether a block reaches no further than to the next window's values, which are written later.
#[inline(always)]
fn reaches_next<P: Pooling, const N: usize>(pixel: usize, channel: usize) -> bool {
    let cells = Cells::of::<P>(pixel);
    let last = cell::<P>(cells.rows.1 - 1, cells.columns.1 - 1) + channel + N;
    let (inputs, outputs) = (P::ROWS.inputs * P::COLUMNS.inputs, P::ROWS.outputs * P::COLUMNS.outputs);
    last <= inputs * P::CHANNELS && pixel * P::CHANNELS + channel + N <= outputs * P::CHANNELS
}

/// The largest values of the windows of one image; NaN where there is one.
#[inline(always)]
pub(crate) fn max<P: Pooling, S: Scalar>(image: &[S], pixels: &mut [S]) {
    each_window::<P>(Max { image, pixels });
}

struct Max<'a, S> {
    image: &'a [S],
    pixels: &'a mut [S],
}

impl<S: Scalar> Work for Max<'_, S> {
    #[inline(always)]
    fn at<P: Pooling, const N: usize>(&mut self, pixel: usize, channel: usize) {
        let best = largest::<P, S, N>(self.image, Cells::of::<P>(pixel), channel);
        if let Some(pixel) = lanes_mut::<S, N>(self.pixels, pixel * P::CHANNELS + channel) {
            *pixel = best;
        }
    }

    #[inline(always)]
    fn may_reach<P: Pooling, const N: usize>(&self, pixel: usize, channel: usize) -> bool {
        reaches_next::<P, N>(pixel, channel)
    }
}

#[inline(always)]
fn largest<P: Pooling, S: Scalar, const N: usize>(image: &[S], cells: Cells, channel: usize) -> [S; N] {
    let mut best = [S::from_f64(f64::NEG_INFINITY); N];
    for row in cells.rows.0..cells.rows.1 {
        for column in cells.columns.0..cells.columns.1 {
            let Some(values) = lanes::<S, N>(image, cell::<P>(row, column) + channel) else { continue };
            for n in 0..N {
                best[n] = larger(values[n], best[n]);
            }
        }
    }
    best
}

/// The larger one, or NaN if one is.
#[inline(always)]
fn larger<S: Scalar>(value: S, best: S) -> S {
    if value > best || value.is_nan() { value } else { best }
}

/// Writes the gradients of one image: each goes to the first cell of its window that is the largest.
#[inline(always)]
pub(crate) fn max_gradients<P: Pooling, S: Scalar>(image: &[S], output_gradients: &[S], gradients: &mut [S]) {
    if !P::COVERS {
        gradients.fill(S::ZERO);
    }
    each_window::<P>(MaxGradients { image, output_gradients, gradients });
}

struct MaxGradients<'a, S> {
    image: &'a [S],
    output_gradients: &'a [S],
    gradients: &'a mut [S],
}

impl<S: Scalar> Work for MaxGradients<'_, S> {
    #[inline(always)]
    fn at<P: Pooling, const N: usize>(&mut self, pixel: usize, channel: usize) {
        let cells = Cells::of::<P>(pixel);
        let best = largest::<P, S, N>(self.image, cells, channel);
        let Some(dy) = lanes::<S, N>(self.output_gradients, pixel * P::CHANNELS + channel) else { return };
        let mut rest = *dy;
        for row in cells.rows.0..cells.rows.1 {
            for column in cells.columns.0..cells.columns.1 {
                let at = cell::<P>(row, column) + channel;
                let Some(values) = lanes::<S, N>(self.image, at) else { continue };
                let Some(gradients) = lanes_mut::<S, N>(self.gradients, at) else { continue };
                let mut shares = [S::ZERO; N];
                for n in 0..N {
                    let first = values[n] == best[n];
                    shares[n] = if first { rest[n] } else { S::ZERO };
                    rest[n] = if first { S::ZERO } else { rest[n] };
                }
                add::<P, S, N>(gradients, &shares);
            }
        }
    }

    #[inline(always)]
    fn may_reach<P: Pooling, const N: usize>(&self, pixel: usize, channel: usize) -> bool {
        reaches_next_cell::<P, N>(pixel, channel)
    }
}

/// Whether a block of gradients reaches no further than to cells that are written later: the next one, with a single block, or the
/// next window's.
#[inline(always)]
fn reaches_next_cell<P: Pooling, const N: usize>(pixel: usize, channel: usize) -> bool {
    let last_column = pixel % P::COLUMNS.outputs + 1 == P::COLUMNS.outputs;
    P::COVERS && channel == 0 && !last_column && reaches_next::<P, N>(pixel, channel)
}

/// Adds to the gradients of a cell, or writes them where each cell is in one window.
#[inline(always)]
fn add<P: Pooling, S: Scalar, const N: usize>(gradients: &mut [S; N], shares: &[S; N]) {
    if P::COVERS {
        *gradients = *shares;
        return;
    }
    for n in 0..N {
        gradients[n] += shares[n];
    }
}

/// The means of the windows of one image, of the cells that lie in it.
#[inline(always)]
pub(crate) fn average<P: Pooling, S: Scalar>(image: &[S], pixels: &mut [S]) {
    each_window::<P>(Average { image, pixels });
}

struct Average<'a, S> {
    image: &'a [S],
    pixels: &'a mut [S],
}

impl<S: Scalar> Work for Average<'_, S> {
    #[inline(always)]
    fn at<P: Pooling, const N: usize>(&mut self, pixel: usize, channel: usize) {
        let cells = Cells::of::<P>(pixel);
        let mut sums = [S::ZERO; N];
        for row in cells.rows.0..cells.rows.1 {
            for column in cells.columns.0..cells.columns.1 {
                let Some(values) = lanes::<S, N>(self.image, cell::<P>(row, column) + channel) else {
                    continue;
                };
                for n in 0..N {
                    sums[n] += values[n];
                }
            }
        }
        let Some(pixel) = lanes_mut::<S, N>(self.pixels, pixel * P::CHANNELS + channel) else { return };
        for n in 0..N {
            pixel[n] = sums[n] / cells.count();
        }
    }

    #[inline(always)]
    fn may_reach<P: Pooling, const N: usize>(&self, pixel: usize, channel: usize) -> bool {
        reaches_next::<P, N>(pixel, channel)
    }
}

/// Writes the gradients of one image.
#[inline(always)]
pub(crate) fn average_gradients<P: Pooling, S: Scalar>(output_gradients: &[S], gradients: &mut [S]) {
    if !P::COVERS {
        gradients.fill(S::ZERO);
    }
    each_window::<P>(AverageGradients { output_gradients, gradients });
}

struct AverageGradients<'a, S> {
    output_gradients: &'a [S],
    gradients: &'a mut [S],
}

impl<S: Scalar> Work for AverageGradients<'_, S> {
    #[inline(always)]
    fn at<P: Pooling, const N: usize>(&mut self, pixel: usize, channel: usize) {
        let cells = Cells::of::<P>(pixel);
        let Some(dy) = lanes::<S, N>(self.output_gradients, pixel * P::CHANNELS + channel) else { return };
        let mut share = *dy;
        for n in 0..N {
            share[n] = dy[n] / cells.count();
        }
        for row in cells.rows.0..cells.rows.1 {
            for column in cells.columns.0..cells.columns.1 {
                let at = cell::<P>(row, column) + channel;
                let Some(gradients) = lanes_mut::<S, N>(self.gradients, at) else { continue };
                add::<P, S, N>(gradients, &share);
            }
        }
    }

    #[inline(always)]
    fn may_reach<P: Pooling, const N: usize>(&self, pixel: usize, channel: usize) -> bool {
        reaches_next_cell::<P, N>(pixel, channel)
    }
}

/// The largest value of each channel; NaN where there is one.
#[inline(always)]
pub(crate) fn global_max<S: Scalar>(image: &[S], output: &mut [S]) {
    output.fill(S::from_f64(f64::NEG_INFINITY));
    for pixel in image.chunks_exact(output.len()) {
        for (best, &value) in output.iter_mut().zip(pixel) {
            *best = larger(value, *best);
        }
    }
}

/// Writes the gradients of one image: equal shares for all cells that are the largest of their channel.
#[inline(always)]
pub(crate) fn global_max_gradients<S: Scalar>(image: &[S], dy: &[S], gradients: &mut [S]) {
    let channels = dy.len();
    for (channel, &dy) in dy.iter().enumerate() {
        let values = || image.iter().skip(channel).step_by(channels);
        let best = values().fold(S::from_f64(f64::NEG_INFINITY), |best, &value| larger(value, best));
        let ties = values().filter(|value| **value == best).count();
        let share = dy / S::from_f64(ties as f64);
        for (gradient, &value) in gradients.iter_mut().skip(channel).step_by(channels).zip(values()) {
            *gradient = if value == best { share } else { S::ZERO };
        }
    }
}

/// The mean of each channel.
#[inline(always)]
pub(crate) fn global_average<S: Scalar>(image: &[S], output: &mut [S]) {
    output.fill(S::ZERO);
    for pixel in image.chunks_exact(output.len()) {
        for (sum, &value) in output.iter_mut().zip(pixel) {
            *sum += value;
        }
    }
    let count = S::from_f64((image.len() / output.len()) as f64);
    for sum in output {
        *sum /= count;
    }
}

/// Writes the gradients of one image: equal shares for all cells.
#[inline(always)]
pub(crate) fn global_average_gradients<S: Scalar>(_: &[S], dy: &[S], gradients: &mut [S]) {
    let count = S::from_f64((gradients.len() / dy.len()) as f64);
    for pixel in gradients.chunks_exact_mut(dy.len()) {
        for (gradient, &dy) in pixel.iter_mut().zip(dy) {
            *gradient = dy / count;
        }
    }
}
