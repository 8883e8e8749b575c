//! What the tests that cross crates share.

pub mod close;
pub mod goldens;
pub mod layers;
pub mod models;
