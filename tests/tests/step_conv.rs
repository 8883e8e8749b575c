//! `step` of convolutions over time, and of what normalises their channels: frame by frame a model gives what `predict` gives
//! for the whole sequence, bit by bit.

use graven::prelude::*;
use graven::random::Random;
use graven::testing::check_layer;

/// Numbers between −1 and 1.
fn frames<const D: usize, const T: usize>(seed: u64) -> [[f32; D]; T] {
    let mut random = Random::new(seed);
    [(); T].map(|()| [(); D].map(|()| 2.0 * random.uniform() as f32 - 1.0))
}

/// Positive parameters, as variances have to be.
fn drawn<M: Model<Scalar = f32>>(mut model: M) -> M {
    let mut random = Random::new(5);
    model.as_mut_slice().fill_with(|| 0.1 + random.uniform() as f32);
    model
}

/// Asserts that the steps of a model give the rows of its output, and those of a longer sequence too.
macro_rules! assert_steps {
    ($($model:ident, $state:ident: $shape:tt { $($listing:tt)* })+) => {$({
        model! { $model(x: $shape) $($listing)* }
        let (net, frames) = (drawn($model::init(7)), frames(1));
        let mut state = $state::default();
        let steps = frames.map(|frame| net.step(&mut state, &frame));
        assert_eq!(steps, net.predict(&frames), stringify!($model));
        state.reset();
        assert_eq!(state, $state::default());
        assert_eq!(net.step(&mut state, &frames[0]), steps[0]);
    })+};
}

#[test]
fn causal_convolutions() {
    assert_steps! {
        Plain, PlainState: 11x2 { < Conv1d(5, 3, padding = causal, relu) > }
        One, OneState: 1x1 { < Conv1d(1, 2, padding = causal) > }
        Wide, WideState: 6x3 { < Conv1d(35, 5, padding = causal, use_bias = false) > }
        Dilated, DilatedState: 23x3 { < Conv1d(17, 3, padding = causal, dilation_rate = 4, tanh) > }
        // The window reaches back farther than a sample has frames.
        Reaching, ReachingState: 5x2 { < Conv1d(3, 4, padding = causal, dilation_rate = 7) > }
        Groups, GroupsState: 13x4 { < Conv1d(6, 2, padding = causal, dilation_rate = 5, groups = 2) > }
        ManyGroups, ManyGroupsState: 7x3 { < Conv1d(9, 3, padding = causal, groups = 3) > }
    }
}

#[test]
fn causal_convolutions_of_each_channel() {
    assert_steps! {
        Depth, DepthState: 11x7 { < DepthwiseConv1d(3, padding = causal, relu) > }
        Multiplied, MultipliedState: 9x5 { < DepthwiseConv1d(2, padding = causal, depth_multiplier = 3) > }
        Dilated, DilatedState: 17x13 { < DepthwiseConv1d(4, padding = causal, dilation_rate = 3, use_bias = false) > }
        OneChannel, OneChannelState: 5x1 { < DepthwiseConv1d(3, padding = causal, depth_multiplier = 2) > }
    }
}

#[test]
fn windows_of_one_frame_have_no_past() {
    assert_steps! {
        Valid, ValidState: 5x3 { < Conv1d(4, 1), Conv1d(2, 1, dilation_rate = 9) > }
        Same, SameState: 5x3 { < Conv1d(4, 1, padding = same), DepthwiseConv1d(1) > }
    }
    assert_eq!(size_of::<graven::layers::PastFrames<f32, 3, 0>>(), size_of::<usize>());
}

#[test]
fn dilated_chains() {
    assert_steps! {
        // A stack of gated residual blocks, whose dilation doubles, and the sum of what each skips to.
        Wave, WaveState: 31x1 { <
            start = Conv1d(6, 1),
            filter1 = Conv1d(6, 2, tanh, padding = causal)(start),
            gate1 = Conv1d(6, 2, sigmoid, padding = causal)(start),
            block1 = Multiply(filter1, gate1),
            mixed1 = Conv1d(6, 1)(block1),
            next1 = Add(start, mixed1),
            filter2 = Conv1d(6, 2, tanh, padding = causal, dilation_rate = 2)(next1),
            gate2 = Conv1d(6, 2, sigmoid, padding = causal, dilation_rate = 2)(next1),
            block2 = Multiply(filter2, gate2),
            next2 = Residual< Conv1d(6, 3, padding = causal, dilation_rate = 4), BatchNorm, Relu >(block2),
            skip = Add(block1, block2),
            both = Concat(skip, next2),
            Dense(2, tanh),
        > }
        Separable, SeparableState: 12x3 { <
            DepthwiseConv1d(3, padding = causal),
            BatchNorm,
            Relu,
            Conv1d(8, 1),
            Residual< DepthwiseConv1d(3, padding = causal, dilation_rate = 3), Conv1d(8, 1, relu) >,
        > }
        Mixed, MixedState: 12x3 { <
            Conv1d(8, 3, padding = causal, relu),
            Lstm(5, return_sequences = true),
            Conv1d(4, 2, padding = causal),
            Dropout(0.5),
            Gru(3, return_sequences = true),
        > }
    }
}

