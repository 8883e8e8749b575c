//! Layers alone, forward and backward: where the time of a network goes.
#![allow(missing_docs, reason = "criterion's macros write functions without")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use graven::layers::Dense;
use graven::prelude::*;
use graven::random::{Context, Random};
use graven::simd::{Level, Task, dispatch};
use graven::{Backward, Tensor};

fn quick() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(30)
}

/// A layer and all the memory of its two passes.
struct Passes<T: Layer> {
    layer: Box<T>,
    gradient: Box<T>,
    inputs: Vec<T::Input>,
    outputs: Vec<T::Output>,
    input_gradients: Vec<T::Input>,
    tape: Vec<T::Scalar>,
}

impl<T: Layer<Scalar = f32>> Passes<T> {
    fn new(count: usize) -> Self {
        let mut random = Random::new(3);
        let mut layer = T::zeroed_box();
        layer.initialize(&mut random);
        let mut inputs = vec![T::Input::ZEROS; count];
        T::Input::flat_mut(&mut inputs).fill_with(|| random.uniform() as f32);
        Self {
            layer,
            gradient: T::zeroed_box(),
            inputs,
            outputs: vec![T::Output::ZEROS; count],
            input_gradients: vec![T::Input::ZEROS; count],
            tape: vec![0.0; T::TAPE * count],
        }
    }
}

struct Forward<'a, T: Layer>(&'a mut Passes<T>);

impl<T: Layer<Scalar = f32>> Task for Forward<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Passes { layer, inputs, outputs, tape, .. } = self.0;
        layer.train(level, inputs, outputs, tape, Context::new(0, 0));
    }
}

/// With the gradients of the inputs, or without, as a first layer has it.
struct Back<'a, T: Layer>(&'a mut Passes<T>, bool);

impl<T: Layer<Scalar = f32>> Task for Back<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Passes { layer, gradient, inputs, outputs, input_gradients, tape } = self.0;
        let step = Backward {
            inputs,
            output_gradients: outputs,
            input_gradients: self.1.then_some(input_gradients),
            tape,
            context: Context::new(0, 0),
        };
        layer.backward(level, step, gradient);
    }
}

fn layer<T: Layer<Scalar = f32>>(criterion: &mut Criterion, name: &str, count: usize) {
    let mut group = criterion.benchmark_group(format!("{name}, {count} samples"));
    let mut passes = Passes::<T>::new(count);
    group.bench_function("forward", |b| {
        b.iter(|| {
            dispatch(Forward(black_box(&mut passes)));
            black_box(&mut passes.outputs);
        });
    });
    for (name, wanted) in [("parameter gradients", false), ("all gradients", true)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                dispatch(Back(black_box(&mut passes), wanted));
                black_box((&mut passes.gradient, &mut passes.input_gradients));
            });
        });
    }
    group.finish();
}

fn dense(criterion: &mut Criterion) {
    for count in [1, 32] {
        layer::<Dense<f32, 784, 256>>(criterion, "Dense(784 -> 256)", count);
        layer::<Dense<f32, 256, 10>>(criterion, "Dense(256 -> 10)", count);
        layer::<Dense<f32, 64, 64>>(criterion, "Dense(64 -> 64)", count);
    }
}

criterion_group! { name = layers; config = quick(); targets = dense }
criterion_main!(layers);
