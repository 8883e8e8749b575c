//! The same bits on any number of threads as on the calling one alone.

use graven::data::Dataset;
use graven::parallel::Threads;
use graven::prelude::*;

model! { pub Wide < Dense(20 -> 256, relu), Dense(256, tanh), Dense(5, softmax) > }
model! { pub Mixed < Dense(20 -> 128), BatchNorm, Relu, Dropout(0.3), Dense(128, use_bias = false), BatchNorm, Dense(5, softmax) > }
model! { #[batch(50)] pub Twice(x: 20) <
    tower: Dense(20, tanh),
    norm: BatchNorm(0.9),
    a = tower(x),
    b = norm(a),
    c = tower(b),
    d = norm(c),
    Concat(d, b),
    Dense(192, relu),
    Dense(5, softmax),
> }
model! { pub Large < Dense(20 -> 300, relu), Dense(300, relu), Dense(5, softmax) > }
model! { pub Picture(x: 20) <
    Reshape(5x4x1),
    Conv2d(24, 3x3, padding = same),
    BatchNorm,
    Relu,
    MaxPool2d(2x2, padding = same),
    Conv2d(20, 2x2, relu),
    Flatten,
    Dense(5, softmax),
> }
model! { pub Sequence(x: 20) < Reshape(10x2), Lstm(24, return_sequences = true), Gru(20), Dense(5, softmax) > }

fn data(count: usize) -> Dataset<[f32; 20], usize> {
    let mut random = graven::random::Random::new(3);
    let inputs: Vec<[f32; 20]> =
        (0..count).map(|_| std::array::from_fn(|_| random.normal() as f32)).collect();
    let targets = inputs.iter().map(|x| (x[0] > 0.0) as usize + 2 * (x[1] > 0.3) as usize).collect();
    Dataset::new(inputs, targets).unwrap()
}

/// All that training and measuring gives, as bits.
fn trained<M: Model<Scalar = f32, Sample = [f32; 20], Output = [f32; 5]>>(
    threads: Option<usize>,
    batch_size: usize,
) -> Vec<u64>
where
    SparseCategoricalCrossentropy: graven::losses::Loss<[f32; 5], M::Head, Target = graven::losses::Class>,
{
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = graven::__private::boxed::<M>(1).compile(Adam::new(0.01), loss, Accuracy::default());
    if let Some(count) = threads {
        trainer.use_threads(&Threads::new(count).unwrap());
    }
    let data = data(700);
    let options =
        Fit { epochs: 2, batch_size, validation_split: 0.1, verbose: Verbose::Silent, ..Fit::default() };
    let history = trainer.fit(&data, options).unwrap();
    let logs = history.names().flat_map(|name| history.get(name).unwrap().iter().map(|log| log.to_bits()));
    let report = trainer.evaluate(&data).unwrap();
    let report = report.iter().map(|(_, value)| value.to_bits());
    let outputs = trainer.predict(data.inputs());
    let outputs = outputs.iter().flatten().map(|value| u64::from(value.to_bits()));
    let parameters = trainer.model().as_slice().iter().map(|value| u64::from(value.to_bits()));
    logs.chain(report).chain(outputs).chain(parameters).collect()
}

/// Asserts that all counts of threads give the same.
macro_rules! check {
    ($model:ident, $batch_size:expr) => {{
        let alone = trained::<$model>(None, $batch_size);
        for threads in [1, 2, 3, 8] {
            assert!(trained::<$model>(Some(threads), $batch_size) == alone, "{threads} threads");
        }
    }};
}

#[test]
fn dense_layers() {
    check!(Wide, 32);
    check!(Wide, 100);
    check!(Wide, 629);
}

#[test]
fn dropout_and_batch_norm() {
    check!(Mixed, 32);
    check!(Mixed, 250);
}

#[test]
fn shared_layers() {
    check!(Twice, 300);
}

#[test]
fn convolutions() {
    check!(Picture, 64);
    check!(Picture, 333);
}

#[test]
fn recurrent_layers() {
    check!(Sequence, 100);
}

#[test]
fn an_update_of_many_parameters() {
    const { assert!(Large::PARAMETERS > 65_536) };
    check!(Large, 64);
    check!(Large, 300);
}

#[test]
fn prediction_of_a_batch() {
    let (net, data) = (Wide::init(1), data(1003));
    let mut alone = vec![[0.0; 5]; 1003];
    net.predict_batch(data.inputs(), &mut alone).unwrap();
    for count in [1, 2, 3, 8] {
        let threads = Threads::new(count).unwrap();
        let mut outputs = vec![[0.0; 5]; 1003];
        threads.predict_batch(&net, data.inputs(), &mut outputs).unwrap();
        assert!(outputs == alone, "{count} threads");
        assert!(threads.predict_batch(&net, data.inputs(), &mut outputs[..7]).is_err());
        threads.predict_batch(&net, &[], &mut []).unwrap();
    }
}

#[test]
fn no_threads_can_do_no_work() {
    let error = Threads::new(0).unwrap_err();
    assert_eq!(error.to_string(), "0 threads can do no work: ask for at least 1, the calling one");
    assert_eq!(Threads::new(3).unwrap().count(), 3);
}
