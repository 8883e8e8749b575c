//! graven, as a user would write it.

mod stream;

use std::hint::black_box;
use std::time::Duration;

use anyhow::Result;
use graven::Tensor;
use graven::activations::Softmax;
use graven::losses::{Loss, Target};
use graven::prelude::*;
use graven::training::Buffers;

use self::stream::stream;
use crate::clock;
use crate::contestant::{Contestant, Entry, Local};
use crate::data::{self, CHECKED_STEPS, Data, Samples, Tensors};
use crate::workload::{Net, Task, Workload};

model! { pub Mlp < Dense(784 -> 256, relu), Dense(256 -> 10, softmax) > }
model! {
    pub LeNet(image: 28x28x1) <
        Conv2d(6, 5x5, relu),
        MaxPool2d(2x2),
        Conv2d(16, 5x5, relu),
        MaxPool2d(2x2),
        Flatten,
        Dense(120, relu),
        Dense(84, relu),
        Dense(10, softmax),
    >
}
model! { pub Control < Dense(4 -> 64, tanh), Dense(64 -> 64, tanh), Dense(64 -> 2) > }
model! { pub Curve < Dense(1 -> 8, tanh), Dense(8 -> 8, tanh), Dense(8 -> 1) > }
model! { pub Lstm16(x: 64x1) < Lstm(16, return_sequences = true), Dense(1) > }
model! { pub Gru16(x: 64x1) < Gru(16, return_sequences = true), Dense(1) > }
model! { pub Lstm32(x: 64x1) < Lstm(32, return_sequences = true), Dense(1) > }
model! { pub Product < Dense(784 -> 256, use_bias = false) > }

/// The parameters that everybody starts with.
pub fn parameters(net: Net) -> Tensors {
    match net {
        Net::Mlp => tensors(&*Mlp::boxed(SEED)),
        Net::LeNet => tensors(&*LeNet::boxed(SEED)),
        Net::Control => tensors(&*Control::boxed(SEED)),
        Net::Curve => tensors(&*Curve::boxed(SEED)),
        Net::Lstm16 => tensors(&*Lstm16::boxed(SEED)),
        Net::Gru16 => tensors(&*Gru16::boxed(SEED)),
        Net::Lstm32 => tensors(&*Lstm32::boxed(SEED)),
    }
}

const SEED: u64 = 7;

/// graven in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let samples = data.samples(workload.net);
    let entry = match (workload.net, workload.task) {
        (Net::Mlp, Task::Predict) => predict(Mlp::boxed(SEED), samples, Mlp::predict),
        (Net::Control, Task::Predict) => predict(Control::boxed(SEED), samples, Control::predict),
        (Net::Curve, Task::Predict) => predict(Curve::boxed(SEED), samples, Curve::predict),
        (Net::LeNet, Task::Predict) => predict(LeNet::boxed(SEED), samples, LeNet::predict),
        (Net::Mlp, Task::Step(batch)) => classes(Mlp::boxed(SEED), batch, samples),
        (Net::LeNet, Task::Step(batch)) => classes(LeNet::boxed(SEED), batch, samples),
        (Net::Control, Task::Step(batch)) => {
            let targets = rows::<2>(&samples.targets[..2 * batch]);
            step(Control::boxed(SEED), samples, MeanSquaredError::default, targets)
        }
        (Net::Lstm16, Task::Stream) => stream(Lstm16::boxed(SEED), samples, Lstm16::step),
        (Net::Gru16, Task::Stream) => stream(Gru16::boxed(SEED), samples, Gru16::step),
        (Net::Lstm32, Task::Stream) => stream(Lstm32::boxed(SEED), samples, Lstm32::step),
        (Net::Mlp, Task::Epoch(batch)) => Entry::new("graven", Epoch::new(batch, &data.epoch())?),
        (Net::Mlp, Task::Product(batch)) => Entry::new("graven", product(batch, data)),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![entry])
}

/// Flat numbers as samples.
pub fn rows<const N: usize>(values: &[f32]) -> Vec<[f32; N]> {
    values.as_chunks().0.to_vec()
}

fn tensors<M: Parameters<Scalar = f32>>(model: &M) -> Tensors {
    let (values, mut tensors) = (model.as_slice(), Tensors::new());
    M::describe(&graven::Path::ROOT, 0, &mut |path, shape, offset| {
        let shape = shape.as_slice().to_vec();
        let values = values[offset..offset + shape.iter().product::<usize>()].to_vec();
        tensors.push((path.to_string(), data::Tensor { shape, values }));
    });
    tensors
}

/// Flat numbers as samples of a model.
fn samples<X: Tensor<Scalar = f32>>(values: &[f32]) -> Vec<X> {
    X::batch(values).to_vec()
}

struct Predict<M: Model, F> {
    model: Box<M>,
    inputs: Vec<M::Sample>,
    predict: F,
}

