//! Batch normalisation.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use nalgebra::SVector;

use super::dense::BiasVector;
use crate::kernels::normalize::{self, Statistics};
use crate::layer::{Backward, Layer, Seen};
use crate::memory::{Parameters, Path, describe_field};
use crate::random::{Context, Random};
use crate::scalar::Scalar;
use crate::simd::{Baseline, Level};
use crate::tensor::{Shape, Tensor};

/// Normalises each of `C` channels, the last axis: `y = gamma·(x − mean)/√(variance + ε) + beta`.
///
/// In training, mean and (biased) variance are those of the batch, over its samples and the `ROWS` rows of each; they change
/// with the inputs, and the gradients say so. After the update the moving values follow: `moving ← moving·momentum +
/// batch·(1 − momentum)`, so that `momentum` is what is kept. Inference uses the moving values. With `#[frozen]` training does
/// too, and all four vectors stay as they are. `EPSILON` and `MOMENTUM` are the bits of an `f64`; a `gamma` or `beta` that is
/// left out is [`NoBias`](super::NoBias). Source: Ioffe and Szegedy (2015) as Keras' `BatchNormalization` has it.
///
/// In a listing: `BatchNorm`, with `momentum = 0.99`, `epsilon = 0.001`, `center = true`, `scale = true`.
///
/// # Large batches
/// Training works on at most [`TILE`](crate::Model::TILE) samples at once, which is 32 for a model with this layer, and another
/// number by an attribute: `#[batch(128)]` before the model's name. Batches up to that size are normalised as one, with Keras'
/// numbers. Larger ones are split into parts of nearly equal size, each normalised by itself, and the moving values follow the
/// mean of the parts' statistics: ghost batch normalisation (Hoffer, Hubara and Soudry, 2017), which is also what Keras does
/// when it spreads a batch over several devices. Memory for training grows with the attribute's number, nothing else does.
///
/// # Shapes
/// - input and output `[[S; C]; ROWS]`: a vector is one row, an image height × width rows
/// - `gamma`, `beta`, `moving_mean`, `moving_variance`: C each
///
/// ```
/// use graven::prelude::*;
/// model! { pub Net < Dense(4 -> 8, use_bias = false), BatchNorm, Relu, Dense(3, softmax) > }
/// let net = Net::init(1);
/// assert_eq!(net.batch_normalization.moving_variance[7], 1.0);
/// assert!(Net::summary().to_string().contains("Non-trainable params: 16"));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct BatchNorm<
    S: Scalar,
    const ROWS: usize,
    const C: usize,
    const EPSILON: u64,
    const MOMENTUM: u64,
    G = SVector<S, C>,
    B = SVector<S, C>,
> {
    /// What normal values are multiplied by, or [`NoBias`](super::NoBias).
    pub gamma: G,
    /// What is added to them, or [`NoBias`](super::NoBias).
    pub beta: B,
    /// The mean at inference. Not trained by gradients.
    pub moving_mean: SVector<S, C>,
    /// The variance at inference. Not trained by gradients.
    pub moving_variance: SVector<S, C>,
}

// SAFETY: vectors of scalars, or nothing in place of one; `repr(C)`, and equal alignments leave no padding.
unsafe impl<S, const ROWS: usize, const C: usize, const EPSILON: u64, const MOMENTUM: u64, G, B> Parameters
    for BatchNorm<S, ROWS, C, EPSILON, MOMENTUM, G, B>
where
    S: Scalar,
    G: BiasVector<S, C>,
    B: BiasVector<S, C>,
{
    type Scalar = S;
    const COUNT: usize = G::COUNT + B::COUNT + 2 * C;

    fn describe(path: &Path<'_>, mut offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        if G::COUNT > 0 {
            offset = describe_field::<SVector<S, C>>(path, "gamma", offset, visit);
        }
        if B::COUNT > 0 {
            offset = describe_field::<SVector<S, C>>(path, "beta", offset, visit);
        }
        offset = describe_field::<SVector<S, C>>(path, "moving_mean", offset, visit);
        describe_field::<SVector<S, C>>(path, "moving_variance", offset, visit);
    }
}

/// A layer that ends in a sum for each of `C` channels, so that its parameters can take up a factor, and maybe a shift, for each.
pub trait Absorb<S, const C: usize> {
    /// From now on the layer gives `y·scale + shift` for the y of before; without shift, and `false`, if it has no bias.
    fn absorb(&mut self, scale: &[S; C], shift: &[S; C]) -> bool;
}

/// A vector's values, or the same one for all where there is none.
#[inline(always)]
fn values<S: Scalar, V: BiasVector<S, C>, const C: usize>(vector: &V, without: S) -> [S; C] {
    vector.values().copied().unwrap_or([without; C])
}

