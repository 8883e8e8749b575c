//! Initializers against Keras: the bounds and moments of what is drawn. The draws themselves differ between libraries.

use graven::initializers::{
    Distribution, FanMode, Fans, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Initializer, LecunNormal,
    LecunUniform, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling,
};
use graven::random::Random;
use graven_tests::close::assert_close_in_scale;
use graven_tests::goldens::{Case, Golden};

/// Inputs and outputs of one unit of a kernel: the axes before the last two are those of a window.
fn fans(shape: &[usize]) -> Fans {
    match shape {
        [one] => Fans { input: *one, output: *one },
        [window @ .., input, output] => {
            let window: usize = window.iter().product();
            Fans { input: window * input, output: window * output }
        }
        [] => Fans { input: 1, output: 1 },
    }
}

/// Draws many numbers and compares them with what Keras' would be: bounds, mean and standard deviation.
fn check(case: Case<'_>, initializer: impl Initializer) {
    const COUNT: usize = 40_000;
    let mut values = vec![0.0f64; COUNT];
    initializer.fill(&mut Random::new(3), fans(&case.sizes("shape")), &mut values);
    let expected = |tensor: &str| case.values(tensor)[0];
    let deviation = expected("deviation");
    let mean = values.iter().sum::<f64>() / COUNT as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / COUNT as f64;
    // Five standard errors.
    let error = 5.0 / (COUNT as f64).sqrt();
    let name = case.name();
    assert!((mean - expected("mean")).abs() <= error * deviation, "{name}: mean {mean}");
    let ratio = variance.sqrt() / deviation;
    assert!((ratio - 1.0).abs() <= error, "{name}: standard deviation {ratio} times Keras'");
    // Single precision gives the bounds, so they may be rounded inwards.
    let slack = 1e-6 * deviation;
    for value in values {
        let inside = expected("low") - slack <= value && value <= expected("high") + slack;
        assert!(inside, "{name}: {value} is out of bounds");
    }
}

#[test]
fn distributions() {
    let golden = Golden::load("initializers");
    macro_rules! check_all {
        ($($name:literal $initializer:expr),+ $(,)?) => {
            $(for shape in ["dense", "wide", "one", "conv", "depthwise", "vector"] {
                check(golden.case(&format!("{}/{shape}", $name)), $initializer);
            })+
        };
    }
    check_all!(
        "glorot_uniform" GlorotUniform,
        "glorot_normal" GlorotNormal,
        "he_uniform" HeUniform,
        "he_normal" HeNormal,
        "lecun_uniform" LecunUniform,
        "lecun_normal" LecunNormal,
        "variance_scaling" VarianceScaling::default(),
        "variance_scaling/fan_out" VarianceScaling {
            scale: 0.5,
            mode: FanMode::FanOut,
            distribution: Distribution::Uniform,
        },
        "variance_scaling/untruncated" VarianceScaling {
            scale: 3.0,
            mode: FanMode::FanAverage,
            distribution: Distribution::UntruncatedNormal,
        },
        "random_uniform" RandomUniform::default(),
        "random_uniform/shifted" RandomUniform { minimum: -0.25, maximum: 1.0 },
        "random_normal" RandomNormal::default(),
        "random_normal/shifted" RandomNormal { mean: 0.5, standard_deviation: 2.0 },
        "truncated_normal" TruncatedNormal::default(),
        "truncated_normal/shifted" TruncatedNormal { mean: -1.0, standard_deviation: 0.5 },
    );
}

#[test]
fn orthogonal() {
    let golden = Golden::load("initializers");
    for case in golden.cases("orthogonal") {
        let (shape, gain) = (case.sizes("shape"), case.number("gain"));
        let (rows, columns) = (shape[0], shape[1]);
        let mut values = vec![0.0f64; rows * columns];
        Orthogonal { gain }.fill(&mut Random::new(3), fans(&shape), &mut values);
        let of_rows = case.text("of") == "rows";
        let count = rows.min(columns);
        let mut products = vec![0.0; count * count];
        for (place, product) in products.iter_mut().enumerate() {
            let (a, b) = (place / count, place % count);
            let at = |vector: usize, k: usize| {
                values[if of_rows { vector * columns + k } else { k * columns + vector }]
            };
            *product = (0..rows.max(columns)).map(|k| at(a, k) * at(b, k)).sum();
        }
        assert_close_in_scale(&products, case.values("product"), 1e-12, case.name());
    }
}
