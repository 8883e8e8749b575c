//! burn on its backend in pure Rust, flex, with SIMD and without threads.

use std::hint::black_box;

use anyhow::{Context, Result};
use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::nn::pool::MaxPool2dConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData, activation};

use super::epoch::{self, Learner};
use crate::contestant::{Entry, Local};
use crate::data::{CHECKED_STEPS, Data, Tensors, channels_first};
use crate::workload::{Net, Task, Workload};

/// burn in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let net = workload.net;
    Ok(match workload.task {
        Task::Predict => vec![Entry::new("burn", Predict::new(net, data))],
        Task::Step(batch) => vec![Entry::new("burn", Step::new(net, batch, data))],
        Task::Epoch(batch) => epoch::enter("burn", batch, data, || Ok(Training::new(net, data)))?,
        Task::Stream | Task::Product(_) => Vec::new(),
    })
}

/// Convolutions with a maximum of 2x2 behind each, then dense layers.
#[derive(Module, Debug)]
struct Chain {
    convolutions: Vec<Conv2d>,
    layers: Vec<Linear>,
}

impl Chain {
    fn new(parameters: &Tensors, device: &Device) -> Self {
        let (mut convolutions, mut layers) = (Vec::new(), Vec::new());
        for pair in channels_first(parameters).chunks(2) {
            let (kernel, bias) = (&pair[0].1, &pair[1].1);
            let values = TensorData::new(kernel.values.clone(), kernel.shape.clone());
            let bias =
                Some(Param::from_data(TensorData::new(bias.values.clone(), bias.shape.clone()), device));
            if let &[filters, channels, rows, columns] = &kernel.shape[..] {
                let mut layer = Conv2dConfig::new([channels, filters], [rows, columns]).init(device);
                (layer.weight, layer.bias) = (Param::from_data(values, device), bias);
                convolutions.push(layer);
            } else {
                let mut layer = LinearConfig::new(kernel.shape[0], kernel.shape[1]).init(device);
                (layer.weight, layer.bias) = (Param::from_data(values, device), bias);
                layers.push(layer);
            }
        }
        Self { convolutions, layers }
    }

    fn logits(&self, net: Net, x: Tensor<2>) -> Tensor<2> {
        let mut x = self.flattened(x);
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if index + 1 < self.layers.len() {
                x = if net.classifies() { activation::relu(x) } else { activation::tanh(x) };
            }
        }
        x
    }

    fn flattened(&self, x: Tensor<2>) -> Tensor<2> {
        if self.convolutions.is_empty() {
            return x;
        }
        let [count, _] = x.dims();
        let mut x = x.reshape([count, 1, 28, 28]);
        let pool = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init();
        for layer in &self.convolutions {
            x = pool.forward(activation::relu(layer.forward(x)));
        }
        x.flatten(1, 3)
    }
}

fn rows(values: &[f32], width: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / width, width]), device)
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    Ok(tensor.into_data().try_to_vec::<f32>()?)
}

struct Predict {
    net: Net,
    chain: Chain,
    inputs: Vec<Tensor<2>>,
}

impl Predict {
    fn new(net: Net, data: &Data) -> Self {
        let device = Device::flex();
        let samples = data.samples(net).inputs.chunks(net.inputs()).take(3);
        let inputs = samples.map(|sample| rows(sample, net.inputs(), &device)).collect();
        Self { net, chain: Chain::new(data.parameters(net), &device), inputs }
    }

    fn predict(&self, input: &Tensor<2>) -> Tensor<2> {
        let logits = self.chain.logits(self.net, input.clone());
        if self.net.classifies() { activation::softmax(logits, 1) } else { logits }
    }
}

impl Local for Predict {
    fn once(&mut self) -> Result<()> {
        black_box(self.predict(black_box(&self.inputs[0])).into_data());
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let mut answer = Vec::new();
        for input in &self.inputs {
            answer.extend(numbers(self.predict(input))?);
        }
        Ok(answer)
    }
}

/// A network and its optimizer.
struct Training {
    net: Net,
    start: Tensors,
    device: Device,
    /// Taken out and put back by each step, as the optimizer consumes it.
    chain: Option<Chain>,
    optimizer: ModuleOptimizer,
}

impl Training {
    fn new(net: Net, data: &Data) -> Self {
        let (device, start) = (Device::flex().autodiff(), data.parameters(net).clone());
        Self { net, chain: Some(Chain::new(&start, &device)), start, device, optimizer: adam() }
    }

    fn classify(&mut self, inputs: Tensor<2>, labels: Tensor<1, Int>) -> Result<Tensor<1>> {
        let loss = CrossEntropyLossConfig::new().init(&self.device);
        self.step(inputs, |logits| loss.forward(logits, labels))
    }

    fn step(&mut self, inputs: Tensor<2>, loss: impl FnOnce(Tensor<2>) -> Tensor<1>) -> Result<Tensor<1>> {
        let chain = self.chain.take().context("a step failed before")?;
        let loss = loss(chain.logits(self.net, inputs));
        let gradients = GradientsParams::from_grads(loss.backward(), &chain);
        self.chain = Some(self.optimizer.step(0.001, chain, gradients));
        Ok(loss)
    }
}

fn adam() -> ModuleOptimizer {
    AdamConfig::new().with_epsilon(1e-7).init()
}

impl Learner for Training {
    fn reset(&mut self) -> Result<()> {
        self.chain = Some(Chain::new(&self.start, &self.device));
        self.optimizer = adam();
        Ok(())
    }

    fn learn(&mut self, inputs: &[f32], labels: &[u32]) -> Result<f32> {
        let loss = self.classify(rows(inputs, 784, &self.device), classes(labels, &self.device))?;
        numbers(loss)?.first().copied().context("a loss")
    }
}

fn classes(labels: &[u32], device: &Device) -> Tensor<1, Int> {
    let labels: Vec<i64> = labels.iter().map(|&label| i64::from(label)).collect();
    Tensor::from_data(TensorData::new(labels.clone(), [labels.len()]), device)
}

struct Step {
    training: Training,
    inputs: Tensor<2>,
    targets: Targets,
}

enum Targets {
    Classes(Tensor<1, Int>),
    Values(Tensor<2>),
}

impl Step {
    fn new(net: Net, batch: usize, data: &Data) -> Self {
        let (training, samples) = (Training::new(net, data), data.samples(net));
        let targets = if net.classifies() {
            Targets::Classes(classes(&samples.labels[..batch], &training.device))
        } else {
            Targets::Values(rows(&samples.targets[..batch * net.outputs()], net.outputs(), &training.device))
        };
        let inputs = rows(&samples.inputs[..batch * net.inputs()], net.inputs(), &training.device);
        Self { training, inputs, targets }
    }

    fn step(&mut self) -> Result<Tensor<1>> {
        let inputs = self.inputs.clone();
        match &self.targets {
            Targets::Classes(labels) => self.training.classify(inputs, labels.clone()),
            Targets::Values(targets) => {
                let mean = |values| MseLoss::new().forward(values, targets.clone(), Reduction::Mean);
                self.training.step(inputs, mean)
            }
        }
    }
}

impl Local for Step {
    fn reset(&mut self) -> Result<()> {
        self.training.reset()
    }

    fn once(&mut self) -> Result<()> {
        black_box(self.step()?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let mut losses = Vec::new();
        for _ in 0..CHECKED_STEPS {
            losses.extend(numbers(self.step()?)?);
        }
        Ok(losses)
    }
}
