//! Parameters as plain memory: flat views, all-zero values, construction in place, arenas split in two.
//!
//! One of the two places with `unsafe` (the other is `simd`): everything above it is safe code.
#![allow(unsafe_code, reason = "flat views of parameter structs, each block with its proof")]

use core::fmt;
use core::mem::{MaybeUninit, size_of};
use core::slice;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use crate::model::Memory;
use crate::scalar::Scalar;
use crate::tensor::{Shape, Tensor};

/// A struct that consists of nothing but scalars: a layer's or a model's weights, their gradients, an optimizer's
/// moments. `model!` implements it for models, `#[derive(Parameters)]` for your own layers.
///
/// ```
/// use graven::{Parameters, layers::Dense};
/// let mut dense = Dense::<f32, 3, 2>::zeroed();
/// assert_eq!(Dense::<f32, 3, 2>::COUNT, 8);
/// dense.as_mut_slice().fill(1.0);
/// assert_eq!(dense.bias[1], 1.0);
/// ```
///
/// # Safety
/// The type is `#[repr(C)]` (or `transparent`, or an array), holds exactly `COUNT` values of `Scalar` without padding,
/// nothing else, and has no destructor; so all-zero bytes are a value of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of parameters",
    label = "not made of scalars only",
    note = "a layer of your own needs `#[derive(Parameters)]` and `#[repr(C)]`"
)]
pub unsafe trait Parameters: Sized + Send + Sync + 'static {
    /// The type of the numbers.
    type Scalar: Scalar;
    /// How many numbers there are.
    const COUNT: usize;

    /// Calls `visit` with path, shape and offset (in scalars) of every tensor, in memory order.
    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize));

    /// All numbers in memory order.
    #[inline(always)]
    fn as_slice(&self) -> &[Self::Scalar] {
        const { assert_scalars_only::<Self>() };
        if Self::COUNT == 0 {
            return &[];
        }
        // SAFETY: the trait's contract: `COUNT` scalars and nothing else, as the assertion confirms.
        unsafe { slice::from_raw_parts(core::ptr::from_ref(self).cast(), Self::COUNT) }
    }

    /// All numbers in memory order, to write to.
    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [Self::Scalar] {
        const { assert_scalars_only::<Self>() };
        if Self::COUNT == 0 {
            return &mut [];
        }
        // SAFETY: as in `as_slice`; the mutable borrow makes the view unique, and any scalar is valid in every place.
        unsafe { slice::from_raw_parts_mut(core::ptr::from_mut(self).cast(), Self::COUNT) }
    }

    /// All zeros.
    #[inline]
    fn zeroed() -> Self {
        // SAFETY: the trait's contract: all-zero bytes are a value.
        unsafe { MaybeUninit::zeroed().assume_init() }
    }

    /// All zeros, made on the heap without passing through the stack.
    #[cfg(feature = "alloc")]
    fn zeroed_box() -> Box<Self> {
        // SAFETY: as in `zeroed`.
        unsafe { Box::<Self>::new_zeroed().assume_init() }
    }
}

/// Size and alignment are those of an array of scalars; a type without any may have the least alignment.
const fn assert_scalars_only<P: Parameters>() {
    assert!(size_of::<P>() == P::COUNT * size_of::<P::Scalar>());
    assert!(P::COUNT == 0 || align_of::<P>() >= align_of::<P::Scalar>());
}

/// Where a tensor stands in a model: the names of the fields that lead to it, joined by dots when displayed.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'a str,
}

impl<'a> Path<'a> {
    /// The model itself: no name.
    pub const ROOT: Path<'static> = Path { parent: None, name: "" };

    /// The field `name` of what stands at this path.
    pub const fn join(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), name }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent
            && !parent.name.is_empty()
        {
            write!(formatter, "{parent}.")?;
        }
        formatter.write_str(self.name)
    }
}

/// Describes the field `name` of type `T` and returns the offset behind it.
pub fn describe_field<T: Parameters>(
    path: &Path<'_>,
    name: &str,
    offset: usize,
    visit: &mut dyn FnMut(&Path<'_>, Shape, usize),
) -> usize {
    T::describe(&path.join(name), offset, visit);
    offset + T::COUNT
}

macro_rules! scalar_parameters {
    ($type:ty) => {
        // SAFETY: one scalar.
        unsafe impl Parameters for $type {
            type Scalar = $type;
            const COUNT: usize = 1;
            fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
                visit(path, Shape::SCALAR, offset);
            }
        }
        // SAFETY: an array lays its elements one after another.
        unsafe impl<const N: usize> Parameters for [$type; N] {
            type Scalar = $type;
            const COUNT: usize = N;
            fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
                visit(path, Shape::new(&[N]), offset);
            }
        }
    };
}
scalar_parameters!(f32);
scalar_parameters!(f64);

