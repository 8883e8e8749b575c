//! Learns to read handwritten digits in a few seconds: `cargo run --release --example digits`.

use std::error::Error;

use clap::Parser;
use graven::prelude::*;
use graven_examples::{Confusion, argmax, draw};

model! {
    /// Reads a handwritten digit from an 8×8 image.
    pub Digits < Dense(64 -> 32, relu), Dense(32 -> 10, softmax) >
}

/// Trains a small network on UCI's handwritten digits and shows what it says about images it has never seen.
#[derive(Parser)]
struct Options {
    /// What the parameters, the split of the data and the order of the samples are drawn from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How often to go through the training data.
    #[arg(long, default_value_t = 40)]
    epochs: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Options { seed, epochs } = Options::parse();
    println!("{}\n", Digits::summary());

    let (train, test) = datasets::digits().split(0.8, seed)?;
    let mut trainer = Digits::init(seed).compile(
        Adam::new(0.005),
        SparseCategoricalCrossentropy::default(),
        Accuracy::default(),
    );
    trainer.fit(&train, Fit { epochs, validation_split: 0.1, seed, ..Fit::default() })?;
    println!("\nOn {} images never seen: {}\n", test.len(), trainer.evaluate(&test)?);

    let net = trainer.model();
    let said: Vec<usize> = test.inputs().iter().map(|image| argmax(&net.predict(image))).collect();
    println!("{}\n", Confusion::count(10, test.targets().iter().copied().zip(said.iter().copied())));
    show(net, &test, &said);

    net.save("digits.safetensors")?;
    let again = Digits::load("digits.safetensors")?;
    let same = test.inputs().iter().all(|image| again.predict(image) == net.predict(image));
    println!(
        "digits.safetensors: written, read back, predictions {}",
        if same { "identical" } else { "DIFFERENT" }
    );
    if same { Ok(()) } else { Err("the file does not hold the network that was saved".into()) }
}

/// Draws the images that were read wrongly, then some others, six in all.
fn show(net: &Digits, test: &Dataset<[f32; 64], usize>, said: &[usize]) {
    let mut samples: Vec<usize> = (0..test.len()).collect();
    samples.sort_by_key(|&sample| said[sample] == test.targets()[sample]);
    let images: Vec<(&[f32], String)> = samples[..6.min(samples.len())]
        .iter()
        .map(|&sample| {
            let image = &test.inputs()[sample];
            let (truth, said) = (test.targets()[sample], said[sample]);
            let sure = 100.0 * net.predict(image)[said];
            let caption = if said == truth {
                format!("a {said}, {sure:.0}%")
            } else {
                format!("{said} {sure:.0}%, is {truth}")
            };
            (image.as_slice(), caption)
        })
        .collect();
    println!("{}", draw(&images, 8));
}
