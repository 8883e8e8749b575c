//! Kingma and Ba's Adam (2015), with Keras' place of epsilon.

use super::Optimizer;
use crate::memory::Parameters;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `m ← m + (g − m)(1 − β₁)`; `v ← v + (g² − v)(1 − β₂)`; `w ← w − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)`.
/// Source: Keras' `Adam`; ε stands beside the uncorrected √v.
///
/// ```
/// use graven::optimizers::Adam;
/// let adam = Adam { learning_rate: 3e-4, ..Adam::default() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// η.
    pub learning_rate: f64,
    /// β₁, the decay of the first moment.
    pub beta_1: f64,
    /// β₂, the decay of the second moment.
    pub beta_2: f64,
    /// ε, what keeps the divisor from 0.
    pub epsilon: f64,
}

impl Default for Adam {
    /// Keras' defaults: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-7.
    fn default() -> Self {
        Self { learning_rate: 1e-3, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }
}

impl Adam {
    /// The defaults with this learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }
}

impl Optimizer for Adam {
    type Slots<P: Parameters> = [P; 2];

    #[inline(always)]
    fn update<S: Scalar, L: Level>(
        &self,
        level: L,
        iteration: u64,
        parameters: &mut [S],
        gradient: &[S],
        slots: &mut [&mut [S]],
    ) {
        let [first, second] = slots else { return };
        let time = (iteration + 1) as f64;
        let correction =
            libm::sqrt(1.0 - libm::pow(self.beta_2, time)) / (1.0 - libm::pow(self.beta_1, time));
        let rate = S::from_f64(self.learning_rate * correction);
        let (keep_1, keep_2) = (S::from_f64(1.0 - self.beta_1), S::from_f64(1.0 - self.beta_2));
        let epsilon = S::from_f64(self.epsilon);
        let moments = first.iter_mut().zip(second.iter_mut());
        let pairs = parameters.iter_mut().zip(gradient);
        for ((w, &g), (m, v)) in pairs.zip(moments) {
            *m = level.mul_add(g - *m, keep_1, *m);
            *v = level.mul_add(g * g - *v, keep_2, *v);
            *w -= rate * *m / (v.sqrt() + epsilon);
        }
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }
}
