//! Crossentropy between one class out of several, or a distribution over them, and the model's distribution.

use core::marker::PhantomData;

use super::{Class, EPSILON, FromLogits, FromProbabilities, Loss, OnHead, TargetError};
use crate::activations::{Activation, Linear, Softmax, largest};
use crate::scalar::Scalar;
use crate::simd::Level;

/// `−Σ tᵢ·log pᵢ`, for targets that are distributions, mostly one-hot arrays. Source: Keras' `CategoricalCrossentropy`.
///
/// With a softmax head it is computed from the logits, exactly and without overflow (Keras' `from_logits=True`).
///
/// ```
/// use graven::losses::CategoricalCrossentropy;
/// let on_softmax = CategoricalCrossentropy::default().label_smoothing(0.1);
/// let on_linear = CategoricalCrossentropy::from_logits();
/// let anywhere = CategoricalCrossentropy::from_probabilities();
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CategoricalCrossentropy<F = OnHead> {
    label_smoothing: f64,
    form: PhantomData<F>,
}

/// `−log p[class]`, for targets that are class indices. Source: Keras' `SparseCategoricalCrossentropy`.
///
/// With a softmax head it is computed from the logits, exactly and without overflow (Keras' `from_logits=True`).
///
/// ```
/// use graven::losses::SparseCategoricalCrossentropy;
/// let on_softmax = SparseCategoricalCrossentropy::default();
/// let on_linear = SparseCategoricalCrossentropy::from_logits();
/// let anywhere = SparseCategoricalCrossentropy::from_probabilities();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SparseCategoricalCrossentropy<F = OnHead>(PhantomData<F>);

// By hand and for one form only, so that `default()` says which.
impl Default for CategoricalCrossentropy {
    fn default() -> Self {
        Self { label_smoothing: 0.0, form: PhantomData }
    }
}

impl Default for SparseCategoricalCrossentropy {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl CategoricalCrossentropy {
    /// For a model that ends without activation.
    pub const fn from_logits() -> CategoricalCrossentropy<FromLogits> {
        CategoricalCrossentropy { label_smoothing: 0.0, form: PhantomData }
    }

    /// For outputs that are probabilities already (they are divided by their sum), with Keras' clipping at 1e-7.
    pub const fn from_probabilities() -> CategoricalCrossentropy<FromProbabilities> {
        CategoricalCrossentropy { label_smoothing: 0.0, form: PhantomData }
    }
}

impl<F> CategoricalCrossentropy<F> {
    /// Takes the share `smoothing` (0 to 1) of each target and spreads it evenly over all classes.
    pub const fn label_smoothing(self, smoothing: f64) -> Self {
        Self { label_smoothing: smoothing, form: PhantomData }
    }
}

impl SparseCategoricalCrossentropy {
    /// For a model that ends without activation.
    pub const fn from_logits() -> SparseCategoricalCrossentropy<FromLogits> {
        SparseCategoricalCrossentropy(PhantomData)
    }

    /// For outputs that are probabilities already (they are divided by their sum), with Keras' clipping at 1e-7.
    pub const fn from_probabilities() -> SparseCategoricalCrossentropy<FromProbabilities> {
        SparseCategoricalCrossentropy(PhantomData)
    }
}

/// The true distribution, element by element.
trait Truth<S> {
    fn share(&self, class: usize) -> S;
}

struct Smoothed<'a, S> {
    target: &'a [S],
    keep: S,
    spread: S,
}

impl<S: Scalar> Truth<S> for Smoothed<'_, S> {
    #[inline(always)]
    fn share(&self, class: usize) -> S {
        self.target[class] * self.keep + self.spread
    }
}

impl<S: Scalar> Truth<S> for Class {
    #[inline(always)]
    fn share(&self, class: usize) -> S {
        if class == self.0 { S::ONE } else { S::ZERO }
    }
}

