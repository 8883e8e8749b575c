//! The layers: one file each, its parameters, its forward and backward pass, its tests.

mod dense;

pub use dense::{BiasVector, Dense, NoBias};
