//! What a model says about itself: documentation, and the table of its layers.

use proc_macro2::TokenStream;
use quote::quote;

use super::types;
use crate::graph;
use crate::layers::Operation;
use crate::plan::Plan;
use crate::shape::Dim;
use crate::syntax;

/// The documentation of the type: the listing, Keras' table, the graph.
pub(super) fn model(plan: &Plan<'_>) -> String {
    let listing = syntax::print(plan.shaped.graph.listing);
    let drawing = plan.shaped.drawing();
    let svg = graph::svg(&plan.shaped.graph, &drawing);
    let table = table(plan);
    format!(
        "\n\nA network made by `model!` from this listing:\n\n```text\n{listing}\n```\n\n{table}\n\n{svg}\n"
    )
}

fn table(plan: &Plan<'_>) -> String {
    let mut text = String::from("| layer (type) | output shape | parameters |\n|---|---|---:|\n");
    let shaped = plan.shaped;
    for node in layers_once(plan) {
        let (graph_node, signature) = (&shaped.graph.nodes[node], &shaped.signatures[node]);
        let (name, kind) = (&graph_node.name, graph_node.call.name());
        let count = grouped(&parameters(plan, node));
        text += &format!("| `{name}` ({kind}) | {} | {count} |\n", signature.output);
    }
    let counts: Vec<Dim> = layers_once(plan).map(|node| parameters(plan, node)).collect();
    let total = Dim::sum(&counts);
    text + &format!("| **all** | | **{}** |", grouped(&total))
}

/// The nodes without those that call a layer again.
fn layers_once<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = usize> + 'p {
    let nodes = plan.shaped.graph.nodes.iter().enumerate();
    nodes.filter(|(_, node)| node.shares.is_none()).map(|(index, _)| index)
}

/// A count with commas between groups of three digits.
fn grouped(count: &Dim) -> String {
    let Some(count) = count.known() else { return count.to_string() };
    let digits = count.to_string();
    let lead = digits.len() % 3;
    let groups = digits.as_bytes()[lead..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let lead = (lead > 0).then(|| digits[..lead].to_string());
    lead.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

/// How many parameters a node has.
fn parameters(plan: &Plan<'_>, node: usize) -> Dim {
    let operations = plan.shaped.signatures[node].operations.iter();
    let counts: Vec<Dim> = operations
        .filter_map(|operation| match operation {
            Operation::Layer(runtime) => Some(runtime.parameters.clone()),
            _ => None,
        })
        .collect();
    Dim::sum(&counts)
}

/// The documentation of a layer's field.
pub(super) fn field(plan: &Plan<'_>, node: usize) -> String {
    let shaped = plan.shaped;
    let text = syntax::print_layer(shaped.graph.nodes[node].call.layer, None);
    format!(
        "`{text}`: gives {}, has {} parameters.",
        shaped.signatures[node].output,
        grouped(&parameters(plan, node))
    )
}

/// The rows of `LAYERS`.
pub(super) fn layers(plan: &Plan<'_>) -> Vec<TokenStream> {
    let shaped = plan.shaped;
    let row = |node: usize| {
        let (graph_node, signature) = (&shaped.graph.nodes[node], &shaped.signatures[node]);
        let (name, kind) = (&graph_node.name, graph_node.call.name());
        let (output, macs) = (types::axes(&signature.output), types::dim(&signature.macs));
        let parameters = types::dim(&parameters(plan, node));
        let inputs = graph_node.inputs.iter().map(|reading| shaped.graph.source(reading.value));
        quote! {
            __rt::LayerInfo {
                name: #name, kind: #kind, output: #output, parameters: #parameters, macs: #macs, inputs: &[#(#inputs),*],
            }
        }
    };
    layers_once(plan).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas() {
        let text = |count| grouped(&Dim::Known(count));
        assert_eq!([text(0), text(999), text(1000), text(203_530)], ["0", "999", "1,000", "203,530"]);
    }
}
