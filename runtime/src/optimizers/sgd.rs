//! Gradient descent, with momentum if wanted.

use super::Optimizer;
use crate::memory::Parameters;
use crate::scalar::Scalar;
use crate::simd::Level;

/// `w ← w − η·g`; with momentum μ: `m ← μ·m − η·g`, then `w ← w + m`, or by Nesterov `w ← w + μ·m − η·g`.
/// Source: Keras' `SGD`.
///
/// ```
/// use graven::optimizers::Sgd;
/// let plain = Sgd::new(0.01);
/// let fast = Sgd::new(0.01).momentum(0.9).nesterov(true);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd<const SLOTS: usize = 0> {
    learning_rate: f64,
    momentum: f64,
    nesterov: bool,
}

impl Default for Sgd {
    /// Keras' default: η = 0.01, no momentum.
    fn default() -> Self {
        Self::new(0.01)
    }
}

impl Sgd {
    /// Without momentum.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, momentum: 0.0, nesterov: false }
    }

    /// With momentum μ, which takes as much memory as the parameters once more.
    pub const fn momentum(self, momentum: f64) -> Sgd<1> {
        Sgd { learning_rate: self.learning_rate, momentum, nesterov: self.nesterov }
    }
}

impl Sgd<1> {
    /// Whether to look ahead as Nesterov does.
    pub const fn nesterov(self, nesterov: bool) -> Self {
        Self { nesterov, ..self }
    }
}

impl<const SLOTS: usize> Optimizer for Sgd<SLOTS> {
    type Slots<P: Parameters> = [P; SLOTS];
    const ELEMENTWISE: bool = true;

    #[inline(always)]
    fn update<S: Scalar, L: Level>(
        &self,
        level: L,
        _: u64,
        parameters: &mut [S],
        gradient: &[S],
        slots: &mut [&mut [S]],
    ) {
        let (rate, momentum) = (S::from_f64(self.learning_rate), S::from_f64(self.momentum));
        let pairs = parameters.iter_mut().zip(gradient);
        let Some(slot) = slots.first_mut() else {
            for (w, &g) in pairs {
                *w -= rate * g;
            }
            return;
        };
        for ((w, &g), m) in pairs.zip(slot.iter_mut()) {
            let step = rate * g;
            // Else it would decay into the subnormal numbers, where processors are slow.
            *m = (*m * momentum - step).flush(S::TINY);
            *w += if self.nesterov { level.mul_add(momentum, *m, -step) } else { *m };
        }
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }
}
