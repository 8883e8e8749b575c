//! `BatchNorm` against Keras: outputs, gradients and moving values, in training and at inference; and `fit`, `evaluate` and
//! `predict` of nets where it stands in a chain, shared, frozen and nested.

use graven::data::Dataset;
use graven::layers::{BatchNorm, NoBias};
use graven::metrics::MeanAbsoluteError;
use graven::prelude::*;
use graven::random::Context;
use graven::simd::{Baseline, Level, Task, dispatch};
use graven::{Backward, Folded, Scalar, Seen, Tensor};
use graven_tests::close::{assert_close, assert_close_in_scale};
use graven_tests::goldens::{Case, Golden};
use graven_tests::models::{for_each_tensor, parameters};
use nalgebra::SVector;

/// The tensors of a layer that the case has below `prefix`.
fn compare<P: Parameters>(layer: &P, case: Case<'_>, prefix: &str, tolerance: f64) {
    let mut found = 0;
    P::describe(&graven::Path::ROOT, 0, &mut |path, shape, offset| {
        let name = format!("{prefix}{path}");
        if case.has(&name) {
            let values = &layer.as_slice()[offset..offset + shape.count()];
            assert_close_in_scale(values, case.values(&name), tolerance, &format!("{} {name}", case.name()));
            found += 1;
        }
    });
    let wanted =
        if prefix == "end/" { 2 } else { usize::from(case.flag("scale")) + usize::from(case.flag("center")) };
    assert_eq!(found, wanted, "{} {prefix}", case.name());
}

/// Training and inference of one layer on a case; the latter is also what a frozen layer does in training.
struct Check<'a, X> {
    case: Case<'a>,
    tolerance: f64,
    layer: Box<X>,
}

impl<X: Layer> Task for Check<'_, X> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Self { case, tolerance, mut layer } = self;
        let (x, dy) = (case.scalars("x"), case.scalars("dy"));
        let (inputs, dy) = (X::Input::batch(&x), X::Output::batch(&dy));
        let close = |actual: &[X::Scalar], tensor: &str| {
            let what = format!("{} {tensor} at {}", case.name(), L::NAME);
            assert_close_in_scale(actual, case.values(tensor), tolerance, &what);
        };
        let mut y = vec![X::Output::ZEROS; inputs.len()];
        layer.forward(level, inputs, &mut y, &mut []);
        close(Tensor::flat(&y), "inference/y");
        let context = Context::new(0, 0);
        for (mode, context) in [("inference", context.frozen()), ("training", context)] {
            let mut tape = vec![X::Scalar::ZERO; inputs.len() * X::TAPE];
            let mut dx = vec![X::Input::ZEROS; inputs.len()];
            let mut gradient = X::zeroed_box();
            layer.train(level, inputs, &mut y, &mut tape, context);
            let (input_gradients, tape) = (Some(&mut *dx), &mut *tape);
            let step = Backward { inputs, output_gradients: dy, input_gradients, tape, context };
            layer.backward(level, step, &mut gradient);
            close(Tensor::flat(&y), &format!("{mode}/y"));
            close(Tensor::flat(&dx), &format!("{mode}/dx"));
            if context.is_frozen() {
                assert!(gradient.as_slice().iter().all(|g| *g == X::Scalar::ZERO));
            } else {
                compare(&*gradient, case, "training/d_", tolerance);
                layer.settle(&gradient, Seen { samples: inputs.len(), calls: 1 });
            }
        }
        compare(&*layer, case, "end/", tolerance);
    }
}

fn check<X: Layer>(case: Case<'_>) {
    let tolerance = if size_of::<X::Scalar>() == 8 { 1e-12 } else { 5e-6 };
    let layer = || parameters::<X>(case, "start");
    Check { case, tolerance, layer: layer() }.run(Baseline);
    dispatch(Check { case, tolerance, layer: layer() });
}

const EPSILON: u64 = 1e-3f64.to_bits();
const COARSE: u64 = 1e-2f64.to_bits();
const MOMENTUM: u64 = 0.99f64.to_bits();
const FAST: u64 = 0.9f64.to_bits();

macro_rules! check_layers {
    ($golden:expr, $scalar:ty) => {{
        type Vector<const C: usize> = SVector<$scalar, C>;
        let golden = $golden;
        let case = |name: &'static str| golden.case(name);
        check::<BatchNorm<$scalar, 1, 1, EPSILON, MOMENTUM>>(case("1"));
        check::<BatchNorm<$scalar, 1, 7, EPSILON, MOMENTUM>>(case("7"));
        check::<BatchNorm<$scalar, 5, 3, EPSILON, MOMENTUM>>(case("5x3"));
        check::<BatchNorm<$scalar, 12, 6, EPSILON, MOMENTUM>>(case("4x3x6"));
        check::<BatchNorm<$scalar, 15, 17, EPSILON, MOMENTUM>>(case("3x5x17"));
        check::<BatchNorm<$scalar, 1, 7, EPSILON, FAST, NoBias>>(case("7/scale"));
        check::<BatchNorm<$scalar, 12, 6, EPSILON, FAST, NoBias>>(case("4x3x6/scale"));
        check::<BatchNorm<$scalar, 1, 7, COARSE, MOMENTUM, Vector<7>, NoBias>>(case("7/center"));
        check::<BatchNorm<$scalar, 12, 6, COARSE, MOMENTUM, Vector<6>, NoBias>>(case("4x3x6/center"));
        check::<BatchNorm<$scalar, 1, 7, EPSILON, MOMENTUM, NoBias, NoBias>>(case("7/center/scale"));
        check::<BatchNorm<$scalar, 12, 6, EPSILON, MOMENTUM, NoBias, NoBias>>(case("4x3x6/center/scale"));
    }};
}

