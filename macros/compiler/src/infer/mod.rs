//! A graph into one with shapes: asks each layer's kind, in order, what comes out of it. Knows no kind.

mod generics;

use crate::diagnostic::Errors;
use crate::graph::{Drawing, Graph, Input, InputId, Node, NodeId, Reading, ValueId};
use crate::layers::{Check, Condition, Generic, Operation, RuntimePath, Signature, Told, Value};
use crate::shape::{Dim, Match, Shape};

/// A graph of which every value has a shape and every node a signature.
pub(crate) struct Shaped<'a> {
    pub(crate) graph: Graph<'a>,
    pub(crate) inputs: Vec<Shape>,
    pub(crate) signatures: Vec<Signature>,
    /// What only Rust's compiler can check about the inputs.
    pub(crate) checks: Vec<Check>,
}

impl Shaped<'_> {
    pub(crate) fn shape(&self, value: ValueId) -> &Shape {
        match value {
            ValueId::Input(InputId(input)) => &self.inputs[input],
            ValueId::Node(NodeId(node)) => &self.signatures[node].output,
            ValueId::Lost => &Shape::Unknown,
        }
    }

    /// What stands in the boxes of the graph's drawings.
    pub(crate) fn drawing(&self) -> Drawing {
        let inputs = self.graph.inputs.iter().zip(&self.inputs);
        let nodes = self.graph.nodes.iter().zip(&self.signatures);
        Drawing {
            inputs: inputs.map(|(input, shape)| [input.name.clone(), shape.to_string()]).collect(),
            nodes: nodes.map(|(node, signature)| [title(node), signature.output.to_string()]).collect(),
        }
    }
}

fn title(node: &Node<'_>) -> String {
    format!("{} ({})", node.name, node.call.name())
}

/// `None` if there was an error, here or before.
pub(crate) fn build<'a>(graph: Graph<'a>, errors: &mut Errors) -> Option<Shaped<'a>> {
    let shapes = graph.inputs.iter().enumerate();
    let inputs: Vec<Shape> =
        shapes.map(|(index, input)| self::input(&graph, InputId(index), input, errors)).collect();
    let mut signatures: Vec<Option<Signature>> = Vec::new();
    let mut checks: Vec<Check> = Vec::new();
    for node in &graph.nodes {
        let values: Vec<Value> =
            node.inputs.iter().map(|reading| value(&graph, &inputs, &signatures, *reading)).collect();
        let signature = node.kind.infer(&node.call, &values, errors);
        if let Some(signature) = &signature {
            inspect(node, signature, &values, errors);
            generics::layer(node, signature, &graph.listing.generics, errors);
            let first = node.shares.and_then(|NodeId(first)| signatures[first].as_ref());
            checks
                .extend(first.into_iter().flat_map(|first| shared(node, first, signature, &values, errors)));
        }
        signatures.push(signature);
    }
    let signatures = signatures.into_iter().collect::<Option<Vec<_>>>()?;
    checks.extend(graph.inputs.iter().zip(&inputs).flat_map(|(input, shape)| positive(input, shape)));
    let shaped = Shaped { graph, inputs, signatures, checks };
    if errors.is_empty() {
        generics::model(&shaped, errors);
    }
    errors.is_empty().then_some(shaped)
}

fn inspect(node: &Node<'_>, signature: &Signature, values: &[Value], errors: &mut Errors) {
    // What is unknown after an error is not too large.
    let known = values.iter().all(|value| !matches!(value.shape.count(), Dim::Unknown));
    if known && too_large(signature) {
        let message = format!("the sizes of `{}` are too large for any memory", node.name);
        errors.push(node.call.spot(), message).help("write smaller sizes");
    }
    let own = |operation: &Operation| matches!(operation, Operation::Layer(runtime) if !runtime.parameters.is_zero());
    if node.frozen && !signature.operations.iter().any(own) {
        let message = format!("{} has no parameters to freeze", node.call.name());
        errors.push(node.call.spot(), message).help("remove `#[frozen]`");
    }
}

