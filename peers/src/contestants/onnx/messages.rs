//! The protocol buffers of an ONNX model, as far as our networks need them; the numbers are those of ONNX' `onnx.proto`.

use prost::Message;

/// A whole file.
#[derive(Clone, PartialEq, Message)]
pub struct Model {
    /// The version of the format.
    #[prost(int64, tag = "1")]
    pub ir_version: i64,
    /// What is computed.
    #[prost(message, optional, tag = "7")]
    pub graph: Option<Graph>,
    /// Which operators there are.
    #[prost(message, repeated, tag = "8")]
    pub opset_import: Vec<Operators>,
}

/// A version of a set of operators.
#[derive(Clone, PartialEq, Message)]
pub struct Operators {
    /// The version of ONNX' own.
    #[prost(int64, tag = "2")]
    pub version: i64,
}

/// Calls of operators, in an order in which they can run.
#[derive(Clone, PartialEq, Message)]
pub struct Graph {
    /// The calls.
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<Node>,
    /// What it is called.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Parameters and other constants.
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<Tensor>,
    /// What goes in.
    #[prost(message, repeated, tag = "11")]
    pub input: Vec<Value>,
    /// What comes out.
    #[prost(message, repeated, tag = "12")]
    pub output: Vec<Value>,
}

/// A call of an operator.
#[derive(Clone, PartialEq, Message)]
pub struct Node {
    /// The names of what it reads; empty where an optional one is left out.
    #[prost(string, repeated, tag = "1")]
    pub input: Vec<String>,
    /// The names of what it gives.
    #[prost(string, repeated, tag = "2")]
    pub output: Vec<String>,
    /// What it is called.
    #[prost(string, tag = "3")]
    pub name: String,
    /// The operator.
    #[prost(string, tag = "4")]
    pub op_type: String,
    /// Its settings.
    #[prost(message, repeated, tag = "5")]
    pub attribute: Vec<Attribute>,
}

/// A setting: a number, or several.
#[derive(Clone, PartialEq, Message)]
pub struct Attribute {
    /// What it is called.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The number.
    #[prost(int64, tag = "3")]
    pub i: i64,
    /// The numbers.
    #[prost(int64, repeated, tag = "8")]
    pub ints: Vec<i64>,
    /// Which of them: [`INT`] or [`INTS`].
    #[prost(int32, tag = "20")]
    pub r#type: i32,
}

/// The attribute is a number.
pub const INT: i32 = 2;

/// The attribute is several numbers.
pub const INTS: i32 = 7;

/// A constant.
#[derive(Clone, PartialEq, Message)]
pub struct Tensor {
    /// Its shape.
    #[prost(int64, repeated, tag = "1")]
    pub dims: Vec<i64>,
    /// What its numbers are: [`FLOAT`] or [`INT64`].
    #[prost(int32, tag = "2")]
    pub data_type: i32,
    /// The numbers, if they are floats.
    #[prost(float, repeated, tag = "4")]
    pub float_data: Vec<f32>,
    /// The numbers, if they are integers.
    #[prost(int64, repeated, tag = "7")]
    pub int64_data: Vec<i64>,
    /// What it is called.
    #[prost(string, tag = "8")]
    pub name: String,
}

/// Numbers of type `f32`.
pub const FLOAT: i32 = 1;

/// Numbers of type `i64`.
pub const INT64: i32 = 7;

/// An input or output of the graph.
#[derive(Clone, PartialEq, Message)]
pub struct Value {
    /// What it is called.
    #[prost(string, tag = "1")]
    pub name: String,
    /// What it is.
    #[prost(message, optional, tag = "2")]
    pub r#type: Option<Type>,
}

/// The type of a value, which for us is always a tensor.
#[derive(Clone, PartialEq, Message)]
pub struct Type {
    /// The tensor.
    #[prost(message, optional, tag = "1")]
    pub tensor_type: Option<TensorType>,
}

/// Numbers of a shape.
#[derive(Clone, PartialEq, Message)]
pub struct TensorType {
    /// What the numbers are.
    #[prost(int32, tag = "1")]
    pub elem_type: i32,
    /// The shape.
    #[prost(message, optional, tag = "2")]
    pub shape: Option<Shape>,
}

/// The axes.
#[derive(Clone, PartialEq, Message)]
pub struct Shape {
    /// Each one.
    #[prost(message, repeated, tag = "1")]
    pub dim: Vec<Axis>,
}

/// One axis.
#[derive(Clone, Copy, PartialEq, Message)]
pub struct Axis {
    /// Its length.
    #[prost(int64, optional, tag = "1")]
    pub dim_value: Option<i64>,
}
