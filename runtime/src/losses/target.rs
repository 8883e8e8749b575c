//! What a loss compares with: arrays, or the indices of classes.

use core::fmt;

use crate::metrics::ClassIndex;
use crate::scalar::Scalar;
use crate::tensor::Tensor;

/// The index of a class, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class(pub usize);

/// A type that targets of a data set can have where a loss wants `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the target of this loss, which wants `{T}`",
    label = "targets of the wrong type",
    note = "sparse losses take class indices (`usize`, `u8`, …), the others arrays like the model's output (one-hot for classes), binary ones `bool` too where the model has one output"
)]
pub trait Target<T>: Sync {
    /// Hands the target to `read` in the form that the loss wants.
    fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R;
}

impl<Y: Tensor> Target<Y> for Y {
    #[inline(always)]
    fn with<R>(&self, read: impl FnOnce(&Y) -> R) -> R {
        read(self)
    }
}

impl<I: ClassIndex> Target<Class> for I {
    #[inline(always)]
    fn with<R>(&self, read: impl FnOnce(&Class) -> R) -> R {
        read(&Class(self.index()))
    }
}

impl<S: Scalar> Target<[S; 1]> for bool {
    #[inline(always)]
    fn with<R>(&self, read: impl FnOnce(&[S; 1]) -> R) -> R {
        read(&[if *self { S::ONE } else { S::ZERO }])
    }
}

/// A target that no output of the model can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetError {
    /// The class that was asked for.
    pub class: usize,
    /// How many classes the model's output has.
    pub classes: usize,
}

impl fmt::Display for TargetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { class, classes } = self;
        write!(
            formatter,
            "class {class} is not among the {classes} of the model's output (0 to {})",
            classes - 1
        )
    }
}

impl core::error::Error for TargetError {}
