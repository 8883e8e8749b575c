//! Merges, and layers that only move values, against Keras: outputs and the gradients of every input.

use graven_tests::check_listings;

#[test]
fn elementwise() {
    check_listings! { "merges";
        "add/3/1": { (a: 1, b: 1, c: 1) < Add(a, b, c) > }
        "add/3/7": { (a: 7, b: 7, c: 7) < Add(a, b, c) > }
        "add/2/3x2": { (a: 3x2, b: 3x2) < Add(a, b) > }
        "add/twice": { (a: 5) < Add(a, a) > }
        "multiply/3/1": { (a: 1, b: 1, c: 1) < Multiply(a, b, c) > }
        "multiply/3/7": { (a: 7, b: 7, c: 7) < Multiply(a, b, c) > }
        "multiply/2/3x2": { (a: 3x2, b: 3x2) < Multiply(a, b) > }
        "multiply/twice": { (a: 5) < Multiply(a, a) > }
        "average/3/1": { (a: 1, b: 1, c: 1) < Average(a, b, c) > }
        "average/3/7": { (a: 7, b: 7, c: 7) < Average(a, b, c) > }
        "average/2/3x2": { (a: 3x2, b: 3x2) < Average(a, b) > }
        "average/twice": { (a: 5) < Average(a, a) > }
        "subtract/2/7": { (a: 7, b: 7) < Subtract(a, b) > }
        "subtract/2/3x2": { (a: 3x2, b: 3x2) < Subtract(a, b) > }
    }
}

#[test]
fn extremes() {
    check_listings! { "merges";
        "maximum/3/1": { (a: 1, b: 1, c: 1) < Maximum(a, b, c) > }
        "maximum/3/7": { (a: 7, b: 7, c: 7) < Maximum(a, b, c) > }
        "maximum/2/3x2": { (a: 3x2, b: 3x2) < Maximum(a, b) > }
        "maximum/twice": { (a: 5) < Maximum(a, a) > }
        "minimum/3/1": { (a: 1, b: 1, c: 1) < Minimum(a, b, c) > }
        "minimum/3/7": { (a: 7, b: 7, c: 7) < Minimum(a, b, c) > }
        "minimum/2/3x2": { (a: 3x2, b: 3x2) < Minimum(a, b) > }
        "minimum/twice": { (a: 5) < Minimum(a, a) > }
    }
}

#[test]
fn concatenate() {
    check_listings! { "merges";
        "concatenate/vectors": { (a: 3, b: 1, c: 7) < Concat(a, b, c) > }
        "concatenate/last": { (a: 4x2, b: 4x3) < Concat(a, b) > }
        "concatenate/1": { (a: 2x3, b: 4x3) < Concat(a, b, axis = 1) > }
        "concatenate/2": { (a: 2x3x2, b: 2x1x2) < Concat(a, b, axis = 2) > }
    }
}

#[test]
fn dot() {
    check_listings! { "merges";
        "dot/1": { (a: 5, b: 5) < Dot(a, b, axes = 1) > }
        "dot/2,1": { (a: 3x4, b: 4x2) < Dot(a, b, axes = (2, 1)) > }
        "dot/2,2": { (a: 3x4, b: 2x4) < Dot(a, b, axes = 2) > }
        "dot/1,1": { (a: 4x3, b: 4x5) < Dot(a, b, axes = 1) > }
        "dot/2,1 vector": { (a: 3x4, b: 4) < Dot(a, b, axes = (2, 1)) > }
        "dot/1/normalize": { (a: 5, b: 5) < Dot(a, b, axes = 1, normalize = true) > }
        "dot/2,1/normalize": { (a: 3x4, b: 4x2) < Dot(a, b, axes = (2, 1), normalize = true) > }
        "dot/2,2/normalize": { (a: 3x4, b: 2x4) < Dot(a, b, axes = 2, normalize = true) > }
        "dot/1,1/normalize": { (a: 4x3, b: 4x5) < Dot(a, b, axes = 1, normalize = true) > }
        "dot/2,1 vector/normalize": { (a: 3x4, b: 4) < Dot(a, b, axes = (2, 1), normalize = true) > }
    }
}

#[test]
fn places() {
    check_listings! { "merges";
        "permute/2,1": { (x: 3x5) < Permute((2, 1)) > }
        "permute/3,1,2": { (x: 2x3x5) < Permute((3, 1, 2)) > }
        "repeat_vector/3": { (x: 5) < RepeatVector(3) > }
        "reshape/-1,2": { (x: 3x4) < Reshape((_, 2)) > }
        "flatten": { (x: 2x3x2) < Flatten > }
    }
}
