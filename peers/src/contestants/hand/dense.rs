//! Training of dense layers with a library's matrix product, memory allocated once, and the rest in plain loops.

use std::hint::black_box;

use anyhow::Result;

use super::super::epoch::Learner;
use super::product::{product, transposed_left, transposed_right};
use crate::contestant::{Entry, Local};
use crate::data::{CHECKED_STEPS, Data, Samples, Tensors};
use crate::workload::{Net, Workload};

/// A step of training.
pub fn enter(workload: &Workload, batch: usize, data: &Data) -> Vec<Entry> {
    if workload.net == Net::LeNet {
        return Vec::new();
    }
    vec![Entry::new("hand, matrixmultiply", Step::new(workload.net, batch, data))]
}

/// One dense layer: parameters, moments, gradients, and what a batch needs.
struct Layer {
    inputs: usize,
    outputs: usize,
    kernel: Weights,
    bias: Weights,
    values: Vec<f32>,
    gradients: Vec<f32>,
    activation: Activation,
}

struct Weights {
    values: Vec<f32>,
    gradients: Vec<f32>,
    means: Vec<f32>,
    squares: Vec<f32>,
}

impl Weights {
    fn new(values: &[f32]) -> Self {
        let zeros = || vec![0.0; values.len()];
        Self { values: values.to_vec(), gradients: zeros(), means: zeros(), squares: zeros() }
    }

    /// Keras' Adam.
    fn update(&mut self, rate: f32) {
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for ((value, &gradient), (mean, square)) in self.values.iter_mut().zip(&self.gradients).zip(moments) {
            *mean += (gradient - *mean) * 0.1;
            *square += (gradient * gradient - *square) * 0.001;
            *value -= rate * *mean / (square.sqrt() + 1e-7);
        }
    }
}

#[derive(Clone, Copy)]
enum Activation {
    Relu,
    Tanh,
    Linear,
}

/// A network in training.
pub struct Step {
    net: Net,
    batch: usize,
    layers: Vec<Layer>,
    start: Tensors,
    iteration: i32,
    samples: Samples,
}

impl Step {
    /// With the parameters and samples of everyone.
    pub fn new(net: Net, batch: usize, data: &Data) -> Self {
        let start = data.parameters(net).clone();
        let layers = layers(net, batch, &start);
        let mut samples = data.samples(net).clone();
        samples.inputs.truncate(batch * net.inputs());
        samples.labels.truncate(batch);
        samples.targets.truncate(batch * net.outputs());
        Self { net, batch, layers, start, iteration: 0, samples }
    }

    fn step(&mut self) -> f32 {
        let samples =
            std::mem::replace(&mut self.samples, Samples { inputs: vec![], labels: vec![], targets: vec![] });
        let loss = self.train(&samples.inputs, &samples.labels, &samples.targets);
        self.samples = samples;
        loss
    }

    /// One step of Adam on a batch; gives its loss.
    fn train(&mut self, inputs: &[f32], labels: &[u32], targets: &[f32]) -> f32 {
        let count = inputs.len() / self.net.inputs();
        self.forward(inputs, count);
        let loss = self.loss(labels, targets, count);
        self.backward(inputs, count);
        self.iteration += 1;
        let rate = 0.001 * (1.0 - 0.999f32.powi(self.iteration)).sqrt() / (1.0 - 0.9f32.powi(self.iteration));
        for layer in &mut self.layers {
            layer.kernel.update(rate);
            layer.bias.update(rate);
        }
        loss
    }

    fn forward(&mut self, inputs: &[f32], count: usize) {
        for index in 0..self.layers.len() {
            let (before, rest) = self.layers.split_at_mut(index);
            let x = before.last().map_or(inputs, |layer| &layer.values);
            rest[0].forward(x, count);
        }
    }

    /// The loss, and its derivatives with respect to the last layer's values.
    fn loss(&mut self, labels: &[u32], targets: &[f32], count: usize) -> f32 {
        let last = self.layers.last_mut().expect("a network has layers");
        if self.net.classifies() {
            crossentropy(&last.values, labels, &mut last.gradients, last.outputs)
        } else {
            squares(&last.values[..count * last.outputs], targets, &mut last.gradients)
        }
    }

    fn backward(&mut self, inputs: &[f32], count: usize) {
        for index in (0..self.layers.len()).rev() {
            let (before, rest) = self.layers.split_at_mut(index);
            rest[0].backward(before.last().map_or(inputs, |layer| &layer.values), count);
            if let Some(below) = before.last_mut() {
                rest[0].input_gradients(&mut below.gradients, count);
                below.derive(count);
            }
        }
    }
}

