//! Nodes into operations on tensors: what is the same memory becomes one tensor, what does nothing disappears, and the
//! activation at the end becomes the model's head.

use super::{Field, FieldId};
use crate::graph::{InputId, NodeId, ValueId};
use crate::infer::Shaped;
use crate::layers::Operation;
use crate::layers::activations::Activation;
use crate::shape::{Dim, Match};

/// Operations in an order in which they can run.
pub(super) struct Program<'a> {
    pub(super) fields: Vec<Field<'a>>,
    /// The scalars per sample of each tensor; the first is the model's input.
    pub(super) tensors: Vec<Dim>,
    pub(super) operations: Vec<Op<'a>>,
    pub(super) output: TensorId,
    pub(super) head: Option<&'a Activation>,
}

/// A value as flat memory, whatever its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TensorId(pub(super) usize);

pub(super) const INPUT: TensorId = TensorId(0);

pub(super) struct Op<'a> {
    pub(super) kind: OpKind<'a>,
    pub(super) input: TensorId,
    pub(super) output: TensorId,
}

pub(super) enum OpKind<'a> {
    Layer(FieldId),
    Activation(&'a Activation, Dim),
}

impl Program<'_> {
    /// Whether an operation behind `position` reads the tensor.
    pub(super) fn read_behind(&self, position: usize, tensor: TensorId) -> bool {
        self.operations.iter().skip(position + 1).any(|op| op.input == tensor)
    }
}

pub(super) fn program<'a>(shaped: &'a Shaped<'a>) -> Program<'a> {
    let input = shaped.shape(ValueId::Input(InputId(0))).count();
    let mut program = Program {
        fields: Vec::new(),
        tensors: vec![input],
        operations: Vec::new(),
        output: INPUT,
        head: None,
    };
    let mut tensors: Vec<TensorId> = Vec::new();
    let tensor = |tensors: &[TensorId], value| match value {
        ValueId::Input(InputId(_)) => INPUT,
        ValueId::Node(NodeId(node)) => tensors[node],
    };
    for (node, signature) in shaped.signatures.iter().enumerate() {
        let mut current = tensor(&tensors, shaped.graph.nodes[node].inputs[0]);
        for operation in &signature.operations {
            let kind = match operation {
                Operation::Layer(runtime) => {
                    program.fields.push(Field { node, runtime });
                    OpKind::Layer(FieldId(program.fields.len() - 1))
                }
                Operation::Activation(function, width) => OpKind::Activation(function, width.clone()),
            };
            let output = TensorId(program.tensors.len());
            program.tensors.push(signature.output.count());
            program.operations.push(Op { kind, input: current, output });
            current = output;
        }
        tensors.push(current);
    }
    program.output = tensor(&tensors, shaped.graph.output);
    head(&mut program, shaped);
    program
}

/// Takes the last activation off, if nothing else needs its value and its derivative follows from that value.
fn head(program: &mut Program<'_>, shaped: &Shaped<'_>) {
    let Some(last) = program.operations.last() else { return };
    let OpKind::Activation(function, width) = &last.kind else { return };
    let whole = width.matches(&shaped.shape(shaped.graph.output).width()) == Match::Yes;
    let input = last.input;
    let shared = program.operations.iter().filter(|op| op.input == input).count() > 1;
    if function.from_output && whole && !shared && last.output == program.output {
        program.head = Some(function);
        program.operations.pop();
        program.tensors.pop();
        program.output = input;
    }
}
