//! For tests: derivatives against central differences, at every SIMD level of the machine.

use alloc::vec;
use alloc::vec::Vec;

use crate::activations::Activation;
use crate::layer::{Backward, Layer};
use crate::losses::Loss;
use crate::random::{Context, Random};
use crate::simd::{Baseline, Level, Simd, Task};
use crate::tensor::Tensor;

/// How far a derivative may be from the central difference, relative to 1 or to itself if that is more.
const TOLERANCE: f64 = 1e-6;
const STEP: f64 = 1e-5;

/// Asserts that `derivative` is the slope of `function` at 0.
///
/// # Panics
/// If it is not.
#[track_caller]
pub fn assert_slope(what: &str, place: usize, derivative: f64, mut function: impl FnMut(f64) -> f64) {
    // Five points, so that the error of the difference is far below the tolerance.
    let mut at = |steps: f64| function(steps * STEP);
    let slope = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * STEP);
    let error = (derivative - slope).abs() / derivative.abs().max(1.0);
    assert!(error <= TOLERANCE, "{what} {place}: derivative {derivative}, central difference {slope}");
}

/// Normal numbers.
pub fn draw(count: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..count).map(|_| random.normal()).collect()
}

/// Checks a layer's derivatives with respect to its trained parameters and its inputs on 1, 2 and 11 rows, at every
/// level of this machine.
///
/// # Panics
/// If one is wrong.
pub fn check_layer<X: Layer<Scalar = f64>>() {
    check::<X>(draw(X::COUNT, 1), Context::new(5, 6));
}

/// The same for a frozen layer, of which only the inputs have derivatives; its parameters are positive.
///
/// # Panics
/// If one is wrong.
pub fn check_frozen_layer<X: Layer<Scalar = f64>>() {
    let parameters = draw(X::COUNT, 1).into_iter().map(|value| value.abs() + 0.1);
    check::<X>(parameters.collect(), Context::new(5, 6).frozen());
}

fn check<X: Layer<Scalar = f64>>(parameters: Vec<f64>, context: Context) {
    for rows in [1, 2, 11] {
        for simd in Simd::all() {
            let mut layer = X::zeroed_box();
            layer.as_mut_slice().copy_from_slice(&parameters);
            simd.run(CheckLayer::<X> { rows, layer, context });
        }
    }
}

struct CheckLayer<X> {
    rows: usize,
    layer: alloc::boxed::Box<X>,
    context: Context,
}

impl<X: Layer<Scalar = f64>> Task for CheckLayer<X> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let Self { rows, mut layer, context } = self;
        let mut inputs = draw(rows * X::Input::LEN, 2);
        // The loss is the outputs' product with these weights.
        let weights = draw(rows * X::Output::LEN, 3);
        let loss = |layer: &X, inputs: &[f64], tape: &mut [f64]| -> f64 {
            let mut outputs = vec![0.0; rows * X::Output::LEN];
            layer.train(level, Tensor::batch(inputs), Tensor::batch_mut(&mut outputs), tape, context);
            outputs.iter().zip(&weights).map(|(y, w)| y * w).sum()
        };
        let mut tape = vec![0.0; rows * X::TAPE];
        loss(&layer, &inputs, &mut tape);
        let mut gradient = X::zeroed_box();
        let mut input_gradients = vec![f64::NAN; inputs.len()];
        let step = Backward {
            inputs: Tensor::batch(&inputs),
            output_gradients: Tensor::batch(&weights),
            input_gradients: Some(Tensor::batch_mut(&mut input_gradients)),
            tape: &mut tape,
            context,
        };
        layer.backward(level, step, &mut gradient);
        let mut trained = Vec::new();
        if !context.is_frozen() {
            X::trainable(0, &mut |range| trained.extend(range));
        }
        for place in trained {
            let value = layer.as_slice()[place];
            assert_slope("parameter", place, gradient.as_slice()[place], |step| {
                layer.as_mut_slice()[place] = value + step;
                loss(&layer, &inputs, &mut tape)
            });
            layer.as_mut_slice()[place] = value;
        }
        for place in 0..inputs.len() {
            let value = inputs[place];
            assert_slope("input", place, input_gradients[place], |step| {
                inputs[place] = value + step;
                loss(&layer, &inputs, &mut tape)
            });
            inputs[place] = value;
        }
    }
}

/// Checks an activation's derivatives at normal points, in rows of `width`.
///
/// # Panics
/// If one is wrong.
pub fn check_activation<A: Activation>(width: usize) {
    let count = 7 * width;
    let mut inputs: Vec<f64> = draw(count, 1).into_iter().map(|x| 2.5 * x).collect();
    let weights = draw(count, 2);
    let forward = |inputs: &[f64]| {
        let mut values = inputs.to_vec();
        A::forward(Baseline, width, &mut values);
        values
    };
    let mut gradients = weights.clone();
    let outputs = forward(&inputs);
    A::backward(Baseline, width, if A::FROM_OUTPUT { &outputs } else { &inputs }, &mut gradients);
    for place in 0..count {
        let value = inputs[place];
        assert_slope("argument", place, gradients[place], |step| {
            inputs[place] = value + step;
            forward(&inputs).iter().zip(&weights).map(|(y, w)| y * w).sum()
        });
        inputs[place] = value;
    }
}

/// Checks a loss on the head `H`: its derivatives with respect to the logits.
///
/// # Panics
/// If one is wrong.
pub fn check_loss<C: Loss<Y, H>, Y: Tensor<Scalar = f64>, H: Activation>(
    loss: &C,
    logits: &[Y],
    target: &C::Target,
) {
    let width = Y::SHAPE.width();
    let value = |logits: &Y, gradient: Option<&mut Y>| -> f64 {
        let mut outputs = *logits;
        H::forward(Baseline, width, outputs.as_flat_mut());
        match gradient {
            None => loss.evaluate(Baseline, logits, &outputs, target, None),
            Some(gradient) => {
                let value = loss.evaluate(Baseline, logits, &outputs, target, Some(gradient));
                if !C::ON_LOGITS {
                    H::backward(Baseline, width, outputs.as_flat(), gradient.as_flat_mut());
                }
                value
            }
        }
    };
    for logits in logits {
        let (mut logits, mut gradient) = (*logits, Y::ZEROS);
        let with = value(&logits, Some(&mut gradient));
        assert_eq!(with, value(&logits, None), "the loss depends on whether its gradient is wanted");
        for place in 0..Y::LEN {
            let at = logits.as_flat()[place];
            assert_slope("logit", place, gradient.as_flat()[place], |step| {
                logits.as_flat_mut()[place] = at + step;
                value(&logits, None)
            });
            logits.as_flat_mut()[place] = at;
        }
    }
}
