//! Trains 784-256-10 on MNIST: `cargo run --release --example mnist -- --data DIR`.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use graven::datasets::idx::{self, Part};
use graven::prelude::*;
use graven_examples::{Confusion, argmax};

model! {
    /// Reads a handwritten digit from a 28×28 image.
    pub Mnist < Dense(784 -> 256, relu), Dense(256 -> 10, softmax) >
}

/// Trains a network of 203,530 parameters on MNIST's images, or on a set in the same form such as Fashion-MNIST.
#[derive(Parser)]
struct Options {
    /// The directory with train-images-idx3-ubyte, train-labels-idx1-ubyte and the t10k files, plain or .gz. With the t10k
    /// files alone, four fifths of those images train and the others test.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// What the parameters and the order of the samples are drawn from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How often to go through the training data.
    #[arg(long, default_value_t = 5)]
    epochs: usize,
    /// Samples per update.
    #[arg(long, default_value_t = 32)]
    batch_size: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Options { data, seed, epochs, batch_size } = Options::parse();
    println!("{}\n", Mnist::summary());

    let test = idx::mnist(&data, Part::Test)?;
    let (train, test) = match idx::mnist(&data, Part::Train) {
        Ok(train) => (train, test),
        Err(idx::IdxError { problem: idx::Problem::Missing(_), .. }) => {
            println!(
                "The training images are not in {}: training on four fifths of the test images.\n",
                data.display()
            );
            test.split(0.8, seed)?
        }
        Err(error) => return Err(error.into()),
    };

    // Boxed: a model of this size should not pass through the stack.
    let mut trainer = Mnist::boxed(seed).compile(
        Adam::default(),
        SparseCategoricalCrossentropy::default(),
        Accuracy::default(),
    );
    let start = Instant::now();
    trainer.fit(&train, Fit { epochs, batch_size, validation_split: 0.1, seed, ..Fit::default() })?;
    println!("\nTrained on {} images in {:.1} s.", train.len(), start.elapsed().as_secs_f64());
    println!("On {} images never seen: {}\n", test.len(), trainer.evaluate(&test)?);

    let said = trainer.predict(test.inputs());
    let pairs = test.targets().iter().copied().zip(said.iter().map(|output| argmax(output)));
    println!("{}", Confusion::count(10, pairs));
    Ok(())
}
