//! A model for inference only.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::borrow::BorrowMut;
use core::fmt;
use core::marker::PhantomData;

use super::run::{LengthMismatch, Many, One};
use super::{Memory, Model};
use crate::simd::dispatch;
use crate::tensor::Tensor;

/// A model whose [`BatchNorm`](crate::layers::BatchNorm)s were folded into the layers before them: it predicts the same, as fast
/// as if they were not there. What `net.fold()` gives; `B` says where the parameters are, in the value itself or in a box.
///
/// A `BatchNorm` right behind a `Dense` or a convolution without activation disappears; if that layer has no bias, its shift
/// remains. All others go on as they were.
///
/// ```
/// use graven::prelude::*;
/// model! { pub Net < Dense(4 -> 8), BatchNorm, Relu, Dense(2) > }
/// let (net, x) = (Net::init(1), [0.1, 0.2, 0.3, 0.4]);
/// let before = net.predict(&x);
/// let folded = net.fold();
/// assert!((folded.predict(&x)[0] - before[0]).abs() < 1e-6);
/// ```
#[derive(Clone)]
pub struct Folded<M, B = M> {
    model: B,
    of: PhantomData<M>,
}

impl<M: Model> Folded<M> {
    /// Folds the model.
    #[must_use]
    pub fn new(model: M) -> Self {
        Self::over(model)
    }
}

#[cfg(feature = "alloc")]
impl<M: Model> Folded<M, Box<M>> {
    /// Folds a boxed model in its box.
    #[must_use]
    pub fn boxed(model: Box<M>) -> Self {
        Self::over(model)
    }
}

impl<M: Model, B: BorrowMut<M>> Folded<M, B> {
    fn over(mut model: B) -> Self {
        model.borrow_mut().fold();
        Self { model, of: PhantomData }
    }

    /// The parameters after folding.
    pub fn model(&self) -> &M {
        self.model.borrow()
    }

    /// The output for one sample. Allocates nothing.
    #[inline]
    #[must_use]
    pub fn predict(&self, input: &M::Sample) -> M::Output {
        let mut output = M::Output::ZEROS;
        self.predict_in(input, &mut M::Scratch::zeros(), &mut output);
        output
    }

    /// The output for one sample, written to `output`, with scratch memory of any content.
    #[inline]
    pub fn predict_in(&self, input: &M::Sample, scratch: &mut M::Scratch, output: &mut M::Output) {
        dispatch(One::<M, true> { model: self.model(), sample: input, output, scratch });
    }

    /// The outputs for any number of samples. Allocates nothing.
    ///
    /// # Errors
    /// When there are not as many outputs as inputs; nothing is written then.
    pub fn predict_batch(
        &self,
        inputs: &[M::Sample],
        outputs: &mut [M::Output],
    ) -> Result<(), LengthMismatch> {
        LengthMismatch::check(inputs.len(), outputs.len(), "outputs")?;
        dispatch(Many::<M, true> { model: self.model(), samples: inputs, outputs });
        Ok(())
    }
}

impl<M: Model, B> fmt::Debug for Folded<M, B> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, folded", M::NAME)
    }
}
