//! Dense against Keras: outputs, and gradients of inputs, kernel and bias, at odd shapes; the digits' chain with its loss.

use graven::Tensor;
use graven::layers::{Dense, NoBias};
use graven::prelude::*;
use graven_tests::check_listings;
use graven_tests::close::{assert_close, assert_close_in_scale};
use graven_tests::layers::Goldens;
use graven_tests::models::{for_each_tensor, parameters};

#[test]
fn plain() {
    let goldens = Goldens::load("dense");
    goldens.check::<Dense<f32, 1, 1>, Dense<f64, 1, 1>>("1x1/bias/linear");
    goldens.check::<Dense<f32, 3, 5>, Dense<f64, 3, 5>>("3x5/bias/linear");
    goldens.check::<Dense<f32, 7, 13>, Dense<f64, 7, 13>>("7x13/bias/linear");
    goldens.check::<Dense<f32, 17, 1>, Dense<f64, 17, 1>>("17x1/bias/linear");
}

#[test]
fn without_bias() {
    let goldens = Goldens::load("dense");
    goldens.check::<Dense<f32, 1, 1, NoBias>, Dense<f64, 1, 1, NoBias>>("1x1/no_bias/linear");
    goldens.check::<Dense<f32, 3, 5, NoBias>, Dense<f64, 3, 5, NoBias>>("3x5/no_bias/linear");
    goldens.check::<Dense<f32, 7, 13, NoBias>, Dense<f64, 7, 13, NoBias>>("7x13/no_bias/linear");
    goldens.check::<Dense<f32, 17, 1, NoBias>, Dense<f64, 17, 1, NoBias>>("17x1/no_bias/linear");
}

#[test]
fn every_row_of_the_last_axis() {
    Goldens::load("dense").check::<Dense<f32, 3, 5>, Dense<f64, 3, 5>>("rank3/linear");
}

#[test]
fn activated() {
    check_listings! { "dense";
        "1x1/bias/relu": { < Dense(1 -> 1, relu) > }
        "3x5/bias/sigmoid": { < Dense(3 -> 5, sigmoid) > }
        "7x13/bias/gelu": { < Dense(7 -> 13, gelu) > }
        "64x32/bias/relu": { < Dense(64 -> 32, relu) > }
        "17x1/bias/sigmoid": { < Dense(17 -> 1, sigmoid) > }
    }
}

#[test]
fn activated_without_bias() {
    check_listings! { "dense";
        "1x1/no_bias/tanh": { < Dense(1 -> 1, tanh, use_bias = false) > }
        "3x5/no_bias/softmax": { < Dense(3 -> 5, softmax, use_bias = false) > }
        "7x13/no_bias/silu": { < Dense(7 -> 13, silu, use_bias = false) > }
        "64x32/no_bias/tanh": { < Dense(64 -> 32, tanh, use_bias = false) > }
        "17x1/no_bias/softmax": { < Dense(17 -> 1, softmax, use_bias = false) > }
    }
}

#[test]
fn of_three_axes() {
    check_listings! { "dense";
        "rank3/linear": { (x: 4x3) < Dense(5) > }
        "rank3/tanh": { (x: 4x3) < Dense(5, tanh) > }
        "rank3/softmax": { (x: 4x3) < Dense(5, softmax) > }
    }
}

/// The digits' chain at one scalar: outputs, the loss of a batch, and its gradients.
macro_rules! check_digits {
    ($golden:expr, $model:ident, $scalar:ty, $tolerance:expr) => {{
        let case = $golden.case("digits");
        let model = *parameters::<$model>(case, "start");
        let inputs = <[$scalar; 64]>::batch(&case.scalars("x")).to_vec();
        let mut outputs = vec![[0.0; 10]; inputs.len()];
        model.predict_batch(&inputs, &mut outputs).unwrap();
        assert_close(outputs.as_flattened(), case.values("y"), $tolerance, "digits' outputs");
        let targets = case.indices("target");
        let mut trainer = model.compile(Sgd::new(0.0), SparseCategoricalCrossentropy::default(), ());
        let loss = trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
        assert_close(&[loss], case.values("loss"), $tolerance, "digits' loss");
        for_each_tensor(trainer.gradient(), case, "gradient", |name, actual, expected| {
            assert_close_in_scale(actual, expected, $tolerance, name);
        });
    }};
}

#[test]
fn digits() {
    model! { Single < Dense(64 -> 32, relu), Dense(32 -> 10, softmax) > }
    model! { #[scalar(f64)] Double < Dense(64 -> 32, relu), Dense(32 -> 10, softmax) > }
    let goldens = Goldens::load("dense");
    check_digits!(goldens.single, Single, f32, 2e-6);
    check_digits!(goldens.double, Double, f64, 1e-13);
}
