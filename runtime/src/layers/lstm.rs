//! The long short-term memory.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use nalgebra::{SMatrix, SVector};

use super::dense::BiasVector;
use super::recurrent::{self, Frames, Last, place};
use crate::activations::{Activation, Sigmoid, Tanh};
use crate::initializers::{Fans, GlorotUniform, Initializer, Ones, Orthogonal, Zeros};
use crate::kernels::{affine, gates};
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path, describe_field};
use crate::random::{Context, Random};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::step::Step;
use crate::tensor::Shape;

/// A long short-term memory: for each of `T` frames x of `I` features, with `U` units h and their cells c that start from
/// zeros,
///
/// ```text
/// i, f, g, o = x·W + b + h·U          four gates of U, side by side: G = 4·U
/// c′ = R(f)·c + R(i)·A(g)
/// h′ = R(o)·A(c′)
/// ```
///
/// In a listing: `Lstm(16, return_sequences = true)`. Source: Hochreiter, Schmidhuber, 1997; Keras' `LSTM`.
///
/// # Shapes
/// - input `[[S; I]; T]`; output `[S; U]`, what came of the last frame, or `[[S; U]; T]` where `F` is [`Sequence`](super::Sequence)
/// - `kernel` (I, 4·U), `recurrent_kernel` (U, 4·U), `bias` (4·U), in Keras' order
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Lstm<
    S: Scalar,
    const T: usize,
    const I: usize,
    const U: usize,
    const G: usize,
    F = Last,
    A = Tanh,
    R = Sigmoid,
    B = SVector<S, G>,
> {
    /// The weights of the frames: row g, column i leads from feature i to place g of the gates.
    pub kernel: SMatrix<S, G, I>,
    /// The weights of what was hidden.
    pub recurrent_kernel: SMatrix<S, G, U>,
    /// What is added to the gates, or [`NoBias`](super::NoBias).
    pub bias: B,
    options: PhantomData<(F, A, R)>,
}

/// What an [`Lstm`] remembers from one time step to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct LstmState<S, const U: usize> {
    /// What came of the last frame.
    pub hidden: [S; U],
    /// The cells.
    pub cell: [S; U],
}

impl<S: Scalar, const U: usize> Default for LstmState<S, U> {
    fn default() -> Self {
        Self { hidden: [S::ZERO; U], cell: [S::ZERO; U] }
    }
}

// SAFETY: two matrices of scalars, then a vector of scalars or nothing, and a marker without size; `repr(C)`, and equal
// alignments leave no padding.
unsafe impl<S, const T: usize, const I: usize, const U: usize, const G: usize, F, A, R, B> Parameters
    for Lstm<S, T, I, U, G, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: BiasVector<S, G>,
{
    type Scalar = S;
    const COUNT: usize = {
        assert!(G == 4 * U, "an LSTM has four gates, side by side");
        I * G + U * G + B::COUNT
    };

    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        visit(&path.join("kernel"), Shape::new(&[I, G]), offset);
        visit(&path.join("recurrent_kernel"), Shape::new(&[U, G]), offset + I * G);
        if B::COUNT > 0 {
            describe_field::<SVector<S, G>>(path, "bias", offset + I * G + U * G, visit);
        }
    }
}

