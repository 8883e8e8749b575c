//! Convolutions against Keras: outputs, and gradients of inputs, kernels and biases.

use graven::Tensor;
use graven::prelude::*;
use graven_tests::check_listings;
use graven_tests::close::{assert_close, assert_close_in_scale};
use graven_tests::layers::Goldens;
use graven_tests::models::{for_each_tensor, parameters};

#[test]
fn one_axis() {
    check_listings! { "conv";
        "conv1d/valid": { (x: 11x2) < Conv1d(5, 3) > }
        "conv1d/same": { (x: 11x2) < Conv1d(2 -> 5, 4, padding = same) > }
        "conv1d/same/strides": { (x: 10x3) < Conv1d(3, 3, 2, same) > }
        "conv1d/causal": { (x: 7x2) < Conv1D(5, 3, padding = causal) > }
        "conv1d/causal/strides": { (x: 8x2) < Conv1d(5, 2, strides = 3, padding = causal) > }
        "conv1d/causal/dilation": { (x: 9x1) < Conv1d(17, 3, padding = causal, dilation_rate = 2) > }
        "conv1d/groups": { (x: 7x4) < Conv1d(6, 3, groups = 2, use_bias = false, tanh) > }
    }
}

#[test]
fn two_axes() {
    check_listings! { "conv";
        "conv2d/1x1": { (x: 3x5x4) < Conv2d(7, 1x1) > }
        "conv2d/valid": { (x: 12x11x1) < Conv2d(6, 5x5) > }
        "conv2d/valid/wide": { (x: 5x7x3) < Conv2d(3 -> 19, 2x3, relu) > }
        "conv2d/valid/strides": { (x: 8x9x2) < Conv2D(3, (3, 2), strides = (2, 3)) > }
        "conv2d/valid/dilation": { (x: 7x9x2) < Conv2d(5, 3, dilation_rate = 2x3) > }
        "conv2d/valid/groups": { (x: 5x4x6) < Conv2d(9, 3x3, groups = 3) > }
        "conv2d/valid/each": { (x: 4x5x5) < Conv2d(10, 3x3, groups = 5, use_bias = false) > }
    }
}

#[test]
fn as_large_as_the_input() {
    check_listings! { "conv";
        "conv2d/same/2": { (x: 5x6x3) < Conv2d(4, 2x2, padding = same) > }
        "conv2d/same/2/strides/6": { (x: 6x5x3) < Conv2d(4, 2x2, strides = 2, padding = same) > }
        "conv2d/same/2/strides/7": { (x: 7x5x3) < Conv2d(4, 2x2, strides = 2, padding = same) > }
        "conv2d/same/3": { (x: 5x6x3) < Conv2d(4, 3x3, same) > }
        "conv2d/same/3/strides/6": { (x: 6x5x3) < Conv2d(4, 3x3, strides = 2, padding = same) > }
        "conv2d/same/3/strides/7": { (x: 7x5x3) < Conv2d(4, 3x3, 2x2, same) > }
        "conv2d/same/larger": { (x: 3x2x2) < Conv2d(2, 7x5, padding = same) > }
        "conv2d/same/dilation": { (x: 6x5x2) < Conv2d(3, 3x3, padding = same, dilation_rate = 2) > }
        "conv2d/same/groups": { (x: 4x4x2) < Conv2d(4, 3x3, padding = same, groups = 2) > }
        "conv2d/same/skips": { (x: 6x5x2) < Conv2d(4, 1x1, strides = 2, padding = same) > }
    }
}

#[test]
fn each_channel() {
    check_listings! { "conv";
        "depthwise_conv1d/valid": { (x: 7x3) < DepthwiseConv1d(3, depth_multiplier = 2) > }
        "depthwise_conv2d/valid": { (x: 5x6x11) < DepthwiseConv2d(3x3) > }
        "depthwise_conv2d/valid/one": { (x: 5x6x1) < DepthwiseConv2D(3x3, depth_multiplier = 3) > }
        "depthwise_conv2d/valid/multiplier": { (x: 5x6x3) < DepthwiseConv2d(3x2, depth_multiplier = 2, relu) > }
        "depthwise_conv2d/same/strides": { (x: 7x6x4) < DepthwiseConv2d(3x3, 2, same, use_bias = false) > }
        "depthwise_conv2d/same/dilation": { (x: 6x5x5) < DepthwiseConv2d(3x3, padding = same, dilation_rate = 2) > }
    }
}

/// Sizes from constants, so that Rust's compiler computes those of windows and zeros.
#[test]
fn sizes_from_constants() {
    const H: usize = 7;
    const CHANNELS: usize = 3;
    const KERNEL: usize = 3;
    const STEP: usize = 2;
    const FILTERS: usize = 4;
    const GROUPS: usize = 2;
    const FOUR: usize = 4;
    check_listings! { "conv";
        "conv2d/same/3/strides/7": { (x: (H, 5, CHANNELS)) < Conv2d(CHANNELS -> FILTERS, KERNEL, STEP, same) > }
        "conv2d/same/groups": { (x: (FOUR, FOUR, 2)) < Conv2d(4, 3x3, padding = same, groups = GROUPS) > }
        "conv1d/valid": { (x: 11x2) < Conv1d(5, KERNEL) > }
        "conv1d/causal": { (x: (H, 2)) < Conv1d(5, 3, padding = causal) > }
        "depthwise_conv2d/same/strides": { (x: (H, 6, 4)) < DepthwiseConv2d(3x3, STEP, same, use_bias = false) > }
    }
}

/// A chain at one scalar: outputs, the loss of a batch, and its gradients.
macro_rules! check_lenet {
    ($golden:expr, $model:ident, $scalar:ty, $tolerance:expr) => {{
        let case = $golden.case("lenet");
        let model = *parameters::<$model>(case, "start");
        let inputs = <[[[$scalar; 1]; 8]; 8]>::batch(&case.scalars("x")).to_vec();
        let mut outputs = vec![[0.0; 10]; inputs.len()];
        model.predict_batch(&inputs, &mut outputs).unwrap();
        assert_close(outputs.as_flattened(), case.values("y"), $tolerance, "outputs");
        let targets = case.indices("target");
        let mut trainer = model.compile(Sgd::new(0.0), SparseCategoricalCrossentropy::default(), ());
        let loss = trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
        assert_close(&[loss], case.values("loss"), $tolerance, "loss");
        for_each_tensor(trainer.gradient(), case, "gradient", |name, actual, expected| {
            assert_close_in_scale(actual, expected, $tolerance, name);
        });
    }};
}

#[test]
fn lenet() {
    model! {
        Single(image: 8x8x1) <
            Conv2d(6, 3x3, relu), MaxPool2d(2x2),
            Conv2d(16, 3x3, padding = same, relu), AveragePool2d(2x2, strides = 1, padding = same),
            Flatten, Dense(10, softmax),
        >
    }
    model! {
        #[scalar(f64)]
        Double(image: 8x8x1) <
            Conv2d(6, 3x3, relu), MaxPool2d(2x2),
            Conv2d(16, 3x3, padding = same, relu), AveragePool2d(2x2, strides = 1, padding = same),
            Flatten, Dense(10, softmax),
        >
    }
    let goldens = Goldens::load("conv");
    check_lenet!(goldens.single, Single, f32, 5e-6);
    check_lenet!(goldens.double, Double, f64, 1e-13);
}
