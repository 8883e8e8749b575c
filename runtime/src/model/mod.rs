//! The trait that `model!` implements: a layer that also knows its head, its sizes and its description.

pub(crate) mod folded;
mod outputs;
pub(crate) mod run;
mod sample;
mod summary;

pub use outputs::{Head, Parts};
pub use sample::{Part, Sample};
pub use summary::Summary;

use crate::layer::{Backward, Layer};
use crate::memory::Parameters;
use crate::random::Context;
use crate::simd::Level;
use crate::tensor::Tensor;

/// A network made by `model!`. Its methods are also inherent to the type, so the trait need not be imported.
pub trait Model: Layer {
    /// One sample as it is given: the input, an array of integers that become it, or a tuple of such for several inputs.
    type Sample: Sample<Self::Input>;
    /// The last activation, if its derivative follows from its value: losses on logits recognise it. Else `Linear`. A tuple
    /// of them for several outputs.
    type Head: Head<Self::Output>;
    /// The name in the listing.
    const NAME: &'static str;
    /// The layers in order.
    const LAYERS: &'static [LayerInfo];
    /// The graph in Graphviz' language.
    const DOT: &'static str;
    /// Multiply-accumulate operations of one forward pass of one sample.
    const MACS: usize;
    /// Scalars per sample that training keeps.
    const ARENA: usize;
    /// How many samples training works on at once: a tile.
    const TILE: usize;
    /// How many samples inference works on at once: a strip, no more than a tile.
    const STRIP: usize;
    /// Scratch memory of one sample: `[scalar; SCRATCH]`.
    type Scratch: Memory<Scalar = Self::Scalar>;
    /// Scratch memory of a strip.
    type StripScratch: Memory<Scalar = Self::Scalar>;
    /// The inputs of a strip, where they are made from samples: `[Input; STRIP]`, else `[Input; 0]`.
    type StripInput: Tensor<Scalar = Self::Scalar>;
    /// Training memory of one sample.
    type SampleArena: Memory<Scalar = Self::Scalar>;
    /// Training memory of a tile.
    type TileArena: Memory<Scalar = Self::Scalar>;
    /// The inputs of a tile, where they are made from samples: `[Input; TILE]`, else `[Input; 0]`.
    type TileInput: Tensor<Scalar = Self::Scalar>;
    /// The outputs of a tile: `[Output; TILE]`.
    type TileOutput: Tensor<Scalar = Self::Scalar>;

    /// The forward pass up to, not including, the head; see [`Layer::forward`].
    fn infer_logits<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        logits: &mut [Self::Output],
        scratch: &mut [Self::Scalar],
    );

    /// The same after [`Layer::fold`].
    #[inline(always)]
    fn infer_folded<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        logits: &mut [Self::Output],
        scratch: &mut [Self::Scalar],
    ) {
        self.infer_logits(level, inputs, logits, scratch);
    }

    /// The forward pass of training up to, not including, the head; `arena` keeps what the backward pass needs.
    fn train_logits<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        logits: &mut [Self::Output],
        arena: &mut [Self::Scalar],
        context: Context,
    );

    /// The backward pass from the gradients of the logits, which it may overwrite; see [`Layer::backward`].
    #[expect(
        clippy::too_many_arguments,
        reason = "`Backward` and the arena, flat; only generated code implements it"
    )]
    fn backward_logits<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        logit_gradients: &mut [Self::Output],
        input_gradients: Option<&mut [Self::Input]>,
        arena: &mut [Self::Scalar],
        context: Context,
        gradient: &mut Self,
    );
}

/// An array of scalars of any length, zero too; or what is put together from such, in a model whose sizes are open. Sealed.
pub trait Memory: crate::scalar::Sealed + Copy + Send + Sync + 'static {
    /// The type of the numbers.
    type Scalar;
    /// All zeros.
    fn zeros() -> Self;
    /// The numbers.
    fn as_slice_mut(&mut self) -> &mut [Self::Scalar];
}

impl<S: crate::Scalar, const N: usize> Memory for [S; N] {
    type Scalar = S;
    #[inline(always)]
    fn zeros() -> Self {
        [S::ZERO; N]
    }
    #[inline(always)]
    fn as_slice_mut(&mut self) -> &mut [S] {
        self
    }
}

/// One row of a model's table of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// The name: given, or by Keras' rule (`dense`, `dense_1`, …).
    pub name: &'static str,
    /// The kind, such as `Dense`.
    pub kind: &'static str,
    /// The output's axes, without the batch.
    pub output: &'static [usize],
    /// How many parameters it has.
    pub parameters: usize,
    /// Multiply-accumulate operations per sample.
    pub macs: usize,
    /// What comes in: names of layers or of the model's inputs.
    pub inputs: &'static [&'static str],
}

/// Training memory beside parameters, gradients and moments: one tile's values and gradients.
#[derive(Debug)]
#[repr(C)]
pub struct Tape<M: Model> {
    pub(crate) arena: M::TileArena,
    pub(crate) inputs: M::TileInput,
    pub(crate) logits: M::TileOutput,
    pub(crate) outputs: M::TileOutput,
    pub(crate) gradients: M::TileOutput,
}

