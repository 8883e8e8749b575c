//! Writes some random listings as a test program of the runtime, with what the slow interpreter finds for them.

use std::fmt::Write;
use std::path::Path;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::listings::{INPUTS, Item, items, listing};
use super::numbers;
use super::slow::{slow_backward, slow_forward};

const LISTINGS: usize = 16;
const HEADER: &str = "\
//! Random listings as Rust compiles them, against a slow interpreter: values, gradients of the inputs, and of each layer's
//! parameters one projection. `UPDATE=1 cargo test -p graven-compiler compiled` writes this file.
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(clippy::approx_constant, clippy::excessive_precision, reason = \"the numbers are as they were printed\")]

use graven::model;
use graven_tests::random_graphs::check;
";

fn program(number: usize, items: &[Item]) -> String {
    let net = listing(items).replace("Net(", &format!("Net{number}("));
    let values = slow_forward(items, &numbers(INPUTS.iter().sum(), 0.4));
    let output = &values[values.len() - 1];
    let (gradients, inputs) = slow_backward(items, &values, &numbers(output.len(), 0.9));
    let mut text = format!("\nmodel! {{ {} }}\n\n", net.replace('\n', "\n    ").replace("    >", ">"));
    let mut line = |what: String| writeln!(text, "{what}").expect("a string takes everything");
    line(format!("#[test]\nfn net_{number}() {{"));
    line("    let layers = [".to_owned());
    for (layer, gradient) in gradients {
        let places = numbers(gradient.len(), 0.0);
        let projection: f64 = gradient.iter().zip(places).map(|(gradient, place)| gradient * place).sum();
        line(format!("        ({layer:?}, {projection:.12e}),"));
    }
    line("    ];".to_owned());
    line(format!("    check::<Net{number}>(&{output:.12?}, &{inputs:.12?}, &layers);\n}}"));
    text
}

#[test]
fn compiled_listings_are_up_to_date() {
    let mut runner = TestRunner::deterministic();
    let mut text = HEADER.to_owned();
    for number in 0..LISTINGS {
        let items = items(4 + number).new_tree(&mut runner).expect("a listing").current();
        text += &program(number, &items);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tests/random_graphs.rs");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the file is there");
    assert!(written == text, "run `UPDATE=1 cargo test -p graven-compiler compiled`");
}
