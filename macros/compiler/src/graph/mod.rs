//! The graph of a listing: names are resolved to nodes, nodes stand in an order in which they can run, nothing is left unused.

mod attributes;
mod build;
mod dot;
mod names;

use crate::layers::{Call, Kind};
use crate::shape::Shape;
use crate::syntax::{Attribute, Listing, Name};

pub(crate) use build::build;
pub(crate) use dot::{Drawing, dot, svg};

/// A model's inputs, layers and output; no layer stands before one that it reads.
pub(crate) struct Graph<'a> {
    pub(crate) listing: &'a Listing,
    /// The type's name.
    pub(crate) name: String,
    /// The type's own attributes, which pass through.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) scalar: Scalar,
    pub(crate) inputs: Vec<Input<'a>>,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) output: ValueId,
}

/// The type of the model's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    F32,
    F64,
}

/// Something that flows: what a model is given, or what a layer makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueId {
    Input(InputId),
    Node(NodeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InputId(pub(crate) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) usize);

pub(crate) struct Input<'a> {
    pub(crate) name: String,
    /// As declared; `None` if the first layer is to tell it.
    pub(crate) shape: Option<Shape>,
    pub(crate) declared: Option<&'a Name>,
}

/// A layer in its place.
pub(crate) struct Node<'a> {
    pub(crate) name: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) kind: &'static dyn Kind,
    pub(crate) call: Call<'a>,
    pub(crate) inputs: Vec<ValueId>,
}

impl Graph<'_> {
    /// The name of a value in messages and tables.
    pub(crate) fn value_name(&self, value: ValueId) -> &str {
        match value {
            ValueId::Input(InputId(input)) => &self.inputs[input].name,
            ValueId::Node(NodeId(node)) => &self.nodes[node].name,
        }
    }

    /// The first node that reads a value.
    pub(crate) fn reader(&self, value: ValueId) -> Option<NodeId> {
        self.nodes.iter().position(|node| node.inputs.contains(&value)).map(NodeId)
    }
}
