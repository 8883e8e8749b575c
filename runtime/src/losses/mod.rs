//! Losses: the value of one sample, and its derivatives. A batch's loss is the mean over its samples, as in Keras.

mod binary_crossentropy;
mod categorical_crossentropy;
mod mean_absolute_error;
mod mean_squared_error;
mod target;

pub use binary_crossentropy::BinaryCrossentropy;
pub use categorical_crossentropy::{CategoricalCrossentropy, SparseCategoricalCrossentropy};
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use target::{Class, Target, TargetError};

use crate::simd::Level;
use crate::tensor::Tensor;

/// The loss of a model whose output is `Y` and whose last activation is `H`.
///
/// A loss of your own implements it for the outputs and heads that it fits:
///
/// ```
/// use graven::{Tensor, losses::Loss, simd::Level};
///
/// /// ½·Σ (t − p)².
/// struct HalfSquare;
///
/// impl<const N: usize, H> Loss<[f64; N], H> for HalfSquare {
///     type Target = [f64; N];
///
///     fn evaluate<L: Level>(&self, _: L, _: &[f64; N], output: &[f64; N], target: &[f64; N], gradient: Option<&mut [f64; N]>) -> f64 {
///         if let Some(gradient) = gradient {
///             *gradient = std::array::from_fn(|i| output[i] - target[i]);
///         }
///         output.iter().zip(target).map(|(p, t)| 0.5 * (t - p) * (t - p)).sum()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the loss `{Self}` does not fit a model that ends in `{H}` and gives `{Y}`",
    label = "does not fit the model's last activation or output",
    note = "categorical losses want `softmax` as the last activation, binary ones `sigmoid`; with `linear`, write `.from_logits()`, with any other `.from_probabilities()`",
    note = "a model with several outputs takes a tuple: one loss for each, in their order"
)]
pub trait Loss<Y: Tensor, H>: Sync {
    /// What is known about a sample: an array like the output, or a [`Class`].
    type Target: Copy;

    /// Whether `evaluate` gives the derivatives with respect to the logits, not the outputs.
    const ON_LOGITS: bool = false;

    /// The loss of one sample. `logits` is what goes into the head, `output` what comes out of it; `gradient`, if wanted,
    /// is overwritten with the derivatives with respect to one of them (see [`ON_LOGITS`](Self::ON_LOGITS)).
    fn evaluate<L: Level>(
        &self,
        level: L,
        logits: &Y,
        output: &Y,
        target: &Self::Target,
        gradient: Option<&mut Y>,
    ) -> Y::Scalar;

    /// Its value without a weight, as Keras logs it.
    fn unweighted<L: Level>(&self, level: L, logits: &Y, output: &Y, target: &Self::Target) -> Y::Scalar {
        self.evaluate(level, logits, output, target, None)
    }

    /// Hands place, name and value of each output's loss to `visit`, if the model has several.
    fn parts<L: Level>(
        &self,
        level: L,
        logits: &Y,
        output: &Y,
        target: &Self::Target,
        visit: &mut dyn FnMut(usize, &'static str, f64),
    ) {
        let _ = (level, logits, output, target, visit);
    }

    /// Whether the target is possible.
    ///
    /// # Errors
    /// [`TargetError`] when it is not, such as a class that the output does not have.
    fn check(&self, target: &Self::Target) -> Result<(), TargetError> {
        let _ = target;
        Ok(())
    }
}

/// A loss that counts more or less than the others, where a model has several outputs: Keras' `loss_weights`.
///
/// ```
/// use graven::losses::{BinaryCrossentropy, MeanSquaredError, Weighted};
/// let losses = (BinaryCrossentropy::default(), Weighted::new(MeanSquaredError, 0.2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<C> {
    pub(crate) loss: C,
    pub(crate) weight: f64,
}

impl<C> Weighted<C> {
    /// The loss times `weight`.
    pub const fn new(loss: C, weight: f64) -> Self {
        Self { loss, weight }
    }
}

/// How a crossentropy reads the model's output: through its head, from the logits before it (the default).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnHead;

/// The model ends without activation, its outputs are logits: Keras' `from_logits=True`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FromLogits;

/// The outputs are probabilities, whatever made them, clipped to [1e-7, 1 − 1e-7] as Keras' `from_logits=False` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FromProbabilities;

