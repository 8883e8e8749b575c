//! The trait of everything that turns one tensor into another, and can learn: built-in layers, models, and your own.

use core::ops::Range;

use crate::memory::Parameters;
use crate::random::{Context, Random};
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

/// One step of a network: its parameters are the type itself, its code handles any number of samples at once.
///
/// Implement it for a struct of your own and its name stands in a listing like any other:
///
/// ```
/// use graven::{Backward, Layer, Parameters, model, simd::Level};
///
/// /// Multiplies each of three features by a learned factor.
/// #[derive(Parameters)]
/// #[repr(C)]
/// pub struct Scale {
///     factor: [f32; 3],
/// }
///
/// impl Layer for Scale {
///     type Input = [f32; 3];
///     type Output = [f32; 3];
///
///     fn initialize(&mut self, _: &mut graven::random::Random) {
///         self.factor = [1.0; 3];
///     }
///     fn forward<L: Level>(&self, _: L, inputs: &[[f32; 3]], outputs: &mut [[f32; 3]], _: &mut [f32]) {
///         for (x, y) in inputs.iter().zip(outputs) {
///             for i in 0..3 {
///                 y[i] = x[i] * self.factor[i];
///             }
///         }
///     }
///     fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, gradient: &mut Self) {
///         for (x, dy) in step.inputs.iter().zip(step.output_gradients) {
///             for i in 0..3 {
///                 gradient.factor[i] += x[i] * dy[i];
///             }
///         }
///         for (dx, dy) in step.input_gradients.unwrap_or_default().iter_mut().zip(step.output_gradients) {
///             for i in 0..3 {
///                 dx[i] = dy[i] * self.factor[i];
///             }
///         }
///     }
/// }
///
/// model! { Scaled < Scale(3 -> 3), Dense(2) > }
/// assert_eq!(Scaled::PARAMETERS, 3 + 8);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "not a layer",
    note = "a type stands in a listing if it implements `graven::Layer`"
)]
pub trait Layer: Parameters {
    /// One sample that comes in.
    type Input: Tensor<Scalar = Self::Scalar>;
    /// One sample that goes out.
    type Output: Tensor<Scalar = Self::Scalar>;
    /// The shapes of what goes in, where that is several values side by side: a layer that reads several values gets them
    /// as one vector, in their order.
    const INPUTS: &'static [Shape] = &[<Self::Input as Tensor>::SHAPE];
    /// How many scalars of scratch memory `forward` needs per sample.
    const SCRATCH: usize = 0;
    /// How many scalars per sample are kept from `train` to `backward`.
    const TAPE: usize = Self::SCRATCH;
    /// How many samples training hands over at once, if the batch has as many: 1 unless the layer mixes them, as
    /// [`BatchNorm`](crate::layers::BatchNorm) does. Where the batch has more, it comes in parts of nearly equal size.
    const TOGETHER: usize = 1;

    /// Draws the initial parameters; they are zero before. Without parameters there is nothing to do.
    fn initialize(&mut self, random: &mut Random) {
        let _ = random;
    }

    /// Hands every range of parameters that training changes to `visit`, in order; `offset` is where this layer's begin.
    fn trainable(offset: usize, visit: &mut dyn FnMut(Range<usize>)) {
        visit(offset..offset + Self::COUNT);
    }

    /// Called after each update of training, for what changes otherwise than along a gradient. `gradient` holds in the places of
    /// parameters that [`trainable`](Self::trainable) leaves out what `backward` added there: sums over the batch, whatever the
    /// layer needs them for.
    fn settle(&mut self, gradient: &Self, seen: Seen) {
        let _ = (gradient, seen);
    }

