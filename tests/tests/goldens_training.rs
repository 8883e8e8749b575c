//! `fit`, `evaluate` and `predict` against Keras: logs of every epoch and the parameters at the end, from given parameters, on
//! batches of which the last is smaller, with a validation split.
//!
//! In double precision everything has to agree; in single precision what the contract states: the parameters. (Adam divides
//! by the size of a gradient, so the rounding of a small one grows from step to step: losses differ by 1e-5 after 10 steps.)

use graven::data::Dataset;
use graven::losses::{Loss, Target, Weighted};
use graven::metrics::{Accuracy, MeanAbsoluteError, Metric, PerOutput};
use graven::optimizers::Optimizer;
use graven::prelude::*;
use graven::{Scalar, Tensor};
use graven_tests::close::{assert_close, assert_close_in_scale};
use graven_tests::goldens::{Case, Golden};
use graven_tests::models::{for_each_tensor, parameters};

/// The models of all cases at one scalar.
macro_rules! models {
    ($precision:ident $scalar:ident) => {
        mod $precision {
            use graven::model;
            model! { #[scalar($scalar)] pub(crate) Two < Dense(6 -> 9, tanh), Dense(2) > }
            model! { #[scalar($scalar)] pub(crate) Logits < Dense(6 -> 9, tanh), Dense(4) > }
            model! { #[scalar($scalar)] pub(crate) Probabilities < Dense(6 -> 9, tanh), Dense(4, softmax) > }
            model! { #[scalar($scalar)] pub(crate) BinaryLogit < Dense(6 -> 9, tanh), Dense(1) > }
            model! { #[scalar($scalar)] pub(crate) Binary < Dense(6 -> 9, tanh), Dense(1, sigmoid) > }
            model! { #[scalar($scalar)] pub(crate) OneHot < Dense(6 -> 9, tanh), Dense(3) > }
            model! { #[scalar($scalar)] pub(crate) Shared(user: 4, item: 4) -> (score, topic) <
                tower: Dense(5, tanh),
                u = tower(user),
                v = tower(item),
                both = Concat(u, v),
                score = Dense(1, sigmoid)(both),
                topic = Dense(3, softmax)(both),
            > }
            model! { #[scalar($scalar)] pub(crate) Frozen(user: 4, item: 4) -> (score, topic) <
                #[frozen] tower: Dense(5, tanh),
                u = tower(user),
                v = tower(item),
                both = Concat(u, v),
                score = Dense(1, sigmoid)(both),
                topic = Dense(3, softmax)(both),
            > }
        }
    };
}
models!(single f32);
models!(double f64);

/// Runs a test's body at both scalars: `scalar`, `models` and `golden` mean the one or the other.
macro_rules! at_both_scalars {
    (|$golden:ident, $scalar:ident, $models:ident| $body:block) => {{
        {
            use single as $models;
            type $scalar = f32;
            let $golden = Golden::load("training");
            $body
        }
        {
            use double as $models;
            type $scalar = f64;
            let $golden = Golden::load("training.f64");
            $body
        }
    }};
}

/// Trains as the case says; `metric` is what Keras calls the metric.
fn check<M, S, O, C, Q, T>(case: Case<'_>, optimizer: O, loss: C, metric: (&str, Q), targets: Vec<T>)
where
    S: Scalar,
    M: Model<Scalar = S, Input = [S; 6], Sample = [S; 6]>,
    O: Optimizer,
    C: Loss<M::Output, M::Head>,
    Q: Metric<M::Output, T>,
    T: Target<C::Target> + Clone,
{
    let double = size_of::<S>() == 8;
    let tolerance = if double { 1e-11 } else { 1e-5 };
    let inputs = case.scalars::<S>("x").as_chunks().0.to_vec();
    let data = Dataset::new(inputs, targets).unwrap();
    let mut trainer = parameters::<M>(case, "start").compile(optimizer, loss, metric.1);
    let options = Fit {
        epochs: case.number("epochs") as usize,
        batch_size: case.number("batch_size") as usize,
        validation_split: case.number("validation_split"),
        shuffle: false,
        verbose: Verbose::Silent,
        ..Fit::default()
    };
    let history = trainer.fit(&data, options).unwrap();
    assert_eq!(history.names().count(), case.below("history").len(), "{}", case.name());
    for_each_tensor(trainer.model(), case, "end", |what, actual, expected| {
        assert_close_in_scale(actual, expected, tolerance, what);
    });
    let outputs = trainer.predict(data.inputs());
    assert_close_in_scale(Tensor::flat(&outputs), case.values("predict"), 3.0 * tolerance, case.name());
    if !double {
        return;
    }
    for name in history.names() {
        let (prefix, plain) = name.strip_prefix("val_").map_or(("", name), |plain| ("val_", plain));
        let keras = format!("history/{prefix}{}", if plain == "loss" { plain } else { metric.0 });
        let what = format!("{} {name}", case.name());
        assert_close(history.get(name).unwrap(), case.values(&keras), tolerance, &what);
    }
    for (name, value) in trainer.evaluate(&data).unwrap().iter() {
        let keras = format!("evaluate/{}", if name == "loss" { name } else { metric.0 });
        assert_close(&[value], case.values(&keras), tolerance, &format!("{} {keras}", case.name()));
    }
}

#[test]
fn mean_squared_error() {
    at_both_scalars!(|golden, S, models| {
        let targets = |case: Case<'_>| case.scalars::<S>("target").as_chunks::<2>().0.to_vec();
        let metric = || ("mae", MeanAbsoluteError::default());
        for name in ["mse/sgd", "mse/whole"] {
            let case = golden.case(name);
            let sgd = Sgd::new(case.number("learning_rate"));
            check::<models::Two, S, _, _, _, _>(case, sgd, MeanSquaredError, metric(), targets(case));
        }
        let case = golden.case("mse/adam");
        let adam = Adam::new(case.number("learning_rate"));
        check::<models::Two, S, _, _, _, _>(case, adam, MeanSquaredError, metric(), targets(case));
    });
}

#[test]
fn sparse_categorical_crossentropy() {
    at_both_scalars!(|golden, S, models| {
        let metric = || ("accuracy", Accuracy::default());
        let (case, adam) = (golden.case("sparse/logits"), Adam::new(0.02));
        let loss = SparseCategoricalCrossentropy::from_logits();
        check::<models::Logits, S, _, _, _, _>(case, adam, loss, metric(), case.indices("target"));
        let case = golden.case("sparse/softmax");
        let loss = SparseCategoricalCrossentropy::default();
        check::<models::Probabilities, S, _, _, _, _>(case, adam, loss, metric(), case.indices("target"));
        let loss = SparseCategoricalCrossentropy::from_probabilities();
        check::<models::Probabilities, S, _, _, _, _>(case, adam, loss, metric(), case.indices("target"));
    });
}

#[test]
fn binary_crossentropy() {
    at_both_scalars!(|golden, S, models| {
        let sgd = || Sgd::new(0.2).momentum(0.9);
        let targets = |case: Case<'_>| case.scalars::<S>("target").as_chunks::<1>().0.to_vec();
        let metric = |threshold| ("accuracy", graven::metrics::BinaryAccuracy::new(threshold));
        let case = golden.case("binary/logits");
        let loss = BinaryCrossentropy::from_logits();
        check::<models::BinaryLogit, S, _, _, _, _>(case, sgd(), loss, metric(0.0), targets(case));
        let case = golden.case("binary/sigmoid");
        let loss = BinaryCrossentropy::default();
        check::<models::Binary, S, _, _, _, _>(case, sgd(), loss, metric(0.5), targets(case));
        let loss = BinaryCrossentropy::from_probabilities();
        check::<models::Binary, S, _, _, _, _>(case, sgd(), loss, metric(0.5), targets(case));
    });
}

#[test]
fn categorical_crossentropy() {
    at_both_scalars!(|golden, S, models| {
        let case = golden.case("categorical/logits");
        let sgd = Sgd::new(0.1).momentum(0.9).nesterov(true);
        let loss = CategoricalCrossentropy::from_logits().label_smoothing(0.1);
        let targets = case.scalars::<S>("target").as_chunks::<3>().0.to_vec();
        check::<models::OneHot, S, _, _, _, _>(case, sgd, loss, ("accuracy", Accuracy::default()), targets);
    });
}

/// Trains a ranker as the case says, in both precisions; logs have the same names as in Keras.
macro_rules! check_graph {
    ($golden:ident, $scalar:ty, $model:ty, $case:literal) => {{
        let case = $golden.case($case);
        let tolerance = if size_of::<$scalar>() == 8 { 1e-11 } else { 1e-5 };
        let split = |x: &[$scalar; 8]| ([x[0], x[1], x[2], x[3]], [x[4], x[5], x[6], x[7]]);
        let inputs: Vec<_> = case.scalars("x").as_chunks().0.iter().map(split).collect();
        let scores = case.scalars::<$scalar>("target/score").into_iter().map(|score| [score]);
        let targets: Vec<_> = scores.zip(case.indices("target/topic")).collect();
        let data = Dataset::new(inputs, targets).unwrap();
        let topic = Weighted::new(SparseCategoricalCrossentropy::default(), 0.25);
        let metrics = PerOutput(((Accuracy::default(),), (Accuracy::default(),)));
        let losses = (BinaryCrossentropy::default(), topic);
        let mut trainer = parameters::<$model>(case, "start").compile(Adam::new(0.02), losses, metrics);
        let options = Fit {
            epochs: case.number("epochs") as usize,
            batch_size: case.number("batch_size") as usize,
            validation_split: case.number("validation_split"),
            shuffle: false,
            verbose: Verbose::Silent,
            ..Fit::default()
        };
        let history = trainer.fit(&data, options).unwrap();
        for_each_tensor(trainer.model(), case, "end", |what, actual, expected| {
            assert_close_in_scale(actual, expected, tolerance, what);
        });
        let outputs = trainer.predict(data.inputs());
        let scores: Vec<_> = outputs.iter().flat_map(|output| output.score).collect();
        let topics: Vec<_> = outputs.iter().flat_map(|output| output.topic).collect();
        assert_close_in_scale(&scores, case.values("predict/score"), 3.0 * tolerance, "scores");
        assert_close_in_scale(&topics, case.values("predict/topic"), 3.0 * tolerance, "topics");
        let logs = 10.0 * tolerance;
        assert_eq!(history.names().count(), case.below("history").len());
        for name in history.names() {
            assert_close(history.get(name).unwrap(), case.values(&format!("history/{name}")), logs, name);
        }
        for (name, value) in trainer.evaluate(&data).unwrap().iter() {
            assert_close(&[value], case.values(&format!("evaluate/{name}")), logs, name);
        }
    }};
}

#[test]
fn graphs() {
    at_both_scalars!(|golden, S, models| {
        check_graph!(golden, S, models::Shared, "graph/shared");
        check_graph!(golden, S, models::Frozen, "graph/frozen");
    });
}
