//! `step`: frame by frame a model gives what `predict` gives for the whole sequence, bit by bit.

use graven::prelude::*;
use graven::random::{Context, Random};
use graven::simd::Level;
use graven::{Backward, Layer, Parameters, Step};

/// Numbers between −1 and 1.
fn frames<const D: usize, const T: usize>(seed: u64) -> [[f32; D]; T] {
    let mut random = Random::new(seed);
    [(); T].map(|()| [(); D].map(|()| 2.0 * random.uniform() as f32 - 1.0))
}

/// Asserts that the steps of a model give the rows of its output.
macro_rules! assert_rows {
    ($model:ident, $state:ident, $frames:expr) => {{
        let (net, frames) = ($model::init(7), $frames);
        let mut state = $state::default();
        let steps = frames.map(|frame| net.step(&mut state, &frame));
        assert_eq!(steps, net.predict(&frames));
        assert_ne!(state, $state::default());
        state.reset();
        assert_eq!(state, $state::default());
        assert_eq!(net.step(&mut state, &frames[0]), steps[0]);
    }};
}

/// Asserts that the last step of a model gives its output.
macro_rules! assert_last {
    ($model:ident, $state:ident, $frames:expr) => {{
        let (net, frames) = ($model::init(7), $frames);
        let mut state = $state::default();
        let steps = frames.map(|frame| net.step(&mut state, &frame));
        assert_eq!(steps.last().unwrap(), &net.predict(&frames));
    }};
}

#[test]
fn sequences() {
    model! { Amp(x: 64x1) < Lstm(16, return_sequences = true), Dense(1) > }
    assert_rows!(Amp, AmpState, frames(1));
    model! { Wide(x: 5x3) < Gru(32, return_sequences = true), Dense(4, softmax) > }
    assert_rows!(Wide, WideState, frames(2));
    model! { Before(x: 5x3) < Gru(7, return_sequences = true, reset_after = false), Dropout(0.5), Relu > }
    assert_rows!(Before, BeforeState, frames(3));
    model! {
        Deep(x: 9x2) <
            Dense(3, tanh),
            SimpleRnn(5, return_sequences = true),
            Lstm(5, return_sequences = true, use_bias = false),
            Gru(2, softsign, hard_sigmoid, return_sequences = true),
        >
    }
    assert_rows!(Deep, DeepState, frames(4));
}

