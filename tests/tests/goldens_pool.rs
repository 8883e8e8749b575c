//! Pooling and zeros around against Keras: outputs and the gradients of inputs.

use graven_tests::check_listings;

#[test]
fn maximum() {
    check_listings! { "pool";
        "max_pooling1d/valid": { (x: 7x3) < MaxPool1d > }
        "max_pooling1d/same": { (x: 6x5) < MaxPool1d(3, strides = 2, padding = same) > }
        "max_pooling1d/ties": { (x: 9x2) < MaxPooling1D(3, 1) > }
        "max_pooling2d/valid": { (x: 5x6x6) < MaxPool2d(2x2) > }
        "max_pooling2d/valid/wide": { (x: 4x4x21) < MaxPool2d(2) > }
        "max_pooling2d/valid/overlapping": { (x: 5x4x2) < MaxPool2d(3x2, strides = 1) > }
        "max_pooling2d/valid/skips": { (x: 5x6x2) < MaxPool2d(1, 2x3) > }
        "max_pooling2d/same": { (x: 4x3x2) < MaxPool2d(2x2, 1, same) > }
        "max_pooling2d/same/strides": { (x: 5x7x3) < MaxPooling2D(2x3, padding = same) > }
        "max_pooling2d/same/larger": { (x: 3x4x2) < MaxPool2d(5x5, strides = 2, padding = same) > }
        "max_pooling2d/ties": { (x: 6x6x3) < MaxPool2d(2x2) > }
        "max_pooling2d/ties/same": { (x: 5x4x2) < MaxPool2d(3x3, strides = 1, padding = same) > }
    }
}

#[test]
fn average() {
    check_listings! { "pool";
        "average_pooling1d/valid": { (x: 7x3) < AveragePool1d(2) > }
        "average_pooling1d/same": { (x: 6x5) < AveragePool1d(3, strides = 2, padding = same) > }
        "average_pooling2d/valid": { (x: 5x6x6) < AveragePool2d(2x2) > }
        "average_pooling2d/valid/wide": { (x: 4x4x21) < AveragePool2d(2) > }
        "average_pooling2d/valid/overlapping": { (x: 5x4x2) < AveragePool2d(3x2, strides = 1) > }
        "average_pooling2d/valid/skips": { (x: 5x6x2) < AveragePool2d(1, 2x3) > }
        "average_pooling2d/same": { (x: 4x3x2) < AveragePool2d(2x2, 1, same) > }
        "average_pooling2d/same/strides": { (x: 5x7x3) < AveragePooling2D(2x3, padding = same) > }
        "average_pooling2d/same/larger": { (x: 3x4x2) < AveragePool2d(5x5, strides = 2, padding = same) > }
    }
}

#[test]
fn whole() {
    check_listings! { "pool";
        "global_max_pooling1d": { (x: 7x3) < GlobalMaxPool1d > }
        "global_max_pooling1d/ties": { (x: 9x3) < GlobalMaxPooling1D > }
        "global_max_pooling2d": { (x: 3x5x9) < GlobalMaxPool2d > }
        "global_max_pooling2d/keepdims": { (x: 3x2x4) < GlobalMaxPool2d(keepdims = true) > }
        "global_average_pooling1d": { (x: 7x3) < GlobalAveragePool1d > }
        "global_average_pooling1d/keepdims": { (x: 5x2) < GlobalAveragePooling1D(true) > }
        "global_average_pooling2d": { (x: 3x5x9) < GlobalAveragePool2d > }
    }
}

#[test]
fn zeros_around() {
    check_listings! { "pool";
        "zero_padding1d": { (x: 3x2) < ZeroPadding1d((2, 1)) > }
        "zero_padding2d": { (x: 3x2x2) < ZeroPadding2d > }
        "zero_padding2d/axes": { (x: 2x3x1) < ZeroPadding2d(2x0) > }
        "zero_padding2d/sides": { (x: 2x3x3) < ZeroPadding2d(((0, 2), (1, 3))) > }
    }
}

/// Sizes from constants, so that Rust's compiler computes those of windows.
#[test]
fn sizes_from_constants() {
    const H: usize = 5;
    const TWO: usize = 2;
    check_listings! { "pool";
        "max_pooling2d/valid": { (x: (H, 6, 6)) < MaxPool2d(TWO) > }
        "average_pooling2d/same/strides": { (x: (H, 7, 3)) < AveragePool2d((TWO, 3), padding = same) > }
        "zero_padding2d/axes": { (x: 2x3x1) < ZeroPadding2d((TWO, 0)) > }
    }
}
