//! Keras' loop: `fit`, `evaluate`, `predict` over data sets.

use alloc::vec::Vec;
use core::borrow::BorrowMut;
use core::fmt;

use super::history::{History, Report};
use super::pass::Observe;
use super::progress::{Progress, Verbose};
use super::step::{Batch, StepError, check};
use super::{Buffers, Trainer};
use crate::data::Dataset;
use crate::losses::{Loss, Target, TargetError};
use crate::metrics::{Mean, Metric};
use crate::model::{Model, Sample, run};
use crate::optimizers::Optimizer;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Tensor;

/// How to train; what is not said has Keras' default.
///
/// ```
/// use graven::prelude::*;
/// let options = Fit::<[f32; 4], usize> { epochs: 10, validation_split: 0.1, ..Fit::default() };
/// assert_eq!(options.batch_size, 32);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a, X, T> {
    /// How often to go through the data. Default 1.
    pub epochs: usize,
    /// Samples per update; the last batch may have fewer. Default 32.
    pub batch_size: usize,
    /// The share of the data, in (0, 1), that is kept for validation: the last part, taken before shuffling. 0 for none,
    /// the default.
    pub validation_split: f64,
    /// Data to validate with after each epoch, instead of a split.
    pub validation_data: Option<&'a Dataset<X, T>>,
    /// Whether each epoch goes through the samples in a new order. Default true.
    pub shuffle: bool,
    /// Seeds the orders and what layers draw. Default 0.
    pub seed: u64,
    /// What to print.
    pub verbose: Verbose,
}

impl<X, T> Default for Fit<'_, X, T> {
    fn default() -> Self {
        Self {
            epochs: 1,
            batch_size: 32,
            validation_split: 0.0,
            validation_data: None,
            shuffle: true,
            seed: 0,
            verbose: Verbose::Auto,
        }
    }
}

/// Why `fit` or `evaluate` stopped, or did not begin. The parameters are those of the last finite step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum FitError {
    /// There is no sample to train, validate or evaluate with.
    Empty {
        /// Which data: `training` or `validation` or `evaluation`.
        part: &'static str,
    },
    /// `batch_size` is 0.
    BatchSize,
    /// `validation_split` is not in (0, 1).
    ValidationSplit(f64),
    /// A feature is infinite or not a number.
    Feature {
        /// Which data it is in.
        part: &'static str,
        /// The sample, from 0.
        sample: usize,
        /// The place in the sample, counted in memory order.
        feature: usize,
        /// What it is.
        value: f64,
    },
    /// A target is impossible.
    Target {
        /// Which data it is in.
        part: &'static str,
        /// The sample, from 0.
        sample: usize,
        /// What is wrong with it.
        error: TargetError,
    },
    /// A step failed, in most cases because the loss is no longer a number.
    Step {
        /// The epoch, from 1 as in the log.
        epoch: usize,
        /// The batch within the epoch, from 1.
        batch: usize,
        /// What happened.
        error: StepError,
    },
}

impl fmt::Display for FitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { part } => write!(out, "the {part} data has no sample: give at least one"),
            Self::BatchSize => {
                out.write_str("`batch_size` is 0: a batch needs at least one sample (32 is usual)")
            }
            Self::ValidationSplit(split) => write!(
                out,
                "`validation_split` is {split}, but it is the share of the data kept for validation: \
                 give a number between 0 and 1, such as 0.1, or leave it out"
            ),
            Self::Feature { part, sample, feature, value } => write!(
                out,
                "feature {feature} of sample {sample} of the {part} data is {value}: \
                 replace or remove values that are missing or infinite"
            ),
            Self::Target { part, sample, error } => {
                write!(out, "the target of sample {sample} of the {part} data: {error}")
            }
            Self::Step { epoch, batch, error } => write!(out, "in epoch {epoch}, batch {batch}: {error}"),
        }
    }
}

impl core::error::Error for FitError {}

/// Part of a data set.
type Part<'a, X, T> = (&'a [X], &'a [T]);

/// The training part, and the validation part if there is one.
type Parts<'a, X, T> = (Part<'a, X, T>, Option<Part<'a, X, T>>);

/// How many samples `evaluate` takes at once; each pass works in tiles anyway.
const EVALUATION_BATCH: usize = 1024;

