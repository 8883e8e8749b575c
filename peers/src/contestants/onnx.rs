//! A network as an ONNX model, which tract reads from memory and ONNX Runtime from a file.

use tract_onnx::pb::{self, attribute_proto::AttributeType, tensor_proto::DataType};

use crate::data::Tensors;
use crate::workload::Net;

/// The model of a network for one sample.
pub fn model(net: Net, parameters: &Tensors) -> pb::ModelProto {
    let mut graph = Graph::default();
    graph.chain(net, parameters);
    let graph = pb::GraphProto {
        node: graph.nodes,
        name: net.name().to_owned(),
        initializer: graph.constants,
        input: vec![value("input", &[1, net.inputs() as i64])],
        output: vec![value("output", &[1, net.outputs() as i64])],
        ..Default::default()
    };
    pb::ModelProto {
        ir_version: 8,
        opset_import: vec![pb::OperatorSetIdProto { domain: String::new(), version: 17 }],
        graph: Some(graph),
        ..Default::default()
    }
}

#[derive(Default)]
struct Graph {
    nodes: Vec<pb::NodeProto>,
    constants: Vec<pb::TensorProto>,
}

impl Graph {
    fn chain(&mut self, net: Net, parameters: &Tensors) {
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
            self.node("Gemm", &[&value, &pair[0].0, &pair[1].0], &linear, vec![]);
            value = format!("hidden_{index}");
            if !last {
                self.node(hidden, &[&linear], &value, vec![]);
            } else if net.classifies() {
                self.node("Softmax", &[&linear], "output", vec![integer("axis", 1)]);
            }
        }
    }

    fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attribute: Vec<pb::AttributeProto>) {
        self.nodes.push(pb::NodeProto {
            input: inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.to_owned()],
            name: output.to_owned(),
            op_type: kind.to_owned(),
            attribute,
            ..Default::default()
        });
    }
}

fn constant(name: &str, shape: &[usize], values: &[f32]) -> pb::TensorProto {
    pb::TensorProto {
        dims: shape.iter().map(|&size| size as i64).collect(),
        data_type: DataType::Float as i32,
        float_data: values.to_vec(),
        name: name.to_owned(),
        ..Default::default()
    }
}

fn integer(name: &str, i: i64) -> pb::AttributeProto {
    pb::AttributeProto { name: name.to_owned(), r#type: AttributeType::Int as i32, i, ..Default::default() }
}

fn value(name: &str, shape: &[i64]) -> pb::ValueInfoProto {
    use pb::tensor_shape_proto::{Dimension, dimension::Value::DimValue};
    let dim = shape.iter().map(|&size| Dimension { value: Some(DimValue(size)), ..Default::default() });
    let shape = Some(pb::TensorShapeProto { dim: dim.collect() });
    let tensor = pb::type_proto::Tensor { elem_type: DataType::Float as i32, shape };
    let r#type =
        pb::TypeProto { value: Some(pb::type_proto::Value::TensorType(tensor)), ..Default::default() };
    pb::ValueInfoProto { name: name.to_owned(), r#type: Some(r#type), ..Default::default() }
}
