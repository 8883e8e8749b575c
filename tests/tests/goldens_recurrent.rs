//! The recurrent layers against Keras: outputs and all gradients, in both orders, with and without sequences; and a training run.

use graven::data::Dataset;
use graven::prelude::*;
use graven_tests::check_listings;
use graven_tests::close::assert_close_in_scale;
use graven_tests::goldens::Golden;
use graven_tests::models::{for_each_tensor, parameters};

#[test]
fn simple() {
    check_listings! { "recurrent";
        "simple_rnn/last/1x1x1": { (x: 1x1) < SimpleRnn(1) > }
        "simple_rnn/last/5x3x7": { (x: 5x3) < SimpleRnn(3 -> 7) > }
        "simple_rnn/sequence/4x2x5": { (x: 4x2) < SimpleRnn(5, return_sequences = true) > }
        "simple_rnn/sequence/7x1x16": { (x: 7x1) < SimpleRNN(16, return_sequences = true) > }
        "simple_rnn/no_bias/3x2x3": { (x: 3x2) < SimpleRnn(3, use_bias = false) > }
        "simple_rnn/backwards/4x3x2": { (x: 4x3) < SimpleRnn(2, go_backwards = true) > }
        "simple_rnn/backwards_sequence/4x2x3": {
            (x: 4x2) < SimpleRnn(3, go_backwards = true, return_sequences = true) >
        }
        "simple_rnn/relu/5x2x3": { (x: 5x2) < SimpleRnn(3, relu) > }
    }
}

#[test]
fn long_short_term_memory() {
    check_listings! { "recurrent";
        "lstm/last/1x1x1": { (x: 1x1) < Lstm(1) > }
        "lstm/last/5x3x7": { (x: 5x3) < Lstm(3 -> 7) > }
        "lstm/sequence/4x2x5": { (x: 4x2) < Lstm(5, return_sequences = true) > }
        "lstm/sequence/7x1x16": { (x: 7x1) < LSTM(16, return_sequences = true) > }
        "lstm/no_bias/3x2x3": { (x: 3x2) < Lstm(3, use_bias = false) > }
        "lstm/backwards/4x3x2": { (x: 4x3) < Lstm(2, go_backwards = true) > }
        "lstm/backwards_sequence/4x2x3": { (x: 4x2) < Lstm(3, go_backwards = true, return_sequences = true) > }
        "lstm/relu/5x2x3": { (x: 5x2) < Lstm(3, relu) > }
        "lstm/functions/5x2x3": { (x: 5x2) < Lstm(3, softsign, hard_sigmoid) > }
    }
}

#[test]
fn gated_unit() {
    check_listings! { "recurrent";
        "gru/last/1x1x1": { (x: 1x1) < Gru(1) > }
        "gru/last/5x3x7": { (x: 5x3) < Gru(3 -> 7) > }
        "gru/sequence/4x2x5": { (x: 4x2) < Gru(5, return_sequences = true) > }
        "gru/sequence/7x1x16": { (x: 7x1) < GRU(16, return_sequences = true) > }
        "gru/no_bias/3x2x3": { (x: 3x2) < Gru(3, use_bias = false) > }
        "gru/backwards/4x3x2": { (x: 4x3) < Gru(2, go_backwards = true) > }
        "gru/backwards_sequence/4x2x3": { (x: 4x2) < Gru(3, go_backwards = true, return_sequences = true) > }
        "gru/relu/5x2x3": { (x: 5x2) < Gru(3, relu) > }
        "gru/functions/5x2x3": { (x: 5x2) < Gru(3, softsign, hard_sigmoid) > }
    }
}

#[test]
fn gated_unit_that_resets_before() {
    check_listings! { "recurrent";
        "gru_reset_before/last/1x1x1": { (x: 1x1) < Gru(1, reset_after = false) > }
        "gru_reset_before/last/5x3x7": { (x: 5x3) < Gru(3 -> 7, reset_after = false) > }
        "gru_reset_before/sequence/4x2x5": {
            (x: 4x2) < Gru(5, return_sequences = true, reset_after = false) >
        }
        "gru_reset_before/sequence/7x1x16": {
            (x: 7x1) < Gru(16, return_sequences = true, reset_after = false) >
        }
        "gru_reset_before/no_bias/3x2x3": { (x: 3x2) < Gru(3, use_bias = false, reset_after = false) > }
        "gru_reset_before/backwards/4x3x2": { (x: 4x3) < Gru(2, go_backwards = true, reset_after = false) > }
        "gru_reset_before/backwards_sequence/4x2x3": {
            (x: 4x2) < Gru(3, go_backwards = true, return_sequences = true, reset_after = false) >
        }
        "gru_reset_before/relu/5x2x3": { (x: 5x2) < Gru(3, relu, reset_after = false) > }
        "gru_reset_before/functions/5x2x3": {
            (x: 5x2) < Gru(3, softsign, hard_sigmoid, reset_after = false) >
        }
    }
}

macro_rules! check_training {
    ($golden:literal, $case:literal, $scalar:ident, $tolerance:literal, $layer:ident) => {{
        model! {
            #[scalar($scalar)]
            Echo(x: 6x2) <
                first = $layer(5, return_sequences = true),
                second = SimpleRnn(4),
                Dense(1),
            >
        }
        let golden = Golden::load($golden);
        let case = golden.case($case);
        let inputs: Vec<[[$scalar; 2]; 6]> = graven::Tensor::batch(&case.scalars("x")).to_vec();
        let targets = case.scalars("target").as_chunks::<1>().0.to_vec();
        let data = Dataset::new(inputs, targets).unwrap();
        let mut trainer = parameters::<Echo>(case, "start").compile(Adam::new(0.02), MeanSquaredError, ());
        let options =
            Fit { epochs: 4, batch_size: 8, shuffle: false, verbose: Verbose::Silent, ..Fit::default() };
        let history = trainer.fit(&data, options).unwrap();
        for_each_tensor(trainer.model(), case, "end", |what, actual, expected| {
            assert_close_in_scale(actual, expected, $tolerance, what);
        });
        assert_close_in_scale(history.get("loss").unwrap(), case.values("loss"), $tolerance, "loss");
        let outputs = trainer.predict(data.inputs());
        assert_close_in_scale(outputs.as_flattened(), case.values("predict"), 3.0 * $tolerance, "outputs");
    }};
}

#[test]
fn training() {
    check_training!("recurrent", "training/lstm", f32, 1e-5, Lstm);
    check_training!("recurrent", "training/gru", f32, 1e-5, Gru);
    check_training!("recurrent.f64", "training/lstm", f64, 1e-11, Lstm);
    check_training!("recurrent.f64", "training/gru", f64, 1e-11, Gru);
}
