//! The plain recurrent layer.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use nalgebra::{SMatrix, SVector};

use super::dense::BiasVector;
use super::recurrent::{self, Frames, HiddenState, Last, place};
use crate::activations::{Activation, Tanh};
use crate::initializers::{Fans, GlorotUniform, Initializer, Orthogonal, Zeros};
use crate::kernels::{affine, gates};
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path, describe_field};
use crate::random::{Context, Random};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::step::Step;
use crate::tensor::Shape;

/// `h′ = A(x·W + b + h·U)` for each of `T` frames x of `I` features, with `U` units h that start from zeros.
///
/// In a listing: `SimpleRnn(16, return_sequences = true)`. Source: Keras' `SimpleRNN`.
///
/// # Shapes
/// - input `[[S; I]; T]`; output `[S; U]`, what came of the last frame, or `[[S; U]; T]` where `F` is [`Sequence`](super::Sequence)
/// - `kernel` (I, U), `recurrent_kernel` (U, U), `bias` (U), in Keras' order
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct SimpleRnn<
    S: Scalar,
    const T: usize,
    const I: usize,
    const U: usize,
    F = Last,
    A = Tanh,
    B = SVector<S, U>,
> {
    /// The weights of the frames: row u, column i leads from feature i to unit u.
    pub kernel: SMatrix<S, U, I>,
    /// The weights of what was hidden.
    pub recurrent_kernel: SMatrix<S, U, U>,
    /// What is added, or [`NoBias`](super::NoBias).
    pub bias: B,
    options: PhantomData<(F, A)>,
}

// SAFETY: two matrices of scalars, then a vector of scalars or nothing, and a marker without size; `repr(C)`, and equal
// alignments leave no padding.
unsafe impl<
    S: Scalar,
    const T: usize,
    const I: usize,
    const U: usize,
    F: Frames,
    A: Activation,
    B: BiasVector<S, U>,
> Parameters for SimpleRnn<S, T, I, U, F, A, B>
{
    type Scalar = S;
    const COUNT: usize = I * U + U * U + B::COUNT;

    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        visit(&path.join("kernel"), Shape::new(&[I, U]), offset);
        visit(&path.join("recurrent_kernel"), Shape::new(&[U, U]), offset + I * U);
        if B::COUNT > 0 {
            describe_field::<SVector<S, U>>(path, "bias", offset + I * U + U * U, visit);
        }
    }
}

impl<S: Scalar, const T: usize, const I: usize, const U: usize, F: Frames, A: Activation, B: BiasVector<S, U>>
    SimpleRnn<S, T, I, U, F, A, B>
{
    /// Draws the parameters; what the initializers in a listing call.
    pub fn initialize_with(
        &mut self,
        random: &mut Random,
        kernel: &impl Initializer,
        recurrent_kernel: &impl Initializer,
        bias: &impl Initializer,
    ) {
        kernel.fill(random, Fans { input: I, output: U }, self.kernel.data.0.as_flattened_mut());
        let fans = Fans { input: U, output: U };
        recurrent_kernel.fill(random, fans, self.recurrent_kernel.data.0.as_flattened_mut());
        if let Some(values) = self.bias.values_mut() {
            bias.fill(random, fans, values);
        }
    }

    /// One time step; `kept` is what the backward pass needs of it.
    #[inline(always)]
    fn advance<L: Level>(&self, level: L, hidden: &mut [S; U], frame: &[S; I], kept: Option<&mut [S; U]>) {
        let mut sums: [[S; U]; 1] = gates::products(level, self.bias.values(), frame, &self.kernel.data.0);
        gates::accumulate(level, hidden, &self.recurrent_kernel.data.0, &mut sums);
        [*hidden] = sums;
        recurrent::activate::<A, S, L, U>(level, hidden, kept);
    }
}

