//! What the code that `model!` writes may name, and nothing else.

pub use crate::activations;
pub use crate::activations::{activate, derive};
/// The same steps, each in a function of its own.
pub mod apart {
    pub use crate::apart::{
        activate, around, backward, derive, forward, forward_nested, read, split, split2, train,
    };
}
pub use crate::constants::{Differ, same_axes, takes};
#[cfg(feature = "std")]
pub use crate::formats::{WeightsError, load, save};
pub use crate::kernels::merge::{
    Add, Column, Maximum, Minimum, Multiply, Subtract, choose, divide, merge, merge_into, negate, place, take,
};
pub use crate::layer::{Backward, Layer, Seen, backward, forward, forward_folded, train};
pub use crate::losses::{Loss, Target};
pub use crate::memory::{
    Larger, Pair, Parameters, Path, Record, Rest, Rest2, Times, copy, describe_field, read, split, split2,
};
pub use crate::model::run::{LengthMismatch, LossFor, init, predict, predict_batch, predict_in};
#[cfg(feature = "alloc")]
pub use crate::model::run::{boxed, reseed};
pub use crate::model::{
    LayerInfo, Memory, Model, Parts, Summary, Tape, backward_nested, forward_folded_nested, forward_nested,
    less, max, nested_tape, over, strip, tile, train_nested,
};
pub use crate::optimizers::Optimizer;
pub use crate::random::{Context, Random};
pub use crate::simd::Level;
pub use crate::step::{Step, advance, step};
pub use crate::tensor::{Shape, Tensor};
pub use crate::training::{Trainer, train_bytes};
#[cfg(feature = "alloc")]
pub use alloc::boxed::Box;
pub use nalgebra::SVector;

/// The numbers of several tensors: [`Tensor::flat`].
#[inline(always)]
pub fn flat<T: Tensor>(batch: &[T]) -> &[T::Scalar] {
    T::flat(batch)
}

/// The same, to write to.
#[inline(always)]
pub fn flat_mut<T: Tensor>(batch: &mut [T]) -> &mut [T::Scalar] {
    T::flat_mut(batch)
}

/// Sets the gradients of a frozen layer to zero.
#[inline(always)]
pub fn clear<P: Parameters>(gradient: &mut P) {
    gradient.as_mut_slice().fill(crate::Scalar::ZERO);
}

/// What the methods of a broken model give; the constant is the error.
#[derive(Debug)]
pub struct Broken<const ERROR: usize>;

/// The type behind [`Broken`], which nobody ever knows.
pub trait Stub {
    /// Unknown.
    type Type;
}

impl Stub for Broken<0> {
    type Type = ();
}

/// Keeps items of generated code only where there is a heap.
#[cfg(feature = "alloc")]
#[macro_export]
#[doc(hidden)]
macro_rules! __with_alloc {
    ($($item:tt)*) => { $($item)* };
}
#[cfg(not(feature = "alloc"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __with_alloc {
    ($($item:tt)*) => {};
}
pub use crate::__with_alloc as with_alloc;

/// Keeps items of generated code only where there are files.
#[cfg(feature = "std")]
#[macro_export]
#[doc(hidden)]
macro_rules! __with_std {
    ($($item:tt)*) => { $($item)* };
}
#[cfg(not(feature = "std"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __with_std {
    ($($item:tt)*) => {};
}
pub use crate::__with_std as with_std;
