//! A whole epoch of a library that learns batch by batch: with subnormal numbers as they come, and with the processor told to
//! flush them to zero.

use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use crate::clock;
use crate::contestant::{Contestant, Entry};
use crate::data::{Data, EPOCH, Random, Samples};
use crate::flush;

/// 784-256-10 in training.
pub trait Learner {
    /// Back to the parameters of the start, with fresh moments.
    fn reset(&mut self) -> Result<()>;
    /// One step of Adam on these samples; its loss.
    fn learn(&mut self, inputs: &[f32], labels: &[u32]) -> Result<f32>;
}

/// A library in both ways.
pub fn enter<L: Learner + 'static>(
    name: &str,
    batch: usize,
    data: &Data,
    learner: impl Fn() -> Result<L>,
) -> Result<Vec<Entry>> {
    let epoch = |flush| -> Result<Epoch<L>> {
        let (samples, random) = (data.epoch(), Random::default());
        Ok(Epoch { learner: learner()?, samples, batch, flush, loss: 0.0, random })
    };
    Ok(vec![Entry::new(name, epoch(false)?), Entry::new(format!("{name}, subnormals flushed"), epoch(true)?)])
}

struct Epoch<L> {
    learner: L,
    samples: Rc<Samples>,
    batch: usize,
    flush: bool,
    loss: f32,
    random: Random,
}

impl<L: Learner> Epoch<L> {
    fn pass(&mut self) -> Result<f32> {
        let mut order: Vec<usize> = (0..EPOCH).collect();
        self.random.shuffle(&mut order);
        let (mut inputs, mut labels, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for batch in order.chunks(self.batch) {
            inputs.clear();
            labels.clear();
            for &sample in batch {
                inputs.extend_from_slice(&self.samples.inputs[784 * sample..784 * (sample + 1)]);
                labels.push(self.samples.labels[sample]);
            }
            sum += self.learner.learn(&inputs, &labels)? * batch.len() as f32;
        }
        Ok(sum / EPOCH as f32)
    }
}

impl<L: Learner> Contestant for Epoch<L> {
    fn reset(&mut self) -> Result<()> {
        self.learner.reset()
    }

    fn run(&mut self, times: u32) -> Result<Duration> {
        let _guard = self.flush.then(flush::on);
        let start = clock::now();
        for _ in 0..times {
            self.loss = self.pass()?;
        }
        Ok(clock::now() - start)
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Ok(vec![self.loss])
    }
}
