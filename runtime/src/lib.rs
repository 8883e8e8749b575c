//! graven: a layer listing in the source becomes a neural network graven into the binary.
#![no_std]
#![deny(missing_docs)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
// Generated code says `::graven`, in this crate's own tests too.
extern crate self as graven;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod activations;
#[cfg(feature = "std")]
pub mod data;
#[cfg(feature = "std")]
pub mod datasets;
#[cfg(feature = "std")]
pub mod formats;
pub mod initializers;
mod kernels;
mod layer;
pub mod layers;
pub mod losses;
mod memory;
pub mod metrics;
mod model;
pub mod optimizers;
pub mod prelude;
pub mod random;
mod scalar;
pub mod simd;
mod tensor;
#[cfg(feature = "std")]
#[doc(hidden)]
pub mod testing;
pub mod training;

pub use graven_macros::{Parameters, model};

pub use layer::{Backward, Layer};
pub use memory::{Parameters, Path};
pub use model::run::LengthMismatch;
pub use model::{LayerInfo, Memory, Model, Summary, Tape};
pub use scalar::Scalar;
pub use tensor::{MAX_RANK, Shape, Tensor};
