//! Dropout.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::random::Context;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Shape;

/// In training zeroes each of `N` values with probability `RATE` and divides the others by 1 − `RATE`; otherwise does
/// nothing. `RATE` is the bits of an `f64`. Source: Keras' `Dropout`.
///
/// In a listing: `Dropout(0.25)`. The mask depends on seed, step, layer and sample only, and is drawn again in the
/// backward pass instead of being kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Dropout<S, const N: usize, const RATE: u64>(PhantomData<S>);

// SAFETY: it has no size, so it holds exactly 0 scalars.
unsafe impl<S: Scalar, const N: usize, const RATE: u64> Parameters for Dropout<S, N, RATE> {
    type Scalar = S;
    const COUNT: usize = 0;
    fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
}

/// What value `element` of sample `row` is multiplied by.
#[inline(always)]
fn factor<S: Scalar, const RATE: u64>(context: &Context, row: usize, element: usize) -> S {
    let rate = f64::from_bits(RATE);
    if context.uniform::<S>(row, element) >= S::from_f64(rate) {
        S::from_f64(1.0 / (1.0 - rate))
    } else {
        S::ZERO
    }
}

#[inline(always)]
fn mask<S: Scalar, const N: usize, const RATE: u64>(context: &Context, from: &[[S; N]], to: &mut [[S; N]]) {
    for (row, (from, to)) in from.iter().zip(to).enumerate() {
        for element in 0..N {
            let factor = factor::<S, RATE>(context, row, element);
            // Not a product: what is dropped is 0, even if it was infinite.
            to[element] = if factor == S::ZERO { S::ZERO } else { from[element] * factor };
        }
    }
}

impl<S: Scalar, const N: usize, const RATE: u64> Layer for Dropout<S, N, RATE> {
    type Input = [S; N];
    type Output = [S; N];

    #[inline(always)]
    fn forward<L: Level>(&self, _: L, inputs: &[[S; N]], outputs: &mut [[S; N]], _: &mut [S]) {
        outputs.copy_from_slice(inputs);
    }

    #[inline(always)]
    fn train<L: Level>(
        &self,
        _: L,
        inputs: &[[S; N]],
        outputs: &mut [[S; N]],
        _: &mut [S],
        context: Context,
    ) {
        mask::<S, N, RATE>(&context, inputs, outputs);
    }

    #[inline(always)]
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
        if let Some(gradients) = step.input_gradients {
            mask::<S, N, RATE>(&step.context, step.output_gradients, gradients);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Baseline;

    const QUARTER: u64 = 0.25f64.to_bits();

    #[test]
    fn keeps_the_mean_and_masks_the_gradient_alike() {
        let layer = Dropout::<f32, 100, QUARTER>::default();
        let context = Context::new(1, 2).layer(3);
        let inputs = [[1.0; 100]; 50];
        let (mut outputs, mut gradients) = ([[0.0; 100]; 50], [[0.0; 100]; 50]);
        layer.train(Baseline, &inputs, &mut outputs, &mut [], context);
        let step = Backward {
            inputs: &inputs,
            output_gradients: &inputs,
            input_gradients: Some(&mut gradients),
            tape: &mut [],
            context,
        };
        layer.backward(Baseline, step, &mut Dropout::default());
        assert_eq!(outputs, gradients);
        let kept = outputs.as_flattened().iter().filter(|&&value| value == 1.0 / 0.75).count();
        let dropped = outputs.as_flattened().iter().filter(|&&value| value == 0.0).count();
        assert_eq!(kept + dropped, 5000);
        assert!((3600..3900).contains(&kept), "{kept}");
    }

    #[test]
    fn derivatives() {
        crate::testing::check_layer::<Dropout<f64, 1, QUARTER>>();
        crate::testing::check_layer::<Dropout<f64, 13, QUARTER>>();
    }

    #[test]
    fn rate_1_gives_zeros() {
        let layer = Dropout::<f64, 3, { 1.0f64.to_bits() }>::default();
        let mut outputs = [[9.0; 3]];
        layer.train(Baseline, &[[1.0; 3]], &mut outputs, &mut [], Context::new(0, 0));
        assert_eq!(outputs, [[0.0; 3]]);
    }
}
