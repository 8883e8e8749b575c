//! What the tests that cross crates share.

pub mod close;
pub mod goldens;
pub mod layers;
pub mod models;
pub mod random_graphs;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
