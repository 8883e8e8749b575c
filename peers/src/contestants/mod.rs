//! The libraries: each says in which workloads it takes part.

#[cfg(feature = "candle")]
mod candle;
pub mod graven;
mod hand;
#[cfg(feature = "tract")]
pub mod onnx;
#[cfg(feature = "tract")]
mod tract;

use anyhow::{Context, Result};

use crate::contestant::Entry;
use crate::data::Data;
use crate::workload::Workload;

/// What a library brings to a workload: nothing, or itself in one or several ways.
type Enter = fn(&Workload, &Data) -> Result<Vec<Entry>>;

const LIBRARIES: &[(&str, Enter)] = &[
    ("graven", graven::enter),
    ("hand", hand::enter),
    #[cfg(feature = "tract")]
    ("tract", tract::enter),
    #[cfg(feature = "candle")]
    ("candle", candle::enter),
];

/// Everyone in this process who takes part in a workload; graven first.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (name, enter) in LIBRARIES {
        entries.extend(enter(workload, data).with_context(|| format!("{name} in {workload}"))?);
    }
    Ok(entries)
}
