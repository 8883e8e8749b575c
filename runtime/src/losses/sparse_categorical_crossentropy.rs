//! Crossentropy between one class out of several and the model's distribution over them.

use core::marker::PhantomData;

use super::{Class, EPSILON, FromLogits, FromProbabilities, Loss, OnHead, TargetError};
use crate::activations::{Activation, Linear, Softmax};
use crate::scalar::Scalar;
use crate::simd::Level;

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
impl Default for SparseCategoricalCrossentropy {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl SparseCategoricalCrossentropy {
    /// For a model that ends without activation.
    pub const fn from_logits() -> SparseCategoricalCrossentropy<FromLogits> {
        SparseCategoricalCrossentropy(PhantomData)
    }

    /// For outputs that are probabilities already, with Keras' clipping at 1e-7.
    pub const fn from_probabilities() -> SparseCategoricalCrossentropy<FromProbabilities> {
        SparseCategoricalCrossentropy(PhantomData)
    }
}

impl<S: Scalar, const K: usize> Loss<[S; K], Softmax> for SparseCategoricalCrossentropy<OnHead> {
    type Target = Class;
    const ON_LOGITS: bool = true;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        _: L,
        logits: &[S; K],
        output: &[S; K],
        target: &Class,
        gradient: Option<&mut [S; K]>,
    ) -> S {
        if let Some(gradient) = gradient {
            *gradient = *output;
            subtract_one(gradient, *target);
        }
        from_logits(logits, *target)
    }

    fn check(&self, target: &Class) -> Result<(), TargetError> {
        check::<K>(*target)
    }
}

impl<S: Scalar, const K: usize> Loss<[S; K], Linear> for SparseCategoricalCrossentropy<FromLogits> {
    type Target = Class;
    const ON_LOGITS: bool = true;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        level: L,
        logits: &[S; K],
        _: &[S; K],
        target: &Class,
        gradient: Option<&mut [S; K]>,
    ) -> S {
        if let Some(gradient) = gradient {
            *gradient = *logits;
            Softmax::forward(level, K, gradient);
            subtract_one(gradient, *target);
        }
        from_logits(logits, *target)
    }

    fn check(&self, target: &Class) -> Result<(), TargetError> {
        check::<K>(*target)
    }
}

impl<S: Scalar, H, const K: usize> Loss<[S; K], H> for SparseCategoricalCrossentropy<FromProbabilities> {
    type Target = Class;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        _: L,
        _: &[S; K],
        output: &[S; K],
        target: &Class,
        gradient: Option<&mut [S; K]>,
    ) -> S {
        let Some(&chosen) = output.get(target.0) else { return S::ZERO };
        let mut sum = S::ZERO;
        for &p in output {
            sum += p;
        }
        let (low, high) = (S::from_f64(EPSILON), S::ONE - S::from_f64(EPSILON));
        let p = chosen / sum;
        if let Some(gradient) = gradient {
            // d/dpⱼ of −log(p_t / Σp): 1/Σp everywhere, −1/p_t at the class; nothing where the clip holds it.
            let inside = p > low && p < high;
            *gradient = [if inside { S::ONE / sum } else { S::ZERO }; K];
            if inside && let Some(g) = gradient.get_mut(target.0) {
                *g -= S::ONE / chosen;
            }
        }
        -p.max(low).min(high).ln()
    }

    fn check(&self, target: &Class) -> Result<(), TargetError> {
        check::<K>(*target)
    }
}

/// `log Σ e^z − z[class]`, shifted by the maximum; 0 for a class that is not there, as on JAX.
#[inline(always)]
fn from_logits<S: Scalar, const K: usize>(logits: &[S; K], target: Class) -> S {
    let Some(&chosen) = logits.get(target.0) else { return S::ZERO };
    let largest = crate::activations::largest(logits);
    let mut sum = S::ZERO;
    for &z in logits {
        sum += (z - largest).exp();
    }
    sum.ln() + (largest - chosen)
}

#[inline(always)]
fn subtract_one<S: Scalar, const K: usize>(gradient: &mut [S; K], target: Class) {
    if let Some(g) = gradient.get_mut(target.0) {
        *g -= S::ONE;
    }
}

fn check<const K: usize>(target: Class) -> Result<(), TargetError> {
    if target.0 < K { Ok(()) } else { Err(TargetError { class: target.0, classes: K }) }
}
