//! Threads, where they are asked for: nothing in this crate starts one by itself.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::model::run::{self, LengthMismatch};
use crate::model::{self, Model};

/// How many multiply-accumulates are worth the other threads' attention: some ten times what waking them costs.
const WORTH: usize = 2_000_000;

/// Some threads that share the work of training and predicting, the calling one among them.
///
/// ```
/// use graven::parallel::Threads;
/// use graven::prelude::*;
/// model! { pub Net < Dense(64 -> 128, relu), Dense(10, softmax) > }
///
/// let threads = Threads::new(2)?;
/// let net = Net::init(1);
/// let (inputs, mut outputs) = (vec![[0.5; 64]; 1000], vec![[0.0; 10]; 1000]);
/// threads.predict_batch(&net, &inputs, &mut outputs)?; // the same numbers as `net.predict_batch`
///
/// let mut trainer = net.compile(Adam::default(), SparseCategoricalCrossentropy::default(), ());
/// trainer.use_threads(&threads); // `fit`, `evaluate`, `predict`, `train_step`
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is shared
/// - Prediction and evaluation: the samples.
/// - Training: a batch is cut into chunks of nearly equal size, on one thread too, so that all counts of threads give the same
///   bits. A chunk has at most 32 samples where a sample is much work for each parameter, as in convolutions, up to 128 in networks of
///   dense layers, and no fewer than a tile: what threads share are the chunks, so larger batches use more threads.
/// - The update of 65,536 parameters or more, if the optimizer treats each by itself.
///
/// Work below some two million multiply-accumulates stays on the calling thread: waking another one would take longer. So
/// threads never make a small network slow.
#[derive(Clone)]
pub struct Threads {
    count: usize,
    /// The threads beside the calling one.
    pool: Option<Arc<rayon::ThreadPool>>,
}

/// The threads could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum ThreadsError {
    /// None were asked for.
    None,
    /// The system refused.
    System(rayon::ThreadPoolBuildError),
}

impl fmt::Display for ThreadsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => out.write_str("0 threads can do no work: ask for at least 1, the calling one"),
            Self::System(error) => write!(out, "the threads could not be started: {error}"),
        }
    }
}

impl core::error::Error for ThreadsError {}

impl Threads {
    /// This many threads: the one that calls, and others, which sleep while there is nothing to do and end with the last clone of
    /// this value.
    ///
    /// # Errors
    /// [`ThreadsError`] for a count of 0, or when the system gives no more threads.
    pub fn new(count: usize) -> Result<Self, ThreadsError> {
        let pool = match count {
            0 => return Err(ThreadsError::None),
            1 => None,
            _ => {
                let name = |number| std::format!("graven-{}", number + 1);
                let builder = rayon::ThreadPoolBuilder::new().num_threads(count - 1).thread_name(name);
                Some(Arc::new(builder.build().map_err(ThreadsError::System)?))
            }
        };
        Ok(Self { count, pool })
    }

    /// How many there are, with the calling one.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The outputs for any number of samples: the same as the model's own `predict_batch` gives.
    ///
    /// # Errors
    /// When there are not as many outputs as inputs; nothing is written then.
    pub fn predict_batch<M: Model>(
        &self,
        model: &M,
        inputs: &[M::Sample],
        outputs: &mut [M::Output],
    ) -> Result<(), LengthMismatch> {
        LengthMismatch::check(inputs.len(), outputs.len(), "outputs")?;
        self.forward_all(model, inputs, outputs);
        Ok(())
    }

    /// [`predict_batch`](Self::predict_batch) where the lengths are known to be equal.
    pub(crate) fn forward_all<M: Model>(&self, model: &M, inputs: &[M::Sample], outputs: &mut [M::Output]) {
        if !self.is_worth::<M>(inputs.len()) {
            return run::forward_all(model, inputs, outputs);
        }
        // Whole strips, so that each is what it would be on one thread.
        let strips = inputs.len().div_ceil(M::STRIP);
        let share = strips.div_ceil(self.count) * M::STRIP;
        let shares = inputs.chunks(share).zip(outputs.chunks_mut(share)).collect();
        self.each(shares, |(inputs, outputs)| run::forward_all(model, inputs, outputs));
    }

    /// Whether so many samples of a model are enough work.
    pub(crate) fn is_worth<M: Model>(&self, samples: usize) -> bool {
        let each = model::max(M::MACS, M::COUNT);
        self.count > 1 && samples.saturating_mul(each) >= WORTH
    }

    /// Does `work` on each part; the calling thread takes the first.
    pub(crate) fn each<I: Send>(&self, parts: Vec<I>, work: impl Fn(I) + Sync) {
        let mut parts = parts.into_iter();
        let own = parts.next();
        match &self.pool {
            Some(pool) if parts.len() > 0 => pool.in_place_scope(|scope| {
                for part in parts {
                    let work = &work;
                    scope.spawn(move |_| work(part));
                }
                own.into_iter().for_each(&work);
            }),
            _ => own.into_iter().chain(parts).for_each(work),
        }
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Threads({})", self.count)
    }
}
