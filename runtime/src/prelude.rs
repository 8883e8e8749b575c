//! What most programs need: `use graven::prelude::*;`.

#[cfg(feature = "std")]
pub use crate::data::Dataset;
#[cfg(feature = "std")]
pub use crate::datasets;
pub use crate::losses::{
    BinaryCrossentropy, CategoricalCrossentropy, MeanSquaredError, SparseCategoricalCrossentropy,
};
pub use crate::metrics::Accuracy;
pub use crate::optimizers::{Adam, Sgd};
#[cfg(feature = "alloc")]
pub use crate::training::Compile;
pub use crate::training::{Batch, Trainer};
#[cfg(feature = "std")]
pub use crate::training::{Fit, Verbose};
pub use crate::{Layer, Model, Parameters, model};
