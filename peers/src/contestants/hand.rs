//! Plain Rust written for this comparison: what somebody without a framework would write.

mod dense;
mod predict;
mod product;
mod recurrent;

use anyhow::Result;

use super::epoch;
use crate::contestant::Entry;
use crate::data::Data;
use crate::workload::{Net, Task, Workload};

/// The hand-written programs in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    Ok(match workload.task {
        Task::Predict => predict::enter(workload, data),
        Task::Stream => recurrent::enter(workload, data),
        Task::Step(batch) => dense::enter(workload, batch, data),
        Task::Epoch(batch) => {
            let learner = || Ok(dense::Step::new(Net::Mlp, batch, data));
            epoch::enter("hand, matrixmultiply", batch, data, learner)?
        }
        Task::Product(batch) => product::enter(batch, data),
    })
}
