//! The gated recurrent unit.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use nalgebra::SMatrix;

use super::recurrent::{self, Frames, GateBias, HiddenState, Last, place};
use crate::activations::{Activation, Sigmoid, Tanh};
use crate::initializers::{Fans, GlorotUniform, Initializer, Orthogonal, Zeros};
use crate::kernels::{affine, gates};
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::random::{Context, Random};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::step::Step;
use crate::tensor::Shape;

/// A gated recurrent unit: for each of `T` frames x of `I` features, with `U` units h that start from zeros,
///
/// ```text
/// z, r, n = x·W + b          three gates of U, side by side: G = 3·U
/// p, q, m = h·U + b′
/// n′ = A(n + R(r + q)·m)     with AFTER; without it A(n + (R(r + q)·h)·Uₘ), and b′ = 0
/// h′ = R(z + p)·h + (1 − R(z + p))·n′
/// ```
///
/// In a listing: `Gru(16, return_sequences = true, reset_after = false)`. Source: Cho et al., 2014; Keras' `GRU`.
///
/// # Shapes
/// - input `[[S; I]; T]`; output `[S; U]`, what came of the last frame, or `[[S; U]; T]` where `F` is [`Sequence`](super::Sequence)
/// - `kernel` (I, 3·U), `recurrent_kernel` (U, 3·U), `bias` (2, 3·U) with `AFTER`, else (3·U), in Keras' order
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Gru<
    S: Scalar,
    const T: usize,
    const I: usize,
    const U: usize,
    const G: usize,
    const AFTER: bool = true,
    F = Last,
    A = Tanh,
    R = Sigmoid,
    B = SMatrix<S, G, 2>,
> {
    /// The weights of the frames: row g, column i leads from feature i to place g of the gates.
    pub kernel: SMatrix<S, G, I>,
    /// The weights of what was hidden.
    pub recurrent_kernel: SMatrix<S, G, U>,
    /// What is added to the gates, or [`NoBias`](super::NoBias).
    pub bias: B,
    options: PhantomData<(F, A, R)>,
}

// SAFETY: three matrices of scalars, of which the last may be nothing, and a marker without size; `repr(C)`, and equal
// alignments leave no padding.
unsafe impl<S, const T: usize, const I: usize, const U: usize, const G: usize, const AFTER: bool, F, A, R, B>
    Parameters for Gru<S, T, I, U, G, AFTER, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: GateBias<S, G>,
{
    type Scalar = S;
    const COUNT: usize = {
        assert!(G == 3 * U, "a GRU has three gates, side by side");
        assert!(
            B::ROWS == 0 || B::ROWS == if AFTER { 2 } else { 1 },
            "a GRU has two biases if it resets after"
        );
        I * G + U * G + B::ROWS * G
    };

    fn describe(path: &Path<'_>, offset: usize, visit: &mut dyn FnMut(&Path<'_>, Shape, usize)) {
        visit(&path.join("kernel"), Shape::new(&[I, G]), offset);
        visit(&path.join("recurrent_kernel"), Shape::new(&[U, G]), offset + I * G);
        if B::ROWS > 0 {
            let shape = if B::ROWS == 1 { Shape::new(&[G]) } else { Shape::new(&[B::ROWS, G]) };
            visit(&path.join("bias"), shape, offset + I * G + U * G);
        }
    }
}

