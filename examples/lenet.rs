//! Learns to read handwritten digits with convolutions: `cargo run --release --example lenet`, or on MNIST's images with
//! `-- --data DIR`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;
use graven::datasets::idx::{self, Part};
use graven::prelude::*;
use graven_examples::{Confusion, argmax};

model! {
    /// LeNet-5 on 28×28 images. (LeCun, Bottou, Bengio, Haffner, 1998, with today's activations and pooling.)
    pub LeNet(pixels: 784) <
        Reshape(28x28x1),
        Conv2d(6, 5x5, relu),
        MaxPool2d(2x2),
        Conv2d(6 -> 16, 5x5, relu),
        MaxPool2d(2x2),
        Flatten,
        Dense(256 -> 120, relu),
        Dense(84, relu),
        Dense(10, softmax),
    >
}

model! {
    /// The same for 8×8 images.
    pub SmallLeNet(pixels: 64) <
        Reshape(8x8x1),
        Conv2d(8, 3x3, padding = same, relu),
        MaxPool2d(2x2),
        Conv2d(8 -> 16, 3x3, padding = same, relu),
        MaxPool2d(2x2),
        Flatten,
        Dense(64 -> 32, relu),
        Dense(10, softmax),
    >
}

/// Trains a small convolutional network on UCI's handwritten digits, or LeNet-5 on images in MNIST's files.
#[derive(Parser)]
struct Options {
    /// The directory with train-images-idx3-ubyte, train-labels-idx1-ubyte and the t10k files, plain or .gz. With the t10k
    /// files alone, four fifths of those images train and the others test. Without it: UCI's digits.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What the parameters and the order of the samples are drawn from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How often to go through the training data: 20 by default, and 3 for MNIST.
    #[arg(long)]
    epochs: Option<usize>,
    /// Samples per update.
    #[arg(long, default_value_t = 32)]
    batch_size: usize,
}

/// Trains the model and shows what it has learned; the two have the same methods, made by `model!`.
macro_rules! learn {
    ($model:ident, $data:expr, $options:expr, $epochs:expr) => {{
        let ((train, test), options) = ($data, $options);
        println!("{}\nmultiplications per image: {}\n", $model::summary(), $model::MACS);
        let mut trainer = $model::boxed(options.seed).compile(
            Adam::new(0.002),
            SparseCategoricalCrossentropy::default(),
            Accuracy::default(),
        );
        let start = Instant::now();
        let Options { seed, batch_size, .. } = options;
        let epochs = options.epochs.unwrap_or($epochs);
        trainer.fit(&train, Fit { epochs, batch_size, validation_split: 0.1, seed, ..Fit::default() })?;
        println!("\nTrained on {} images in {:.1} s.", train.len(), start.elapsed().as_secs_f64());
        println!("On {} images never seen: {}\n", test.len(), trainer.evaluate(&test)?);
        let said = trainer.predict(test.inputs());
        let pairs = test.targets().iter().copied().zip(said.iter().map(|output| argmax(output)));
        println!("{}", Confusion::count(10, pairs));
    }};
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    match &options.data {
        Some(directory) => learn!(LeNet, mnist(directory, options.seed)?, options, 3),
        None => learn!(SmallLeNet, datasets::digits().split(0.8, options.seed)?, options, 20),
    }
    Ok(())
}

type Images = Dataset<[f32; 784], usize>;

/// What to train on, and what to test with.
fn mnist(directory: &Path, seed: u64) -> Result<(Images, Images), Box<dyn Error>> {
    let test = idx::mnist(directory, Part::Test)?;
    match idx::mnist(directory, Part::Train) {
        Ok(train) => Ok((train, test)),
        Err(idx::IdxError { problem: idx::Problem::Missing(_), .. }) => {
            println!(
                "The training images are not in {}: training on four fifths of the test images.\n",
                directory.display()
            );
            Ok(test.split(0.8, seed)?)
        }
        Err(error) => Err(error.into()),
    }
}