fn layers(net: Net, batch: usize, start: &Tensors) -> Vec<Layer> {
    let hidden = if net == Net::Mlp { Activation::Relu } else { Activation::Tanh };
    let count = start.len() / 2;
    let layer = |(index, pair): (usize, &[(String, crate::data::Tensor)])| {
        let (kernel, bias) = (&pair[0].1, &pair[1].1);
        let (inputs, outputs) = (kernel.shape[0], kernel.shape[1]);
        let memory = || vec![0.0; batch * outputs];
        Layer {
            inputs,
            outputs,
            kernel: Weights::new(&kernel.values),
            bias: Weights::new(&bias.values),
            values: memory(),
            gradients: memory(),
            activation: if index + 1 < count { hidden } else { Activation::Linear },
        }
    };
    start.chunks(2).enumerate().map(layer).collect()
}

impl Layer {
    fn forward(&mut self, x: &[f32], count: usize) {
        for row in self.values.chunks_exact_mut(self.outputs) {
            row.copy_from_slice(&self.bias.values);
        }
        product((count, self.inputs, self.outputs), x, &self.kernel.values, 1.0, &mut self.values);
        match self.activation {
            Activation::Relu => self.values.iter_mut().for_each(|value| *value = value.max(0.0)),
            Activation::Tanh => self.values.iter_mut().for_each(|value| *value = value.tanh()),
            Activation::Linear => {}
        }
    }

    fn backward(&mut self, x: &[f32], count: usize) {
        self.bias.gradients.fill(0.0);
        for row in self.gradients[..count * self.outputs].chunks_exact(self.outputs) {
            self.bias.gradients.iter_mut().zip(row).for_each(|(sum, gradient)| *sum += gradient);
        }
        let size = (self.inputs, count, self.outputs);
        transposed_left(size, x, &self.gradients, &mut self.kernel.gradients);
    }

    fn input_gradients(&self, to: &mut [f32], count: usize) {
        transposed_right((count, self.outputs, self.inputs), &self.gradients, &self.kernel.values, to);
    }

    /// From gradients of what came out of the activation to those of what went in.
    fn derive(&mut self, count: usize) {
        let rows = ..count * self.outputs;
        let pairs = self.gradients[rows].iter_mut().zip(&self.values[rows]);
        match self.activation {
            Activation::Relu => pairs.for_each(|(gradient, &value)| {
                if value <= 0.0 {
                    *gradient = 0.0;
                }
            }),
            Activation::Tanh => pairs.for_each(|(gradient, &value)| *gradient *= 1.0 - value * value),
            Activation::Linear => {}
        }
    }
}

/// Of a softmax; the derivatives are those of the logits.
fn crossentropy(logits: &[f32], labels: &[u32], gradients: &mut [f32], width: usize) -> f32 {
    let count = labels.len() as f32;
    let rows = logits.chunks_exact(width).zip(gradients.chunks_exact_mut(width));
    let losses = rows.zip(labels).map(|((logits, gradients), &label)| {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for (gradient, logit) in gradients.iter_mut().zip(logits) {
            *gradient = (logit - largest).exp();
        }
        let sum: f32 = gradients.iter().sum();
        gradients.iter_mut().for_each(|gradient| *gradient /= sum * count);
        gradients[label as usize] -= 1.0 / count;
        sum.ln() + largest - logits[label as usize]
    });
    losses.sum::<f32>() / count
}

/// Mean squared error.
fn squares(values: &[f32], targets: &[f32], gradients: &mut [f32]) -> f32 {
    let count = values.len() as f32;
    let mut sum = 0.0;
    for ((value, target), gradient) in values.iter().zip(targets).zip(gradients) {
        let difference = value - target;
        *gradient = 2.0 * difference / count;
        sum += difference * difference;
    }
    sum / count
}

impl Learner for Step {
    fn reset(&mut self) -> Result<()> {
        Local::reset(self)
    }

    fn learn(&mut self, inputs: &[f32], labels: &[u32]) -> Result<f32> {
        Ok(self.train(inputs, labels, &[]))
    }
}

impl Local for Step {
    fn reset(&mut self) -> Result<()> {
        self.layers = layers(self.net, self.batch, &self.start);
        self.iteration = 0;
        Ok(())
    }

    fn once(&mut self) -> Result<()> {
        black_box(self.step());
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Ok((0..CHECKED_STEPS).map(|_| self.step()).collect())
    }
}
