//! The layers: one file each, its parameters, its forward and backward pass, its tests.

mod dense;
mod dot;
mod dropout;
mod permute;
mod repeat_vector;

pub use dense::{BiasVector, Dense, NoBias};
pub use dot::Dot;
pub use dropout::Dropout;
pub use permute::Permute;
pub use repeat_vector::RepeatVector;
