//! What is measured: which network, doing what.

use std::fmt;

/// A network that several libraries can build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Net {
    /// 784-256-10: `relu`, `softmax`.
    Mlp,
    /// LeNet-5: two convolutions of 5x5 with `relu` and a maximum of 2x2 behind each, then 120, 84, 10.
    LeNet,
    /// 4-64-64-2: `tanh`, `tanh`, linear.
    Control,
    /// 1-8-8-1: `tanh`, `tanh`, linear.
    Curve,
    /// LSTM(1->16), then one linear output for each frame.
    Lstm16,
    /// The same with a GRU (`reset_after`).
    Gru16,
    /// LSTM(1->32), then one linear output.
    Lstm32,
}

impl Net {
    /// All of them.
    pub const ALL: [Net; 7] =
        [Net::Mlp, Net::LeNet, Net::Control, Net::Curve, Net::Lstm16, Net::Gru16, Net::Lstm32];

    /// Its name in files and in the line protocol.
    pub fn name(self) -> &'static str {
        match self {
            Net::Mlp => "mlp",
            Net::LeNet => "lenet",
            Net::Control => "control",
            Net::Curve => "curve",
            Net::Lstm16 => "lstm16",
            Net::Gru16 => "gru16",
            Net::Lstm32 => "lstm32",
        }
    }

    /// Numbers per sample, or per frame.
    pub fn inputs(self) -> usize {
        match self {
            Net::Mlp | Net::LeNet => 784,
            Net::Control => 4,
            Net::Curve | Net::Lstm16 | Net::Gru16 | Net::Lstm32 => 1,
        }
    }

    /// Numbers that come out.
    pub fn outputs(self) -> usize {
        match self {
            Net::Mlp | Net::LeNet => 10,
            Net::Control => 2,
            Net::Curve | Net::Lstm16 | Net::Gru16 | Net::Lstm32 => 1,
        }
    }

    /// Whether it ends in a softmax and learns classes; else it learns values by the mean squared error.
    pub fn classifies(self) -> bool {
        matches!(self, Net::Mlp | Net::LeNet)
    }
}

/// What is done with a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// One sample in, one answer out.
    Predict,
    /// One frame in, one out, and what is remembered for the next one.
    Stream,
    /// One step of Adam on a batch of so many samples.
    Step(usize),
    /// One pass over 60,000 shuffled samples in batches of so many.
    Epoch(usize),
    /// The product of the first layer alone, for so many samples.
    Product(usize),
}

impl fmt::Display for Task {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Task::Predict => out.write_str("predict"),
            Task::Stream => out.write_str("stream"),
            Task::Step(batch) => write!(out, "step {batch}"),
            Task::Epoch(batch) => write!(out, "epoch {batch}"),
            Task::Product(batch) => write!(out, "product {batch}"),
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// What it is called in the report.
    pub title: &'static str,
    /// The network.
    pub net: Net,
    /// What it does.
    pub task: Task,
}

impl Workload {
    /// Every row, in the report's order.
    pub const ALL: &[Workload] = &[
        Workload::new("784-256-10, predict one sample", Net::Mlp, Task::Predict),
        Workload::new("LeNet-5, predict one sample", Net::LeNet, Task::Predict),
        Workload::new("784-256-10 train step, Adam, batch 32", Net::Mlp, Task::Step(32)),
        Workload::new("784-256-10 train step, Adam, batch 128", Net::Mlp, Task::Step(128)),
        Workload::new("LeNet-5 train step, Adam, batch 64", Net::LeNet, Task::Step(64)),
        Workload::new("LeNet-5 train step, Adam, batch 128", Net::LeNet, Task::Step(128)),
        Workload::new("4-64-64-2 tanh, predict", Net::Control, Task::Predict),
        Workload::new("1-8-8-1 tanh, predict", Net::Curve, Task::Predict),
        Workload::new("LSTM(1->16)+Dense, one step", Net::Lstm16, Task::Stream),
        Workload::new("GRU(1->16)+Dense, one step", Net::Gru16, Task::Stream),
        Workload::new("LSTM(1->32)+Dense, one step", Net::Lstm32, Task::Stream),
        Workload::new("4-64-64-2 MSE train step, Adam, batch 32", Net::Control, Task::Step(32)),
        Workload::new("784x256 product alone, batch 32", Net::Mlp, Task::Product(32)),
        Workload::new("784x256 product alone, batch 128", Net::Mlp, Task::Product(128)),
        Workload::new("784-256-10, an epoch of 60,000, batch 32", Net::Mlp, Task::Epoch(32)),
        Workload::new("784-256-10, an epoch of 60,000, batch 128", Net::Mlp, Task::Epoch(128)),
    ];

    const fn new(title: &'static str, net: Net, task: Task) -> Self {
        Self { title, net, task }
    }

    /// How far two answers may be apart, relative to the larger one.
    pub fn tolerance(&self) -> f32 {
        match self.task {
            Task::Predict | Task::Stream | Task::Product(_) => 1e-4,
            // Adam's ε is added before or after the bias is corrected, which moves the losses of the first steps a little.
            Task::Step(_) => 1e-3,
            // Each library shuffles in its own order.
            Task::Epoch(_) => 0.05,
        }
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.net.name(), self.task)
    }
}
