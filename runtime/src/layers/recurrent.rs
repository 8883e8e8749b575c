//! What the recurrent layers share: the order of the frames, what comes out, states, and the tape of a sequence.

use core::ops::Range;

use super::NoBias;
use crate::activations::Activation;
use crate::kernels::affine;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Tensor;

mod sealed {
    pub trait Sealed {}
}

/// In which order a recurrent layer reads its frames, and what it gives of its outputs: [`Last`], [`Sequence`] and both
/// backwards. Sealed.
pub trait Frames: sealed::Sealed + Copy + Default + Send + Sync + 'static {
    /// What comes out for `T` frames and `U` units.
    type Output<S: Scalar, const T: usize, const U: usize>: Tensor<Scalar = S>;
    /// Whether the last frame is read first.
    const BACKWARDS: bool;
    /// Whether every output is given.
    const ALL: bool;
}

macro_rules! frames {
    ($($(#[$doc:meta])+ $name:ident, $output:ty, $backwards:literal, $all:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl sealed::Sealed for $name {}

        impl Frames for $name {
            type Output<S: Scalar, const T: usize, const U: usize> = $output;
            const BACKWARDS: bool = $backwards;
            const ALL: bool = $all;
        }
    )+};
}
frames! {
    /// Gives what came of the last frame.
    Last, [S; U], false, false;
    /// Gives what came of each frame: `return_sequences = true`.
    Sequence, [[S; U]; T], false, true;
    /// Reads the last frame first, and gives what came of the first: `go_backwards = true`.
    LastBackwards, [S; U], true, false;
    /// Reads the last frame first, and gives what came of each, in the order of reading: `go_backwards = true,
    /// return_sequences = true`.
    SequenceBackwards, [[S; U]; T], true, true;
}

/// The place of the frame that is read as number `step` of `frames`.
#[inline(always)]
pub(super) fn place<F: Frames>(step: usize, frames: usize) -> usize {
    if F::BACKWARDS { frames - 1 - step } else { step }
}

/// Writes what came of step number `step` to the layer's output, if it is given.
#[inline(always)]
pub(super) fn put<F: Frames, S: Scalar, const T: usize, const U: usize>(
    hidden: &[S; U],
    step: usize,
    output: &mut F::Output<S, T, U>,
) {
    let rows = <[S; U]>::batch_mut(output.as_flat_mut());
    let row = if F::ALL { step } else { 0 };
    if (F::ALL || step + 1 == T)
        && let Some(row) = rows.get_mut(row)
    {
        *row = *hidden;
    }
}

/// Adds the gradient of what came of step number `step`.
#[inline(always)]
pub(super) fn add_output_gradient<F: Frames, S: Scalar, const T: usize, const U: usize>(
    gradients: &F::Output<S, T, U>,
    step: usize,
    sums: &mut [S; U],
) {
    let rows = <[S; U]>::batch(gradients.as_flat());
    let row = if F::ALL { step } else { 0 };
    if (F::ALL || step + 1 == T)
        && let Some(row) = rows.get(row)
    {
        for u in 0..U {
            sums[u] += row[u];
        }
    }
}

/// The row of the step before number `step`, in a table whose rows stand in the places of the frames; zeros before the first.
#[inline(always)]
pub(super) fn before<F: Frames, S: Scalar, const U: usize>(rows: &[[S; U]], step: usize) -> [S; U] {
    if step == 0 { [S::ZERO; U] } else { rows[place::<F>(step - 1, rows.len())] }
}

/// The frames with a step before them, and those with one behind: what was hidden at a place of the second goes into the same
/// place of the first.
#[inline(always)]
const fn neighbours<F: Frames>(frames: usize) -> (Range<usize>, Range<usize>) {
    if F::BACKWARDS { (0..frames - 1, 1..frames) } else { (1..frames, 0..frames - 1) }
}

/// Adds the gradient of a recurrent kernel, from what was hidden at each frame and the gradients of the gates.
#[inline(always)]
pub(super) fn recurrent_gradients<F: Frames, S: Scalar, L: Level, const G: usize, const U: usize>(
    level: L,
    hidden: &[[S; U]],
    gates: &[[S; G]],
    kernel: &mut [[S; G]; U],
) {
    let (after, before) = neighbours::<F>(hidden.len());
    let (hidden, gates) = (hidden.get(before).unwrap_or_default(), gates.get(after).unwrap_or_default());
    affine::parameter_gradients(level, hidden, gates, kernel, None);
}

/// Adds the sum of all rows.
#[inline(always)]
pub(super) fn add_rows<S: Scalar, const G: usize>(rows: &[[S; G]], sums: &mut [S; G]) {
    for row in rows {
        for g in 0..G {
            sums[g] += row[g];
        }
    }
}

/// Rows of a tape as a table of its own, and the rest of the tape.
#[inline(always)]
pub(super) fn rows<S: Scalar, const N: usize>(tape: &mut [S], count: usize) -> (&mut [[S; N]], &mut [S]) {
    let (table, rest) = tape.split_at_mut_checked(count * N).unwrap_or_default();
    (<[S; N]>::batch_mut(table), rest)
}

/// Applies an activation, and keeps in `kept` what its derivative follows from.
#[inline(always)]
pub(super) fn activate<A: Activation, S: Scalar, L: Level, const U: usize>(
    level: L,
    values: &mut [S; U],
    kept: Option<&mut [S; U]>,
) {
    let arguments = *values;
    A::forward(level, U, values);
    if let Some(kept) = kept {
        *kept = if A::FROM_OUTPUT { *values } else { arguments };
    }
}

/// The value of an activation from what [`activate`] kept.
#[inline(always)]
pub(super) fn value<A: Activation, S: Scalar, L: Level, const U: usize>(level: L, kept: &[S; U]) -> [S; U] {
    let mut values = *kept;
    if !A::FROM_OUTPUT {
        A::forward(level, U, &mut values);
    }
    values
}

/// Gradients of an activation into those of its argument, in place of what was kept.
#[inline(always)]
pub(super) fn derive<A: Activation, S: Scalar, L: Level, const U: usize>(
    level: L,
    kept: &mut [S; U],
    mut gradients: [S; U],
) {
    A::backward(level, U, kept, &mut gradients);
    *kept = gradients;
}

/// What a recurrent layer remembers from one time step to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct HiddenState<S, const U: usize> {
    /// What came of the last frame.
    pub hidden: [S; U],
}