impl<S, const T: usize, const I: usize, const U: usize, const G: usize, const AFTER: bool, F, A, R, B>
    Gru<S, T, I, U, G, AFTER, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: GateBias<S, G>,
{
    /// Draws the parameters; what the initializers in a listing call.
    pub fn initialize_with(
        &mut self,
        random: &mut Random,
        kernel: &impl Initializer,
        recurrent_kernel: &impl Initializer,
        bias: &impl Initializer,
    ) {
        kernel.fill(random, Fans { input: I, output: G }, self.kernel.data.0.as_flattened_mut());
        let fans = Fans { input: U, output: G };
        recurrent_kernel.fill(random, fans, self.recurrent_kernel.data.0.as_flattened_mut());
        let fans = Fans { input: if AFTER { 2 } else { G }, output: G };
        bias.fill(random, fans, self.bias.rows_mut().as_flattened_mut());
    }

    /// One time step; the backward pass needs what is `kept` of the gates, and of what was hidden the part of the third gate:
    /// its product with `AFTER`, else itself when reset.
    #[inline(always)]
    fn advance<L: Level>(
        &self,
        level: L,
        hidden: &mut [S; U],
        frame: &[S; I],
        kept: Option<(&mut [S; G], &mut [S; G])>,
    ) {
        let (kernel, recurrent_kernel) = (&self.kernel.data.0, &self.recurrent_kernel.data.0);
        let [mut update, mut reset, mut candidate] =
            gates::products(level, self.bias.rows().first(), frame, kernel);
        // What was hidden takes part in the third gate by itself.
        let mut third = [S::ZERO; U];
        if AFTER {
            let products: [[S; U]; 3] =
                gates::products(level, self.bias.rows().get(1), hidden, recurrent_kernel);
            for u in 0..U {
                update[u] += products[0][u];
                reset[u] += products[1][u];
            }
            third = products[2];
        } else {
            let mut sums = [update, reset];
            gates::accumulate_from(level, hidden, recurrent_kernel, 0, &mut sums);
            [update, reset] = sums;
        }
        let (kept, kept_product) = kept.unzip();
        let mut kept = kept.map(|kept| kept.as_chunks_mut::<U>().0.iter_mut());
        let mut next = || kept.as_mut().and_then(Iterator::next);
        recurrent::activate::<R, S, L, U>(level, &mut update, next());
        recurrent::activate::<R, S, L, U>(level, &mut reset, next());
        if AFTER {
            for u in 0..U {
                candidate[u] = level.mul_add(reset[u], third[u], candidate[u]);
            }
        } else {
            for u in 0..U {
                third[u] = reset[u] * hidden[u];
            }
            let mut sums = [candidate];
            gates::accumulate_from(level, &third, recurrent_kernel, 2, &mut sums);
            [candidate] = sums;
        }
        recurrent::activate::<A, S, L, U>(level, &mut candidate, next());
        if let Some(last) = kept_product.and_then(|row| row.as_chunks_mut::<U>().0.last_mut()) {
            *last = third;
        }
        for u in 0..U {
            hidden[u] = level.mul_add(update[u], hidden[u] - candidate[u], candidate[u]);
        }
    }

    /// The gradients of the gates' two products in place of what was kept; `dh` becomes that of what was hidden before, as far
    /// as it does not go through the products.
    #[inline(always)]
    fn retreat<L: Level>(
        &self,
        level: L,
        kept: &mut [S; G],
        recurrent: &mut [S; G],
        before: &[S; U],
        dh: &mut [S; U],
    ) {
        let [update, reset, candidate] = kept.as_chunks_mut::<U>().0 else { return };
        let [p, q, third] = recurrent.as_chunks_mut::<U>().0 else { return };
        let (z, r) =
            (recurrent::value::<R, S, L, U>(level, update), recurrent::value::<R, S, L, U>(level, reset));
        let n = recurrent::value::<A, S, L, U>(level, candidate);
        let [mut dz, mut dr, mut dn] = [[S::ZERO; U]; 3];
        for u in 0..U {
            dz[u] = dh[u] * (before[u] - n[u]);
            dn[u] = dh[u] * (S::ONE - z[u]);
            dh[u] *= z[u];
        }
        recurrent::derive::<A, S, L, U>(level, candidate, dn);
        if AFTER {
            for u in 0..U {
                dr[u] = candidate[u] * third[u];
                third[u] = candidate[u] * r[u];
            }
        } else {
            let mut through = [S::ZERO; U];
            gates::back(level, candidate, &self.recurrent_kernel.data.0, 2, &mut through);
            for u in 0..U {
                dr[u] = through[u] * before[u];
                dh[u] = level.mul_add(through[u], r[u], dh[u]);
            }
        }
        recurrent::derive::<R, S, L, U>(level, update, dz);
        recurrent::derive::<R, S, L, U>(level, reset, dr);
        (*p, *q) = (*update, *reset);
    }

    /// Without `AFTER`, the third gate's product is of what was hidden and reset: its gradients by themselves, and zeros
    /// where they stood.
    #[inline(always)]
    fn reset_gradients<L: Level>(
        level: L,
        kept: &[[S; G]],
        recurrent: &mut [[S; G]],
        kernel: &mut [[S; G]; U],
    ) {
        for (kept, recurrent) in kept.iter().zip(recurrent) {
            let ([.., candidate], [.., third]) = (kept.as_chunks::<U>().0, recurrent.as_chunks_mut::<U>().0)
            else {
                continue;
            };
            gates::outer(level, third, candidate, 2, kernel);
            *third = [S::ZERO; U];
        }
    }
}

