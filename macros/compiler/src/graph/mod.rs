//! The graph of a listing: names are resolved to nodes, nodes stand in an order in which they can run, nothing is left unused.

mod attributes;
mod build;
mod dot;
mod generics;
mod inputs;
mod names;
mod outputs;
mod values;

use crate::diagnostic::{Errors, Spot};
use crate::layers::{Call, Kind};
use crate::shape::Shape;
use crate::syntax::{Attribute, Listing, Name};

pub(crate) use build::build;
pub(crate) use dot::{Drawing, dot, svg};

/// A model's inputs, layers and outputs; no layer stands before one that it reads.
pub(crate) struct Graph<'a> {
    pub(crate) listing: &'a Listing,
    /// The type's name.
    pub(crate) name: String,
    /// The type's own attributes, which pass through.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) scalar: Scalar,
    /// How many samples training is to work on at once, if that is said.
    pub(crate) batch: Option<usize>,
    /// At least one.
    pub(crate) inputs: Vec<Input<'a>>,
    pub(crate) nodes: Vec<Node<'a>>,
    /// At least one.
    pub(crate) outputs: Vec<Output>,
    /// Whether there were errors, so that something may be missing.
    pub(crate) broken: bool,
}

/// The type of the model's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    F32,
    F64,
}

/// The scalar that a listing chooses, whatever else is wrong with it.
pub(crate) fn scalar(listing: &Listing) -> Scalar {
    attributes::model(&listing.attributes, &mut Errors::default()).scalar
}

/// Something that flows: what a model is given, or what a layer makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueId {
    Input(InputId),
    Node(NodeId),
    /// What an error took, which was reported.
    Lost,
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
    /// The integer type in which it comes, if not in the model's scalar.
    pub(crate) integer: Option<&'a Name>,
}

pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) value: ValueId,
}

/// A layer in its place.
pub(crate) struct Node<'a> {
    /// The layer's.
    pub(crate) name: String,
    /// What its value is called in messages: the name that the user gave it, or the layer's.
    pub(crate) label: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) kind: &'static dyn Kind,
    pub(crate) call: Call<'a>,
    pub(crate) inputs: Vec<Reading>,
    /// The first node of the same layer, if this one calls it again and shares its parameters.
    pub(crate) shares: Option<NodeId>,
    /// Whether training leaves its parameters as they are.
    pub(crate) frozen: bool,
}

/// A value that a node reads, and where the listing says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) value: ValueId,
    pub(crate) spot: Spot,
}

impl Graph<'_> {
    /// The name of a value in messages.
    pub(crate) fn label(&self, value: ValueId) -> &str {
        match value {
            ValueId::Input(InputId(input)) => &self.inputs[input].name,
            ValueId::Node(NodeId(node)) => &self.nodes[node].label,
            ValueId::Lost => "?",
        }
    }

    /// The name of the layer or input that gives a value.
    pub(crate) fn source(&self, value: ValueId) -> &str {
        match value {
            ValueId::Input(InputId(input)) => &self.inputs[input].name,
            ValueId::Node(NodeId(node)) => &self.nodes[node].name,
            ValueId::Lost => "?",
        }
    }

    /// Where the layer stands that gives a value; for an input, where the layers begin.
    pub(crate) fn spot(&self, value: ValueId) -> Spot {
        match value {
            ValueId::Node(NodeId(node)) => self.nodes[node].call.spot(),
            ValueId::Input(_) | ValueId::Lost => self.listing.open,
        }
    }

    /// The first node that reads a value.
    pub(crate) fn reader(&self, value: ValueId) -> Option<NodeId> {
        let reads = |node: &Node<'_>| node.inputs.iter().any(|reading| reading.value == value);
        self.nodes.iter().position(reads).map(NodeId)
    }

    /// Whether the model gives its outputs by their names.
    pub(crate) fn has_several_outputs(&self) -> bool {
        self.outputs.len() > 1
    }
}
