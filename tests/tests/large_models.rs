//! Large models are made, trained and dropped in a test thread, whose stack has 2 MB, in a debug build too.

use graven::data::Dataset;
use graven::prelude::*;

model! { pub Mnist < Dense(784 -> 256, relu), Dense(10, softmax) > }
model! { pub Large < Dense(1000 -> 2000, relu), Dense(1500, relu), Dense(10, softmax) > }

fn samples<const N: usize>(count: usize) -> (Vec<[f32; N]>, Vec<usize>) {
    let mut random = graven::random::Random::new(2);
    let inputs: Vec<[f32; N]> =
        (0..count).map(|_| std::array::from_fn(|_| random.uniform() as f32)).collect();
    (inputs, (0..count).map(|sample| sample % 10).collect())
}

#[test]
fn a_model_of_813_kb() {
    assert_eq!(Mnist::PARAMETERS * 4, 814_120);
    let (inputs, targets) = samples::<784>(64);
    let data = Dataset::new(inputs, targets).unwrap();
    let mut trainer = Mnist::boxed(1).compile(
        Adam::default(),
        SparseCategoricalCrossentropy::default(),
        Accuracy::default(),
    );
    let options = Fit { epochs: 3, verbose: Verbose::Silent, ..Fit::default() };
    let history = trainer.fit(&data, options).unwrap();
    assert!(history.last("loss").unwrap() < history.get("loss").unwrap()[0]);
    assert!(trainer.model().predict(&data.inputs()[0]).iter().all(|p| p.is_finite()));
}

#[test]
fn a_model_of_20_mb() {
    const { assert!(Large::PARAMETERS * 4 > 20_000_000) };
    let (inputs, targets) = samples::<1000>(4);
    let mut trainer = Large::boxed(1).compile(Adam::default(), SparseCategoricalCrossentropy::default(), ());
    let batch = Batch::new(&inputs, &targets).unwrap();
    let first = trainer.train_step(&batch).unwrap();
    let second = trainer.train_step(&batch).unwrap();
    assert!(second < first, "{first} {second}");
    let path = std::env::temp_dir().join(format!("graven_large_{}.safetensors", std::process::id()));
    trainer.model().save(&path).unwrap();
    let again = Large::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(again.as_slice(), trainer.model().as_slice());
}
