//! The memory of networks that people know, and of those in `examples/`, against what lives at one time: no packing is smaller.

use std::path::Path;

use super::super::Schedule;
use super::{packed, with_plan};

const LISTINGS: &[&str] = &[
    "Wide < Dense(784 -> 256, relu), Dense(128, relu), Dropout(0.5), Dense(64, relu), Dense(10, softmax) >",
    "Encoder < Dense(784 -> 128, relu), Dense(32, relu), Dense(128, relu), Dense(784, sigmoid) >",
    "Ranker(user: 32, item: 32) -> (score, topic) <
        tower: Dense(32 -> 16, relu),
        u = tower(user),
        v = tower(item),
        both = Concat(u, v),
        score = Dense(32 -> 1, sigmoid)(both),
        topic = Dense(32 -> 5, softmax)(both),
    >",
    "Branches(x: 24) <
        a = Dense(48, relu)(x),
        deep = Dense(32, tanh),
        b = Dense(16, gelu)(x),
        c = Dense(16, sigmoid)(deep),
        product = Multiply(b, c),
        Concat(a, deep, product, x),
        Dense(8, softmax),
    >",
    "Blocks(x: 64) < Residual< Dense(128, relu), Dense(64) >, Relu, Residual< Dense(128, gelu), Dense(64) >, Dense(10) >",
];

/// Of layers that not every version has.
const LENET: &str = "LeNet(image: 28x28x1) <
        Conv2d(6, 5x5, relu),
        MaxPool2d(2x2),
        Conv2d(6 -> 16, 5x5, relu),
        MaxPool2d(2x2),
        Flatten,
        Dense(256 -> 120, relu),
        Dense(_ -> 84, relu),
        Dense(10, softmax),
    >";

fn assert_near_the_bound(listing: &str) {
    with_plan(listing, |plan| {
        let check = |what: &str, schedule: &Schedule<'_>| {
            // Of a constant's size only Rust's compiler can tell.
            if schedule.regions.iter().any(|region| region.length.known().is_none()) {
                return;
            }
            let (size, bound, _) = packed(schedule);
            assert!(size as f64 <= 1.1 * bound as f64, "{what}: {size} scalars for {bound} in {listing}");
        };
        check("predict", &plan.infer);
        check("training", &plan.train);
    });
}

#[test]
fn known_networks_take_hardly_more_memory_than_what_lives_at_once() {
    LISTINGS.iter().for_each(|listing| assert_near_the_bound(listing));
    if !crate::expand("Net(x: 8x8x1) < Conv2d(1, 3x3) >".parse().expect("it lexes"))
        .to_string()
        .contains("compile_error")
    {
        assert_near_the_bound(LENET);
    }
}

/// What stands between the braces of each `model!` in a program.
fn listings(program: &str) -> Vec<String> {
    let behind = program.split("model! {").skip(1);
    behind.filter_map(|text| Some(text.split_once("\n}")?.0.to_owned())).collect()
}

#[test]
fn the_examples_take_hardly_more_memory_than_what_lives_at_once() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(examples).expect("there are examples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let program = std::fs::read_to_string(&path).expect("a text");
            listings(&program).iter().for_each(|listing| assert_near_the_bound(listing));
            seen += listings(&program).len();
        }
    }
    assert!(seen >= 2, "{seen} listings in examples");
}
