//! Metrics against Keras: the result after each of several updates, ties and thresholds included.

use graven::metrics::{
    BinaryAccuracy, CategoricalAccuracy, Mean, MeanAbsoluteError, MeanSquaredError, Metric,
    SparseCategoricalAccuracy,
};
use graven_tests::close::assert_close;
use graven_tests::goldens::{Case, Golden};

const TOLERANCE: f64 = 1e-6;

fn value<Y, T>(metric: &impl Metric<Y, T>) -> f64 {
    let mut result = f64::NAN;
    metric.report(&mut |_, value| result = value);
    result
}

/// Updates with the samples of each batch and compares the result after it.
fn check<const K: usize, T>(
    case: Case<'_>,
    mut metric: impl Metric<[f32; K], T>,
    targets: impl Fn(&str) -> Vec<T>,
) {
    let mut results = Vec::new();
    for batch in 0..case.number("updates") as usize {
        let predictions = case.scalars::<f32>(&format!("prediction{batch}"));
        let targets = targets(&format!("target{batch}"));
        assert_eq!(predictions.as_chunks::<K>().0.len(), targets.len(), "{}", case.name());
        for (prediction, target) in predictions.as_chunks().0.iter().zip(&targets) {
            metric.update(prediction, target);
        }
        results.push(value(&metric));
    }
    assert_close(&results, case.values("result"), TOLERANCE, case.name());
    metric.reset();
    assert_eq!(value(&metric), 0.0, "{}: after a reset", case.name());
}

fn arrays<const K: usize>(case: Case<'_>) -> impl Fn(&str) -> Vec<[f32; K]> {
    move |tensor| case.scalars::<f32>(tensor).as_chunks().0.to_vec()
}

#[test]
fn means() {
    let golden = Golden::load("metrics");
    for name in ["mean", "mean/weighted"] {
        let (case, mut mean) = (golden.case(name), Mean::default());
        let mut results = Vec::new();
        for batch in 0..case.number("updates") as usize {
            let values = case.values(&format!("values{batch}"));
            let weights = format!("weights{batch}");
            let weights = if case.has(&weights) { case.values(&weights) } else { &vec![1.0; values.len()] };
            values.iter().zip(weights).for_each(|(&value, &weight)| mean.add(value, weight));
            results.push(mean.value());
        }
        assert_close(&results, case.values("result"), TOLERANCE, name);
    }
}

#[test]
fn accuracies() {
    let golden = Golden::load("metrics");
    for name in ["binary_accuracy/0.5", "binary_accuracy/0.25"] {
        let case = golden.case(name);
        let metric = BinaryAccuracy::new(case.number("threshold"));
        check::<1, _>(case, metric, arrays(case));
        check::<1, bool>(case, metric, |tensor| case.values(tensor).iter().map(|&t| t == 1.0).collect());
    }
    let case = golden.case("binary_accuracy/wide");
    check::<3, _>(case, BinaryAccuracy::default(), arrays(case));
    let case = golden.case("categorical_accuracy");
    check::<3, _>(case, CategoricalAccuracy::default(), arrays(case));
    let case = golden.case("sparse_categorical_accuracy");
    check::<3, usize>(case, SparseCategoricalAccuracy::default(), |tensor| case.indices(tensor));
}

#[test]
fn errors() {
    let golden = Golden::load("metrics");
    let (mse, mae) = (golden.case("mse"), golden.case("mae"));
    check::<3, _>(mse, MeanSquaredError::default(), arrays(mse));
    check::<3, _>(mae, MeanAbsoluteError::default(), arrays(mae));
}