impl<M, O, C, Q, B> Trainer<M, O, C, Q, B>
where
    M: Model,
    O: Optimizer,
    C: Loss<M::Output, M::Head>,
    B: BorrowMut<Buffers<M, O>>,
{
    /// Trains on `data` as Keras' `fit` does, and gives the history of losses and metrics.
    ///
    /// # Errors
    /// [`FitError`] for data or options that can't be used, before anything is done; or when the loss is no longer a
    /// number, with epoch and batch: the parameters are then those of the last finite step.
    pub fn fit<T>(
        &mut self,
        data: &Dataset<M::Sample, T>,
        options: Fit<'_, M::Sample, T>,
    ) -> Result<History, FitError>
    where
        T: Target<C::Target> + Clone,
        Q: Metric<M::Output, T>,
    {
        let (train, validation) = parts(data, &options)?;
        self.inspect("training", train)?;
        if let Some(validation) = validation {
            self.inspect("validation", validation)?;
        }
        self.core.seed = options.seed;
        let mut history = History::default();
        let mut order = Order::new(train, &options);
        for epoch in 0..options.epochs {
            order.shuffle(epoch);
            let mut progress = Progress::start(options.verbose, epoch, options.epochs, order.batches());
            let train = self.epoch(epoch, &mut order, &mut progress)?;
            let validation = validation.map(|part| self.measure(part)).transpose()?;
            progress.finish(&train, validation.as_ref());
            history.push(&train, validation.as_ref());
        }
        Ok(history)
    }

    /// Loss and metrics on `data`, at inference (without dropout); nothing is trained.
    ///
    /// # Errors
    /// [`FitError`] for data that can't be used.
    pub fn evaluate<T>(&mut self, data: &Dataset<M::Sample, T>) -> Result<Report, FitError>
    where
        T: Target<C::Target>,
        Q: Metric<M::Output, T>,
    {
        let part = (data.inputs(), data.targets());
        self.inspect("evaluation", part)?;
        self.measure(part)
    }

    /// The outputs for some inputs.
    pub fn predict(&self, inputs: &[M::Sample]) -> Vec<M::Output> {
        let mut outputs = Vec::new();
        outputs.resize(inputs.len(), M::Output::ZEROS);
        #[cfg(feature = "parallel")]
        if let Some(crew) = &self.core.crew {
            crew.threads().forward_all(self.model(), inputs, &mut outputs);
            return outputs;
        }
        run::forward_all(self.model(), inputs, &mut outputs);
        outputs
    }

    /// Refuses data with which training would fail later, or silently go wrong.
    fn inspect<T: Target<C::Target>>(
        &self,
        part: &'static str,
        data: Part<'_, M::Sample, T>,
    ) -> Result<(), FitError> {
        let (inputs, targets) = data;
        for (sample, input) in inputs.iter().enumerate() {
            if let Some((feature, value)) = input.not_finite() {
                return Err(FitError::Feature { part, sample, feature, value });
            }
        }
        let batch = Batch::new(inputs, targets).expect("a data set has as many targets as inputs");
        check(&self.core.loss, &batch).map_err(|error| match error {
            StepError::Target { sample, error } => FitError::Target { part, sample, error },
            _ => FitError::Empty { part },
        })
    }

    fn epoch<T>(
        &mut self,
        epoch: usize,
        order: &mut Order<'_, M::Sample, T>,
        progress: &mut Progress,
    ) -> Result<Report, FitError>
    where
        T: Target<C::Target> + Clone,
        Q: Metric<M::Output, T>,
    {
        let Self { core, metrics } = self;
        let mut logs = Logs::start(metrics);
        for number in 0..order.batches() {
            let batch = order.batch(number);
            let loss = core.step(&batch, &mut logs).map_err(|error| FitError::Step {
                epoch: epoch + 1,
                batch: number + 1,
                error,
            })?;
            logs.loss.add(loss.to_f64(), batch.inputs().len() as f64);
            progress.advance(|| logs.report());
        }
        Ok(logs.report())
    }

    fn measure<T>(&mut self, (inputs, targets): Part<'_, M::Sample, T>) -> Result<Report, FitError>
    where
        T: Target<C::Target>,
        Q: Metric<M::Output, T>,
    {
        let Self { core, metrics } = self;
        let mut logs = Logs::start(metrics);
        for (inputs, targets) in inputs.chunks(EVALUATION_BATCH).zip(targets.chunks(EVALUATION_BATCH)) {
            let batch = Batch::new(inputs, targets).expect("both are chunks of one size");
            let loss = core.measure(&batch, &mut logs);
            logs.loss.add(loss.to_f64(), inputs.len() as f64);
        }
        Ok(logs.report())
    }
}

/// What is logged of one pass over some data.
struct Logs<'a, Q> {
    loss: Mean,
    /// The loss of each output by its name, if there are several.
    parts: Vec<(&'static str, Mean)>,
    metrics: &'a mut Q,
}

impl<'a, Q> Logs<'a, Q> {
    fn start<Y, T>(metrics: &'a mut Q) -> Self
    where
        Q: Metric<Y, T>,
    {
        metrics.reset();
        Self { loss: Mean::default(), parts: Vec::new(), metrics }
    }

    fn report<Y, T>(&self) -> Report
    where
        Q: Metric<Y, T>,
    {
        let mut report = Report::new(self.loss.value());
        for (name, loss) in &self.parts {
            report.push(format_args!("{name}_loss"), loss.value());
        }
        self.metrics.report(&mut |name, value| report.push(name, value));
        report
    }
}

impl<M, C, T, Q> Observe<M, C, T> for Logs<'_, Q>
where
    M: Model,
    C: Loss<M::Output, M::Head>,
    T: Target<C::Target>,
    Q: Metric<M::Output, T>,
{
    #[inline(always)]
    fn sample<L: Level>(&mut self, level: L, loss: &C, logits: &M::Output, output: &M::Output, target: &T) {
        self.metrics.update(output, target);
        target.with(|target| {
            loss.parts(level, logits, output, target, &mut |place, name, value| {
                if place == self.parts.len() {
                    self.parts.push((name, Mean::default()));
                }
                self.parts[place].1.add(value, 1.0);
            });
        });
    }
}

/// The training and the validation part of a data set.
fn parts<'a, X, T>(data: &'a Dataset<X, T>, options: &Fit<'a, X, T>) -> Result<Parts<'a, X, T>, FitError> {
    if options.batch_size == 0 {
        return Err(FitError::BatchSize);
    }
    let split = options.validation_split;
    if !(0.0..1.0).contains(&split) {
        return Err(FitError::ValidationSplit(split));
    }
    let all = (data.inputs(), data.targets());
    if let Some(validation) = options.validation_data {
        return Ok((all, Some((validation.inputs(), validation.targets()))));
    }
    if split == 0.0 {
        return Ok((all, None));
    }
    let count = (all.0.len() as f64 * (1.0 - split)).floor() as usize;
    let ((train, validation), (train_targets, validation_targets)) =
        (all.0.split_at(count), all.1.split_at(count));
    Ok(((train, train_targets), Some((validation, validation_targets))))
}

/// The samples in the order of an epoch, gathered batch by batch into memory that is allocated once.
struct Order<'a, X, T> {
    inputs: &'a [X],
    targets: &'a [T],
    batch_size: usize,
    seed: Option<u64>,
    order: Vec<usize>,
    batch_inputs: Vec<X>,
    batch_targets: Vec<T>,
}

impl<'a, X: Copy, T: Clone> Order<'a, X, T> {
    fn new((inputs, targets): Part<'a, X, T>, options: &Fit<'_, X, T>) -> Self {
        Self {
            inputs,
            targets,
            batch_size: options.batch_size,
            seed: options.shuffle.then_some(options.seed),
            order: Vec::new(),
            batch_inputs: Vec::new(),
            batch_targets: Vec::new(),
        }
    }

    fn batches(&self) -> usize {
        self.inputs.len().div_ceil(self.batch_size)
    }

    /// A new order, that depends on seed and epoch only: a run that is resumed goes on as if it had not stopped.
    fn shuffle(&mut self, epoch: usize) {
        if let Some(seed) = self.seed {
            self.order.clear();
            self.order.extend(0..self.inputs.len());
            let epoch_seed = Random::new(seed).bits().wrapping_add(epoch as u64);
            Random::new(epoch_seed).shuffle(&mut self.order);
        }
    }

    fn batch(&mut self, number: usize) -> Batch<'_, X, T> {
        let start = number * self.batch_size;
        let range = start..(start + self.batch_size).min(self.inputs.len());
        let (inputs, targets) = if self.seed.is_none() {
            (&self.inputs[range.clone()], &self.targets[range])
        } else {
            self.batch_inputs.clear();
            self.batch_targets.clear();
            for &sample in &self.order[range] {
                self.batch_inputs.push(self.inputs[sample]);
                self.batch_targets.push(self.targets[sample].clone());
            }
            (&*self.batch_inputs, &*self.batch_targets)
        };
        Batch::new(inputs, targets).expect("both are gathered from the same range")
    }
}