impl<S, const T: usize, const I: usize, const U: usize, const G: usize, F, A, R, B>
    Lstm<S, T, I, U, G, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: BiasVector<S, G>,
{
    /// Draws the parameters; what the initializers in a listing call. Keras starts the forget gates' biases from ones.
    pub fn initialize_with(
        &mut self,
        random: &mut Random,
        kernel: &impl Initializer,
        recurrent_kernel: &impl Initializer,
        bias: &impl Initializer,
        forget_bias: &impl Initializer,
    ) {
        kernel.fill(random, Fans { input: I, output: G }, self.kernel.data.0.as_flattened_mut());
        let fans = Fans { input: U, output: G };
        recurrent_kernel.fill(random, fans, self.recurrent_kernel.data.0.as_flattened_mut());
        let fans = Fans { input: G, output: G };
        if let Some(values) = self.bias.values_mut() {
            bias.fill(random, fans, values);
            if let Some(forget) = values.as_chunks_mut::<U>().0.get_mut(1) {
                forget_bias.fill(random, fans, forget);
            }
        }
    }

    /// One time step; `kept` is what the backward pass needs of the gates.
    #[inline(always)]
    fn advance<L: Level>(
        &self,
        level: L,
        state: &mut LstmState<S, U>,
        frame: &[S; I],
        kept: Option<&mut [S; G]>,
    ) {
        let mut sums: [[S; U]; 4] = gates::products(level, self.bias.values(), frame, &self.kernel.data.0);
        gates::accumulate(level, &state.hidden, &self.recurrent_kernel.data.0, &mut sums);
        let [mut input, mut forget, mut candidate, mut output] = sums;
        let mut kept = kept.map(|kept| kept.as_chunks_mut::<U>().0.iter_mut());
        let mut next = || kept.as_mut().and_then(Iterator::next);
        recurrent::activate::<R, S, L, U>(level, &mut input, next());
        recurrent::activate::<R, S, L, U>(level, &mut forget, next());
        recurrent::activate::<A, S, L, U>(level, &mut candidate, next());
        recurrent::activate::<R, S, L, U>(level, &mut output, next());
        for u in 0..U {
            state.cell[u] = level.mul_add(forget[u], state.cell[u], input[u] * candidate[u]);
        }
        let mut active = state.cell;
        A::forward(level, U, &mut active);
        for u in 0..U {
            state.hidden[u] = output[u] * active[u];
        }
    }

    /// The gradients of what was kept of the gates, in place, and of the cells before; `dc` are those of the cells behind.
    #[inline(always)]
    fn retreat<L: Level>(
        level: L,
        kept: &mut [S; G],
        cell: &[S; U],
        cell_before: &[S; U],
        dh: &[S; U],
        dc: &mut [S; U],
    ) {
        let [input, forget, candidate, output] = kept.as_chunks_mut::<U>().0 else { return };
        let (i, f) =
            (recurrent::value::<R, S, L, U>(level, input), recurrent::value::<R, S, L, U>(level, forget));
        let (g, o) =
            (recurrent::value::<A, S, L, U>(level, candidate), recurrent::value::<R, S, L, U>(level, output));
        let mut active = *cell;
        A::forward(level, U, &mut active);
        let mut through = [S::ZERO; U];
        for u in 0..U {
            through[u] = dh[u] * o[u];
        }
        A::backward(level, U, if A::FROM_OUTPUT { &active } else { cell }, &mut through);
        let [mut di, mut df, mut dg, mut d_output] = [[S::ZERO; U]; 4];
        for u in 0..U {
            dc[u] += through[u];
            di[u] = dc[u] * g[u];
            df[u] = dc[u] * cell_before[u];
            dg[u] = dc[u] * i[u];
            d_output[u] = dh[u] * active[u];
            dc[u] *= f[u];
        }
        recurrent::derive::<R, S, L, U>(level, input, di);
        recurrent::derive::<R, S, L, U>(level, forget, df);
        recurrent::derive::<A, S, L, U>(level, candidate, dg);
        recurrent::derive::<R, S, L, U>(level, output, d_output);
    }
}