// SAFETY: nalgebra's static storage is a transparent array of columns, and `Matrix` holds nothing else of a size.
unsafe impl<S: Scalar, const R: usize, const C: usize> Parameters for nalgebra::SMatrix<S, R, C> {
    type Scalar = S;
    const COUNT: usize = R * C;
    /// Memory is column-major, so a matrix is described as its columns: `[C, R]`; a vector as `[R]`.
    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        let shape = if C == 1 { Shape::new(&[R]) } else { Shape::new(&[C, R]) };
        visit(path, shape, offset);
    }
}

/// A value of which all-zero bytes are valid, to be made in place on the heap.
///
/// # Safety
/// All-zero bytes are a value of the type.
pub(crate) unsafe trait Zeroed: Sized {
    fn zeroed_value() -> Self {
        // SAFETY: the trait's contract.
        unsafe { MaybeUninit::zeroed().assume_init() }
    }
    #[cfg(feature = "alloc")]
    fn zeroed_in_place() -> Box<Self> {
        // SAFETY: the trait's contract.
        unsafe { Box::<Self>::new_zeroed().assume_init() }
    }
}

// SAFETY: parameters, arrays of parameters (the slots) and tensors are made of scalars only; a struct of such is zeroable.
unsafe impl<M: crate::Model, O: crate::optimizers::Optimizer> Zeroed for crate::training::Buffers<M, O> {}
// SAFETY: tensors are scalars or arrays of them.
unsafe impl<M: crate::Model> Zeroed for crate::model::Tape<M> {}

/// A struct of tensors that `model!` writes for a model with several outputs: [`Tensor`] on the whole, its fields side by side.
///
/// # Safety
/// The type is `#[repr(C)]` and its fields are exactly the tensors of `Parts`, in their order.
#[doc(hidden)]
pub unsafe trait Record: Copy + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The type of the numbers.
    type Scalar: Scalar;
    /// The types of the fields.
    type Parts: crate::model::Parts;
    /// The names of the fields.
    const NAMES: &'static [&'static str];
    /// All zeros.
    const ZEROS: Self;
}

const fn assert_parts_only<R: Record>() {
    assert!(size_of::<R>() == <R::Parts as crate::model::Parts>::LEN * size_of::<R::Scalar>());
    assert!(align_of::<R>() == align_of::<R::Scalar>());
}

impl<R: Record> crate::scalar::Sealed for R {}

impl<R: Record> Tensor for R {
    type Scalar = R::Scalar;
    const LEN: usize = <R::Parts as crate::model::Parts>::LEN;
    const SHAPE: Shape = Shape::new(&[<R::Parts as crate::model::Parts>::LEN]);
    const ZEROS: Self = <R as Record>::ZEROS;

    #[inline(always)]
    fn flat(batch: &[Self]) -> &[R::Scalar] {
        const { assert_parts_only::<R>() };
        // SAFETY: the trait's contract: each element is `LEN` scalars and nothing else, as the assertion confirms.
        unsafe { slice::from_raw_parts(batch.as_ptr().cast(), batch.len() * <R as Tensor>::LEN) }
    }
    #[inline(always)]
    fn flat_mut(batch: &mut [Self]) -> &mut [R::Scalar] {
        const { assert_parts_only::<R>() };
        // SAFETY: as in `flat`; the mutable borrow makes the view unique, and any scalar is valid in every place.
        unsafe { slice::from_raw_parts_mut(batch.as_mut_ptr().cast(), batch.len() * <R as Tensor>::LEN) }
    }
    #[inline(always)]
    fn batch(flat: &[R::Scalar]) -> &[Self] {
        const { assert_parts_only::<R>() };
        // SAFETY: as in `flat`, backwards: the alignments are equal, and what does not fill a whole element is left out.
        unsafe { slice::from_raw_parts(flat.as_ptr().cast(), flat.len() / <R as Tensor>::LEN) }
    }
    #[inline(always)]
    fn batch_mut(flat: &mut [R::Scalar]) -> &mut [Self] {
        const { assert_parts_only::<R>() };
        // SAFETY: as in `batch`; the mutable borrow makes the view unique.
        unsafe { slice::from_raw_parts_mut(flat.as_mut_ptr().cast(), flat.len() / <R as Tensor>::LEN) }
    }
}

/// Two memories as one. Where a size hangs on a constant that a model leaves open, stable Rust can't compute the length of
/// an array, but it can put types together: `a + b` scalars are a pair.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Pair<A, B>(A, B);

/// A memory several times: `a·N` scalars.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Times<A, const N: usize>([A; N]);

/// A memory as large as the larger one of two: `max(a, b)` scalars.
#[doc(hidden)]
#[derive(Clone, Copy)]
#[repr(C)]
pub union Larger<A: Copy, B: Copy> {
    a: A,
    b: B,
}

