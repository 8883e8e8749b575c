//! Reproducible random numbers: a generator for initializers and shuffling, and a stateless one for dropout masks.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use crate::scalar::Scalar;

/// A seeded generator (xoshiro256++). The same seed gives the same numbers on every machine.
///
/// ```
/// use graven::random::Random;
/// let mut random = Random::new(7);
/// assert!(random.below(10) < 10);
/// assert_eq!(Random::new(7).uniform(), Random::new(7).uniform());
/// ```
#[derive(Clone, Debug)]
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// A generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    /// Normal with mean 0 and standard deviation 1 (Box and Muller's method).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// Uniform among `0..bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        // The high half of a 128-bit product: the bias is below bound / 2⁶⁴.
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// Puts `items` in a random order (Fisher and Yates' method).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Steele, Lea and Flood's SplitMix64: a bijection that spreads every input bit over all output bits.
#[inline(always)]
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Where a training pass stands. The random numbers of a layer depend on it and nothing else, so a mask can be drawn again in
/// `backward`, and the split of a batch into tiles or threads never changes it. It also tells a layer whether it is frozen, and
/// which of the calls of a shared layer this is.
///
/// ```
/// use graven::random::Context;
/// let context = Context::new(7, 0).layer(3);
/// assert_eq!(context.uniform::<f32>(2, 5), context.uniform::<f32>(2, 5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    key: u64,
    /// The index, within the batch, of the tile's first sample.
    sample: u64,
    later: usize,
    frozen: bool,
}

impl Context {
    /// The context of training step `step` (from 0) under `seed`.
    pub const fn new(seed: u64, step: u64) -> Self {
        Self { key: mix(mix(seed).wrapping_add(step)), sample: 0, later: 0, frozen: false }
    }

    /// The same step at the tile that begins with this sample of the batch.
    #[inline(always)]
    pub const fn sample(self, index: usize) -> Self {
        Self { sample: index as u64, ..self }
    }

    /// The stream of the model's layer number `ordinal`.
    #[inline(always)]
    pub const fn layer(self, ordinal: u64) -> Self {
        Self { key: mix(self.key ^ mix(ordinal)), ..self }
    }

    /// The same for a call of a layer that stands in the model `calls` times, of which `later` come behind this one.
    #[inline(always)]
    pub const fn call(self, later: usize, calls: usize) -> Self {
        Self { later: self.later * calls + later, ..self }
    }

    /// How many calls of the same layer come behind this one in the forward pass.
    #[inline(always)]
    pub const fn later(&self) -> usize {
        self.later
    }

    /// The same for a layer whose parameters training leaves as they are.
    #[inline(always)]
    pub const fn frozen(self) -> Self {
        Self { frozen: true, ..self }
    }

    /// Whether the layer's parameters stay as they are: [`BatchNorm`](crate::layers::BatchNorm) then works as at inference.
    #[inline(always)]
    pub const fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// A number in [0, 1) for element `element` of the tile's sample number `row`.
    #[inline(always)]
    pub fn uniform<S: Scalar>(&self, row: usize, element: usize) -> S {
        let place = ((self.sample + row as u64) << 32) | element as u64;
        // 24 bits are what an f32 holds exactly, so both scalars see the same value.
        S::from_f64((mix(self.key ^ place) >> 40) as f64 * (1.0 / (1u64 << 24) as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_and_normal_have_their_moments() {
        let mut random = Random::new(1);
        let count = 100_000;
        let (mut mean, mut square) = (0.0, 0.0);
        for _ in 0..count {
            let value = random.normal();
            mean += value / f64::from(count);
            square += value * value / f64::from(count);
        }
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
    }

    #[test]
    fn shuffle_is_a_permutation() {
        let mut items: [usize; 101] = core::array::from_fn(|i| i);
        Random::new(3).shuffle(&mut items);
        let mut sorted = items;
        sorted.sort_unstable();
        assert_ne!(items, sorted);
        assert!(sorted.iter().enumerate().all(|(i, &item)| i == item));
    }

    #[test]
    fn context_differs_by_step_layer_and_sample() {
        let base = Context::new(1, 0);
        let value = base.layer(0).uniform::<f64>(0, 0);
        assert_ne!(value, base.layer(1).uniform::<f64>(0, 0));
        assert_ne!(value, Context::new(1, 1).layer(0).uniform::<f64>(0, 0));
        assert_eq!(base.sample(3).layer(0).uniform::<f64>(2, 9), base.layer(0).uniform::<f64>(5, 9));
    }
}
