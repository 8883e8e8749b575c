//! Nodes into operations on tensors: what is the same memory becomes one tensor, what does nothing disappears, merges take two
//! values at a time, and activations at the end become the model's heads.

use super::{Field, FieldId, Fold};
use crate::graph::{InputId, NodeId, ValueId};
use crate::infer::Shaped;
use crate::layers::activations::Activation;
use crate::layers::{Absorbs, Merge, Operation, Runtime};
use crate::shape::{Dim, Match};

/// Operations in an order in which they can run.
pub(super) struct Program<'a> {
    pub(super) fields: Vec<Field<'a>>,
    /// The scalars per sample of each tensor; the first is what the model is given, all inputs side by side.
    pub(super) tensors: Vec<Dim>,
    pub(super) operations: Vec<Op<'a>>,
    /// All outputs side by side.
    pub(super) output: TensorId,
    /// The activation that ends each output, if losses may look behind it.
    pub(super) heads: Vec<Option<&'a Activation>>,
}

/// A value as flat memory, whatever its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TensorId(pub(super) usize);

pub(super) const INPUT: TensorId = TensorId(0);

pub(super) struct Op<'a> {
    pub(super) kind: OpKind<'a>,
    pub(super) inputs: Vec<TensorId>,
    pub(super) output: TensorId,
}

pub(super) enum OpKind<'a> {
    /// A layer, and the how manyeth call of all layers this is.
    Layer(FieldId, usize),
    Activation(&'a Activation, Dim),
    /// Of two tensors of one size.
    Merge(Merge),
    Divide(usize),
    /// Rows of these widths side by side.
    Concat(Vec<Dim>),
    /// One of the model's inputs, cut out of them all: where it begins in a sample.
    Slice(Dim),
}

impl Op<'_> {
    fn layer(&self) -> Option<FieldId> {
        if let OpKind::Layer(field, _) = self.kind { Some(field) } else { None }
    }
}

impl Program<'_> {
    /// Whether an operation behind `position` reads the tensor.
    pub(super) fn read_behind(&self, position: usize, tensor: TensorId) -> bool {
        self.operations.iter().skip(position + 1).any(|op| op.inputs.contains(&tensor))
    }

    pub(super) fn runtime(&self, field: FieldId) -> &Runtime {
        self.fields[field.0].runtime
    }

    /// The layers that the layer before them can take up at inference: both are called once and have the same channels, and
    /// nothing else reads what is between.
    pub(super) fn folds(&self, shaped: &Shaped<'_>) -> Vec<Fold> {
        let width = |field: FieldId| shaped.signatures[self.fields[field.0].node].output.width();
        let layer = |tensor| self.operations.iter().find(|op| op.output == tensor).and_then(Op::layer);
        let readers = |tensor| self.operations.iter().filter(|op| op.inputs.contains(&tensor)).count();
        let fold = |op: &Op<'_>| {
            let (field, between) = (op.layer()?, op.inputs[0]);
            let into = layer(between).filter(|_| readers(between) == 1 && between != self.output)?;
            let once = [field, into].iter().all(|field| self.fields[field.0].calls.len() == 1);
            let absorbs = self.runtime(into).absorbs;
            let same = width(field).matches(&width(into)) == Match::Yes;
            let fits = once && same && self.runtime(field).in_place && absorbs != Absorbs::Nothing;
            fits.then_some(Fold { layer: field, into, whole: absorbs == Absorbs::ScaleAndShift })
        };
        self.operations.iter().filter_map(fold).collect()
    }
}

pub(super) fn program<'a>(shaped: &'a Shaped<'a>) -> Program<'a> {
    let mut fuse = Fuse::new(shaped);
    fuse.inputs();
    for node in 0..shaped.signatures.len() {
        fuse.node(node);
    }
    fuse.outputs();
    fuse.program
}

struct Fuse<'a> {
    shaped: &'a Shaped<'a>,
    program: Program<'a>,
    inputs: Vec<TensorId>,
    /// The value of each node.
    values: Vec<TensorId>,
    /// The fields of each node.
    fields: Vec<Vec<FieldId>>,
    calls: usize,
}

impl<'a> Fuse<'a> {
    fn new(shaped: &'a Shaped<'a>) -> Self {
        let counts: Vec<Dim> = shaped.inputs.iter().map(crate::shape::Shape::count).collect();
        let program = Program {
            fields: Vec::new(),
            tensors: vec![Dim::sum(&counts)],
            operations: Vec::new(),
            output: INPUT,
            heads: Vec::new(),
        };
        Self { shaped, program, inputs: vec![INPUT], values: Vec::new(), fields: Vec::new(), calls: 0 }
    }

