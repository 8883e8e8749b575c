//! The layers: one file each, its parameters, its forward and backward pass, its tests.

mod dense;
mod dropout;

pub use dense::{BiasVector, Dense, NoBias};
pub use dropout::Dropout;
