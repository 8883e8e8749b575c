//! The compiler behind `model!`: a layer listing in, Rust code out.
#![forbid(unsafe_code)]