impl<S: Scalar, const T: usize, const I: usize, const U: usize, F: Frames, A: Activation, B: BiasVector<S, U>>
    Layer for SimpleRnn<S, T, I, U, F, A, B>
{
    type Input = [[S; I]; T];
    type Output = F::Output<S, T, U>;
    /// What is hidden after each frame, and what the activation's derivative follows from.
    const TAPE: usize = T * 2 * U;

    fn initialize(&mut self, random: &mut Random) {
        self.initialize_with(random, &GlorotUniform, &Orthogonal::default(), &Zeros);
    }

    #[inline(always)]
    fn forward<L: Level>(&self, level: L, inputs: &[Self::Input], outputs: &mut [Self::Output], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            let mut hidden = [S::ZERO; U];
            for step in 0..T {
                self.advance(level, &mut hidden, &input[place::<F>(step, T)], None);
                recurrent::put::<F, S, T, U>(&hidden, step, output);
            }
        }
    }

    #[inline(always)]
    fn train<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        outputs: &mut [Self::Output],
        tape: &mut [S],
        _: Context,
    ) {
        let tapes = tape.chunks_exact_mut(Self::TAPE);
        for ((input, output), tape) in inputs.iter().zip(outputs).zip(tapes) {
            let (kept, tape) = recurrent::rows::<S, U>(tape, T);
            let (hidden_rows, _) = recurrent::rows::<S, U>(tape, T);
            let mut hidden = [S::ZERO; U];
            for step in 0..T {
                let place = place::<F>(step, T);
                self.advance(level, &mut hidden, &input[place], kept.get_mut(place));
                recurrent::put::<F, S, T, U>(&hidden, step, output);
                hidden_rows[place] = hidden;
            }
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, gradient: &mut Self) {
        let mut input_gradients = step.input_gradients.unwrap_or_default().iter_mut();
        let tapes = step.tape.chunks_exact_mut(Self::TAPE);
        for ((input, dy), tape) in step.inputs.iter().zip(step.output_gradients).zip(tapes) {
            let (kept, tape) = recurrent::rows::<S, U>(tape, T);
            let (hidden, _) = recurrent::rows::<S, U>(tape, T);
            let mut dh = [S::ZERO; U];
            for step in (0..T).rev() {
                recurrent::add_output_gradient::<F, S, T, U>(dy, step, &mut dh);
                // What was kept gives way to the gradient of the activation's argument.
                let sums = &mut kept[place::<F>(step, T)];
                recurrent::derive::<A, S, L, U>(level, sums, dh);
                let dh = core::slice::from_mut(&mut dh);
                affine::input_gradients(
                    level,
                    core::slice::from_ref(sums),
                    &self.recurrent_kernel.data.0,
                    dh,
                );
            }
            let (kernel, bias) = (&mut gradient.kernel.data.0, gradient.bias.values_mut());
            affine::parameter_gradients(level, input, kept, kernel, bias);
            let kernel = &mut gradient.recurrent_kernel.data.0;
            recurrent::recurrent_gradients::<F, S, L, U, U>(level, hidden, kept, kernel);
            if let Some(dx) = input_gradients.next() {
                affine::input_gradients(level, kept, &self.kernel.data.0, dx);
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S, const T: usize, const I: usize, const U: usize, F, A, B> Step for SimpleRnn<S, T, I, U, F, A, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    B: BiasVector<S, U>,
{
    type Frame = [S; I];
    type FrameOutput = [S; U];
    type State = HiddenState<S, U>;

    #[inline(always)]
    fn step<L: Level>(&self, level: L, state: &mut Self::State, frame: &[S; I], output: &mut [S; U]) {
        self.advance(level, &mut state.hidden, frame, None);
        *output = state.hidden;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LastBackwards, NoBias, Sequence, SequenceBackwards};
    use super::*;
    use crate::activations::{Gelu, Softmax};
    use crate::testing::check_layer;

    #[test]
    fn derivatives() {
        check_layer::<SimpleRnn<f64, 1, 1, 1>>();
        check_layer::<SimpleRnn<f64, 3, 2, 5>>();
        check_layer::<SimpleRnn<f64, 4, 1, 11, Sequence>>();
        check_layer::<SimpleRnn<f64, 3, 3, 2, LastBackwards>>();
        check_layer::<SimpleRnn<f64, 3, 3, 2, SequenceBackwards, Gelu>>();
        check_layer::<SimpleRnn<f64, 2, 3, 4, Sequence, Softmax, NoBias>>();
    }
}
