//! A network as the bytes of an ONNX model, which tract reads from memory and ONNX Runtime from a file.

mod messages;

use prost::Message;

use self::messages::{Attribute, Axis, Model, Node, Operators, Shape, Tensor, TensorType, Type, Value};

use crate::data::{Tensors, channels_first};
use crate::workload::Net;

/// The model of a network, for one sample or frame.
pub fn model(net: Net, parameters: &Tensors) -> Vec<u8> {
    let mut graph = Graph::default();
    let states = match net {
        Net::Lstm16 | Net::Lstm32 => graph.recurrent(&LSTM, parameters),
        Net::Gru16 => graph.recurrent(&GRU, parameters),
        _ => graph.chain(net, &channels_first(parameters)),
    };
    let input = if net == Net::LeNet { vec![1, 1, 28, 28] } else { vec![1, net.inputs() as i64] };
    let with_states = |first, suffix| {
        let states = states.iter().map(|(name, shape)| value(&format!("{name}{suffix}"), shape));
        std::iter::once(first).chain(states).collect()
    };
    let graph = messages::Graph {
        node: graph.nodes,
        name: net.name().to_owned(),
        initializer: graph.constants,
        input: with_states(value("input", &input), ""),
        output: with_states(value("output", &[1, net.outputs() as i64]), "_next"),
    };
    Model { ir_version: 8, graph: Some(graph), opset_import: vec![Operators { version: 17 }] }.encode_to_vec()
}

/// What goes in and comes out again: names, and shapes.
type States = Vec<(&'static str, Vec<i64>)>;

/// A cell of ONNX: its name, Keras' places of its gates, its states.
struct Cell {
    kind: &'static str,
    gates: &'static [usize],
    states: &'static [&'static str],
}

const LSTM: Cell = Cell { kind: "LSTM", gates: &[0, 3, 1, 2], states: &["hidden", "cell"] };
const GRU: Cell = Cell { kind: "GRU", gates: &[0, 1, 2], states: &["hidden"] };

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    constants: Vec<Tensor>,
}

impl Graph {
    /// Convolutions with a maximum of 2x2 behind each, then dense layers.
    fn chain(&mut self, net: Net, parameters: &Tensors) -> States {
        let hidden = if net.classifies() { "Relu" } else { "Tanh" };
        let layers = parameters.len() / 2;
        let mut value = "input".to_owned();
        for (index, pair) in parameters.chunks(2).enumerate() {
            for (name, tensor) in pair {
                self.constants.push(constant(name, &tensor.shape, &tensor.values));
            }
            let last = index + 1 == layers;
            let linear =
                if last && !net.classifies() { "output".to_owned() } else { format!("linear_{index}") };
            let operands = [&*value, &pair[0].0, &pair[1].0];
            if pair[0].1.shape.len() == 4 {
                self.node("Conv", &operands, &linear, vec![]);
                let active = format!("active_{index}");
                self.node("Relu", &[&linear], &active, vec![]);
                let sizes = vec![integers("kernel_shape", &[2, 2]), integers("strides", &[2, 2])];
                let pooled = format!("pooled_{index}");
                self.node("MaxPool", &[&active], &pooled, sizes);
                value = pooled;
                if parameters[2 * index + 2].1.shape.len() == 2 {
                    self.node("Flatten", &[&value], "flat", vec![]);
                    value = "flat".to_owned();
                }
                continue;
            }
            self.node("Gemm", &operands, &linear, vec![]);
            value = format!("hidden_{index}");
            if !last {
                self.node(hidden, &[&linear], &value, vec![]);
            } else if net.classifies() {
                self.node("Softmax", &[&linear], "output", vec![integer("axis", 1)]);
            }
        }
        States::new()
    }

    /// One frame of a cell, then a dense layer; the states are inputs and outputs.
    fn recurrent(&mut self, cell: &Cell, parameters: &Tensors) -> States {
        let tensor = |place: usize| &parameters[place].1;
        let units = tensor(1).shape[0];
        let ordered = |values: &[f32]| turned(values, units, cell.gates);
        let width = cell.gates.len() * units;
        self.constants.push(constant("w", &[1, width, 1], &ordered(&tensor(0).values)));
        self.constants.push(constant("r", &[1, width, units], &ordered(&tensor(1).values)));
        let mut bias: Vec<f32> = tensor(2).values.chunks(width).flat_map(ordered).collect();
        bias.resize(2 * width, 0.0);
        self.constants.push(constant("b", &[1, 2 * width], &bias));
        self.constants.push(constant("dense", &tensor(3).shape, &tensor(3).values));
        self.constants.push(constant("dense_bias", &tensor(4).shape, &tensor(4).values));
        self.integers_constant("frame_shape", &[1, 1, 1]);
        self.integers_constant("row_shape", &[1, units as i64]);
        self.node("Reshape", &["input", "frame_shape"], "frame", vec![]);
        let mut attributes = vec![integer("hidden_size", units as i64)];
        if cell.kind == "GRU" {
            attributes.push(integer("linear_before_reset", 1));
        }
        let inputs: Vec<&str> =
            ["frame", "w", "r", "b", ""].into_iter().chain(cell.states.iter().copied()).collect();
        self.node(cell.kind, &inputs, "", attributes);
        let outputs = cell.states.iter().map(|state| format!("{state}_next"));
        if let Some(node) = self.nodes.last_mut() {
            node.output.extend(outputs);
        }
        self.node("Reshape", &["hidden_next", "row_shape"], "row", vec![]);
        self.node("Gemm", &["row", "dense", "dense_bias"], "output", vec![]);
        cell.states.iter().map(|state| (*state, vec![1, 1, units as i64])).collect()
    }

    fn integers_constant(&mut self, name: &str, values: &[i64]) {
        self.constants.push(Tensor {
            dims: vec![values.len() as i64],
            data_type: messages::INT64,
            int64_data: values.to_vec(),
            name: name.to_owned(),
            ..Default::default()
        });
    }

    fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attribute: Vec<Attribute>) {
        self.nodes.push(Node {
            input: inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.to_owned()],
            name: output.to_owned(),
            op_type: kind.to_owned(),
            attribute,
        });
    }
}

/// Rows of gates side by side, as a matrix with the gates below each other in ONNX' order.
fn turned(values: &[f32], units: usize, gates: &[usize]) -> Vec<f32> {
    let width = gates.len() * units;
    let columns = gates.iter().flat_map(|gate| gate * units..(gate + 1) * units);
    columns.flat_map(|column| values.iter().skip(column).step_by(width).copied()).collect()
}

fn constant(name: &str, shape: &[usize], values: &[f32]) -> Tensor {
    Tensor {
        dims: shape.iter().map(|&size| size as i64).collect(),
        data_type: messages::FLOAT,
        float_data: values.to_vec(),
        name: name.to_owned(),
        ..Default::default()
    }
}

fn integer(name: &str, i: i64) -> Attribute {
    Attribute { name: name.to_owned(), r#type: messages::INT, i, ..Default::default() }
}

fn integers(name: &str, values: &[i64]) -> Attribute {
    Attribute { name: name.to_owned(), r#type: messages::INTS, ints: values.to_vec(), ..Default::default() }
}

fn value(name: &str, shape: &[i64]) -> Value {
    let dim = shape.iter().map(|&size| Axis { dim_value: Some(size) }).collect();
    let tensor = TensorType { elem_type: messages::FLOAT, shape: Some(Shape { dim }) };
    Value { name: name.to_owned(), r#type: Some(Type { tensor_type: Some(tensor) }) }
}