impl<S, const T: usize, const I: usize, const U: usize, const G: usize, const AFTER: bool, F, A, R, B> Layer
    for Gru<S, T, I, U, G, AFTER, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: GateBias<S, G>,
{
    type Input = [[S; I]; T];
    type Output = F::Output<S, T, U>;
    /// For each frame what the gates' derivatives follow from, of both products, and what is hidden.
    const TAPE: usize = T * (2 * G + U);

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
            let (gates, tape) = recurrent::rows::<S, G>(tape, T);
            let (products, tape) = recurrent::rows::<S, G>(tape, T);
            let (hidden_rows, _) = recurrent::rows::<S, U>(tape, T);
            let mut hidden = [S::ZERO; U];
            for step in 0..T {
                let place = place::<F>(step, T);
                let kept = gates.get_mut(place).zip(products.get_mut(place));
                self.advance(level, &mut hidden, &input[place], kept);
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
            let (gates, tape) = recurrent::rows::<S, G>(tape, T);
            let (products, tape) = recurrent::rows::<S, G>(tape, T);
            let (hidden, _) = recurrent::rows::<S, U>(tape, T);
            let mut dh = [S::ZERO; U];
            for step in (0..T).rev() {
                recurrent::add_output_gradient::<F, S, T, U>(dy, step, &mut dh);
                let place = place::<F>(step, T);
                let before = recurrent::before::<F, S, U>(hidden, step);
                self.retreat(level, &mut gates[place], &mut products[place], &before, &mut dh);
                if !AFTER {
                    let (kept, product) = (&gates[place..=place], &mut products[place..=place]);
                    let kernel = &mut gradient.recurrent_kernel.data.0;
                    Self::reset_gradients(level, kept, product, kernel);
                }
                let mut through = [[S::ZERO; U]];
                let product = &products[place..=place];
                affine::input_gradients(level, product, &self.recurrent_kernel.data.0, &mut through);
                for u in 0..U {
                    dh[u] += through[0][u];
                }
            }
            let mut biases = gradient.bias.rows_mut().iter_mut();
            let kernel = &mut gradient.kernel.data.0;
            affine::parameter_gradients(level, input, gates, kernel, biases.next());
            if let Some(bias) = biases.next() {
                recurrent::add_rows(products, bias);
            }
            let kernel = &mut gradient.recurrent_kernel.data.0;
            recurrent::recurrent_gradients::<F, S, L, G, U>(level, hidden, products, kernel);
            if let Some(dx) = input_gradients.next() {
                affine::input_gradients(level, gates, &self.kernel.data.0, dx);
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S, const T: usize, const I: usize, const U: usize, const G: usize, const AFTER: bool, F, A, R, B> Step
    for Gru<S, T, I, U, G, AFTER, F, A, R, B>
where
    S: Scalar,
    F: Frames,
    A: Activation,
    R: Activation,
    B: GateBias<S, G>,
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
    use crate::activations::{Gelu, Silu, Softmax};
    use crate::testing::check_layer;

    #[test]
    fn derivatives() {
        check_layer::<Gru<f64, 1, 1, 1, 3>>();
        check_layer::<Gru<f64, 3, 2, 5, 15>>();
        check_layer::<Gru<f64, 4, 1, 11, 33, true, Sequence>>();
        check_layer::<Gru<f64, 3, 3, 2, 6, true, LastBackwards, Gelu, Silu>>();
        check_layer::<Gru<f64, 3, 3, 2, 6, true, SequenceBackwards>>();
        check_layer::<Gru<f64, 2, 3, 4, 12, true, Sequence, Softmax, Sigmoid, NoBias>>();
    }

    #[test]
    fn derivatives_when_reset_before() {
        type Before<
            const T: usize,
            const I: usize,
            const U: usize,
            const G: usize,
            F,
            A = Tanh,
            R = Sigmoid,
        > = Gru<f64, T, I, U, G, false, F, A, R, SMatrix<f64, G, 1>>;
        check_layer::<Before<1, 1, 1, 3, Last>>();
        check_layer::<Before<3, 2, 5, 15, Last>>();
        check_layer::<Before<4, 1, 11, 33, Sequence>>();
        check_layer::<Before<3, 3, 2, 6, LastBackwards, Gelu, Silu>>();
        check_layer::<Before<3, 3, 2, 6, SequenceBackwards>>();
        check_layer::<Gru<f64, 2, 3, 4, 12, false, Sequence, Tanh, Sigmoid, NoBias>>();
    }
}