/// Keras' fuzz constant: probabilities are clipped to [ε, 1 − ε].
pub(crate) const EPSILON: f64 = 1e-7;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activations::{Linear, Sigmoid, Softmax, Tanh};
    use crate::simd::Baseline;
    use crate::testing::{check_loss, draw};

    fn logits<const K: usize>() -> [[f64; K]; 5] {
        let values = draw(5 * K, 4);
        core::array::from_fn(|sample| core::array::from_fn(|class| 2.0 * values[sample * K + class]))
    }

    #[test]
    fn derivatives_of_the_mean_squared_error() {
        check_loss::<_, _, Linear>(&MeanSquaredError, &logits::<1>(), &[0.3]);
        check_loss::<_, _, Tanh>(&MeanSquaredError, &logits::<7>(), &[0.3, -1.0, 0.0, 0.2, 1.0, 5.0, 0.5]);
    }

    #[test]
    fn derivatives_of_the_mean_absolute_error() {
        check_loss::<_, _, Linear>(&MeanAbsoluteError, &logits::<1>(), &[0.3]);
        check_loss::<_, _, Tanh>(&MeanAbsoluteError, &logits::<7>(), &[0.3, -1.1, 0.0, 0.2, 1.1, 5.0, 0.5]);
    }

    #[test]
    fn derivatives_of_the_binary_crossentropy() {
        let target = [1.0, 0.0, 0.25];
        for smoothing in [0.0, 0.2] {
            check_loss::<_, _, Sigmoid>(
                &BinaryCrossentropy::default().label_smoothing(smoothing),
                &logits(),
                &target,
            );
            let on_linear = BinaryCrossentropy::from_logits().label_smoothing(smoothing);
            check_loss::<_, _, Linear>(&on_linear, &logits(), &target);
            let on_probabilities = BinaryCrossentropy::from_probabilities().label_smoothing(smoothing);
            check_loss::<_, _, Sigmoid>(&on_probabilities, &logits(), &target);
        }
    }

    #[test]
    fn derivatives_of_the_categorical_crossentropies() {
        let (one_hot, spread) = ([0.0, 1.0, 0.0], [0.5, 0.2, 0.4]);
        for target in [one_hot, spread] {
            for smoothing in [0.0, 0.1] {
                let smoothed = CategoricalCrossentropy::default().label_smoothing(smoothing);
                check_loss::<_, _, Softmax>(&smoothed, &logits(), &target);
            }
            check_loss::<_, _, Linear>(&CategoricalCrossentropy::from_logits(), &logits(), &target);
            check_loss::<_, _, Sigmoid>(&CategoricalCrossentropy::from_probabilities(), &logits(), &target);
        }
        check_loss::<_, _, Softmax>(&SparseCategoricalCrossentropy::default(), &logits::<3>(), &Class(1));
        check_loss::<_, _, Softmax>(&SparseCategoricalCrossentropy::default(), &logits::<1>(), &Class(0));
        check_loss::<_, _, Linear>(&SparseCategoricalCrossentropy::from_logits(), &logits::<3>(), &Class(2));
        check_loss::<_, _, Softmax>(
            &SparseCategoricalCrossentropy::from_probabilities(),
            &logits::<3>(),
            &Class(0),
        );
    }

    #[test]
    fn a_confident_mistake_costs_its_logit() {
        let (logits, output) = ([100.0f32, 0.0, -100.0], [1.0, 0.0, 0.0]);
        let sparse = SparseCategoricalCrossentropy::default();
        assert_eq!(Loss::<_, Softmax>::evaluate(&sparse, Baseline, &logits, &output, &Class(2), None), 200.0);
        let binary = BinaryCrossentropy::default();
        assert_eq!(
            Loss::<_, Sigmoid>::evaluate(&binary, Baseline, &[-100.0f32], &[0.0], &[1.0], None),
            100.0
        );
        // From probabilities Keras' clip holds: 16.118 below, 15.942 above.
        let clipped = BinaryCrossentropy::from_probabilities();
        let mut gradient = [9.0];
        let loss =
            Loss::<_, Sigmoid>::evaluate(&clipped, Baseline, &[0.0], &[0.0f32], &[1.0], Some(&mut gradient));
        assert!((loss - 16.118_095).abs() < 1e-5 && gradient == [0.0], "{loss} {gradient:?}");
        let loss = Loss::<_, Sigmoid>::evaluate(&clipped, Baseline, &[0.0], &[1.0f32], &[0.0], None);
        assert!((loss - 15.942_385).abs() < 1e-5, "{loss}");
    }

    #[test]
    fn classes_that_are_not_there_are_refused() {
        let loss = SparseCategoricalCrossentropy::default();
        let check = |class| Loss::<[f32; 3], Softmax>::check(&loss, &Class(class));
        assert_eq!(check(2), Ok(()));
        assert_eq!(check(3), Err(TargetError { class: 3, classes: 3 }));
    }

    proptest::proptest! {
        #[test]
        fn no_loss_is_negative(logits in proptest::array::uniform4(-60.0f32..60.0), class in 0usize..4) {
            let mut output = logits;
            <Softmax as crate::activations::Activation>::forward(Baseline, 4, &mut output);
            let sparse = SparseCategoricalCrossentropy::default();
            proptest::prop_assert!(Loss::<_, Softmax>::evaluate(&sparse, Baseline, &logits, &output, &Class(class), None) >= 0.0);
            let target = core::array::from_fn(|place| f32::from(u8::from(place == class)));
            let binary = BinaryCrossentropy::from_logits();
            proptest::prop_assert!(Loss::<_, Linear>::evaluate(&binary, Baseline, &logits, &logits, &target, None) >= 0.0);
        }
    }
}
