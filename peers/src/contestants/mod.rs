//! The libraries: each says in which workloads it takes part.

#[cfg(feature = "burn")]
mod burn;
#[cfg(feature = "candle")]
mod candle;
mod epoch;
pub mod graven;
mod hand;
pub mod onnx;
#[cfg(feature = "tract")]
mod tract;

use anyhow::{Context, Result};

use crate::contestant::Entry;
use crate::data::Data;
use crate::workload::Workload;

/// What a library brings to a workload: nothing, or itself in one or several ways.
type Enter = fn(&Workload, &Data) -> Result<Vec<Entry>>;

const PEERS: &[(&str, Enter)] = &[
    ("hand", hand::enter),
    #[cfg(feature = "tract")]
    ("tract", tract::enter),
    #[cfg(feature = "burn")]
    ("burn", burn::enter),
    #[cfg(feature = "candle")]
    ("candle", candle::enter),
];

/// Everyone in this process who takes part in a workload, graven first; and who fails to, and why.
pub fn enter(workload: &Workload, data: &Data) -> Result<(Vec<Entry>, Vec<String>)> {
    let mut entries = graven::enter(workload, data).with_context(|| format!("graven in {workload}"))?;
    let mut excluded = Vec::new();
    for (name, enter) in PEERS {
        match enter(workload, data) {
            Ok(more) => entries.extend(more),
            Err(error) => excluded.push(format!("{name}: {error:#}")),
        }
    }
    Ok((entries, excluded))
}