/// `Σ tᵢ·(log Σ e^z − zᵢ)`, shifted by the maximum, and its derivatives `p·Σt − t` with respect to the logits.
#[inline(always)]
fn on_logits<S: Scalar, L: Level, const K: usize>(
    level: L,
    logits: &[S; K],
    probabilities: &[S; K],
    truth: &impl Truth<S>,
    gradient: Option<&mut [S; K]>,
) -> S {
    let largest = largest(logits);
    let (mut sum, mut total) = (S::ZERO, S::ZERO);
    for class in 0..K {
        sum += (logits[class] - largest).exp(level);
        total += truth.share(class);
    }
    if let Some(gradient) = gradient {
        for class in 0..K {
            gradient[class] = probabilities[class] * total - truth.share(class);
        }
    }
    let log_sum = sum.ln();
    let mut loss = S::ZERO;
    for class in 0..K {
        let share = truth.share(class);
        // A class without share counts nothing, even where its logit is −∞.
        if share != S::ZERO {
            loss += share * (log_sum + (largest - logits[class]));
        }
    }
    loss
}

/// The same for a model without head, whose probabilities are still to be computed.
#[inline(always)]
fn on_linear<S: Scalar, L: Level, const K: usize>(
    level: L,
    logits: &[S; K],
    truth: &impl Truth<S>,
    gradient: Option<&mut [S; K]>,
) -> S {
    let mut probabilities = *logits;
    if gradient.is_some() {
        Softmax::forward(level, K, &mut probabilities);
    }
    on_logits(level, logits, &probabilities, truth, gradient)
}

/// `−Σ tᵢ·log clip(pᵢ/Σp)` and its derivatives with respect to the outputs: none where the clip holds a value.
#[inline(always)]
fn on_probabilities<S: Scalar, const K: usize>(
    outputs: &[S; K],
    truth: &impl Truth<S>,
    gradient: Option<&mut [S; K]>,
) -> S {
    let (low, high) = (S::from_f64(EPSILON), S::ONE - S::from_f64(EPSILON));
    let mut sum = S::ZERO;
    for &output in outputs {
        sum += output;
    }
    let inside = |p: S| p >= low && p <= high;
    let (mut loss, mut pull) = (S::ZERO, S::ZERO);
    for class in 0..K {
        let p = outputs[class] / sum;
        loss -= truth.share(class) * p.max(low).min(high).ln();
        pull += if inside(p) { truth.share(class) } else { S::ZERO };
    }
    if let Some(gradient) = gradient {
        for class in 0..K {
            let own =
                if inside(outputs[class] / sum) { truth.share(class) / outputs[class] } else { S::ZERO };
            gradient[class] = pull / sum - own;
        }
    }
    loss
}

fn check<const K: usize>(target: Class) -> Result<(), TargetError> {
    if target.0 < K { Ok(()) } else { Err(TargetError { class: target.0, classes: K }) }
}

/// Implements one form of both losses: on which head, from what, by which function.
macro_rules! form {
    ($form:ty, [$($head:tt)*], $head_type:ty, $on_logits:literal, |$level:ident, $logits:ident, $output:ident, $truth:ident, $gradient:ident| $evaluate:expr) => {
        impl<S: Scalar, $($head)* const K: usize> Loss<[S; K], $head_type> for CategoricalCrossentropy<$form> {
            type Target = [S; K];
            const ON_LOGITS: bool = $on_logits;

            #[inline(always)]
            fn evaluate<L: Level>(
                &self,
                $level: L,
                $logits: &[S; K],
                $output: &[S; K],
                target: &[S; K],
                $gradient: Option<&mut [S; K]>,
            ) -> S {
                let (keep, spread) = (1.0 - self.label_smoothing, self.label_smoothing / K as f64);
                let $truth = &Smoothed { target, keep: S::from_f64(keep), spread: S::from_f64(spread) };
                $evaluate
            }
        }

        impl<S: Scalar, $($head)* const K: usize> Loss<[S; K], $head_type> for SparseCategoricalCrossentropy<$form> {
            type Target = Class;
            const ON_LOGITS: bool = $on_logits;

            #[inline(always)]
            fn evaluate<L: Level>(
                &self,
                $level: L,
                $logits: &[S; K],
                $output: &[S; K],
                $truth: &Class,
                $gradient: Option<&mut [S; K]>,
            ) -> S {
                $evaluate
            }

            fn check(&self, target: &Class) -> Result<(), TargetError> {
                check::<K>(*target)
            }
        }
    };
}

form!(OnHead, [], Softmax, true, |level, logits, output, truth, gradient| on_logits(
    level, logits, output, truth, gradient
));
form!(FromLogits, [], Linear, true, |level, logits, _output, truth, gradient| on_linear(
    level, logits, truth, gradient
));
form!(FromProbabilities, [H,], H, false, |_level, _logits, output, truth, gradient| on_probabilities(
    output, truth, gradient
));