macro_rules! memory_of_memories {
    ($type:ty, $first:ident, [$($generic:tt)*]) => {
        impl<$($generic)*> crate::scalar::Sealed for $type {}

        impl<$($generic)*> Memory for $type {
            type Scalar = $first::Scalar;
            #[inline(always)]
            fn zeros() -> Self {
                // SAFETY: every part is memory, and so in the end an array of scalars, of which all-zero bytes are a value.
                unsafe { MaybeUninit::zeroed().assume_init() }
            }
            #[inline(always)]
            fn as_slice_mut(&mut self) -> &mut [$first::Scalar] {
                let count = size_of::<Self>() / size_of::<$first::Scalar>();
                // SAFETY: the parts are in the end arrays of one scalar, side by side or one over the other, so there is no
                // padding, the alignment is the scalar's, and `zeros` has set every byte.
                unsafe { slice::from_raw_parts_mut(core::ptr::from_mut(self).cast(), count) }
            }
        }
    };
}
memory_of_memories!(Pair<A, B>, A, [A: Memory<Scalar: Scalar>, B: Memory<Scalar = A::Scalar>]);
memory_of_memories!(Larger<A, B>, A, [A: Memory<Scalar: Scalar>, B: Memory<Scalar = A::Scalar>]);
memory_of_memories!(Times<A, N>, A, [A: Memory<Scalar: Scalar>, const N: usize]);

/// An arena without the region that is being written: what lies before and behind it can be read.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'a, S> {
    before: &'a [S],
    behind: &'a [S],
    /// Where `behind` begins in the arena.
    resume: usize,
}

impl<'a, S> Rest<'a, S> {
    /// The region of `len` scalars at `start`, empty if it touches what is being written (the plan never asks that).
    #[inline(always)]
    pub fn read(&self, start: usize, len: usize) -> &'a [S] {
        if start >= self.resume {
            part(self.behind, start - self.resume, len)
        } else {
            part(self.before, start, len)
        }
    }
}

#[inline(always)]
fn part<S>(all: &[S], start: usize, len: usize) -> &[S] {
    all.get(start..start + len).unwrap_or(&[])
}

/// The region of `len` scalars at `start`.
#[inline(always)]
pub fn read<S>(arena: &[S], start: usize, len: usize) -> &[S] {
    part(arena, start, len)
}

/// Copies as many numbers as both have.
#[inline(always)]
pub fn copy<S: Copy>(from: &[S], to: &mut [S]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = from;
    }
}

/// Splits `arena` into the region of `len` scalars at `start`, to write to, and the rest, to read.
#[inline(always)]
pub fn split<S>(arena: &mut [S], start: usize, len: usize) -> (Rest<'_, S>, &mut [S]) {
    let (before, tail) = arena.split_at_mut_checked(start).unwrap_or_default();
    let (write, behind) = tail.split_at_mut_checked(len).unwrap_or_default();
    (Rest { before, behind, resume: start + len }, write)
}

/// Splits `arena` into two regions to write to, given as start and length in either order, and what can be read around them.
#[inline(always)]
pub fn split2<S>(
    arena: &mut [S],
    first: (usize, usize),
    second: (usize, usize),
) -> (Rest2<'_, S>, &mut [S], &mut [S]) {
    let swap = second.0 < first.0;
    let (low, high) = if swap { (second, first) } else { (first, second) };
    let (head, tail) = arena.split_at_mut_checked(low.0 + low.1).unwrap_or_default();
    let (before, write_low) = head.split_at_mut_checked(low.0).unwrap_or_default();
    let gap = high.0.saturating_sub(low.0 + low.1);
    let (between, tail) = tail.split_at_mut_checked(gap).unwrap_or_default();
    let (write_high, behind) = tail.split_at_mut_checked(high.1).unwrap_or_default();
    let rest = Rest2 { before, between, behind, between_at: low.0 + low.1, behind_at: high.0 + high.1 };
    if swap { (rest, write_high, write_low) } else { (rest, write_low, write_high) }
}

/// As [`Rest`], around two regions.
#[derive(Clone, Copy, Debug)]
pub struct Rest2<'a, S> {
    before: &'a [S],
    between: &'a [S],
    behind: &'a [S],
    between_at: usize,
    behind_at: usize,
}

impl<'a, S> Rest2<'a, S> {
    /// The region of `len` scalars at `start`, empty if it touches what is being written.
    #[inline(always)]
    pub fn read(&self, start: usize, len: usize) -> &'a [S] {
        if start >= self.behind_at {
            part(self.behind, start - self.behind_at, len)
        } else if start >= self.between_at {
            part(self.between, start - self.between_at, len)
        } else {
            part(self.before, start, len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_reads_around_the_write() {
        let mut arena = [0, 1, 2, 3, 4, 5, 6, 7];
        let (rest, write) = split(&mut arena, 3, 2);
        assert_eq!(write, [3, 4]);
        assert_eq!(rest.read(0, 3), [0, 1, 2]);
        assert_eq!(rest.read(5, 3), [5, 6, 7]);
        assert!(rest.read(2, 2).is_empty());
    }

    #[test]
    fn split2_in_either_order() {
        let mut arena = [0, 1, 2, 3, 4, 5, 6, 7];
        let (rest, first, second) = split2(&mut arena, (5, 2), (1, 2));
        assert_eq!((&*first, &*second), (&[5, 6][..], &[1, 2][..]));
        assert_eq!((rest.read(0, 1), rest.read(3, 2), rest.read(7, 1)), (&[0][..], &[3, 4][..], &[7][..]));
    }
}