    /// Several inputs come side by side and are cut apart.
    fn inputs(&mut self) {
        if self.shaped.inputs.len() == 1 {
            return;
        }
        let mut offset = Dim::ZERO;
        let mut inputs = Vec::new();
        for shape in &self.shaped.inputs {
            inputs.push(self.push(OpKind::Slice(offset.clone()), vec![INPUT], shape.count()));
            offset = offset.plus(&shape.count());
        }
        self.inputs = inputs;
    }

    fn push(&mut self, kind: OpKind<'a>, inputs: Vec<TensorId>, size: Dim) -> TensorId {
        let output = TensorId(self.program.tensors.len());
        self.program.tensors.push(size);
        self.program.operations.push(Op { kind, inputs, output });
        output
    }

    fn tensor(&self, value: ValueId) -> TensorId {
        match value {
            ValueId::Input(InputId(input)) => self.inputs[input],
            ValueId::Node(NodeId(node)) => self.values[node],
            ValueId::Lost => INPUT,
        }
    }

    fn node(&mut self, node: usize) {
        let (graph_node, signature) = (&self.shaped.graph.nodes[node], &self.shaped.signatures[node]);
        let size = signature.output.count();
        let mut current: Vec<TensorId> =
            graph_node.inputs.iter().map(|reading| self.tensor(reading.value)).collect();
        let mut fields = Vec::new();
        for operation in &signature.operations {
            let output = match operation {
                Operation::Layer(runtime) => {
                    let field = match graph_node.shares {
                        Some(NodeId(first)) => self.fields[first][fields.len()],
                        None => self.field(node, runtime),
                    };
                    fields.push(field);
                    self.program.fields[field.0].calls.push(self.calls);
                    let input = self.side_by_side(current);
                    self.calls += 1;
                    self.push(OpKind::Layer(field, self.calls - 1), vec![input], size.clone())
                }
                Operation::Activation(function, width) => {
                    self.push(OpKind::Activation(function, width.clone()), current, size.clone())
                }
                Operation::Merge(merge) => self.merge(*merge, &current, &size),
                Operation::Concat(widths) => self.push(OpKind::Concat(widths.clone()), current, size.clone()),
            };
            current = vec![output];
        }
        self.values.push(current[0]);
        self.fields.push(fields);
    }

    fn field(&mut self, node: usize, runtime: &'a Runtime) -> FieldId {
        let frozen = self.shaped.graph.nodes[node].frozen;
        self.program.fields.push(Field { node, runtime, frozen, calls: Vec::new() });
        FieldId(self.program.fields.len() - 1)
    }

    /// A layer reads one tensor; several values go in side by side.
    fn side_by_side(&mut self, values: Vec<TensorId>) -> TensorId {
        if let [one] = values.as_slice() {
            return *one;
        }
        let widths: Vec<Dim> = values.iter().map(|value| self.program.tensors[value.0].clone()).collect();
        let size = Dim::sum(&widths);
        self.push(OpKind::Concat(widths), values, size)
    }

    /// From left to right, two at a time.
    fn merge(&mut self, merge: Merge, values: &[TensorId], size: &Dim) -> TensorId {
        let step = if merge == Merge::Average { Merge::Add } else { merge };
        let mut sum = values[0];
        for value in &values[1..] {
            sum = self.push(OpKind::Merge(step), vec![sum, *value], size.clone());
        }
        if merge == Merge::Average {
            sum = self.push(OpKind::Divide(values.len()), vec![sum], size.clone());
        }
        sum
    }

    /// Takes the heads off, and puts several outputs side by side.
    fn outputs(&mut self) {
        let graph = &self.shaped.graph;
        let mut outputs: Vec<TensorId> =
            graph.outputs.iter().map(|output| self.tensor(output.value)).collect();
        for (place, output) in graph.outputs.iter().enumerate() {
            let width = self.shaped.shape(output.value).width();
            let head = self.head(&outputs, place, &width);
            self.program.heads.push(head.map(|(function, logits)| {
                outputs[place] = logits;
                function
            }));
        }
        self.program.output = self.side_by_side(outputs);
    }

    /// The last activation of an output and what goes into it, if nothing else needs either and the activation's derivative
    /// follows from its value.
    fn head(
        &mut self,
        outputs: &[TensorId],
        place: usize,
        width: &Dim,
    ) -> Option<(&'a Activation, TensorId)> {
        let output = outputs[place];
        let operations = &self.program.operations;
        let position = operations.iter().position(|op| op.output == output)?;
        let OpKind::Activation(function, over) = &operations[position].kind else { return None };
        let (function, input) = (*function, operations[position].inputs[0]);
        let readers = |tensor| operations.iter().filter(|op| op.inputs.contains(&tensor)).count();
        let needed = outputs.iter().filter(|other| **other == output || **other == input).count() > 1;
        let whole = over.matches(width) == Match::Yes;
        if !function.from_output || !whole || needed || readers(output) > 0 || readers(input) > 1 {
            return None;
        }
        self.program.operations.remove(position);
        Some((function, input))
    }
}
