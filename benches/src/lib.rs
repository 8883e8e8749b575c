//! What the benchmarks share: the networks that are measured, and samples drawn from a seed.

use graven::prelude::*;
use graven::random::Random;

model! {
    /// Reads a digit of 28×28: the size at which products are what costs time.
    pub Mlp < Dense(784 -> 256, relu), Dense(256 -> 10, softmax) >
}

model! {
    /// The same reader with its first layer's sums normalised.
    pub Normalised < Dense(784 -> 256), BatchNorm, Relu, Dense(256 -> 10, softmax) >
}

model! {
    /// Steers something: the size at which activations cost as much as products.
    pub Control < Dense(4 -> 64, tanh), Dense(64 -> 64, tanh), Dense(64 -> 2) >
}

model! {
    /// A curve: the size at which a call costs as much as the work.
    pub Curve < Dense(1 -> 8, tanh), Dense(8 -> 8, tanh), Dense(8 -> 1) >
}

model! {
    /// LeNet-5, for images of 28×28.
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

model! {
    /// Sound in, sound out, sample by sample.
    pub Lstm16(x: 64x1) < Lstm(16, return_sequences = true), Dense(1) >
}

model! {
    /// The same with a GRU.
    pub Gru16(x: 64x1) < Gru(16, return_sequences = true), Dense(1) >
}

model! {
    /// The same, wider.
    pub Lstm32(x: 64x1) < Lstm(32, return_sequences = true), Dense(1) >
}

/// Samples with numbers in [0, 1).
pub fn samples<const N: usize>(count: usize) -> Vec<[f32; N]> {
    let mut random = Random::new(1);
    (0..count).map(|_| core::array::from_fn(|_| random.uniform() as f32)).collect()
}

/// Classes below `classes`.
pub fn labels(count: usize, classes: usize) -> Vec<usize> {
    let mut random = Random::new(2);
    (0..count).map(|_| (random.uniform() * classes as f64) as usize).collect()
}
