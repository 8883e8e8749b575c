//! One frame through an LSTM or a GRU of constant size, in plain loops.

use std::hint::black_box;

use anyhow::Result;

use crate::contestant::{Entry, Local};
use crate::contestants::graven::rows;
use crate::data::{CHECKED_FRAMES, Data};
use crate::workload::{Net, Workload};

/// The cells in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Vec<Entry> {
    let net = workload.net;
    let entry = match net {
        Net::Lstm16 => Entry::new(NAME, cell::<16, 4>(net, data, lstm)),
        Net::Lstm32 => Entry::new(NAME, cell::<32, 4>(net, data, lstm)),
        Net::Gru16 => Entry::new(NAME, cell::<16, 3>(net, data, gru)),
        _ => return Vec::new(),
    };
    vec![entry]
}

const NAME: &str = "hand, plain loops";

/// Parameters of `G` gates of `U` units, and the dense layer behind them.
struct Weights<const U: usize, const G: usize> {
    kernel: [[f32; U]; G],
    recurrent: Vec<[[f32; U]; G]>,
    /// One row, or two where the recurrent product has a bias of its own.
    bias: Vec<[[f32; U]; G]>,
    dense: [f32; U],
    dense_bias: f32,
}

#[derive(Clone, Copy)]
struct State<const U: usize> {
    hidden: [f32; U],
    cell: [f32; U],
}

type Advance<const U: usize, const G: usize> = fn(&Weights<U, G>, &mut State<U>, f32);

struct Cell<const U: usize, const G: usize> {
    weights: Weights<U, G>,
    state: State<U>,
    frames: Vec<f32>,
    advance: Advance<U, G>,
}

fn cell<const U: usize, const G: usize>(net: Net, data: &Data, advance: Advance<U, G>) -> Cell<U, G> {
    let [kernel, recurrent, bias, dense, dense_bias] = &data.parameters(net)[..] else {
        unreachable!("two layers")
    };
    let gates = |values: &[f32]| -> Vec<[[f32; U]; G]> {
        rows::<U>(values).chunks_exact(G).map(|gates| core::array::from_fn(|gate| gates[gate])).collect()
    };
    let weights = Weights {
        kernel: gates(&kernel.1.values)[0],
        recurrent: gates(&recurrent.1.values),
        bias: gates(&bias.1.values),
        dense: rows(&dense.1.values)[0],
        dense_bias: dense_bias.1.values[0],
    };
    let frames = data.samples(net).inputs.clone();
    Cell { weights, state: State { hidden: [0.0; U], cell: [0.0; U] }, frames, advance }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Adds the product of what was hidden.
#[inline]
fn recur<const U: usize, const G: usize>(
    weights: &[[[f32; U]; G]],
    hidden: &[f32; U],
    sums: &mut [[f32; U]; G],
) {
    for (hidden, weights) in hidden.iter().zip(weights) {
        for (sums, weights) in sums.iter_mut().zip(weights) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += hidden * weight;
            }
        }
    }
}

fn input<const U: usize, const G: usize>(weights: &Weights<U, G>, frame: f32) -> [[f32; U]; G] {
    let mut sums = weights.bias[0];
    for (sum, weight) in sums.as_flattened_mut().iter_mut().zip(weights.kernel.as_flattened()) {
        *sum += frame * weight;
    }
    sums
}

fn lstm<const U: usize>(weights: &Weights<U, 4>, state: &mut State<U>, frame: f32) {
    let mut sums = input(weights, frame);
    recur(&weights.recurrent, &state.hidden, &mut sums);
    for u in 0..U {
        let (i, f, o) = (sigmoid(sums[0][u]), sigmoid(sums[1][u]), sigmoid(sums[3][u]));
        state.cell[u] = f * state.cell[u] + i * sums[2][u].tanh();
        state.hidden[u] = o * state.cell[u].tanh();
    }
}

fn gru<const U: usize>(weights: &Weights<U, 3>, state: &mut State<U>, frame: f32) {
    let sums = input(weights, frame);
    let mut inner = weights.bias[1];
    recur(&weights.recurrent, &state.hidden, &mut inner);
    for u in 0..U {
        let (z, r) = (sigmoid(sums[0][u] + inner[0][u]), sigmoid(sums[1][u] + inner[1][u]));
        let candidate = (sums[2][u] + r * inner[2][u]).tanh();
        state.hidden[u] = z * state.hidden[u] + (1.0 - z) * candidate;
    }
}

impl<const U: usize, const G: usize> Cell<U, G> {
    #[inline]
    fn step(&mut self, frame: f32) -> f32 {
        (self.advance)(&self.weights, &mut self.state, frame);
        let products =
            self.state.hidden.iter().zip(&self.weights.dense).map(|(hidden, weight)| hidden * weight);
        products.sum::<f32>() + self.weights.dense_bias
    }
}

impl<const U: usize, const G: usize> Local for Cell<U, G> {
    fn once(&mut self) -> Result<()> {
        black_box(self.step(black_box(self.frames[0])));
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        self.state = State { hidden: [0.0; U], cell: [0.0; U] };
        Ok((0..CHECKED_FRAMES).map(|frame| self.step(self.frames[frame])).collect())
    }
}
