//! What flows through a network: nested arrays of scalars, and the same memory seen as one flat slice.

use core::fmt;

use crate::scalar::{Scalar, Sealed};

/// The largest rank of a [`Shape`].
pub const MAX_RANK: usize = 6;

/// The sizes of a tensor's axes, outermost first; a scalar has none.
///
/// ```
/// use graven::Shape;
/// let shape = Shape::new(&[28, 28, 1]);
/// assert_eq!(shape.as_slice(), [28, 28, 1]);
/// assert_eq!(shape.count(), 784);
/// assert_eq!(shape.to_string(), "28x28x1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    rank: usize,
    sizes: [usize; MAX_RANK],
}

impl Shape {
    /// The shape of a scalar: no axis.
    pub const SCALAR: Self = Self { rank: 0, sizes: [0; MAX_RANK] };

    /// A shape of these axes; those beyond [`MAX_RANK`] are dropped.
    pub const fn new(axes: &[usize]) -> Self {
        let mut shape = Self::SCALAR;
        while shape.rank < axes.len() && shape.rank < MAX_RANK {
            shape.sizes[shape.rank] = axes[shape.rank];
            shape.rank += 1;
        }
        shape
    }

    /// This shape with one more axis before all others.
    pub const fn prepend(self, size: usize) -> Self {
        let mut shape = Self { rank: self.rank + 1, sizes: [0; MAX_RANK] };
        shape.sizes[0] = size;
        let mut axis = 0;
        while axis < self.rank && axis + 1 < MAX_RANK {
            shape.sizes[axis + 1] = self.sizes[axis];
            axis += 1;
        }
        shape
    }

    /// The axes, outermost first.
    pub const fn as_slice(&self) -> &[usize] {
        self.sizes.split_at(self.rank).0
    }

    /// The size of the last axis; 1 for a scalar.
    pub const fn width(&self) -> usize {
        match self.as_slice().last() {
            Some(&width) => width,
            None => 1,
        }
    }

    /// How many rows of the last axis there are; 1 for a scalar.
    pub const fn rows(&self) -> usize {
        match self.count().checked_div(self.width()) {
            Some(rows) => rows,
            None => 0,
        }
    }

    /// The number of scalars: the product of the axes.
    pub const fn count(&self) -> usize {
        let mut product = 1;
        let mut axis = 0;
        while axis < self.rank {
            product *= self.sizes[axis];
            axis += 1;
        }
        product
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (axis, size) in self.as_slice().iter().enumerate() {
            if axis > 0 {
                formatter.write_str("x")?;
            }
            write!(formatter, "{size}")?;
        }
        Ok(())
    }
}

/// A statically sized tensor: `f32`, `f64`, or arrays of tensors such as `[[[f32; 1]; 28]; 28]`. Sealed.
///
/// nalgebra's vectors and matrices give theirs for free: `vector.as_ref()` is a `&[f32; N]`.
///
/// ```
/// use graven::Tensor;
/// assert_eq!(<[[f32; 3]; 2] as Tensor>::LEN, 6);
/// let batch = [[1.0f32, 2.0], [3.0, 4.0]];
/// assert_eq!(Tensor::flat(&batch), [1.0, 2.0, 3.0, 4.0]);
/// ```
pub trait Tensor: Sealed + Copy + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The type of the numbers.
    type Scalar: Scalar;
    /// How many numbers one tensor holds.
    const LEN: usize;
    /// The axes.
    const SHAPE: Shape;
    /// All zeros.
    const ZEROS: Self;

    /// The numbers of several tensors, one after another.
    fn flat(batch: &[Self]) -> &[Self::Scalar];
    /// The same, to write to.
    fn flat_mut(batch: &mut [Self]) -> &mut [Self::Scalar];
    /// Numbers seen as tensors; what does not fill a whole one is left out.
    fn batch(flat: &[Self::Scalar]) -> &[Self];
    /// The same, to write to.
    fn batch_mut(flat: &mut [Self::Scalar]) -> &mut [Self];

    /// The numbers of this tensor.
    #[inline(always)]
    fn as_flat(&self) -> &[Self::Scalar] {
        Self::flat(core::slice::from_ref(self))
    }
    /// The same, to write to.
    #[inline(always)]
    fn as_flat_mut(&mut self) -> &mut [Self::Scalar] {
        Self::flat_mut(core::slice::from_mut(self))
    }
}

/// A tensor that is one output, not the several of a model side by side.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is several outputs, which want a loss and a metric each",
    label = "one for several outputs",
    note = "give a tuple of losses in their order: `(MeanSquaredError, BinaryCrossentropy::default())`; metrics as `PerOutput((…))`"
)]
pub trait Single: Tensor {}

impl<T: Tensor, const N: usize> Single for [T; N] {}

macro_rules! scalar_tensor {
    ($type:ty) => {
        impl Single for $type {}

        impl Tensor for $type {
            type Scalar = $type;
            const LEN: usize = 1;
            const SHAPE: Shape = Shape::SCALAR;
            const ZEROS: Self = 0.0;

            #[inline(always)]
            fn flat(batch: &[Self]) -> &[$type] {
                batch
            }
            #[inline(always)]
            fn flat_mut(batch: &mut [Self]) -> &mut [$type] {
                batch
            }
            #[inline(always)]
            fn batch(flat: &[$type]) -> &[Self] {
                flat
            }
            #[inline(always)]
            fn batch_mut(flat: &mut [$type]) -> &mut [Self] {
                flat
            }
        }
    };
}
scalar_tensor!(f32);
scalar_tensor!(f64);

impl<T: Sealed, const N: usize> Sealed for [T; N] {}

impl<T: Tensor, const N: usize> Tensor for [T; N] {
    type Scalar = T::Scalar;
    const LEN: usize = N * T::LEN;
    const SHAPE: Shape = T::SHAPE.prepend(N);
    const ZEROS: Self = [T::ZEROS; N];

    #[inline(always)]
    fn flat(batch: &[Self]) -> &[T::Scalar] {
        T::flat(batch.as_flattened())
    }
    #[inline(always)]
    fn flat_mut(batch: &mut [Self]) -> &mut [T::Scalar] {
        T::flat_mut(batch.as_flattened_mut())
    }
    #[inline(always)]
    fn batch(flat: &[T::Scalar]) -> &[Self] {
        T::batch(flat).as_chunks().0
    }
    #[inline(always)]
    fn batch_mut(flat: &mut [T::Scalar]) -> &mut [Self] {
        T::batch_mut(flat).as_chunks_mut().0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_and_back() {
        let mut batch = [[[1.0f64, 2.0], [3.0, 4.0], [5.0, 6.0]]; 2];
        assert_eq!(<[[f64; 2]; 3]>::SHAPE.as_slice(), [3, 2]);
        Tensor::flat_mut(&mut batch)[11] = 7.0;
        assert_eq!(batch[1][2][1], 7.0);
        let flat = Tensor::flat(&batch);
        assert_eq!(<[[f64; 2]; 3] as Tensor>::batch(flat), batch);
        assert_eq!(<[[f64; 2]; 3] as Tensor>::batch(&flat[..11]).len(), 1);
    }
}
