//! Losses against Keras: values and gradients, at saturated points too.

use graven::activations::{Activation, Linear, Sigmoid, Softmax};
use graven::losses::{Class, Loss, MeanAbsoluteError};
use graven::prelude::*;
use graven::simd::Baseline;
use graven::{Scalar, Tensor};
use graven_tests::close::{assert_close, assert_close_in_scale};
use graven_tests::goldens::{Case, Golden};

/// The fewest cases that a family has: with fewer, the loop over them would check too little.
const CASES: usize = 3;

/// How near a number has to be: a logarithm of single precision's own probability loses what its rounding costs.
fn tolerance<S: Scalar>() -> f64 {
    if size_of::<S>() == 8 { 1e-13 } else { 1e-5 }
}

/// Compares the loss of each sample, their mean, and the mean's gradient. What the case predicts goes through the head: its
/// logits, or with `Linear` its outputs too.
#[track_caller]
fn check<S: Scalar, const K: usize, C: Loss<[S; K], H>, H: Activation>(
    case: Case<'_>,
    loss: &C,
    targets: &[C::Target],
) {
    let predictions = case.scalars::<S>("prediction");
    let predictions = predictions.as_chunks::<K>().0;
    assert_eq!(predictions.len(), targets.len(), "{}", case.name());
    let samples = S::from_f64(targets.len() as f64);
    let (mut each, mut gradients) = (Vec::new(), Vec::new());
    for (prediction, target) in predictions.iter().zip(targets) {
        let (mut output, mut gradient) = (*prediction, [S::from_f64(f64::NAN); K]);
        H::forward(Baseline, K, &mut output);
        each.push(loss.evaluate(Baseline, prediction, &output, target, Some(&mut gradient)));
        gradients.push(gradient.map(|g| g / samples));
    }
    let mut mean = S::ZERO;
    for &value in &each {
        mean += value / samples;
    }
    let what = |tensor: &str| format!("{} {tensor}", case.name());
    assert_close(&each, case.values("each"), tolerance::<S>(), &what("each"));
    assert_close(&[mean], case.values("value"), tolerance::<S>(), &what("value"));
    let gradients = Tensor::flat(&gradients);
    assert_close_in_scale(gradients, case.values("gradient"), tolerance::<S>(), &what("gradient"));
}

/// Runs `check` on all cases of a family below `prefix`, at the widths that they have.
macro_rules! check_all {
    ($golden:ident, $scalar:ty, $prefix:expr, $head:ty, $loss:expr, [$($width:literal)+], $targets:ident) => {{
        let mut checked = 0;
        for case in $golden.cases($prefix) {
            match case.array("prediction").shape[1] {
                $($width => check::<$scalar, $width, _, $head>(case, &$loss(case), &$targets(case)),)+
                width => panic!("{}: no check at width {width}", case.name()),
            }
            checked += 1;
        }
        assert!(checked >= CASES, "only {checked} cases below {}", $prefix);
    }};
}

fn arrays<S: Scalar, const K: usize>(case: Case<'_>) -> Vec<[S; K]> {
    case.scalars::<S>("target").as_chunks().0.to_vec()
}

fn classes(case: Case<'_>) -> Vec<Class> {
    case.indices("target").into_iter().map(Class).collect()
}

/// Runs a test's body at both scalars.
macro_rules! at_both_scalars {
    (|$golden:ident, $scalar:ident| $body:block) => {{
        {
            type $scalar = f32;
            let $golden = Golden::load("losses");
            $body
        }
        {
            type $scalar = f64;
            let $golden = Golden::load("losses.f64");
            $body
        }
    }};
}

#[test]
fn distances() {
    at_both_scalars!(|golden, S| {
        check_all!(golden, S, "mse", Linear, |_| MeanSquaredError, [1 2 3 7], arrays);
        check_all!(golden, S, "mae", Linear, |_| MeanAbsoluteError, [1 2 3 7], arrays);
    });
}

#[test]
fn binary_crossentropies() {
    at_both_scalars!(|golden, S| {
        let smoothing = |case: Case<'_>| case.number("label_smoothing");
        let on_head = |case| BinaryCrossentropy::default().label_smoothing(smoothing(case));
        let logits = |case| BinaryCrossentropy::from_logits().label_smoothing(smoothing(case));
        let probabilities = |case| BinaryCrossentropy::from_probabilities().label_smoothing(smoothing(case));
        check_all!(golden, S, "binary_crossentropy/logits", Linear, logits, [1 4], arrays);
        check_all!(golden, S, "binary_crossentropy/logits", Sigmoid, on_head, [1 4], arrays);
        check_all!(golden, S, "binary_crossentropy/probabilities", Linear, probabilities, [1 4], arrays);
    });
}

#[test]
fn categorical_crossentropies() {
    at_both_scalars!(|golden, S| {
        let smoothing = |case: Case<'_>| case.number("label_smoothing");
        let on_head = |case| CategoricalCrossentropy::default().label_smoothing(smoothing(case));
        let logits = |case| CategoricalCrossentropy::from_logits().label_smoothing(smoothing(case));
        let probabilities =
            |case| CategoricalCrossentropy::from_probabilities().label_smoothing(smoothing(case));
        let name = |kind| format!("categorical_crossentropy/{kind}");
        check_all!(golden, S, &name("logits"), Linear, logits, [2 3 10], arrays);
        check_all!(golden, S, &name("logits"), Softmax, on_head, [2 3 10], arrays);
        check_all!(golden, S, &name("probabilities"), Linear, probabilities, [2 3 10], arrays);
    });
}

#[test]
fn sparse_categorical_crossentropies() {
    at_both_scalars!(|golden, S| {
        type Sparse = SparseCategoricalCrossentropy;
        let name = |kind| format!("sparse_categorical_crossentropy/{kind}");
        check_all!(golden, S, &name("logits"), Linear, |_| Sparse::from_logits(), [2 3 10], classes);
        check_all!(golden, S, &name("logits"), Softmax, |_| Sparse::default(), [2 3 10], classes);
        check_all!(golden, S, &name("probabilities"), Linear, |_| Sparse::from_probabilities(), [2 3 10], classes);
    });
}
