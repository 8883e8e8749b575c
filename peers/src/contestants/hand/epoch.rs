//! A whole epoch by hand: with subnormal numbers as they come, and with the processor told to flush them to zero.

use std::time::Duration;

use anyhow::Result;

use super::dense::Step;
use crate::clock;
use crate::contestant::{Contestant, Entry, Local};
use crate::data::{Data, EPOCH, Random};
use crate::flush;
use crate::workload::Net;

/// Both.
pub fn enter(batch: usize, data: &Data) -> Vec<Entry> {
    let epoch = |flush| Epoch {
        step: Step::new(Net::Mlp, batch, data),
        inputs: data.epoch().inputs.clone(),
        labels: data.epoch().labels.clone(),
        batch,
        flush,
        loss: 0.0,
        random: Random::default(),
    };
    vec![
        Entry::new("hand, matrixmultiply", epoch(false)),
        Entry::new("hand, matrixmultiply, subnormals flushed", epoch(true)),
    ]
}

struct Epoch {
    step: Step,
    inputs: Vec<f32>,
    labels: Vec<u32>,
    batch: usize,
    flush: bool,
    loss: f32,
    random: Random,
}

impl Epoch {
    fn pass(&mut self) -> f32 {
        let mut order: Vec<usize> = (0..EPOCH).collect();
        self.random.shuffle(&mut order);
        let (mut inputs, mut labels, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for batch in order.chunks(self.batch) {
            inputs.clear();
            labels.clear();
            for &sample in batch {
                inputs.extend_from_slice(&self.inputs[784 * sample..784 * (sample + 1)]);
                labels.push(self.labels[sample]);
            }
            sum += self.step.train(&inputs, &labels, &[]) * batch.len() as f32;
        }
        sum / EPOCH as f32
    }
}

impl Contestant for Epoch {
    fn reset(&mut self) -> Result<()> {
        Local::reset(&mut self.step)
    }

    fn run(&mut self, times: u32) -> Result<Duration> {
        let _guard = self.flush.then(flush::on);
        let start = clock::now();
        for _ in 0..times {
            self.loss = self.pass();
        }
        Ok(clock::now() - start)
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Ok(vec![self.loss])
    }
}