#[test]
fn in_double_precision() {
    model! { #[scalar(f64)] Amp(x: 6x1) < Lstm(16, return_sequences = true), Dense(1) > }
    assert_rows!(Amp, AmpState, frames::<1, 6>(1).map(|frame| frame.map(f64::from)));
}

#[test]
fn behind_the_last_frame_layers_run_as_always() {
    model! { Classes(x: 7x3) < Lstm(8, return_sequences = true), Gru(6), Dense(9, relu), Dense(4, softmax) > }
    assert_last!(Classes, ClassesState, frames(1));
    model! { Moved(x: 7x3) < Lstm(8), Reshape(4x2), Permute((2, 1)), Flatten, RepeatVector(3) > }
    assert_last!(Moved, MovedState, frames(2));
    model! { Scaled(x: 4x3) < Gru(3), Scale, Dense(2) > }
    assert_last!(Scaled, ScaledState, frames(3));
}

#[test]
fn graphs() {
    model! {
        Graph(x: 6x3) <
            a = Lstm(4, return_sequences = true)(x),
            b = Dense(4, relu)(x),
            sum = Add(a, b, a),
            c = Gru(4, return_sequences = true)(sum),
            mean = Average(c, sum),
            most = Maximum(mean, b),
            both = Concat(most, x),
            Residual< Dense(7, tanh), SimpleRnn(7, return_sequences = true) >,
            Dense(2),
        >
    }
    assert_rows!(Graph, GraphState, frames(1));
}

#[test]
fn several_inputs_and_outputs() {
    model! {
        Pair(sound: 6x2, control: 6x1 as u8) -> (clean, level) <
            both = Concat(sound, control),
            Lstm(5, return_sequences = true),
            clean = Dense(2),
            level = Gru(3, return_sequences = true)(clean),
        >
    }
    let (net, mut state) = (Pair::init(7), PairState::default());
    let sound = frames(1);
    let control = [[0u8], [1], [2], [0], [3], [1]];
    let all = net.predict(&(sound, control));
    for time in 0..6 {
        let one: PairFrame = net.step(&mut state, &(sound[time], control[time]));
        assert_eq!((one.clean, one.level), (all.clean[time], all.level[time]));
    }
}

#[test]
fn a_shared_layer_has_a_state_for_each_call() {
    model! {
        Twins(a: 5x2, b: 5x2) <
            ear: Gru(3, return_sequences = true),
            left = ear(a),
            right = ear(b),
            Subtract(left, right),
        >
    }
    let (net, mut state) = (Twins::init(7), TwinsState::default());
    let (a, b) = (frames(1), frames(2));
    let all = net.predict(&(a, b));
    for time in 0..5 {
        assert_eq!(net.step(&mut state, &(a[time], b[time])), all[time]);
    }
    assert_ne!(state.ear, state.right);
}

#[test]
fn models_as_layers() {
    model! { Block(x: 6x3) < Lstm(3, return_sequences = true), Dense(3, relu) > }
    model! { Nested(x: 6x3) < Block, Gru(4, return_sequences = true), Dense(1) > }
    assert_rows!(Nested, NestedState, frames(1));
    model! { Ending(x: 6x3) < Block, Gru(4) > }
    model! { Twice(x: 6x3) < Ending(6x3 -> 4), Dense(2, sigmoid) > }
    assert_last!(Twice, TwiceState, frames(2));
    model! { Told < Block(6x3 -> 6x3), Dense(2) > }
    assert_rows!(Told, ToldState, frames(3));
    model! { Untold < Block, Gru(2, return_sequences = true) > }
    assert_rows!(Untold, UntoldState, frames(3));
}

#[test]
fn without_any_state() {
    model! { Plain(x: 6x3) < Dense(4, relu), Dense(2) > }
    let (net, frames) = (Plain::init(7), frames(1));
    assert_eq!(frames.map(|frame| net.step(&mut (), &frame)), net.predict(&frames));
}

#[test]
fn own_layers() {
    model! { Own(x: 5x2) < Delay, Lstm(3, return_sequences = true) > }
    assert_rows!(Own, OwnState, frames(1));
    // One that can't step is no obstacle to anything else.
    model! { Reversed(x: 5x2) < Reverse(5x2 -> 5x2), Dense(1) > }
    assert_eq!(Reversed::init(7).predict(&[[0.0; 2]; 5]), [[0.0]; 5]);
}

/// Gives the frame before; with no derivatives, since these tests don't learn.
#[derive(Parameters)]
#[repr(C)]
struct Delay {
    factor: [f32; 1],
}

impl Layer for Delay {
    type Input = [[f32; 2]; 5];
    type Output = [[f32; 2]; 5];
    fn initialize(&mut self, _: &mut Random) {
        self.factor = [0.5];
    }
    fn forward<L: Level>(
        &self,
        level: L,
        inputs: &[Self::Input],
        outputs: &mut [Self::Output],
        _: &mut [f32],
    ) {
        for (input, output) in inputs.iter().zip(outputs) {
            let mut state = [0.0; 2];
            for (frame, output) in input.iter().zip(output) {
                self.step(level, &mut state, frame, output);
            }
        }
    }
    fn backward<L: Level>(&self, _: L, _: Backward<'_, Self>, _: &mut Self) {}
}

impl Step for Delay {
    type Frame = [f32; 2];
    type FrameOutput = [f32; 2];
    type State = [f32; 2];
    fn step<L: Level>(&self, _: L, state: &mut [f32; 2], frame: &[f32; 2], output: &mut [f32; 2]) {
        *output = state.map(|value| value * self.factor[0]);
        *state = *frame;
    }
}

/// Gives the frames in reverse.
#[derive(Parameters)]
#[repr(C)]
struct Reverse {
    nothing: [f32; 0],
}

impl Layer for Reverse {
    type Input = [[f32; 2]; 5];
    type Output = [[f32; 2]; 5];
    fn forward<L: Level>(&self, _: L, inputs: &[Self::Input], outputs: &mut [Self::Output], _: &mut [f32]) {
        for (input, output) in inputs.iter().zip(outputs) {
            *output = *input;
            output.reverse();
        }
    }
    fn backward<L: Level>(&self, _: L, _: Backward<'_, Self>, _: &mut Self) {}
}

/// Multiplies, of training says something else; needs scratch memory.
#[derive(Parameters)]
#[repr(C)]
struct Scale {
    factor: [f32; 3],
}

impl Layer for Scale {
    type Input = [f32; 3];
    type Output = [f32; 3];
    const SCRATCH: usize = 3;
    fn initialize(&mut self, _: &mut Random) {
        self.factor = [1.0, -2.0, 3.0];
    }
    fn forward<L: Level>(&self, _: L, inputs: &[[f32; 3]], outputs: &mut [[f32; 3]], scratch: &mut [f32]) {
        for (input, output) in inputs.iter().zip(outputs) {
            for place in 0..3 {
                scratch[place] = input[place] * self.factor[place];
                output[place] = scratch[place];
            }
        }
    }
    fn train<L: Level>(
        &self,
        level: L,
        inputs: &[[f32; 3]],
        outputs: &mut [[f32; 3]],
        tape: &mut [f32],
        _: Context,
    ) {
        self.forward(level, inputs, outputs, tape);
    }
    fn backward<L: Level>(&self, _: L, _: Backward<'_, Self>, _: &mut Self) {}
}
