//! One frame through a recurrent model, the state in the caller's hand.

use std::hint::black_box;

use anyhow::Result;
use graven::{Step, Tensor};

use crate::contestant::{Entry, Local};
use crate::data::{CHECKED_FRAMES, Samples};

struct Stream<M: Step, F> {
    model: Box<M>,
    state: M::State,
    frames: Vec<M::Frame>,
    step: F,
}

/// A model that is called frame by frame.
pub fn stream<M: Step<Scalar = f32>>(
    model: Box<M>,
    samples: &Samples,
    step: impl Fn(&M, &mut M::State, &M::Frame) -> M::FrameOutput + 'static,
) -> Entry {
    let frames = M::Frame::batch(&samples.inputs).to_vec();
    Entry::new("graven", Stream { model, state: M::State::default(), frames, step })
}

impl<M, F> Local for Stream<M, F>
where
    M: Step<Scalar = f32>,
    F: Fn(&M, &mut M::State, &M::Frame) -> M::FrameOutput,
{
    #[inline]
    fn once(&mut self) -> Result<()> {
        black_box((self.step)(&self.model, &mut self.state, black_box(&self.frames[0])));
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        self.state = M::State::default();
        let mut answer = Vec::new();
        for frame in &self.frames[..CHECKED_FRAMES] {
            answer.extend_from_slice(Tensor::flat(&[(self.step)(&self.model, &mut self.state, frame)]));
        }
        Ok(answer)
    }
}
