//! One frame through candle's LSTM and GRU.

use std::collections::HashMap;
use std::hint::black_box;

use anyhow::{Result, bail};
use candle_core::{DType, Device, Tensor};
use candle_nn::rnn::{GRU, GRUState, LSTM, LSTMState};
use candle_nn::{GRUConfig, LSTMConfig, Linear, Module, RNN, VarBuilder};

use crate::contestant::Local;
use crate::data::{CHECKED_FRAMES, Data};
use crate::workload::Net;

enum Cell {
    Lstm(LSTM, LSTMState),
    Gru(GRU, GRUState),
}

impl Cell {
    /// The next frame's hidden values.
    fn step(&mut self, frame: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Cell::Lstm(cell, state) => {
                *state = cell.step(frame, state)?;
                state.h().clone()
            }
            Cell::Gru(cell, state) => {
                *state = cell.step(frame, state)?;
                state.h().clone()
            }
        })
    }

    fn reset(&mut self) -> Result<()> {
        match self {
            Cell::Lstm(cell, state) => *state = cell.zero_state(1)?,
            Cell::Gru(cell, state) => *state = cell.zero_state(1)?,
        }
        Ok(())
    }
}

/// A cell, and the dense layer behind it.
pub struct Stream {
    cell: Cell,
    dense: Linear,
    frames: Vec<Tensor>,
}

impl Stream {
    /// With everybody's parameters.
    pub fn new(net: Net, data: &Data) -> Result<Self> {
        let tensors = data.parameters(net).iter();
        let tensors = tensors
            .map(|(_, tensor)| Ok(Tensor::from_slice(&tensor.values, &*tensor.shape, &Device::Cpu)?))
            .collect::<Result<Vec<_>>>()?;
        let [kernel, recurrent, bias, dense, dense_bias] = &tensors[..] else { bail!("not five tensors") };
        let dense = Linear::new(dense.t()?.contiguous()?, Some(dense_bias.clone()));
        let frames = data.samples(net).inputs[..CHECKED_FRAMES].iter();
        let frames = frames.map(|&frame| Ok(Tensor::from_slice(&[frame], (1, 1), &Device::Cpu)?));
        Ok(Self { cell: cell(net, kernel, recurrent, bias)?, dense, frames: frames.collect::<Result<_>>()? })
    }

    fn step(&mut self, frame: usize) -> Result<Tensor> {
        let hidden = self.cell.step(black_box(&self.frames[frame]))?;
        Ok(self.dense.forward(&hidden)?)
    }
}

/// From Keras' order of the gates to that of PyTorch, which candle has.
fn cell(net: Net, kernel: &Tensor, recurrent: &Tensor, bias: &Tensor) -> Result<Cell> {
    let gates: &[usize] = if net == Net::Gru16 { &[1, 0, 2] } else { &[0, 1, 2, 3] };
    let units = recurrent.dim(0)?;
    let ordered = |tensor: &Tensor| -> Result<Tensor> {
        let last = tensor.rank() - 1;
        let parts = gates.iter().map(|&gate| tensor.narrow(last, gate * units, units));
        Ok(Tensor::cat(&parts.collect::<candle_core::Result<Vec<_>>>()?, last)?)
    };
    let (bias, other) = match bias.rank() {
        2 => (ordered(&bias.get(0)?)?, ordered(&bias.get(1)?)?),
        _ => (ordered(bias)?, ordered(bias)?.zeros_like()?),
    };
    let tensors = HashMap::from([
        ("weight_ih_l0".to_owned(), ordered(kernel)?.t()?.contiguous()?),
        ("weight_hh_l0".to_owned(), ordered(recurrent)?.t()?.contiguous()?),
        ("bias_ih_l0".to_owned(), bias),
        ("bias_hh_l0".to_owned(), other),
    ]);
    let variables = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    Ok(if net == Net::Gru16 {
        let cell = GRU::new(1, units, GRUConfig::default(), variables)?;
        let state = cell.zero_state(1)?;
        Cell::Gru(cell, state)
    } else {
        let cell = LSTM::new(1, units, LSTMConfig::default(), variables)?;
        let state = cell.zero_state(1)?;
        Cell::Lstm(cell, state)
    })
}

impl Local for Stream {
    fn once(&mut self) -> Result<()> {
        black_box(self.step(0)?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        self.cell.reset()?;
        let mut answer = Vec::new();
        for frame in 0..CHECKED_FRAMES {
            answer.extend(self.step(frame)?.flatten_all()?.to_vec1::<f32>()?);
        }
        Ok(answer)
    }
}
