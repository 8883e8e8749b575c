//! tract: inference of ONNX models in Rust.

use std::hint::black_box;

use anyhow::Result;
use tract_onnx::prelude::*;

use super::onnx;
use crate::contestant::{Entry, Local};
use crate::data::{CHECKED_FRAMES, Data};
use crate::workload::{Net, Task, Workload};

/// tract in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let net = workload.net;
    Ok(match workload.task {
        Task::Predict => vec![Entry::new("tract", Predict::new(net, data)?)],
        Task::Stream => vec![Entry::new("tract", Stream::new(net, data)?)],
        _ => Vec::new(),
    })
}

/// The optimized plan of a network, and some of its samples.
fn plan(net: Net, data: &Data, count: usize) -> Result<(TypedSimpleState, Vec<TValue>)> {
    let model = onnx::model(net, data.parameters(net));
    let plan = tract_onnx::onnx().model_for_read(&mut &*model)?.into_optimized()?.into_runnable()?;
    let shape: &[usize] = if net == Net::LeNet { &[1, 1, 28, 28] } else { &[1, net.inputs()] };
    let samples = data.samples(net).inputs.chunks(net.inputs()).take(count);
    let inputs =
        samples.map(|sample| Ok(Tensor::from_shape(shape, sample)?.into())).collect::<Result<_>>()?;
    Ok((plan.spawn()?, inputs))
}

fn numbers(value: &TValue) -> Result<Vec<f32>> {
    Ok(value.to_plain_array_view::<f32>()?.iter().copied().collect())
}

struct Stream {
    state: TypedSimpleState,
    frames: Vec<TValue>,
    zeros: Vec<TValue>,
    remembered: Vec<TValue>,
}

impl Stream {
    fn new(net: Net, data: &Data) -> Result<Self> {
        let (state, frames) = plan(net, data, CHECKED_FRAMES)?;
        let units = if net == Net::Lstm32 { 32 } else { 16 };
        let count = if net == Net::Gru16 { 1 } else { 2 };
        let zeros: Vec<TValue> =
            (0..count).map(|_| Ok(Tensor::zero::<f32>(&[1, 1, units])?.into())).collect::<Result<_>>()?;
        Ok(Self { state, frames, remembered: zeros.clone(), zeros })
    }

    fn step(&mut self, frame: usize) -> Result<TValue> {
        let mut inputs = tvec!(black_box(&self.frames[frame]).clone());
        inputs.extend(self.remembered.drain(..));
        let mut outputs = self.state.run(inputs)?;
        self.remembered.extend(outputs.drain(1..));
        Ok(outputs.remove(0))
    }
}

impl Local for Stream {
    fn once(&mut self) -> Result<()> {
        black_box(self.step(0)?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        self.remembered = self.zeros.clone();
        let mut answer = Vec::new();
        for frame in 0..CHECKED_FRAMES {
            answer.extend(numbers(&self.step(frame)?)?);
        }
        Ok(answer)
    }
}

struct Predict {
    state: TypedSimpleState,
    inputs: Vec<TValue>,
}

impl Predict {
    fn new(net: Net, data: &Data) -> Result<Self> {
        let (state, inputs) = plan(net, data, 3)?;
        Ok(Self { state, inputs })
    }
}

impl Local for Predict {
    fn once(&mut self) -> Result<()> {
        black_box(self.state.run(tvec!(black_box(&self.inputs[0]).clone()))?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let mut answer = Vec::new();
        for input in &self.inputs {
            answer.extend(numbers(&self.state.run(tvec!(input.clone()))?[0])?);
        }
        Ok(answer)
    }
}
