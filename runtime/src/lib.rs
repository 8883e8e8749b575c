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
//! `parallel` adds threads, where a program asks for them.
//! Without any, models predict, learn and are measured on a target that has no heap.
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
mod apart;
mod constants;
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
#[cfg(feature = "parallel")]
pub mod parallel;
pub mod prelude;
pub mod random;
mod scalar;
pub mod simd;
mod step;
mod tensor;
#[cfg(feature = "std")]
#[doc(hidden)]
pub mod testing;
pub mod training;

pub use graven_macros::Parameters;
/// # The notation
///
/// Layers stand in `< >`, each applied to the one before it. What is known need not be said again; what is said is checked.
///
/// ```
/// # use graven::model;
/// model! { pub Mlp < Dense(64 -> 32, relu), Dropout(0.25), Dense(_ -> 10, softmax) > }
/// model! { pub Image(image: 28x28) < Flatten, Dense(128, relu), Dense(10) > }
/// model! { pub Own(x: 8) < Residual< Dense(16, relu), Dense(8) >, Relu, Mlp2, Dense(3) > } // a model is a layer
/// model! { pub Mlp2 < Dense(8 -> 4), Dense(2) > }
/// ```
///
/// A layer or its value has a name with `=`; values in parentheses behind a layer go into it. `name: layer` declares a layer
/// that is called by its name: calls share its parameters. Several inputs are a tuple, several outputs a struct.
///
/// ```
/// # use graven::prelude::*;
/// model! {
///     pub Ranker(user: 32, item: 32 as u8) -> (score, topic) <
///         tower: Dense(32 -> 16, relu),
///         u = tower(user),
///         v = tower(item),
///         both = Concat(u, v),
///         score = Dense(32 -> 1, sigmoid)(both),
///         topic = Dense(32 -> 5, softmax)(both),
///     >
/// }
/// let found: RankerOutput = Ranker::init(1).predict(&([0.5; 32], [7; 32]));
/// assert_eq!((found.score.len(), found.topic.len()), (1, 5));
/// ```
///
/// # Sizes
///
/// A size is a number, `_` where it follows, or a `const` in capitals, which Rust's compiler then compares. A model can leave
/// constants open:
///
/// ```
/// # use graven::prelude::*;
/// model! { pub Mlp[const H: usize] < Dense(16 -> H, relu), Dense(H -> 4) > }
///
/// let net = Mlp::<8>::init(1);
/// assert_eq!(Mlp::<8>::PARAMETERS, 16 * 8 + 8 + 8 * 4 + 4);
/// assert_eq!(net.predict(&[0.0; 16]).len(), 4);
///
/// type Inner = Mlp<20>; // as a layer, under a name of its own
/// model! { pub Outer < Inner, Dense(2) > }
/// ```
/// What must hold for them is asserted when a program uses the type (and so by `cargo build`, not yet by `cargo check`):
///
/// ```compile_fail
/// # use graven::prelude::*;
/// model! { pub Mlp[const H: usize] < Dense(16 -> H, relu), Dense(12 -> 4) > }
/// Mlp::<8>::init(1); // Dense expects 12 inputs, but `dense` gives H (12 and 8)
/// ```
/// Stable Rust has types of size `H`, but not of `H + 4`. So where sizes are added or multiplied (by `Concat`, `Flatten`, …)
/// the layer that reads the result must know it by another constant, `Dense(SUM -> 10)`, and the output can't have such a size.
/// Such a model works on tiles of 16 samples, whatever its size.
///
/// # Attributes
///
/// `#[frozen]` before a layer or a nested model keeps training from changing it; `#[scalar(f64)]` before the model makes all its
/// numbers `f64`. Others pass through to the type or the field.
///
/// ```
/// # use graven::model;
/// model! { #[derive(Clone)] #[scalar(f64)] pub Tuned < #[frozen] Dense(6 -> 4, tanh), Dense(2) > }
/// ```
pub use graven_macros::model;

pub use layer::{Backward, Layer, Seen};
pub use memory::{Parameters, Path};
pub use model::folded::Folded;
pub use model::run::LengthMismatch;
pub use model::{Head, LayerInfo, Memory, Model, Part, Sample, Summary, Tape};
pub use scalar::Scalar;
pub use step::Step;
pub use tensor::{MAX_RANK, Shape, Single, Tensor};