#[test]
fn normalised_channels() {
    assert_steps! {
        Norms, NormsState: 9x3 { <
            BatchNorm(scale = false),
            Conv1d(5, 2, padding = causal),
            BatchNorm,
            Tanh,
            Dense(7),
            BatchNorm(center = false, epsilon = 0.1),
        > }
    }
    // None of these has a state.
    model! { Still(x: 5x3) < BatchNorm, Dense(4, relu), BatchNormalization, Dense(2) > }
    let (net, frames) = (drawn(Still::init(7)), frames(1));
    assert_eq!(frames.map(|frame| net.step(&mut (), &frame)), net.predict(&frames));
    // Behind the last frame it normalises what there is.
    model! { Ending(x: 5x3) < Conv1d(4, 2, padding = causal), Gru(6), BatchNorm, Reshape(3x2), BatchNorm, Conv1d(2, 2) > }
    let net = drawn(Ending::init(7));
    let mut state = EndingState::default();
    let steps = frames.map(|frame| net.step(&mut state, &frame));
    assert_eq!(steps.last().unwrap(), &net.predict(&frames));
}

#[test]
fn graphs_and_models_as_layers() {
    model! { Block(x: 8x4) < Residual< Conv1d(4, 3, padding = causal, dilation_rate = 2), BatchNorm, Relu > > }
    model! { Nested(x: 8x4) < Block(8x4 -> 8x4), Conv1d(4, 1), Block > }
    let (net, inputs) = (drawn(Nested::init(7)), frames::<4, 8>(1));
    let mut state = NestedState::default();
    assert_eq!(inputs.map(|frame| net.step(&mut state, &frame)), net.predict(&inputs));
    // A shared layer has a past for each call.
    model! {
        Twins(a: 5x2, b: 5x2) <
            ear: Conv1d(3, 2, padding = causal),
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

const FILTERS: usize = 5;
const KERNEL: usize = 3;
model! { Constant(x: 9x2) < Conv1d(FILTERS, KERNEL, padding = causal, dilation_rate = 2), Dense(1) > }
model! { Open[const H: usize](x: 9x2) < Conv1d(H, 3, padding = causal), BatchNorm, Dense(H, relu), Conv1d(2, 2, padding = causal) > }
model! { #[scalar(f64)] Double(x: 9x2) < Conv1d(FILTERS, KERNEL, padding = causal), BatchNorm, Dense(1) > }

#[test]
fn sizes_from_constants_and_double_precision() {
    let (net, inputs) = (Constant::init(7), frames::<2, 9>(1));
    let mut state = ConstantState::default();
    assert_eq!(inputs.map(|frame| net.step(&mut state, &frame)), net.predict(&inputs));
    let net = Open::<7>::init(7);
    let mut state = OpenState::default();
    assert_eq!(inputs.map(|frame| net.step(&mut state, &frame)), net.predict(&inputs));
    let (net, inputs) = (Double::init(7), inputs.map(|frame| frame.map(f64::from)));
    let mut state = DoubleState::default();
    assert_eq!(inputs.map(|frame| net.step(&mut state, &frame)), net.predict(&inputs));
}

/// A stream goes on where a sample ends: the ring of past frames turns many times.
#[test]
fn streams_longer_than_a_sample() {
    model! { Short(x: 4x2) < Conv1d(3, 3, padding = causal, dilation_rate = 3, tanh), Conv1d(2, 2, padding = causal) > }
    model! { Long(x: 50x2) < Conv1d(3, 3, padding = causal, dilation_rate = 3, tanh), Conv1d(2, 2, padding = causal) > }
    let (net, mut long) = (Short::init(7), Long::zeroed());
    long.as_mut_slice().copy_from_slice(net.as_slice());
    let (mut state, inputs) = (ShortState::default(), frames::<2, 50>(1));
    assert_eq!(inputs.map(|frame| net.step(&mut state, &frame)), long.predict(&inputs));
    assert_ne!(state, ShortState::default());
    state.reset();
    assert_eq!(net.step(&mut state, &inputs[0]), long.predict(&inputs)[0]);
}

/// Keras has no such layer, but zeros before the input, and a convolution without.
#[test]
fn a_causal_convolution_of_each_channel_has_zeros_before_the_input() {
    model! { #[scalar(f64)] Causal(x: 9x5) < DepthwiseConv1d(3, padding = causal, dilation_rate = 2, depth_multiplier = 2) > }
    model! { #[scalar(f64)] Padded(x: 9x5) < ZeroPadding1d((4, 0)), DepthwiseConv1d(3, dilation_rate = 2, depth_multiplier = 2) > }
    let (causal, mut padded) = (Causal::init(7), Padded::zeroed());
    padded.as_mut_slice().copy_from_slice(causal.as_slice());
    let inputs = frames::<5, 9>(1).map(|frame| frame.map(f64::from));
    assert_eq!(causal.predict(&inputs), padded.predict(&inputs));
    check_layer::<Causal>();
}
