//! Trains and predicts in a program that has no std and no allocator: only C's start-up code and memory functions.
//!
//! It ends with 0 if everything is as expected, else with the number of what is not.
#![no_std]
#![no_main]

use core::ffi::c_int;
use core::panic::PanicInfo;

use graven::losses::{BinaryCrossentropy, MeanSquaredError};
use graven::metrics::{Accuracy, Metric};
use graven::prelude::*;

model! { pub Xor < Dense(2 -> 8, tanh), Dense(1, sigmoid) > }

#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

const INPUTS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const TARGETS: [[f32; 1]; 4] = [[0.0], [1.0], [1.0], [0.0]];

model! {
    /// Tells upright bars from lying ones.
    pub Bars(image: 5x5x1) < Conv2d(8, 3x3, padding = same, tanh), MaxPool2d(2x2, padding = same), Flatten, Dense(1, sigmoid) >
}

/// An image for each row and each column.
fn bars() -> ([[[[f32; 1]; 5]; 5]; 10], [[f32; 1]; 10]) {
    let (mut images, mut targets) = ([[[[0.0; 1]; 5]; 5]; 10], [[0.0]; 10]);
    for place in 0..5 {
        for pixel in 0..5 {
            images[place][place][pixel] = [1.0];
            images[5 + place][pixel][place] = [1.0];
        }
        targets[5 + place] = [1.0];
    }
    (images, targets)
}

fn convolve() -> Result<(), c_int> {
    let (images, targets) = bars();
    let batch = Batch::new(&images, &targets).map_err(|_| 9)?;
    let mut trainer = Bars::init(1).compile(Adam::new(0.02), BinaryCrossentropy::default(), ());
    for _ in 0..1000 {
        trainer.train_step(&batch).map_err(|_| 10)?;
    }
    let net = trainer.model();
    let learned = images.iter().zip(targets).all(|(x, [t])| (net.predict(x)[0] - t).abs() < 0.2);
    if learned { Ok(()) } else { Err(11) }
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> c_int {
    match run().and_then(|()| convolve()) {
        Ok(()) => 0,
        Err(number) => number,
    }
}

fn run() -> Result<(), c_int> {
    let batch = Batch::new(&INPUTS, &TARGETS).map_err(|_| 1)?;
    let mut adam = Xor::init(1).compile(Adam::new(0.05), BinaryCrossentropy::default(), ());
    let mut sgd = Xor::init(1).compile(Sgd::new(0.1).momentum(0.9).nesterov(true), MeanSquaredError, ());
    for _ in 0..1000 {
        adam.train_step(&batch).map_err(|_| 2)?;
        sgd.train_step(&batch).map_err(|_| 3)?;
    }
    check(adam.model(), 4)?;
    check(sgd.model(), 5)?;

    let mut gradient = Xor::zeroed();
    let loss = adam.model().gradients(&INPUTS[0], &TARGETS[0], &BinaryCrossentropy::default(), &mut gradient);
    if !(loss.is_finite() && gradient.as_slice().iter().any(|&g| g != 0.0)) {
        return Err(6);
    }
    let mut outputs = [[0.0; 1]; 4];
    adam.model().predict_batch(&INPUTS, &mut outputs).map_err(|_| 7)?;
    let mut accuracy = Accuracy::default();
    for (output, target) in outputs.iter().zip(&TARGETS) {
        accuracy.update(output, target);
    }
    let mut right = false;
    Metric::<[f32; 1], [f32; 1]>::report(&accuracy, &mut |_, value| right = value == 1.0);
    if right { Ok(()) } else { Err(8) }
}

/// The net has learned exclusive or.
fn check(net: &Xor, number: c_int) -> Result<(), c_int> {
    let learned = INPUTS.iter().zip(TARGETS).all(|(x, [t])| (net.predict(x)[0] - t).abs() < 0.2);
    if learned { Ok(()) } else { Err(number) }
}