/// A layer that is called again must be the same: its parameters were made for one size of what goes in.
fn shared(
    node: &Node<'_>,
    first: &Signature,
    again: &Signature,
    values: &[Value],
    errors: &mut Errors,
) -> Vec<Check> {
    let mut checks = Vec::new();
    for (before, now) in type_sizes(first).zip(type_sizes(again)) {
        let Some(input) = values.first() else { continue };
        let message = format!(
            "`{}` was called with another shape before: now {} {}",
            node.name, input.origin, input.shape
        );
        match before.matches(now) {
            Match::Yes => {}
            Match::Ask => {
                let condition = Condition::Equal(before.clone(), now.clone());
                checks.push(Check { condition, message, spot: input.spot });
            }
            Match::No => {
                errors
                    .push(input.spot, message)
                    .help("call it with values of one shape, or declare a second layer");
                return Vec::new();
            }
        }
    }
    checks
}

/// The sizes that a layer's type is made for.
fn type_sizes(signature: &Signature) -> impl Iterator<Item = &Dim> {
    let runtimes = signature.operations.iter().filter_map(|operation| match operation {
        Operation::Layer(runtime) => Some(&runtime.path),
        _ => None,
    });
    runtimes.flat_map(|path| {
        match path {
            RuntimePath::BuiltIn(_, generics) => generics.as_slice(),
            RuntimePath::Own(_) => &[],
        }
        .iter()
        .flat_map(|generic| match generic {
            Generic::Dim(dim) => core::slice::from_ref(dim),
            Generic::Tensor(shape) => shape.axes(),
            _ => &[],
        })
    })
}

/// A product of known sizes that overflowed.
fn too_large(signature: &Signature) -> bool {
    let axes = !signature.output.is_unknown();
    axes && (matches!(signature.output.count(), Dim::Unknown) || matches!(signature.macs, Dim::Unknown))
}

/// Constants of the user's must not be zero.
fn positive(input: &Input<'_>, shape: &Shape) -> Vec<Check> {
    let (Some(name), Shape::Axes(axes)) = (input.declared, shape) else { return Vec::new() };
    let unsure = axes.iter().filter(|axis| matches!(axis, Dim::Const(_)));
    let message = |axis: &Dim| format!("an axis of the input `{}` has size 0: {axis}", input.name);
    let check = |axis: &Dim| Check {
        condition: Condition::Positive(axis.clone()),
        message: message(axis),
        spot: name.spot,
    };
    unsure.map(check).collect()
}

fn value(
    graph: &Graph<'_>,
    inputs: &[Shape],
    signatures: &[Option<Signature>],
    Reading { value, spot }: Reading,
) -> Value {
    let name = graph.label(value);
    match value {
        ValueId::Input(InputId(input)) => {
            Value { shape: inputs[input].clone(), origin: format!("the input `{name}` has"), spot }
        }
        ValueId::Node(NodeId(node)) => {
            let signature = signatures.get(node).and_then(Option::as_ref);
            let shape = signature.map_or(Shape::Unknown, |signature| signature.output.clone());
            Value { shape, origin: format!("`{name}` gives"), spot }
        }
        ValueId::Lost => Value { shape: Shape::Unknown, origin: String::new(), spot },
    }
}

/// The shape of an input: declared, or told by the layers that read it.
fn input(graph: &Graph<'_>, id: InputId, input: &Input<'_>, errors: &mut Errors) -> Shape {
    if let Some(shape) = &input.shape {
        return shape.clone();
    }
    let mut value = ValueId::Input(id);
    let mut first = None;
    while let Some(reader) = graph.reader(value) {
        let node = &graph.nodes[reader.0];
        first = first.or(Some(node));
        match node.kind.input(&node.call) {
            Told::Shape(shape) => return shape,
            Told::Nothing => break,
            Told::AsNext => value = ValueId::Node(reader),
        }
    }
    // Where a layer was lost, it may have told the shape.
    if let Some(first) = first.filter(|_| !graph.broken) {
        let name = first.call.name();
        let message = format!("nothing tells the shape of what goes into {name}, the first layer");
        let shape = first.kind.input_example();
        let help =
            format!("write `{}({}: {shape}) < …` with its shape in place of {shape}", graph.name, input.name);
        errors.push(first.call.spot(), message).help(help);
    }
    Shape::Unknown
}
