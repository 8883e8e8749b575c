//! candle: tensors and derivatives in Rust.

mod stream;

use std::hint::black_box;

use anyhow::Result;
use candle_core::{Device, Tensor, Var};
use candle_nn::{AdamW, Conv2d, Conv2dConfig, Linear, Module, Optimizer, ParamsAdamW, loss, ops};

use super::epoch::{self, Learner};
use crate::contestant::{Entry, Local};
use crate::data::{self, CHECKED_STEPS, Data, Tensors, channels_first};
use crate::workload::{Net, Task, Workload};

/// candle in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let net = workload.net;
    Ok(match workload.task {
        Task::Predict => vec![Entry::new("candle", Predict::new(net, data)?)],
        Task::Stream => vec![Entry::new("candle", stream::Stream::new(net, data)?)],
        Task::Step(batch) => vec![Entry::new("candle", Step::new(net, batch, data)?)],
        Task::Epoch(batch) => {
            epoch::enter("candle", batch, data, || Training::new(net, data.parameters(net).clone()))?
        }
        Task::Product(_) => Vec::new(),
    })
}

/// Convolutions with a maximum of 2x2 behind each, then dense layers; their parameters behind variables.
struct Chain {
    net: Net,
    convolutions: Vec<Conv2d>,
    layers: Vec<Linear>,
    variables: Vec<Var>,
}

impl Chain {
    /// To learn: gradients of the variables are recorded.
    fn new(net: Net, parameters: &Tensors) -> Result<Self> {
        let (mut convolutions, mut layers, mut variables) = (Vec::new(), Vec::new(), Vec::new());
        for pair in channels_first(parameters).chunks(2) {
            let bias = variable(&mut variables, tensor(&pair[1].1)?)?;
            let kernel = tensor(&pair[0].1)?;
            if kernel.rank() == 4 {
                let kernel = variable(&mut variables, kernel)?;
                convolutions.push(Conv2d::new(kernel, Some(bias), Conv2dConfig::default()));
            } else {
                let kernel = variable(&mut variables, kernel.t()?.contiguous()?)?;
                layers.push(Linear::new(kernel, Some(bias)));
            }
        }
        Ok(Self { net, convolutions, layers, variables })
    }

    /// To predict: constants, of which nothing is recorded.
    fn constant(net: Net, parameters: &Tensors) -> Result<Self> {
        let mut chain = Self::new(net, parameters)?;
        for layer in &mut chain.layers {
            *layer = Linear::new(layer.weight().detach(), layer.bias().map(Tensor::detach));
        }
        for layer in &mut chain.convolutions {
            *layer = Conv2d::new(layer.weight().detach(), layer.bias().map(Tensor::detach), *layer.config());
        }
        Ok(chain)
    }

    fn logits(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        if !self.convolutions.is_empty() {
            x = x.reshape(((), 1, 28, 28))?;
            for layer in &self.convolutions {
                x = layer.forward(&x)?.relu()?.max_pool2d(2)?;
            }
            x = x.flatten_from(1)?;
        }
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&x)?;
            if index + 1 < self.layers.len() {
                x = if self.net.classifies() { x.relu()? } else { x.tanh()? };
            }
        }
        Ok(x)
    }
}

fn tensor(tensor: &data::Tensor) -> Result<Tensor> {
    Ok(Tensor::from_slice(&tensor.values, &*tensor.shape, &Device::Cpu)?)
}

/// Flat numbers as samples.
fn rows(values: &[f32], width: usize) -> Result<Tensor> {
    Ok(Tensor::from_slice(values, (values.len() / width, width), &Device::Cpu)?)
}

fn variable(variables: &mut Vec<Var>, tensor: Tensor) -> Result<Tensor> {
    let variable = Var::from_tensor(&tensor)?;
    variables.push(variable.clone());
    Ok(variable.as_tensor().clone())
}

struct Predict {
    chain: Chain,
    inputs: Vec<Tensor>,
}

impl Predict {
    fn new(net: Net, data: &Data) -> Result<Self> {
        let chain = Chain::constant(net, data.parameters(net))?;
        let inputs = data.samples(net).inputs[..3 * net.inputs()]
            .chunks(net.inputs())
            .map(|sample| rows(sample, net.inputs()))
            .collect::<Result<_>>()?;
        Ok(Self { chain, inputs })
    }

    fn predict(&self, input: &Tensor) -> Result<Tensor> {
        let logits = self.chain.logits(input)?;
        Ok(if self.chain.net.classifies() { ops::softmax_last_dim(&logits)? } else { logits })
    }
}

impl Local for Predict {
    fn once(&mut self) -> Result<()> {
        black_box(self.predict(black_box(&self.inputs[0]))?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let mut answer = Vec::new();
        for input in &self.inputs {
            answer.extend(self.predict(input)?.flatten_all()?.to_vec1::<f32>()?);
        }
        Ok(answer)
    }
}

/// A network and its optimizer.
struct Training {
    start: Tensors,
    chain: Chain,
    optimizer: AdamW,
}

impl Training {
    fn new(net: Net, start: Tensors) -> Result<Self> {
        let chain = Chain::new(net, &start)?;
        let optimizer = adam(&chain)?;
        Ok(Self { start, chain, optimizer })
    }

    fn step(&mut self, inputs: &Tensor, targets: &Tensor) -> Result<Tensor> {
        let logits = self.chain.logits(inputs)?;
        let loss = if self.chain.net.classifies() {
            loss::cross_entropy(&logits, targets)?
        } else {
            loss::mse(&logits, targets)?
        };
        self.optimizer.backward_step(&loss)?;
        Ok(loss)
    }
}

/// Adam is AdamW without decay.
fn adam(chain: &Chain) -> Result<AdamW> {
    let parameters = ParamsAdamW { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-7, weight_decay: 0.0 };
    Ok(AdamW::new(chain.variables.clone(), parameters)?)
}

impl Learner for Training {
    fn reset(&mut self) -> Result<()> {
        self.chain = Chain::new(self.chain.net, &self.start)?;
        self.optimizer = adam(&self.chain)?;
        Ok(())
    }

    fn learn(&mut self, inputs: &[f32], labels: &[u32]) -> Result<f32> {
        let inputs = rows(inputs, self.chain.net.inputs())?;
        let labels = Tensor::from_slice(labels, labels.len(), &Device::Cpu)?;
        Ok(self.step(&inputs, &labels)?.to_scalar()?)
    }
}

struct Step {
    training: Training,
    inputs: Tensor,
    targets: Tensor,
}

impl Step {
    fn new(net: Net, batch: usize, data: &Data) -> Result<Self> {
        let samples = data.samples(net);
        let targets = if net.classifies() {
            Tensor::from_slice(&samples.labels[..batch], batch, &Device::Cpu)?
        } else {
            rows(&samples.targets[..batch * net.outputs()], net.outputs())?
        };
        let inputs = rows(&samples.inputs[..batch * net.inputs()], net.inputs())?;
        Ok(Self { training: Training::new(net, data.parameters(net).clone())?, inputs, targets })
    }
}

impl Local for Step {
    fn reset(&mut self) -> Result<()> {
        self.training.reset()
    }

    fn once(&mut self) -> Result<()> {
        black_box(self.training.step(&self.inputs, &self.targets)?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        (0..CHECKED_STEPS)
            .map(|_| Ok(self.training.step(&self.inputs, &self.targets)?.to_scalar()?))
            .collect()
    }
}
