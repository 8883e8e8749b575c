//! The same seed gives the same bits.

use graven::data::Dataset;
use graven::prelude::*;

model! { pub Net < Dense(9 -> 16, tanh), Dropout(0.3), Dense(4, softmax) > }

fn data() -> Dataset<[f32; 9], usize> {
    let mut random = graven::random::Random::new(3);
    let inputs: Vec<[f32; 9]> = (0..150).map(|_| std::array::from_fn(|_| random.normal() as f32)).collect();
    let targets = inputs.iter().map(|x| usize::from(x[0] > 0.0) + 2 * usize::from(x[1] > 0.0)).collect();
    Dataset::new(inputs, targets).unwrap()
}

fn bits(net: &Net) -> Vec<u32> {
    net.as_slice().iter().map(|value| value.to_bits()).collect()
}

fn trained(seed: u64) -> Vec<u32> {
    let mut trainer = Net::init(seed).compile(Adam::default(), SparseCategoricalCrossentropy::default(), ());
    let options = Fit { epochs: 3, batch_size: 16, seed, verbose: Verbose::Silent, ..Fit::default() };
    trainer.fit(&data(), options).unwrap();
    bits(trainer.model())
}

#[test]
fn one_seed_one_initialization() {
    assert_eq!(bits(&Net::init(7)), bits(&Net::init(7)));
    assert_eq!(bits(&Net::init(7)), bits(&Net::boxed(7)));
    assert_ne!(bits(&Net::init(7)), bits(&Net::init(8)));
}

#[test]
fn one_seed_one_training() {
    assert_eq!(trained(7), trained(7));
    assert_ne!(trained(7), trained(8));
}

#[test]
fn where_the_memory_is_makes_no_difference() {
    let loss = SparseCategoricalCrossentropy::default();
    let options = || Fit { epochs: 2, verbose: Verbose::Silent, ..Fit::default() };
    let mut inline = Net::init(1).compile(Adam::default(), loss, ());
    let mut boxed = Net::boxed(1).compile(Adam::default(), loss, ());
    inline.fit(&data(), options()).unwrap();
    boxed.fit(&data(), options()).unwrap();
    assert_eq!(bits(inline.model()), bits(boxed.model()));
}

#[test]
fn one_sample_and_a_batch_give_the_same_bits() {
    let net = Net::init(5);
    let data = data();
    let mut outputs = vec![[0.0; 4]; data.inputs().len()];
    net.predict_batch(data.inputs(), &mut outputs).unwrap();
    for (input, output) in data.inputs().iter().zip(&outputs) {
        assert_eq!(net.predict(input).map(f32::to_bits), output.map(f32::to_bits));
    }
}

#[test]
fn dropout_depends_on_the_sample_not_on_the_tile() {
    // Twice the batch in one step has the mean gradient of two different masks, not the same mask again.
    let data = data();
    let loss = SparseCategoricalCrossentropy::default();
    let mut once = Net::init(1).compile(Sgd::new(0.0), loss, ());
    let mut twice = Net::init(1).compile(Sgd::new(0.0), loss, ());
    let inputs: Vec<_> = [data.inputs(), data.inputs()].concat();
    let targets: Vec<_> = [data.targets(), data.targets()].concat();
    once.train_step(&Batch::new(data.inputs(), data.targets()).unwrap()).unwrap();
    twice.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
    assert_ne!(bits(once.gradient()), bits(twice.gradient()));
}
