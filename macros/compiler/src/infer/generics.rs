//! What stable Rust can't do with the constants that a listing leaves open: a type may name one, `[f32; H]`, but not compute
//! with it, `[f32; H + 4]`. The memory of intermediate values is put together from types, so only sizes in the type of a
//! layer, of the input or of an output matter.

use super::{Shaped, type_sizes};
use crate::diagnostic::{Errors, Spot};
use crate::graph::Node;
use crate::layers::Signature;
use crate::shape::{Dim, Shape};
use crate::syntax::Name;

/// The sizes in a layer's type.
pub(super) fn layer(node: &Node<'_>, signature: &Signature, constants: &[Name], errors: &mut Errors) {
    if let Some(size) = type_sizes(signature).find(|size| is_computed(size, constants)) {
        let help = "leave that size open as a constant of its own, `const N: usize`, and write `N` where this layer takes it";
        report(node.call.spot(), node.call.name(), size, help, errors);
    }
}

/// The sizes in the types of the model's input and outputs.
pub(super) fn model(shaped: &Shaped<'_>, errors: &mut Errors) {
    let (graph, constants) = (&shaped.graph, &shaped.graph.listing.generics);
    let counts: Vec<Dim> = shaped.inputs.iter().map(Shape::count).collect();
    let together = Dim::sum(&counts);
    if counts.len() > 1 && is_computed(&together, constants) {
        let declared = graph.inputs.iter().find_map(|input| input.declared);
        let spot = declared.map_or(graph.listing.open, |name| name.spot);
        let help = "give the inputs of such a model sizes that are numbers, or join them in one";
        report(spot, "all inputs side by side", &together, help, errors);
    }
    for output in &graph.outputs {
        let shape = shaped.shape(output.value);
        if let Some(size) = shape.axes().iter().find(|size| is_computed(size, constants)) {
            let help = "end with a layer that gives a size by itself, such as `Dense(10)`";
            report(graph.spot(output.value), "the output", size, help, errors);
        }
    }
}

fn is_computed(size: &Dim, constants: &[Name]) -> bool {
    !size.is_plain() && size.mentions(constants)
}

fn report(spot: Spot, what: &str, size: &Dim, help: &str, errors: &mut Errors) {
    let message = format!("the type of {what} would have the size {size}, which stable Rust can't compute");
    errors.push(spot, message).help(help);
}
