//! Drawings of a graph: in Graphviz' language, and as SVG for a page of documentation.

use super::{Graph, InputId, NodeId, ValueId};

/// What stands in the boxes of a drawing: two lines for each input and each node.
pub(crate) struct Drawing {
    pub(crate) inputs: Vec<[String; 2]>,
    pub(crate) nodes: Vec<[String; 2]>,
}

/// The graph in Graphviz' language.
pub(crate) fn dot(graph: &Graph<'_>, drawing: &Drawing) -> String {
    let mut text = format!("digraph {} {{\n    node [shape=box];\n", graph.name);
    for (row, [title, detail]) in drawing.inputs.iter().chain(&drawing.nodes).enumerate() {
        text += &format!("    n{row} [label=\"{title}\\n{detail}\"];\n");
    }
    for (from, to) in edges(graph) {
        text += &format!("    n{from} -> n{to};\n");
    }
    text + "}\n"
}

const HEIGHT: usize = 46;
const GAP: usize = 24;
/// How far edges bow out that pass other rows.
const BOW: usize = 60;

/// The graph as SVG: a column of boxes in the colour of the text around it, so that it can be read on any ground.
pub(crate) fn svg(graph: &Graph<'_>, drawing: &Drawing) -> String {
    let boxes: Vec<&[String; 2]> = drawing.inputs.iter().chain(&drawing.nodes).collect();
    let longest = boxes.iter().flat_map(|lines| lines.iter()).map(|line| line.chars().count()).max();
    let width = longest.unwrap_or(0) * 8 + 32;
    let passing = edges(graph).iter().any(|(from, to)| *to != from + 1);
    let whole = width + 2 + if passing { BOW } else { 0 };
    let height = boxes.len() * (HEIGHT + GAP) - GAP + 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" width=\"{}\" height=\"{height}\" \
         style=\"max-width:100%;height:auto\" role=\"img\" aria-label=\"The layers of {}\" fill=\"none\" stroke=\"currentColor\" \
         font-family=\"sans-serif\" font-size=\"13\" text-anchor=\"middle\">",
        whole, whole, graph.name
    );
    for (row, lines) in boxes.iter().enumerate() {
        svg += &boxed(row, width, lines);
    }
    for (from, to) in edges(graph) {
        svg += &if to == from + 1 { arrow(from, width) } else { bow(from, to, width) };
    }
    svg + "</svg>"
}

/// From row to row.
fn edges(graph: &Graph<'_>) -> Vec<(usize, usize)> {
    let nodes = graph.nodes.iter().enumerate();
    let edges = nodes.flat_map(|(node, reader)| {
        let to = place(graph, ValueId::Node(NodeId(node)));
        reader.inputs.iter().map(move |reading| (place(graph, reading.value), to))
    });
    edges.collect()
}

/// The row of a value's box.
fn place(graph: &Graph<'_>, value: ValueId) -> usize {
    match value {
        ValueId::Input(InputId(input)) => input,
        ValueId::Node(NodeId(node)) => graph.inputs.len() + node,
        ValueId::Lost => 0,
    }
}

fn boxed(row: usize, width: usize, [title, detail]: &[String; 2]) -> String {
    let top = row * (HEIGHT + GAP) + 1;
    let text = |line: &str, at: usize, style: &str| {
        let middle = width / 2 + 1;
        format!(
            "<text x=\"{middle}\" y=\"{at}\" fill=\"currentColor\" stroke=\"none\"{style}>{}</text>",
            escaped(line)
        )
    };
    format!(
        "<rect x=\"1\" y=\"{top}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"6\"/>{}{}",
        text(title, top + 19, " font-weight=\"bold\""),
        text(detail, top + 36, " opacity=\"0.75\"")
    )
}

/// Straight down to the next row.
fn arrow(from: usize, width: usize) -> String {
    let (start, end) = (from * (HEIGHT + GAP) + HEIGHT + 1, (from + 1) * (HEIGHT + GAP) + 1);
    let middle = width / 2 + 1;
    let (left, right, tail) = (middle - 4, middle + 4, end - 6);
    format!("<path d=\"M{middle} {start}V{end}M{left} {tail}L{middle} {end}L{right} {tail}\"/>")
}

/// Around the rows between, at the right.
fn bow(from: usize, to: usize, width: usize) -> String {
    let side = width + 1;
    let (start, end) = (from * (HEIGHT + GAP) + HEIGHT / 2 + 1, to * (HEIGHT + GAP) + HEIGHT / 2 - 7);
    let reach = side + BOW * (to - from).min(4) / 4;
    let (tip, above, below) = (side + 7, end - 4, end + 4);
    format!(
        "<path d=\"M{side} {start}C{reach} {start} {reach} {end} {side} {end}M{tip} {above}L{side} {end}L{tip} {below}\"/>"
    )
}

/// Text inside of markup, which rustdoc reads as Markdown before.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
