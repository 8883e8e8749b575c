//! One time step of a layer or a model, its state in the caller's hand.

use core::fmt;

use crate::layer::Layer;
use crate::model::Sample;
use crate::simd::{Level, Task, dispatch};
use crate::tensor::Tensor;

/// A layer that can work frame by frame along the first axis of its input, time: what it needs of the past is in a state that
/// the caller holds. From the default state on, the frames of a sequence one by one give what
/// [`Layer::forward`] gives for all of them at once. There is no end: the number of frames in a listing is that of a sample
/// to learn from.
///
/// `model!` implements it for every model whose layers all can: `Dense`, `BatchNorm`, activations and merges work on each frame by
/// itself, recurrent layers and causal convolutions have a state. Such a model has a method `step`, and its state is a plain struct
/// of its own.
///
/// ```
/// use graven::model;
///
/// model! { pub Amp(x: 64x1) < Lstm(16, return_sequences = true), Dense(1) > }
///
/// let net = Amp::init(7);
/// let mut state = AmpState::default(); // zeros; `state.reset()` makes it so again
/// let mut sound = [[0.0]; 64];
/// for (time, sample) in sound.iter_mut().enumerate() {
///     let input = [(0.1 * time as f32).sin()];
///     *sample = net.step(&mut state, &input);
/// }
/// let all = core::array::from_fn(|time| [(0.1 * time as f32).sin()]);
/// assert_eq!(net.predict(&all), sound);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't take one time step at a time",
    label = "`{Self}` has no `step`",
    note = "a layer of your own can if it implements `graven::Step`, a model if all its layers can"
)]
pub trait Step: Layer {
    /// What comes in at one time step.
    type Frame: Tensor<Scalar = Self::Scalar>;
    /// What goes out at one.
    type FrameOutput: Tensor<Scalar = Self::Scalar>;
    /// What is remembered from one to the next; the default is what it is before the first.
    type State: Copy + Default + PartialEq + fmt::Debug + Send + Sync + 'static;

    /// Works on one frame. Mark it `#[inline(always)]`.
    fn step<L: Level>(
        &self,
        level: L,
        state: &mut Self::State,
        frame: &Self::Frame,
        output: &mut Self::FrameOutput,
    );
}

/// One time step of a model: the body of the method that `model!` writes.
#[inline]
pub fn step<M: Step, X: Sample<M::Frame>>(model: &M, state: &mut M::State, frame: &X) -> M::FrameOutput {
    let mut output = M::FrameOutput::ZEROS;
    dispatch(OneStep { model, state, frame, output: &mut output });
    output
}

struct OneStep<'a, M: Step, X> {
    model: &'a M,
    state: &'a mut M::State,
    frame: &'a X,
    output: &'a mut M::FrameOutput,
}

impl<M: Step, X: Sample<M::Frame>> Task for OneStep<'_, M, X> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let mut memory = [M::Frame::ZEROS];
        if let [frame] = X::values(core::slice::from_ref(self.frame), &mut memory) {
            self.model.step(level, self.state, frame, self.output);
        }
    }
}

/// [`Step::step`] on flat memory, for generated code.
#[inline(always)]
pub fn advance<X: Step, L: Level>(
    level: L,
    layer: &X,
    state: &mut X::State,
    frame: &[X::Scalar],
    output: &mut [X::Scalar],
) {
    if let ([frame, ..], [output, ..]) = (X::Frame::batch(frame), X::FrameOutput::batch_mut(output)) {
        layer.step(level, state, frame, output);
    }
}
