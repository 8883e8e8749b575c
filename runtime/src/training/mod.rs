//! Training: a model together with an optimizer, a loss and metrics, in one statically sized value.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::borrow::BorrowMut;
use core::fmt;
use core::marker::PhantomData;

#[cfg(feature = "parallel")]
mod crew;
#[cfg(feature = "std")]
mod fit;
#[cfg(feature = "std")]
mod history;
mod pass;
#[cfg(feature = "std")]
mod progress;
mod step;

#[cfg(feature = "std")]
pub use fit::{Fit, FitError};
#[cfg(feature = "std")]
pub use history::{History, Report};
#[cfg(feature = "std")]
pub use progress::Verbose;
pub use step::{Batch, StepError};

use crate::losses::Loss;
use crate::memory::Zeroed;
use crate::model::{Model, Tape};
use crate::optimizers::Optimizer;

/// Everything that training writes to: parameters, their gradients, the optimizer's moments and one tile's values.
#[repr(C)]
pub struct Buffers<M: Model, O: Optimizer> {
    pub(crate) model: M,
    pub(crate) gradient: M,
    pub(crate) spare: Spare<M>,
    pub(crate) slots: O::Slots<M>,
    pub(crate) tape: Tape<M>,
}

impl<M: Model, O: Optimizer> fmt::Debug for Buffers<M, O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Buffers of {} ({} bytes)", M::NAME, size_of::<Self>())
    }
}

/// The gradient of the second chunk of a large batch, and of those behind it. Where there is no heap there are no threads to share
/// chunks, and memory is dear: there a batch is one chunk, and this is empty.
#[repr(C)]
pub struct Spare<M>(#[cfg(feature = "alloc")] M, PhantomData<M>);

impl<M> Spare<M> {
    /// Whether a batch can have several chunks.
    const EXISTS: bool = cfg!(feature = "alloc");

    #[cfg(feature = "alloc")]
    fn get(&mut self) -> Option<&mut M> {
        Some(&mut self.0)
    }

    #[cfg(not(feature = "alloc"))]
    fn get(&mut self) -> Option<&mut M> {
        None
    }
}

/// Bytes that training takes beside the parameters and the optimizer's moments.
pub const fn train_bytes<M: Model>() -> usize {
    size_of::<M>() + size_of::<Spare<M>>() + size_of::<Tape<M>>()
}

/// A model in training: what `compile` gives. `B` says where the memory is: in the value itself, or in a box.
///
/// ```
/// use graven::prelude::*;
/// model! { pub Xor < Dense(2 -> 8, tanh), Dense(1, sigmoid) > }
///
/// let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0f32]];
/// let targets = [[0.0], [1.0], [1.0], [0.0f32]];
/// let mut trainer = Xor::init(1).compile(Adam::new(0.05), MeanSquaredError, ());
/// for _ in 0..500 {
///     trainer.train_step(&Batch::new(&inputs, &targets)?)?; // allocates nothing
/// }
/// assert!(trainer.model().predict(&[0.0, 1.0])[0] > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Trainer<M: Model, O: Optimizer, C, Q, B: BorrowMut<Buffers<M, O>> = Buffers<M, O>> {
    core: Core<M, O, C, B>,
    metrics: Q,
}

/// A trainer without its metrics, so that a step can show its outputs to them.
#[derive(Debug)]
struct Core<M: Model, O, C, B> {
    buffers: B,
    optimizer: O,
    loss: C,
    iteration: u64,
    seed: u64,
    #[cfg(feature = "parallel")]
    crew: Option<crew::Crew<M>>,
    of: PhantomData<M>,
}

impl<M: Model, O: Optimizer, C: Loss<M::Output, M::Head>, Q> Trainer<M, O, C, Q> {
    /// Training memory in the value itself. The model passes through the stack: for large ones box it first.
    pub fn new(model: M, optimizer: O, loss: C, metrics: Q) -> Self {
        let mut buffers = Buffers::<M, O>::zeroed_value();
        buffers.model = model;
        Self::over(buffers, optimizer, loss, metrics)
    }
}

