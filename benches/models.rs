//! Whole networks: a prediction, a step of training, and a step among subnormal numbers.
#![allow(missing_docs, reason = "criterion's macros write functions without")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Bencher, Criterion, criterion_group, criterion_main};
use graven::losses::{Loss, Target};
use graven::prelude::*;
use graven::{Folded, Tensor};
use graven_benches::{
    Control, Curve, Gru16, Gru16State, LeNet, Lstm16, Lstm16State, Lstm32, Lstm32State, Mlp, Normalised,
    labels, samples,
};

/// Short: the tables with other libraries come from `peers/`, these are for comparing two versions of graven.
fn quick() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(30)
}

fn predictions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("predict");
    let (mlp, x) = (Mlp::boxed(7), samples::<784>(128));
    group.bench_function("784-256-10", |b| b.iter(|| black_box(&mlp).predict(black_box(&x[0]))));
    group.bench_function("784-256-10, 128 samples", |b| batches(b, |y| mlp.predict_batch(black_box(&x), y)));
    let (lenet, image) = (LeNet::boxed(7), images(&x[..1]));
    group.bench_function("LeNet-5", |b| b.iter(|| black_box(&lenet).predict(black_box(&image[0]))));
    let (control, x) = (Control::init(7), samples::<4>(1));
    group.bench_function("4-64-64-2", |b| b.iter(|| black_box(&control).predict(black_box(&x[0]))));
    let (curve, x) = (Curve::init(7), samples::<1>(1));
    group.bench_function("1-8-8-1", |b| b.iter(|| black_box(&curve).predict(black_box(&x[0]))));
    group.finish();
}

/// Numbers as images of one channel.
fn images(samples: &[[f32; 784]]) -> Vec<Image> {
    Image::batch(samples.as_flattened()).to_vec()
}

type Image = [[[f32; 1]; 28]; 28];

fn frames(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step through time");
    let x = samples::<1>(1);
    let (net, mut state) = (Lstm16::init(7), Lstm16State::default());
    group.bench_function("LSTM(1 -> 16)", |b| b.iter(|| net.step(&mut state, black_box(&x[0]))));
    let (net, mut state) = (Gru16::init(7), Gru16State::default());
    group.bench_function("GRU(1 -> 16)", |b| b.iter(|| net.step(&mut state, black_box(&x[0]))));
    let (net, mut state) = (Lstm32::init(7), Lstm32State::default());
    group.bench_function("LSTM(1 -> 32)", |b| b.iter(|| net.step(&mut state, black_box(&x[0]))));
    group.finish();
}

/// What a `BatchNorm` costs that was folded, that was not, and that was never there.
fn normalisations(criterion: &mut Criterion) {
    let (plain, normalised, x) = (Mlp::boxed(7), Normalised::boxed(7), samples::<784>(128));
    let folded = Folded::boxed(Normalised::boxed(7));
    let mut group = criterion.benchmark_group("784-256-10 with BatchNorm, predict");
    group.bench_function("folded", |b| b.iter(|| black_box(&folded).predict(black_box(&x[0]))));
    group.bench_function("not folded", |b| b.iter(|| black_box(&normalised).predict(black_box(&x[0]))));
    group.bench_function("without", |b| b.iter(|| black_box(&plain).predict(black_box(&x[0]))));
    group.finish();
    let mut group = criterion.benchmark_group("784-256-10 with BatchNorm, predict 128 samples");
    group.bench_function("folded", |b| batches(b, |y| folded.predict_batch(black_box(&x), y)));
    group.bench_function("not folded", |b| batches(b, |y| normalised.predict_batch(black_box(&x), y)));
    group.bench_function("without", |b| batches(b, |y| plain.predict_batch(black_box(&x), y)));
    group.finish();
}

/// Predictions of 128 samples, into memory that somebody reads.
fn batches<E>(bencher: &mut Bencher<'_>, predict: impl Fn(&mut [[f32; 10]]) -> Result<(), E>) {
    let mut y = vec![[0.0; 10]; 128];
    bencher.iter(|| {
        let result = predict(&mut y);
        black_box(&mut y);
        result
    });
}

/// One step of Adam, of a training that is never long.
fn step<M, C, T>(
    criterion: &mut Criterion,
    name: &str,
    model: &M,
    loss: impl Fn() -> C,
    data: (&[M::Sample], &[T]),
) where
    M: Model,
    C: Loss<M::Output, M::Head>,
    T: Target<C::Target>,
{
    let mut group = criterion.benchmark_group("train step");
    group.bench_function(name, |b| {
        let mut trainer = Trainer::boxed(model, Adam::default(), loss(), ());
        b.iter(|| {
            if trainer.iteration() == 200 {
                // Not longer: gradients that have died away are another benchmark.
                trainer = Trainer::boxed(model, Adam::default(), loss(), ());
            }
            trainer.train_step(&Batch::new(black_box(data.0), black_box(data.1))?).map_err(Error::from)
        });
    });
    group.finish();
}

/// What a step can fail with; criterion only drops it.
type Error = Box<dyn std::error::Error>;

fn steps(criterion: &mut Criterion) {
    let (mlp, x, labels) = (Mlp::boxed(7), samples::<784>(128), labels(128, 10));
    let crossentropy = SparseCategoricalCrossentropy::default;
    for batch in [32, 128] {
        let name = format!("784-256-10, batch {batch}");
        step(criterion, &name, &*mlp, crossentropy, (&x[..batch], &labels[..batch]));
    }
    let (lenet, x) = (LeNet::boxed(7), images(&x));
    for batch in [64, 128] {
        let name = format!("LeNet-5, batch {batch}");
        step(criterion, &name, &*lenet, crossentropy, (&x[..batch], &labels[..batch]));
    }
    let (control, x, y) = (Control::init(7), samples::<4>(32), samples::<2>(32));
    step(criterion, "4-64-64-2, batch 32", &control, MeanSquaredError::default, (&x, &y));
}

/// Inputs that have gone silent: after some 900 steps the moments of their weights are subnormal, where plain arithmetic
/// is slow. To be compared with the same step of a training that has just begun.
fn subnormals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("784-256-10, one silent sample");
    let (mlp, x) = (Mlp::boxed(7), samples::<784>(1));
    let silent = [[0.0; 784]];
    for steps in [10, 1000] {
        group.bench_function(format!("after {steps} steps"), |b| {
            let mut trainer =
                Trainer::boxed(&*mlp, Adam::default(), SparseCategoricalCrossentropy::default(), ());
            let loud = Batch::new(&x, &[3usize]).expect("one of each");
            black_box(trainer.train_step(&loud)).expect("finite numbers");
            let batch = Batch::new(&silent, &[3usize]).expect("one of each");
            for _ in 0..steps {
                black_box(trainer.train_step(&batch)).expect("finite numbers");
            }
            b.iter(|| trainer.train_step(black_box(&batch)));
        });
    }
    group.finish();
}

criterion_group! { name = models; config = quick(); targets = predictions, frames, normalisations, steps, subnormals }
criterion_main!(models);
