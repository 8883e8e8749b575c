//! candle: tensors and derivatives in Rust.

use std::hint::black_box;

use anyhow::Result;
use candle_core::{Device, Tensor, Var};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, loss, ops};

use crate::contestant::{Entry, Local};
use crate::data::{CHECKED_STEPS, Data, Tensors};
use crate::workload::{Net, Task, Workload};

/// candle in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let net = workload.net;
    if net == Net::LeNet {
        return Ok(Vec::new());
    }
    Ok(match workload.task {
        Task::Predict => vec![Entry::new("candle", Predict::new(net, data)?)],
        Task::Step(batch) => vec![Entry::new("candle", Step::new(net, batch, data)?)],
        _ => Vec::new(),
    })
}

/// Dense layers, their parameters behind variables.
struct Chain {
    net: Net,
    layers: Vec<Linear>,
    variables: Vec<Var>,
}

impl Chain {
    fn new(net: Net, parameters: &Tensors) -> Result<Self> {
        let (mut layers, mut variables) = (Vec::new(), Vec::new());
        for pair in parameters.chunks(2) {
            let (kernel, bias) = (&pair[0].1, &pair[1].1);
            let kernel =
                Tensor::from_slice(&kernel.values, &*kernel.shape, &Device::Cpu)?.t()?.contiguous()?;
            let kernel = Var::from_tensor(&kernel)?;
            let bias = Var::from_slice(&bias.values, &*bias.shape, &Device::Cpu)?;
            layers.push(Linear::new(kernel.as_tensor().clone(), Some(bias.as_tensor().clone())));
            variables.extend([kernel, bias]);
        }
        Ok(Self { net, layers, variables })
    }

    fn logits(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&x)?;
            if index + 1 < self.layers.len() {
                x = if self.net.classifies() { x.relu()? } else { x.tanh()? };
            }
        }
        Ok(x)
    }
}

struct Predict {
    chain: Chain,
    inputs: Vec<Tensor>,
}

impl Predict {
    fn new(net: Net, data: &Data) -> Result<Self> {
        let mut chain = Chain::new(net, data.parameters(net))?;
        // Constants, so that nothing is recorded for derivatives.
        for layer in &mut chain.layers {
            *layer = Linear::new(layer.weight().detach(), layer.bias().map(Tensor::detach));
        }
        let inputs = data.samples(net).inputs[..3 * net.inputs()]
            .chunks(net.inputs())
            .map(|sample| Ok(Tensor::from_slice(sample, (1, net.inputs()), &Device::Cpu)?))
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

struct Step {
    start: Tensors,
    chain: Chain,
    optimizer: AdamW,
    inputs: Tensor,
    targets: Tensor,
}

impl Step {
    fn new(net: Net, batch: usize, data: &Data) -> Result<Self> {
        let (start, samples) = (data.parameters(net).clone(), data.samples(net));
        let inputs = &samples.inputs[..batch * net.inputs()];
        let inputs = Tensor::from_slice(inputs, (batch, net.inputs()), &Device::Cpu)?;
        let targets = if net.classifies() {
            Tensor::from_slice(&samples.labels[..batch], batch, &Device::Cpu)?
        } else {
            let targets = &samples.targets[..batch * net.outputs()];
            Tensor::from_slice(targets, (batch, net.outputs()), &Device::Cpu)?
        };
        let chain = Chain::new(net, &start)?;
        let optimizer = adam(&chain)?;
        Ok(Self { start, chain, optimizer, inputs, targets })
    }

    fn step(&mut self) -> Result<Tensor> {
        let logits = self.chain.logits(&self.inputs)?;
        let loss = if self.chain.net.classifies() {
            loss::cross_entropy(&logits, &self.targets)?
        } else {
            loss::mse(&logits, &self.targets)?
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

impl Local for Step {
    fn reset(&mut self) -> Result<()> {
        self.chain = Chain::new(self.chain.net, &self.start)?;
        self.optimizer = adam(&self.chain)?;
        Ok(())
    }

    fn once(&mut self) -> Result<()> {
        black_box(self.step()?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        (0..CHECKED_STEPS).map(|_| Ok(self.step()?.to_scalar()?)).collect()
    }
}