#[test]
fn layers() {
    check_layers!(Golden::load("batch_norm"), f32);
    check_layers!(Golden::load("batch_norm.f64"), f64);
}

/// The nets of all cases at one scalar.
macro_rules! models {
    ($precision:ident $scalar:ident) => {
        mod $precision {
            use graven::model;
            model! { #[scalar($scalar)] pub(crate) Chain < Dense(6 -> 9), BatchNorm(0.9), Tanh, Dense(2) > }
            model! { #[scalar($scalar)] pub(crate) Frozen <
                first = BatchNorm(0.7),
                Dense(6 -> 7, tanh),
                #[frozen] second = BatchNorm(momentum = 0.7),
                Dense(2),
            > }
            model! { #[scalar($scalar)] pub(crate) Shared(x: 6) <
                norm: BatchNorm(0.6),
                a = norm(x),
                dense = Dense(6, tanh),
                b = norm(dense),
                dense_1 = Dense(2),
            > }
            model! { #[scalar($scalar)] pub(crate) Block(x: 6) <
                Residual< Dense(6, use_bias = false), BatchNorm(0.8), Relu >,
            > }
            model! { #[scalar($scalar)] pub(crate) Nested(x: 6) <
                block: Block,
                a = block(x),
                b = block(a),
                #[frozen] still = Block,
                dense_1 = Dense(2),
            > }
            model! { #[scalar($scalar)] pub(crate) Rows(x: 6) <
                Reshape(3x2),
                Dense(5),
                BatchNorm(0.9, center = false),
                Flatten,
                Dense(2),
            > }
        }
    };
}
models!(single f32);
models!(double f64);

/// Trains as the case says, and compares all parameters, the moving values too, the logs and the outputs; those of the folded
/// net too.
fn fit<M, S: Scalar>(golden: &Golden, case: &str)
where
    M: Model<Scalar = S, Sample = [S; 6], Output = [S; 2]>,
{
    let case = golden.case(case);
    let double = size_of::<S>() == 8;
    let tolerance = if double { 1e-11 } else { 1e-5 };
    let inputs = case.scalars::<S>("x").as_chunks().0.to_vec();
    let data = Dataset::new(inputs, case.scalars::<S>("target").as_chunks::<2>().0.to_vec()).unwrap();
    let optimizer = Sgd::new(case.number("learning_rate")).momentum(case.number("momentum"));
    let mut trainer =
        parameters::<M>(case, "start").compile(optimizer, MeanSquaredError, MeanAbsoluteError::default());
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
    assert_close_in_scale(Tensor::flat(&outputs), case.values("predict"), 3.0 * tolerance, case.name());
    let mut folded = M::zeroed_box();
    folded.as_mut_slice().copy_from_slice(trainer.model().as_slice());
    let mut outputs = vec![[S::ZERO; 2]; outputs.len()];
    Folded::boxed(folded).predict_batch(data.inputs(), &mut outputs).unwrap();
    assert_close_in_scale(Tensor::flat(&outputs), case.values("predict"), 3.0 * tolerance, "folded");
    let name = |name: &str| name.replace("mean_absolute_error", "mae");
    for log in history.names() {
        let what = format!("{} {log}", case.name());
        let expected = case.values(&format!("history/{}", name(log)));
        assert_close(history.get(log).unwrap(), expected, 3.0 * tolerance, &what);
    }
    for (log, value) in trainer.evaluate(&data).unwrap().iter() {
        assert_close(&[value], case.values(&format!("evaluate/{}", name(log))), 3.0 * tolerance, log);
    }
}

#[test]
fn nets() {
    let golden = Golden::load("batch_norm");
    fit::<single::Chain, f32>(&golden, "fit/chain");
    fit::<single::Frozen, f32>(&golden, "fit/frozen");
    fit::<single::Shared, f32>(&golden, "fit/shared");
    fit::<single::Nested, f32>(&golden, "fit/nested");
    fit::<single::Rows, f32>(&golden, "fit/rows");
}

#[test]
fn nets_in_double_precision() {
    let golden = Golden::load("batch_norm.f64");
    fit::<double::Chain, f64>(&golden, "fit/chain");
    fit::<double::Frozen, f64>(&golden, "fit/frozen");
    fit::<double::Shared, f64>(&golden, "fit/shared");
    fit::<double::Nested, f64>(&golden, "fit/nested");
    fit::<double::Rows, f64>(&golden, "fit/rows");
}
