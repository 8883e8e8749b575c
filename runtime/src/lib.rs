//! A layer listing in the source becomes a neural network graven into the binary.
//!
//! [`model!`] reads the listing, checks every shape while the program compiles, and writes a struct of the parameters with
//! forward and backward code whose sizes are all constants. Predicting and learning need no allocator; words, defaults and
//! numbers are Keras'.
//!
//! ```
//! use graven::prelude::*;
//!
//! model! {
//!     /// Tells on which side of a parabola a point is.
//!     pub Side < Dense(2 -> 16, tanh), Dense(16 -> 1, sigmoid) >
//! }
//!
//! let points: Vec<[f32; 2]> = (0..400).map(|i| [(i % 20) as f32 / 10.0 - 1.0, (i / 20) as f32 / 10.0 - 1.0]).collect();
//! let above: Vec<bool> = points.iter().map(|[x, y]| *y > 2.0 * x * x - 0.5).collect();
//! let data = Dataset::new(points, above)?;
//!
//! let mut trainer = Side::init(7).compile(Adam::new(0.02), BinaryCrossentropy::default(), ());
//! trainer.fit(&data, Fit { epochs: 60, verbose: Verbose::Silent, ..Fit::default() })?;
//! assert!(trainer.evaluate(&data)?.get("loss") < Some(0.2));
//!
//! let net: &Side = trainer.model();
//! assert!(net.predict(&[0.0, 0.5])[0] > 0.5); // no allocation
//! assert_eq!(Side::PARAMETERS, 65);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | see |
//! |---|---|
//! | write a listing, and see what it generates | [`model!`], [`Model`] |
//! | train | [`training`]: `compile`, `fit`, `train_step`; [`optimizers`], [`losses`], [`metrics`] |
//! | get and prepare data | [`data`], [`datasets`] |
//! | read and write parameters | [`Parameters`], [`formats`] |
//! | write a layer, an activation, a loss of your own | [`Layer`], [`activations::Activation`], [`losses::Loss`] |
//! | know what runs on which processor | [`simd`] |
//!
//! # Features
//!
//! `std` (default) adds files, data sets, progress and the detection of AVX2 and AVX-512; `alloc` boxed models and trainers.
//! Without both, models predict, learn and are measured on a target that has no heap.
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
pub use model::{Head, LayerInfo, Memory, Model, Part, Sample, Summary, Tape};
pub use scalar::Scalar;
pub use tensor::{MAX_RANK, Shape, Single, Tensor};