fn predict<M>(
    model: Box<M>,
    data: &Samples,
    predict: impl Fn(&M, &M::Sample) -> M::Output + Copy + 'static,
) -> Entry
where
    M: Model<Scalar = f32>,
    M::Sample: Tensor<Scalar = f32>,
{
    Entry::new("graven", Predict { model, inputs: samples(&data.inputs), predict })
}

impl<M, F> Local for Predict<M, F>
where
    M: Model<Scalar = f32>,
    F: Fn(&M, &M::Sample) -> M::Output,
{
    #[inline]
    fn once(&mut self) -> Result<()> {
        black_box((self.predict)(&self.model, black_box(&self.inputs[0])));
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let outputs: Vec<_> =
            self.inputs[..3].iter().map(|input| (self.predict)(&self.model, input)).collect();
        Ok(M::Output::flat(&outputs).to_vec())
    }
}

type BoxedTrainer<M, C> = Trainer<M, Adam, C, (), Box<Buffers<M, Adam>>>;

struct Step<M: Model, C, T> {
    model: Box<M>,
    loss: fn() -> C,
    trainer: BoxedTrainer<M, C>,
    inputs: Vec<M::Sample>,
    targets: Vec<T>,
}

fn classes<M>(model: Box<M>, batch: usize, data: &Samples) -> Entry
where
    M: Model<Scalar = f32, Output = [f32; 10], Head = Softmax>,
    M::Sample: Tensor<Scalar = f32>,
{
    let targets: Vec<usize> = data.labels[..batch].iter().map(|&label| label as usize).collect();
    step(model, data, SparseCategoricalCrossentropy::default, targets)
}

/// A step on as many samples as there are targets.
fn step<M, C, T>(model: Box<M>, data: &Samples, loss: fn() -> C, targets: Vec<T>) -> Entry
where
    M: Model<Scalar = f32>,
    M::Sample: Tensor<Scalar = f32>,
    C: Loss<M::Output, M::Head> + 'static,
    T: Target<C::Target> + 'static,
{
    let mut inputs = samples(&data.inputs);
    inputs.truncate(targets.len());
    let trainer = Trainer::boxed(&*model, Adam::default(), loss(), ());
    Entry::new("graven", Step { model, loss, trainer, inputs, targets })
}

impl<M, C, T> Local for Step<M, C, T>
where
    M: Model<Scalar = f32>,
    C: Loss<M::Output, M::Head>,
    T: Target<C::Target>,
{
    fn reset(&mut self) -> Result<()> {
        self.trainer = Trainer::boxed(&*self.model, Adam::default(), (self.loss)(), ());
        Ok(())
    }

    #[inline]
    fn once(&mut self) -> Result<()> {
        black_box(self.trainer.train_step(black_box(&Batch::new(&self.inputs, &self.targets)?))?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let batch = Batch::new(&self.inputs, &self.targets)?;
        (0..CHECKED_STEPS).map(|_| Ok(self.trainer.train_step(&batch)?)).collect()
    }
}

struct Epoch {
    batch: usize,
    data: Dataset<[f32; 784], usize>,
    trainer: BoxedTrainer<Mlp, SparseCategoricalCrossentropy>,
    loss: f32,
}

impl Epoch {
    fn new(batch: usize, samples: &Samples) -> Result<Self> {
        let labels = samples.labels.iter().map(|&label| label as usize).collect();
        let data = Dataset::new(rows(&samples.inputs), labels)?;
        Ok(Self { batch, data, trainer: Self::trainer(), loss: 0.0 })
    }

    fn trainer() -> BoxedTrainer<Mlp, SparseCategoricalCrossentropy> {
        Mlp::boxed(SEED).compile(Adam::default(), SparseCategoricalCrossentropy::default(), ())
    }
}

impl Contestant for Epoch {
    fn reset(&mut self) -> Result<()> {
        self.trainer = Self::trainer();
        Ok(())
    }

    fn run(&mut self, times: u32) -> Result<Duration> {
        let options = Fit {
            epochs: times as usize,
            batch_size: self.batch,
            verbose: Verbose::Silent,
            ..Fit::default()
        };
        let start = clock::now();
        let history = self.trainer.fit(&self.data, options)?;
        let time = clock::now() - start;
        self.loss = history.last("loss").unwrap_or_default() as f32;
        Ok(time)
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Ok(vec![self.loss])
    }
}

struct Batched {
    model: Box<Product>,
    inputs: Vec<[f32; 784]>,
    outputs: Vec<[f32; 256]>,
}

fn product(batch: usize, data: &Data) -> Batched {
    let mut model = Product::boxed(SEED);
    model.as_mut_slice().copy_from_slice(&data.parameters(Net::Mlp)[0].1.values);
    let inputs = rows(&data.samples(Net::Mlp).inputs[..784 * batch]);
    Batched { model, inputs, outputs: vec![[0.0; 256]; batch] }
}

impl Local for Batched {
    #[inline]
    fn once(&mut self) -> Result<()> {
        self.model.predict_batch(black_box(&self.inputs), &mut self.outputs)?;
        black_box(&mut self.outputs);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        self.once()?;
        Ok(self.outputs.as_flattened().to_vec())
    }
}
