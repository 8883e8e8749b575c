//! One time step of a convolution over one axis, time: the frames that its window reaches back to are remembered.

use super::conv::{BiasArray, Conv, convolve};
use crate::kernels::conv::{Convolution, Window};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::step::Step;

/// What a [`Conv`] over time remembers: the last `N` frames of `C` channels, zeros at first. They stay where they are, and each new
/// one takes the place of the oldest.
///
/// ```
/// use graven::model;
///
/// model! { pub Echo(x: 64x1) < Conv1d(1, 2, padding = causal, dilation_rate = 3, use_bias = false) > }
///
/// let mut net = Echo::zeroed();
/// net.conv1d.kernel = [[[0.5]], [[1.0]]]; // what was heard three frames ago, and what is now
/// let mut state = EchoState::default();
/// let heard = [8.0, 0.0, 0.0, 0.0, 0.0].map(|sample| net.step(&mut state, &[sample])[0]);
/// assert_eq!(heard, [8.0, 0.0, 0.0, 4.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct PastFrames<S, const C: usize, const N: usize> {
    frames: [[S; C]; N],
    oldest: usize,
}

impl<S: Scalar, const C: usize, const N: usize> Default for PastFrames<S, C, N> {
    fn default() -> Self {
        Self { frames: [[S::ZERO; C]; N], oldest: 0 }
    }
}

impl<S: Scalar, const C: usize, const N: usize> PastFrames<S, C, N> {
    /// The frame of this place, counted from the oldest.
    #[inline(always)]
    fn get(&self, place: usize) -> [S; C] {
        let place = self.oldest + place;
        let place = if place < N { place } else { place - N };
        self.frames.get(place).copied().unwrap_or([S::ZERO; C])
    }

    #[inline(always)]
    fn push(&mut self, frame: &[S; C]) {
        if let Some(oldest) = self.frames.get_mut(self.oldest) {
            *oldest = *frame;
        }
        self.oldest = if self.oldest + 1 < N { self.oldest + 1 } else { 0 };
    }
}

/// With as many zeros before the input as the window reaches back: `padding = causal`, or a window of one frame.
#[diagnostic::do_not_recommend]
impl<
    S: Scalar,
    const T: usize,
    const C: usize,
    const F: usize,
    const W: usize,
    const I: usize,
    const O: usize,
    B: BiasArray<S>,
    const LEFT: usize,
    const DW: usize,
> Step for Conv<S, [[S; C]; T], [[S; F]; T], [[[S; O]; I]; W], B, 1, 1, 0, LEFT, 1, DW>
{
    type Frame = [S; C];
    type FrameOutput = [S; F];
    type State = PastFrames<S, C, LEFT>;

    #[inline(always)]
    fn step<L: Level>(&self, level: L, state: &mut Self::State, frame: &[S; C], output: &mut [S; F]) {
        const {
            let reach = (Self::COLUMNS.window - 1) * Self::COLUMNS.dilation;
            assert!(reach == LEFT, "a convolution that steps sees the past and the present only");
        }
        let mut window = [[S::ZERO; C]; W];
        let (past, now) = window.split_at_mut(W - 1);
        for (tap, cell) in past.iter_mut().enumerate() {
            *cell = state.get(tap * DW);
        }
        now.fill(*frame);
        state.push(frame);
        convolve::<Window<Self>, S, L>(level, window.as_flattened(), (&self.kernel, &self.bias), output);
    }
}
