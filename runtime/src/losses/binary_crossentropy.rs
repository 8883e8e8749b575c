//! Crossentropy of events that happen or not, each by itself.

use core::marker::PhantomData;

use super::{EPSILON, FromLogits, FromProbabilities, Loss, OnHead};
use crate::activations::{Linear, Sigmoid};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Single, Tensor};

/// `−t·log p − (1 − t)·log(1 − p)`, the mean over all outputs of the sample. Targets are from 0 to 1.
/// Source: Keras' `BinaryCrossentropy`.
///
/// With a sigmoid head it is computed from the logits, exactly and without overflow (Keras' `from_logits=True`).
///
/// ```
/// use graven::losses::BinaryCrossentropy;
/// let on_sigmoid = BinaryCrossentropy::default().label_smoothing(0.1);
/// let on_linear = BinaryCrossentropy::from_logits();
/// let anywhere = BinaryCrossentropy::from_probabilities();
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryCrossentropy<F = OnHead> {
    label_smoothing: f64,
    form: PhantomData<F>,
}

// By hand and for one form only, so that `default()` says which.
impl Default for BinaryCrossentropy {
    fn default() -> Self {
        Self { label_smoothing: 0.0, form: PhantomData }
    }
}

impl BinaryCrossentropy {
    /// For a model that ends without activation.
    pub const fn from_logits() -> BinaryCrossentropy<FromLogits> {
        BinaryCrossentropy { label_smoothing: 0.0, form: PhantomData }
    }

    /// For outputs that are probabilities already, with Keras' clipping at 1e-7.
    pub const fn from_probabilities() -> BinaryCrossentropy<FromProbabilities> {
        BinaryCrossentropy { label_smoothing: 0.0, form: PhantomData }
    }
}

impl<F> BinaryCrossentropy<F> {
    /// Moves targets towards ½: `t·(1 − s) + s/2`.
    pub const fn label_smoothing(self, smoothing: f64) -> Self {
        Self { label_smoothing: smoothing, form: PhantomData }
    }

    /// The mean of `each(value, target)`, which gives a loss and its derivative.
    #[inline(always)]
    fn mean<Y: Tensor>(
        &self,
        values: &Y,
        target: &Y,
        mut gradient: Option<&mut Y>,
        each: impl Fn(Y::Scalar, Y::Scalar) -> (Y::Scalar, Y::Scalar),
    ) -> Y::Scalar {
        let (keep, shift) = (1.0 - self.label_smoothing, 0.5 * self.label_smoothing);
        let (keep, shift) = (Y::Scalar::from_f64(keep), Y::Scalar::from_f64(shift));
        let scale = Y::Scalar::ONE / Y::Scalar::from_f64(Y::LEN as f64);
        let mut sum = Y::Scalar::ZERO;
        for (place, (&value, &t)) in values.as_flat().iter().zip(target.as_flat()).enumerate() {
            let (loss, derivative) = each(value, t * keep + shift);
            sum += loss;
            if let Some(gradient) = &mut gradient {
                gradient.as_flat_mut()[place] = derivative * scale;
            }
        }
        sum * scale
    }

    /// `−t·log σ(z) − (1 − t)·log σ(−z) = max(z, 0) − z·t + log(1 + e^−|z|)`: in this order, so that a logit that is right
    /// cancels before the small rest is added.
    #[inline(always)]
    fn on_logits<Y: Tensor, L: Level>(
        &self,
        level: L,
        logits: &Y,
        target: &Y,
        gradient: Option<&mut Y>,
    ) -> Y::Scalar {
        self.mean(logits, target, gradient, |z, t| {
            let ramp = if z < Y::Scalar::ZERO { Y::Scalar::ZERO } else { z };
            (ramp - z * t + (-z.abs()).exp(level).ln_1p(), z.logistic(level) - t)
        })
    }

    #[inline(always)]
    fn on_probabilities<Y: Tensor>(&self, outputs: &Y, target: &Y, gradient: Option<&mut Y>) -> Y::Scalar {
        let one = Y::Scalar::ONE;
        let (low, high) = (Y::Scalar::from_f64(EPSILON), one - Y::Scalar::from_f64(EPSILON));
        self.mean(outputs, target, gradient, |p, t| {
            let clipped = p.max(low).min(high);
            let loss = -(t * clipped.ln() + (one - t) * (one - clipped).ln());
            let derivative = (one - t) / (one - clipped) - t / clipped;
            (loss, if p >= low && p <= high { derivative } else { Y::Scalar::ZERO })
        })
    }
}

impl<Y: Single> Loss<Y, Sigmoid> for BinaryCrossentropy<OnHead> {
    type Target = Y;
    const ON_LOGITS: bool = true;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        level: L,
        logits: &Y,
        _: &Y,
        target: &Y,
        gradient: Option<&mut Y>,
    ) -> Y::Scalar {
        self.on_logits(level, logits, target, gradient)
    }
}

impl<Y: Single> Loss<Y, Linear> for BinaryCrossentropy<FromLogits> {
    type Target = Y;
    const ON_LOGITS: bool = true;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        level: L,
        logits: &Y,
        _: &Y,
        target: &Y,
        gradient: Option<&mut Y>,
    ) -> Y::Scalar {
        self.on_logits(level, logits, target, gradient)
    }
}

impl<Y: Single, H> Loss<Y, H> for BinaryCrossentropy<FromProbabilities> {
    type Target = Y;

    #[inline(always)]
    fn evaluate<L: Level>(&self, _: L, _: &Y, output: &Y, target: &Y, gradient: Option<&mut Y>) -> Y::Scalar {
        self.on_probabilities(output, target, gradient)
    }
}