impl<S, const ROWS: usize, const C: usize, const EPSILON: u64, const MOMENTUM: u64, G, B>
    BatchNorm<S, ROWS, C, EPSILON, MOMENTUM, G, B>
where
    S: Scalar,
    G: BiasVector<S, C>,
    B: BiasVector<S, C>,
{
    /// `gamma/√(variance + ε)`.
    #[inline(always)]
    fn scale(&self, variance: &[S; C]) -> [S; C] {
        let (mut scale, epsilon) = (values(&self.gamma, S::ONE), S::from_f64(f64::from_bits(EPSILON)));
        for c in 0..C {
            scale[c] /= (variance[c] + epsilon).sqrt();
        }
        scale
    }

    /// The moving values as what inference multiplies by, and adds.
    #[inline(always)]
    fn affine<L: Level>(&self, level: L) -> ([S; C], [S; C]) {
        let (mean, variance) = (column(&self.moving_mean), column(&self.moving_variance));
        let (scale, mut shift) = (self.scale(variance), values(&self.beta, S::ZERO));
        for c in 0..C {
            shift[c] = level.mul_add(-mean[c], scale[c], shift[c]);
        }
        (scale, shift)
    }

    /// Inference in place, on rows of `C`.
    #[inline(always)]
    pub fn apply<L: Level>(&self, level: L, on: &mut [S]) {
        let (scale, shift) = self.affine(level);
        normalize::scale_and_shift(level, &scale, &shift, on);
    }

    /// What is left of inference after [`fold_into`](Self::fold_into) a layer without bias.
    #[inline(always)]
    pub fn apply_shift<L: Level>(&self, _: L, on: &mut [S]) {
        let mean = column(&self.moving_mean);
        for row in <[S; C]>::batch_mut(on) {
            for c in 0..C {
                row[c] -= mean[c];
            }
        }
    }

    /// Puts the moving values into the parameters of the layer before this one. What that can't take up is left here, so that
    /// the two layers together compute what they did.
    pub fn fold_into(&mut self, layer: &mut impl Absorb<S, C>) {
        let (scale, shift) = self.affine(Baseline);
        let whole = layer.absorb(&scale, &shift);
        self.initialize(&mut Random::new(0));
        if let Some(beta) = self.beta.values_mut() {
            beta.fill(S::ZERO);
        }
        for c in 0..C {
            self.moving_mean[c] = if whole { S::ZERO } else { -shift[c] };
            self.moving_variance[c] = S::ONE - S::from_f64(f64::from_bits(EPSILON));
        }
    }

    /// Hands the statistics on, in the gradient's places of the moving values: their sums over the batch's samples.
    #[inline(always)]
    fn report(gradient: &mut Self, statistics: &Statistics<S, C>, samples: usize, context: Context) {
        // Each later call of a shared layer lets this one's fade, as if they had been blended in one after another.
        let weight = S::from_f64(samples as f64) * power(f64::from_bits(MOMENTUM), context.later());
        for c in 0..C {
            gradient.moving_mean[c] += weight * statistics.mean[c];
            gradient.moving_variance[c] += weight * statistics.variance[c];
        }
    }
}

#[inline(always)]
fn column<S: Scalar, const C: usize>(vector: &SVector<S, C>) -> &[S; C] {
    vector.data.0.first().expect("a vector is one column")
}

fn power<S: Scalar>(base: f64, exponent: usize) -> S {
    S::from_f64((0..exponent).fold(1.0, |product, _| product * base))
}

impl<S, const ROWS: usize, const C: usize, const EPSILON: u64, const MOMENTUM: u64, G, B> Layer
    for BatchNorm<S, ROWS, C, EPSILON, MOMENTUM, G, B>
