//! The layers: one file each, its parameters, its forward and backward pass, its tests.

mod batch_norm;
mod conv;
mod conv_step;
mod dense;
mod dot;
mod dropout;
mod global_pool;
mod gru;
mod lstm;
mod permute;
mod pool;
mod recurrent;
mod repeat_vector;
mod simple_rnn;
mod zero_padding;

pub use batch_norm::{Absorb, BatchNorm};
pub use conv::{BiasArray, Conv};
pub use conv_step::PastFrames;
pub use dense::{BiasVector, Dense, NoBias};
pub use dot::Dot;
pub use dropout::Dropout;
pub use global_pool::{GlobalAveragePool, GlobalMaxPool};
pub use gru::Gru;
pub use lstm::{Lstm, LstmState};
pub use permute::Permute;
pub use pool::{AveragePool, Largest, MaxPool, Mean, Pool, Reduce};
pub use recurrent::{Frames, GateBias, HiddenState, Last, LastBackwards, Sequence, SequenceBackwards};
pub use repeat_vector::RepeatVector;
pub use simple_rnn::SimpleRnn;
pub use zero_padding::ZeroPadding;
