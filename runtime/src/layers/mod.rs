//! The layers: one file each, its parameters, its forward and backward pass, its tests.

mod batch_norm;
mod dense;
mod dot;
mod dropout;
mod gru;
mod lstm;
mod permute;
mod recurrent;
mod repeat_vector;
mod simple_rnn;

pub use batch_norm::{Absorb, BatchNorm};
pub use dense::{BiasVector, Dense, NoBias};
pub use dot::Dot;
pub use dropout::Dropout;
pub use gru::Gru;
pub use lstm::{Lstm, LstmState};
pub use permute::Permute;
pub use recurrent::{Frames, GateBias, HiddenState, Last, LastBackwards, Sequence, SequenceBackwards};
pub use repeat_vector::RepeatVector;
pub use simple_rnn::SimpleRnn;