/// As many samples as fit into so many bytes with this many scalars each; at least 1 and at most `most`.
const fn fitting<S>(bytes: usize, scalars: usize, most: usize) -> usize {
    match bytes / (max(scalars, 1) * size_of::<S>()) {
        0 => 1,
        count if count > most => most,
        count => count,
    }
}

/// How many samples are worked on at once, at most: their tiles fill the registers, and in a model that is larger than the caches
/// they share what it costs to read its parameters.
const fn most<P: Parameters>() -> usize {
    if P::COUNT * size_of::<P::Scalar>() < 262_144 { 32 } else { 128 }
}

/// How many samples inference works on at once: no more than a tile, in 64 KB on the stack; `converts`: where inputs are made from
/// samples, which takes memory for each.
pub const fn strip<P: Parameters>(scratch: usize, tile: usize, converts: bool) -> usize {
    let most = if converts { 32 } else { most::<P>() };
    fitting::<P::Scalar>(65_536, scratch, if most < tile { most } else { tile })
}

/// How many samples training works on at once: the layers' number where they mix samples, else as many as fit into 256 KB, or
/// into as much memory as the parameters of a large model take.
pub const fn tile<P: Parameters>(arena: usize, together: usize) -> usize {
    let bytes = max(P::COUNT * size_of::<P::Scalar>(), 262_144);
    if together > 1 { together } else { fitting::<P::Scalar>(bytes, arena, most::<P>()) }
}

/// The larger one, for sizes known only to the compiler.
pub const fn max(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// What is left of `a` without `b`; nothing where that is larger.
pub const fn less(a: usize, b: usize) -> usize {
    a.saturating_sub(b)
}

/// How often `b` goes into `a`; zero, which is an error elsewhere, counts as one.
pub const fn over(a: usize, b: usize) -> usize {
    match a.checked_div(b) {
        Some(times) => times,
        None => a,
    }
}

/// [`Layer::TAPE`] of a model that is a layer of another: its arena, and its output's values and gradients.
pub const fn nested_tape<M: Model>() -> usize {
    M::ARENA + 2 * M::Output::LEN
}

/// [`Layer::forward`] of a model.
#[inline(always)]
pub fn forward_nested<M: Model, L: Level>(
    level: L,
    model: &M,
    inputs: &[M::Input],
    outputs: &mut [M::Output],
    scratch: &mut [M::Scalar],
) {
    model.infer_logits(level, inputs, outputs, scratch);
    activate::<M, L>(level, outputs);
}

/// [`Layer::forward_folded`] of a model.
#[inline(always)]
pub fn forward_folded_nested<M: Model, L: Level>(
    model: &M,
    level: L,
    inputs: &[M::Input],
    outputs: &mut [M::Output],
    scratch: &mut [M::Scalar],
) {
    model.infer_folded(level, inputs, outputs, scratch);
    activate::<M, L>(level, outputs);
}

/// [`Layer::train`] of a model that is a layer of another.
#[inline(always)]
pub fn train_nested<M: Model, L: Level>(
    model: &M,
    level: L,
    inputs: &[M::Input],
    outputs: &mut [M::Output],
    tape: &mut [M::Scalar],
    context: Context,
) {
    let (arena, kept) = tape.split_at_mut_checked(M::ARENA * inputs.len()).unwrap_or_default();
    model.train_logits(level, inputs, outputs, arena, context);
    activate::<M, L>(level, outputs);
    let flat = Tensor::flat(outputs);
    for (kept, &value) in kept.iter_mut().zip(flat) {
        *kept = value;
    }
}

/// [`Layer::backward`] of a model that is a layer of another.
#[inline(always)]
pub fn backward_nested<M: Model, L: Level>(model: &M, level: L, step: Backward<'_, M>, gradient: &mut M) {
    let count = step.inputs.len();
    let (arena, rest) = step.tape.split_at_mut_checked(M::ARENA * count).unwrap_or_default();
    let (outputs, gradients) = rest.split_at_mut_checked(M::Output::LEN * count).unwrap_or_default();
    let gradients = gradients.get_mut(..M::Output::LEN * count).unwrap_or_default();
    for (copy, &value) in gradients.iter_mut().zip(Tensor::flat(step.output_gradients)) {
        *copy = value;
    }
    let gradients = M::Output::batch_mut(gradients);
    derive::<M, L>(level, Tensor::batch(outputs), gradients);
    model.backward_logits(level, step.inputs, gradients, step.input_gradients, arena, step.context, gradient);
}

/// Applies the head to logits, in place.
#[inline(always)]
pub(crate) fn activate<M: Model, L: Level>(level: L, values: &mut [M::Output]) {
    M::Head::activate(level, values);
}

/// Turns gradients of outputs into those of logits, in place.
#[inline(always)]
pub(crate) fn derive<M: Model, L: Level>(level: L, outputs: &[M::Output], gradients: &mut [M::Output]) {
    M::Head::derive(level, outputs, gradients);
}