impl<S, const T: usize, const I: usize, const U: usize, const G: usize, F, A, R, B> Layer
    for Lstm<S, T, I, U, G, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: BiasVector<S, G>,
{
    type Input = [[S; I]; T];
    type Output = F::Output<S, T, U>;
    /// For each frame what the gates' derivatives follow from, what is hidden, and the cells.
    const TAPE: usize = T * (G + 2 * U);

    fn initialize(&mut self, random: &mut Random) {
        self.initialize_with(random, &GlorotUniform, &Orthogonal::default(), &Zeros, &Ones);
    }

    #[inline(always)]
    fn forward<L: Level>(&self, level: L, inputs: &[Self::Input], outputs: &mut [Self::Output], _: &mut [S]) {
        for (input, output) in inputs.iter().zip(outputs) {
            let mut state = LstmState::default();
            for step in 0..T {
                self.advance(level, &mut state, &input[place::<F>(step, T)], None);
                recurrent::put::<F, S, T, U>(&state.hidden, step, output);
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
            let (gates, tape) = recurrent::rows::<S, G>(tape, T);
            let (hidden, tape) = recurrent::rows::<S, U>(tape, T);
            let (cells, _) = recurrent::rows::<S, U>(tape, T);
            let mut state = LstmState::default();
            for step in 0..T {
                let place = place::<F>(step, T);
                self.advance(level, &mut state, &input[place], gates.get_mut(place));
                recurrent::put::<F, S, T, U>(&state.hidden, step, output);
                (hidden[place], cells[place]) = (state.hidden, state.cell);
            }
        }
    }

    #[inline(always)]
    fn backward<L: Level>(&self, level: L, step: Backward<'_, Self>, gradient: &mut Self) {
        let mut input_gradients = step.input_gradients.unwrap_or_default().iter_mut();
        let tapes = step.tape.chunks_exact_mut(Self::TAPE);
        for ((input, dy), tape) in step.inputs.iter().zip(step.output_gradients).zip(tapes) {
            let (gates, tape) = recurrent::rows::<S, G>(tape, T);
            let (hidden, tape) = recurrent::rows::<S, U>(tape, T);
            let (cells, _) = recurrent::rows::<S, U>(tape, T);
            let (mut dh, mut dc) = ([S::ZERO; U], [S::ZERO; U]);
            for step in (0..T).rev() {
                recurrent::add_output_gradient::<F, S, T, U>(dy, step, &mut dh);
                let place = place::<F>(step, T);
                let before = recurrent::before::<F, S, U>(cells, step);
                let kept = &mut gates[place];
                Self::retreat(level, kept, &cells[place], &before, &dh, &mut dc);
                let dh = core::slice::from_mut(&mut dh);
                affine::input_gradients(
                    level,
                    core::slice::from_ref(kept),
                    &self.recurrent_kernel.data.0,
                    dh,
                );
            }
            let (kernel, bias) = (&mut gradient.kernel.data.0, gradient.bias.values_mut());
            affine::parameter_gradients(level, input, gates, kernel, bias);
            let kernel = &mut gradient.recurrent_kernel.data.0;
            recurrent::recurrent_gradients::<F, S, L, G, U>(level, hidden, gates, kernel);
            if let Some(dx) = input_gradients.next() {
                affine::input_gradients(level, gates, &self.kernel.data.0, dx);
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S, const T: usize, const I: usize, const U: usize, const G: usize, F, A, R, B> Step
    for Lstm<S, T, I, U, G, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: BiasVector<S, G>,
{
    type Frame = [S; I];
    type FrameOutput = [S; U];
    type State = LstmState<S, U>;

    #[inline(always)]
    fn step<L: Level>(&self, level: L, state: &mut Self::State, frame: &[S; I], output: &mut [S; U]) {
        self.advance(level, state, frame, None);
        *output = state.hidden;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LastBackwards, NoBias, Sequence, SequenceBackwards};
    use super::*;
    use crate::activations::{Gelu, Silu, Softmax};
    use crate::testing::check_layer;

    #[test]
    fn derivatives() {
        check_layer::<Lstm<f64, 1, 1, 1, 4>>();
        check_layer::<Lstm<f64, 3, 2, 5, 20>>();
        check_layer::<Lstm<f64, 4, 1, 11, 44, Sequence>>();
        check_layer::<Lstm<f64, 3, 3, 2, 8, LastBackwards, Gelu, Silu>>();
        check_layer::<Lstm<f64, 3, 3, 2, 8, SequenceBackwards>>();
        check_layer::<Lstm<f64, 2, 3, 4, 16, Sequence, Softmax, Sigmoid, NoBias>>();
    }
}
