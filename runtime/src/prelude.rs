//! What most programs need: `use graven::prelude::*;`.

pub use crate::losses::{MeanSquaredError, SparseCategoricalCrossentropy};
pub use crate::metrics::Accuracy;
pub use crate::optimizers::{Adam, Sgd};
#[cfg(feature = "alloc")]
pub use crate::training::Compile;
pub use crate::training::{Batch, Trainer};
#[cfg(feature = "std")]
pub use crate::training::{Fit, Verbose};
pub use crate::{Layer, Model, Parameters, model};