#[cfg(feature = "alloc")]
impl<M: Model, O: Optimizer, C: Loss<M::Output, M::Head>, Q> Trainer<M, O, C, Q, Box<Buffers<M, O>>> {
    /// Training memory on the heap, never on the stack.
    pub fn boxed(model: &M, optimizer: O, loss: C, metrics: Q) -> Self {
        let mut buffers = Buffers::<M, O>::zeroed_in_place();
        buffers.model.as_mut_slice().copy_from_slice(model.as_slice());
        Self::over(buffers, optimizer, loss, metrics)
    }
}

/// `compile` of a boxed model.
#[cfg(feature = "alloc")]
pub trait Compile<M: Model> {
    /// A trainer whose memory is on the heap, like the model's.
    fn compile<O: Optimizer, C: Loss<M::Output, M::Head>, Q>(
        self,
        optimizer: O,
        loss: C,
        metrics: Q,
    ) -> Trainer<M, O, C, Q, Box<Buffers<M, O>>>;
}

#[cfg(feature = "alloc")]
impl<M: Model> Compile<M> for Box<M> {
    fn compile<O: Optimizer, C: Loss<M::Output, M::Head>, Q>(
        self,
        optimizer: O,
        loss: C,
        metrics: Q,
    ) -> Trainer<M, O, C, Q, Box<Buffers<M, O>>> {
        Trainer::boxed(&self, optimizer, loss, metrics)
    }
}

impl<M: Model, O: Optimizer, C: Loss<M::Output, M::Head>, Q, B: BorrowMut<Buffers<M, O>>>
    Trainer<M, O, C, Q, B>
{
    fn over(buffers: B, optimizer: O, loss: C, metrics: Q) -> Self {
        let core = Core {
            buffers,
            optimizer,
            loss,
            iteration: 0,
            seed: 0,
            #[cfg(feature = "parallel")]
            crew: None,
            of: PhantomData,
        };
        Self { core, metrics }
    }

    /// From now on shares the work of `train_step`, `fit`, `evaluate` and `predict` among these threads. The numbers stay the
    /// same to the last bit. Each thread beside the calling one gets its own gradient and tape, on the heap.
    ///
    /// See [`Threads`](crate::parallel::Threads) for what is shared, and when it is worth it.
    #[cfg(feature = "parallel")]
    pub fn use_threads(&mut self, threads: &crate::parallel::Threads) {
        self.core.crew = Some(crew::Crew::new(threads.clone()));
    }

    /// Seeds what training draws, such as dropout; 0 at the start.
    pub fn seed(&mut self, seed: u64) {
        self.core.seed = seed;
    }

    /// The model as it is now.
    pub fn model(&self) -> &M {
        &self.core.buffers.borrow().model
    }

    /// The model, to change its parameters.
    pub fn model_mut(&mut self) -> &mut M {
        &mut self.core.buffers.borrow_mut().model
    }

    /// The optimizer, for instance to ask its learning rate.
    pub fn optimizer(&self) -> &O {
        &self.core.optimizer
    }

    /// The optimizer, for instance to change its learning rate.
    pub fn optimizer_mut(&mut self) -> &mut O {
        &mut self.core.optimizer
    }

    /// The metrics as they are now.
    pub fn metrics(&self) -> &Q {
        &self.metrics
    }

    /// The metrics, to reset them or count samples of your own.
    pub fn metrics_mut(&mut self) -> &mut Q {
        &mut self.metrics
    }

    /// The gradients of the last training step, mean over its batch. The places of parameters that have none, such as moving
    /// means, hold what their layer keeps there for itself.
    pub fn gradient(&self) -> &M {
        &self.core.buffers.borrow().gradient
    }

    /// How many updates there have been.
    pub fn iteration(&self) -> u64 {
        self.core.iteration
    }
}
