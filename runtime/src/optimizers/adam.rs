//! Kingma and Ba's Adam (2015), with Keras' place of epsilon.

use super::Optimizer;
use crate::memory::Parameters;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `m ← m + (g − m)(1 − β₁)`; `v ← v + (g² − v)(1 − β₂)`; `w ← w − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)`.
/// Source: Keras' `Adam`; ε stands beside the uncorrected √v. Moments below 1e-30 (f32; 1e-270 for f64) are 0, which no weight
/// notices, and which keeps updates fast where gradients stay away.
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
    const ELEMENTWISE: bool = true;

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
        let rule = Rule {
            rate: S::from_f64(self.learning_rate * correction),
            keep: [S::from_f64(1.0 - self.beta_1), S::from_f64(1.0 - self.beta_2)],
            epsilon: S::from_f64(self.epsilon),
            square_root: S::TINY.sqrt(),
        };
        // Chunks of constant size: so nothing has to be known about the slices to vectorise.
        let (weights, weights_rest) = parameters.as_chunks_mut::<16>();
        let (gradients, gradients_rest) = gradient.as_chunks::<16>();
        let (first, first_rest) = first.as_chunks_mut::<16>();
        let (second, second_rest) = second.as_chunks_mut::<16>();
        for (((w, g), m), v) in weights.iter_mut().zip(gradients).zip(first).zip(second) {
            for i in 0..16 {
                rule.apply(level, &mut w[i], g[i], &mut m[i], &mut v[i]);
            }
        }
        let rest = weights_rest.iter_mut().zip(gradients_rest).zip(first_rest).zip(second_rest);
        for (((w, &g), m), v) in rest {
            rule.apply(level, w, g, m, v);
        }
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }
}

/// One update, in the network's numbers.
struct Rule<S> {
    rate: S,
    /// 1 − β₁ and 1 − β₂.
    keep: [S; 2],
    epsilon: S,
    /// What a gradient must reach for its square to count.
    square_root: S,
}

impl<S: Scalar> Rule<S> {
    /// Gradients and moments too small to matter count as zero: a moment whose gradient stays away would decay into the subnormal
    /// numbers, and so would the square of a small gradient.
    #[inline(always)]
    fn apply<L: Level>(&self, level: L, w: &mut S, g: S, m: &mut S, v: &mut S) {
        let (for_square, g) = (g.flush(self.square_root), g.flush(S::TINY));
        *m = level.mul_add(g - *m, self.keep[0], *m).flush(S::TINY);
        *v = level.mul_add(for_square * for_square - *v, self.keep[1], *v).flush(S::TINY);
        *w -= self.rate * *m / (v.sqrt() + self.epsilon);
    }
}