    /// Computes `outputs` from as many `inputs`; `scratch` holds [`SCRATCH`](Self::SCRATCH) scalars per sample, of any content.
    /// Mark it `#[inline(always)]` in layers that should be fast.
    fn forward<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        outputs: &mut [Self::Output],
        scratch: &mut [Self::Scalar],
    );

    /// Changes the parameters so that [`forward_folded`](Self::forward_folded) is the same function as `forward` was, with less
    /// to do. A model puts each [`BatchNorm`](crate::layers::BatchNorm) into the layer before it. There is no way back.
    fn fold(&mut self) {}

    /// Inference after [`fold`](Self::fold).
    #[inline(always)]
    fn forward_folded<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        outputs: &mut [Self::Output],
        scratch: &mut [Self::Scalar],
    ) {
        self.forward(level, inputs, outputs, scratch);
    }

    /// The forward pass of training; `tape` holds [`TAPE`](Self::TAPE) scalars per sample and is handed to `backward` as this
    /// leaves it. A layer that differs in training (or keeps something) overrides this.
    #[inline(always)]
    fn train<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        outputs: &mut [Self::Output],
        tape: &mut [Self::Scalar],
        context: Context,
    ) {
        let _ = context;
        self.forward(level, inputs, outputs, tape);
    }

    /// Adds the gradients of the parameters to `gradient` and writes those of the inputs, if they are wanted.
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, gradient: &mut Self);
}

/// What a layer has seen in one step of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The samples of the batch.
    pub samples: usize,
    /// How often each of them passed through the layer: more than once if its weights are shared.
    pub calls: usize,
}

impl Seen {
    /// What a part sees that stands in this layer `calls` times.
    #[must_use]
    pub const fn times(self, calls: usize) -> Self {
        Self { samples: self.samples, calls: self.calls * calls }
    }
}

/// What [`Layer::backward`] works on: one tile of samples.
#[derive(Debug)]
pub struct Backward<'a, T: Layer> {
    /// What went in.
    pub inputs: &'a [T::Input],
    /// The derivatives of the loss with respect to what came out.
    pub output_gradients: &'a [T::Output],
    /// Where the derivatives with respect to the inputs go (overwritten, of any content); `None` if nobody wants them.
    pub input_gradients: Option<&'a mut [T::Input]>,
    /// What `train` left.
    pub tape: &'a mut [T::Scalar],
    /// The same as `train` got.
    pub context: Context,
}

/// [`Layer::forward`] on flat memory.
#[inline(always)]
pub fn forward<X: Layer, L: Level>(
    level: L,
    layer: &X,
    inputs: &[X::Scalar],
    outputs: &mut [X::Scalar],
    scratch: &mut [X::Scalar],
) {
    layer.forward(level, Tensor::batch(inputs), Tensor::batch_mut(outputs), scratch);
}

/// [`Layer::forward_folded`] on flat memory.
#[inline(always)]
pub fn forward_folded<X: Layer, L: Level>(
    level: L,
    layer: &X,
    inputs: &[X::Scalar],
    outputs: &mut [X::Scalar],
    scratch: &mut [X::Scalar],
) {
    layer.forward_folded(level, Tensor::batch(inputs), Tensor::batch_mut(outputs), scratch);
}

/// [`Layer::train`] on flat memory.
#[inline(always)]
pub fn train<X: Layer, L: Level>(
    level: L,
    layer: &X,
    inputs: &[X::Scalar],
    outputs: &mut [X::Scalar],
    tape: &mut [X::Scalar],
    context: Context,
) {
    layer.train(level, Tensor::batch(inputs), Tensor::batch_mut(outputs), tape, context);
}

/// [`Layer::backward`] on flat memory.
#[inline(always)]
#[expect(
    clippy::too_many_arguments,
    reason = "the fields of `Backward`, flat; only generated code calls this"
)]
pub fn backward<X: Layer, L: Level>(
    level: L,
    layer: &X,
    inputs: &[X::Scalar],
    output_gradients: &[X::Scalar],
    input_gradients: Option<&mut [X::Scalar]>,
    tape: &mut [X::Scalar],
    context: Context,
    gradient: &mut X,
) {
    let step = Backward {
        inputs: Tensor::batch(inputs),
        output_gradients: Tensor::batch(output_gradients),
        input_gradients: input_gradients.map(Tensor::batch_mut),
        tape,
        context,
    };
    layer.backward(level, step, gradient);
}