impl<S: Scalar, const U: usize> Default for HiddenState<S, U> {
    fn default() -> Self {
        Self { hidden: [S::ZERO; U] }
    }
}

/// The biases of a GRU that resets after the product: of the inputs in the first column, of what is hidden in the second.
/// Before it, there is one column. Sealed, as [`BiasVector`](super::dense::BiasVector) is.
pub trait GateBias<S: Scalar, const G: usize>: sealed::Sealed + Sized + Send + Sync + 'static {
    /// How many rows of `G` it holds.
    const ROWS: usize;
    /// The rows.
    fn rows(&self) -> &[[S; G]];
    /// The rows, to write to.
    fn rows_mut(&mut self) -> &mut [[S; G]];
}

impl<S, const G: usize, const R: usize> sealed::Sealed for nalgebra::SMatrix<S, G, R> {}
impl sealed::Sealed for NoBias {}

macro_rules! gate_bias {
    ($rows:literal) => {
        impl<S: Scalar, const G: usize> GateBias<S, G> for nalgebra::SMatrix<S, G, $rows> {
            const ROWS: usize = $rows;
            #[inline(always)]
            fn rows(&self) -> &[[S; G]] {
                &self.data.0
            }
            #[inline(always)]
            fn rows_mut(&mut self) -> &mut [[S; G]] {
                &mut self.data.0
            }
        }
    };
}
gate_bias!(1);
gate_bias!(2);

impl<S: Scalar, const G: usize> GateBias<S, G> for NoBias {
    const ROWS: usize = 0;
    #[inline(always)]
    fn rows(&self) -> &[[S; G]] {
        &[]
    }
    #[inline(always)]
    fn rows_mut(&mut self) -> &mut [[S; G]] {
        &mut []
    }
}
