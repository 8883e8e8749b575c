//! What threads gain on large work, and that they cost nothing on small: `cargo bench -p graven-benches --features parallel --bench threads`.
#![allow(missing_docs, reason = "criterion's macros write functions without")]

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use graven::parallel::Threads;
use graven::prelude::*;
use graven_benches::{Control, Mlp, labels, samples};

const COUNTS: [usize; 3] = [1, 2, 4];

fn quick() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20)
}

fn training(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("train step, threads");
    let (x, classes) = (samples::<784>(512), labels(512, 10));
    let (points, targets) = (samples::<4>(32), samples::<2>(32));
    for count in COUNTS {
        let Ok(threads) = Threads::new(count) else { continue };
        let loss = SparseCategoricalCrossentropy::default();
        let mut trainer = Mlp::boxed(7).compile(Adam::default(), loss, ());
        trainer.use_threads(&threads);
        group.bench_function(format!("784-256-10, batch 512, {count}"), |b| {
            b.iter(|| {
                trainer.train_step(&Batch::new(black_box(&x), &classes)?).map_err(Box::<dyn Error>::from)
            });
        });
        let mut trainer = Control::init(7).compile(Adam::default(), MeanSquaredError, ());
        trainer.use_threads(&threads);
        group.bench_function(format!("4-64-64-2, batch 32, {count}"), |b| {
            b.iter(|| {
                trainer.train_step(&Batch::new(black_box(&points), &targets)?).map_err(Box::<dyn Error>::from)
            });
        });
    }
    group.finish();
}

fn prediction(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("predict, threads");
    let (net, x) = (Mlp::boxed(7), samples::<784>(2048));
    let mut y = vec![[0.0; 10]; 2048];
    for count in COUNTS {
        let Ok(threads) = Threads::new(count) else { continue };
        group.bench_function(format!("784-256-10, 2048 samples, {count}"), |b| {
            b.iter(|| threads.predict_batch(&*net, black_box(&x), &mut y));
        });
    }
    group.finish();
}

criterion_group! { name = threads; config = quick(); targets = training, prediction }
criterion_main!(threads);
