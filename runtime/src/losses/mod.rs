//! Losses: the value of one sample, and its derivatives. A batch's loss is the mean over its samples, as in Keras.

mod binary_crossentropy;
mod categorical_crossentropy;
mod mean_squared_error;
mod target;

pub use binary_crossentropy::BinaryCrossentropy;
pub use categorical_crossentropy::{CategoricalCrossentropy, SparseCategoricalCrossentropy};
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
    note = "categorical losses want `softmax` as the last activation, binary ones `sigmoid`; with `linear`, write `.from_logits()`, with any other `.from_probabilities()`"
)]
pub trait Loss<Y: Tensor, H> {
    /// What is known about a sample: an array like the output, or a [`Class`].
    type Target;

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

    /// Whether the target is possible.
    ///
    /// # Errors
    /// [`TargetError`] when it is not, such as a class that the output does not have.
    fn check(&self, target: &Self::Target) -> Result<(), TargetError> {
        let _ = target;
        Ok(())
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
