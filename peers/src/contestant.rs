//! What takes part in a race, in this process or in another one.

use std::time::Duration;

use anyhow::Result;

use crate::clock;

/// A library set up for one workload.
pub trait Contestant {
    /// Back to the parameters of the start, with fresh moments.
    fn reset(&mut self) -> Result<()>;
    /// Runs the workload so many times; the processor time that took.
    fn run(&mut self, times: u32) -> Result<Duration>;
    /// What it computes from the start: outputs of a prediction, or the losses of the first steps.
    fn answer(&mut self) -> Result<Vec<f32>>;
}

/// A contestant in this process: says what is done once, so that the loop around it costs no call.
pub trait Local {
    /// See [`Contestant::reset`]; nothing to do where nothing is learned.
    fn reset(&mut self) -> Result<()> {
        Ok(())
    }
    /// The workload, once. Inputs and outputs go through `black_box`, or the optimiser deletes what nobody reads.
    fn once(&mut self) -> Result<()>;
    /// See [`Contestant::answer`].
    fn answer(&mut self) -> Result<Vec<f32>>;
}

impl<T: Local> Contestant for T {
    fn reset(&mut self) -> Result<()> {
        Local::reset(self)
    }

    fn run(&mut self, times: u32) -> Result<Duration> {
        let start = clock::now();
        for _ in 0..times {
            self.once()?;
        }
        Ok(clock::now() - start)
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Local::answer(self)
    }
}

/// A contestant, and what it is called.
pub struct Entry {
    /// The library, and which of its ways if there are several.
    pub name: String,
    /// What runs.
    pub contestant: Box<dyn Contestant>,
}

impl Entry {
    /// A contestant by that name.
    pub fn new(name: impl Into<String>, contestant: impl Contestant + 'static) -> Self {
        Self { name: name.into(), contestant: Box::new(contestant) }
    }
}