where
    S: Scalar,
    G: BiasVector<S, C>,
    B: BiasVector<S, C>,
{
    type Input = [[S; C]; ROWS];
    type Output = [[S; C]; ROWS];
    const SCRATCH: usize = 0;
    const TAPE: usize = 2 * C;
    const TOGETHER: usize = 32;

    fn initialize(&mut self, _: &mut Random) {
        if let Some(gamma) = self.gamma.values_mut() {
            gamma.fill(S::ONE);
        }
        self.moving_variance.fill(S::ONE);
    }

    fn trainable(offset: usize, visit: &mut dyn FnMut(core::ops::Range<usize>)) {
        visit(offset..offset + G::COUNT + B::COUNT);
    }

    fn settle(&mut self, gradient: &Self, seen: Seen) {
        let momentum = f64::from_bits(MOMENTUM);
        let (keep, rest) = (power::<S>(momentum, seen.calls), S::from_f64(1.0 - momentum));
        let samples = S::from_f64(seen.samples as f64);
        let follow = |moving: &mut SVector<S, C>, sums: &SVector<S, C>| {
            for (moving, &sum) in moving.iter_mut().zip(sums) {
                *moving = *moving * keep + sum / samples * rest;
            }
        };
        follow(&mut self.moving_mean, &gradient.moving_mean);
        follow(&mut self.moving_variance, &gradient.moving_variance);
    }

    #[inline(always)]
    fn forward<L: Level>(&self, level: L, inputs: &[Self::Input], outputs: &mut [Self::Output], _: &mut [S]) {
        outputs.copy_from_slice(inputs);
        self.apply(level, Tensor::flat_mut(outputs));
    }

    #[inline(always)]
    fn train<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        outputs: &mut [Self::Output],
        tape: &mut [S],
        context: Context,
    ) {
        if context.is_frozen() {
            return self.forward(level, inputs, outputs, &mut []);
        }
        let statistics = Statistics::of(inputs);
        statistics.keep(tape);
        let (scale, beta) = (self.scale(&statistics.variance), values(&self.beta, S::ZERO));
        statistics.normalize(level, inputs, outputs, &scale, &beta);
    }

    #[inline(always)]
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, gradient: &mut Self) {
        let Backward { inputs, output_gradients: dy, input_gradients, tape, context } = step;
        if context.is_frozen() {
            let (scale, _) = self.affine(level);
            for (dx, dy) in input_gradients.unwrap_or_default().iter_mut().zip(dy) {
                for row in 0..ROWS {
                    for c in 0..C {
                        dx[row][c] = scale[c] * dy[row][c];
                    }
                }
            }
            return;
        }
        let statistics = Statistics::kept(tape);
        let epsilon = S::from_f64(f64::from_bits(EPSILON));
        let sums = statistics.sums(level, inputs, dy);
        if let Some(beta) = gradient.beta.values_mut() {
            for c in 0..C {
                beta[c] += sums.gradients[c];
            }
        }
        if let Some(gamma) = gradient.gamma.values_mut() {
            for c in 0..C {
                gamma[c] += sums.products[c] / (statistics.variance[c] + epsilon).sqrt();
            }
        }
        if let Some(dx) = input_gradients {
            let scale = self.scale(&statistics.variance);
            statistics.input_gradients(level, inputs, dy, dx, (&scale, epsilon), &sums);
        }
        Self::report(gradient, &statistics, inputs.len(), context);
    }
}

#[cfg(test)]
mod tests {
    use super::super::NoBias;
    use super::*;
    use crate::testing::{check_frozen_layer, check_layer};

    const EPSILON: u64 = 1e-3f64.to_bits();
    const MOMENTUM: u64 = 0.75f64.to_bits();
    type Norm<const ROWS: usize, const C: usize, G = SVector<f64, C>, B = SVector<f64, C>> =
        BatchNorm<f64, ROWS, C, EPSILON, MOMENTUM, G, B>;

    #[test]
    fn derivatives() {
        check_layer::<Norm<1, 1>>();
        check_layer::<Norm<1, 7>>();
        check_layer::<Norm<5, 3>>();
        check_layer::<Norm<9, 17>>();
        check_layer::<Norm<3, 5, NoBias>>();
        check_layer::<Norm<3, 5, SVector<f64, 5>, NoBias>>();
        check_layer::<Norm<1, 13, NoBias, NoBias>>();
    }

    #[test]
    fn derivatives_where_it_is_frozen() {
        check_frozen_layer::<Norm<1, 7>>();
        check_frozen_layer::<Norm<5, 3, NoBias, NoBias>>();
    }

    #[test]
    fn the_moving_values_follow_each_call() {
        let mut norm = Norm::<1, 1>::zeroed();
        norm.initialize(&mut Random::new(0));
        let mut gradient = Norm::<1, 1>::zeroed();
        let batch = |mean, variance| Statistics { mean: [mean], variance: [variance] };
        // Two calls on 3 + 1 samples, as two steps of one call each would do.
        let context = Context::new(0, 0);
        for samples in [3, 1] {
            Norm::<1, 1>::report(&mut gradient, &batch(2.0, 5.0), samples, context.call(1, 2));
            Norm::<1, 1>::report(&mut gradient, &batch(7.0, 0.5), samples, context.call(0, 2));
        }
        norm.settle(&gradient, Seen { samples: 4, calls: 1 }.times(2));
        let follow = |moving: f64, batch: f64| moving * 0.75 + batch * 0.25;
        assert!((norm.moving_mean[0] - follow(follow(0.0, 2.0), 7.0)).abs() < 1e-15);
        assert!((norm.moving_variance[0] - follow(follow(1.0, 5.0), 0.5)).abs() < 1e-15);
    }
}
