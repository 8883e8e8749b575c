//! One time step: what runs for one frame, that is one row of the first axis, if every layer can work so.
//!
//! Values with a time axis are held as one frame. Behind a layer that gives only what came of its last frame there is no time
//! any more, and what follows runs as it always does.

use crate::graph::{NodeId, ValueId};
use crate::infer::Shaped;
use crate::layers::activations::Activation;
use crate::layers::{Merge, Operation, Runtime, RuntimePath, Stepping};
use crate::shape::{Dim, Shape, Side};
use crate::syntax::Path;

use super::{Field, FieldId};

/// What `step` does.
pub(crate) struct Stepper<'a> {
    /// What comes in at one time step, for each of the model's inputs.
    pub(crate) inputs: Vec<Frame>,
    pub(crate) operations: Vec<FrameOp<'a>>,
    /// What each output is at one time step.
    pub(crate) outputs: Vec<FrameOutput>,
    /// The layers with a state: the name of it, and whose it is.
    pub(crate) states: Vec<(String, FieldId)>,
    /// The types of the user's that must be able to step; only Rust's compiler knows whether they are.
    pub(crate) own: Vec<Path>,
}

/// What there is of a value at one time step.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    Shape(Shape),
    /// What a type of the user's takes or gives at one.
    Of(Path, Side),
}

/// What an output is at one time step: a frame of it, if it has a time axis.
pub(crate) struct FrameOutput {
    pub(crate) value: ValueId,
    pub(crate) frame: Frame,
    pub(crate) timed: bool,
}

/// A call of the runtime, of which comes what `node` gives; a later one of the same node works on what the earlier one gave.
pub(crate) struct FrameOp<'a> {
    pub(crate) node: NodeId,
    pub(crate) call: FrameCall<'a>,
}

pub(crate) enum FrameCall<'a> {
    /// A layer with a state.
    Step {
        field: FieldId,
        state: StateId,
        input: ValueId,
        frame: Frame,
    },
    Forward {
        field: FieldId,
        input: ValueId,
        frame: Frame,
        scratch: Dim,
    },
    /// A layer that works in place, on as many rows as there are.
    Apply {
        field: FieldId,
        on: ValueId,
    },
    Activate {
        function: &'a Activation,
        width: Dim,
        on: ValueId,
    },
    Merge {
        merge: Merge,
        a: ValueId,
        b: ValueId,
    },
    Divide {
        by: usize,
        on: ValueId,
    },
    /// Rows of these widths side by side.
    Concat {
        inputs: Vec<(ValueId, Dim)>,
        frame: Frame,
    },
}

/// The how manyeth of the states.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateId(pub(crate) usize);

/// The plan of a step; `Err` says why there is none.
pub(super) fn plan<'a>(shaped: &'a Shaped<'a>, fields: &[Field<'a>]) -> Result<Stepper<'a>, String> {
    let timed: Vec<bool> = shaped.inputs.iter().map(has_time).collect();
    if !timed.contains(&true) {
        let inputs: Vec<String> = shaped.inputs.iter().map(ToString::to_string).collect();
        return Err(format!("its input has no time axis before the features: {}", inputs.join(", ")));
    }
    let mut builder = Builder { shaped, fields, timed, values: Vec::new(), plan: Stepper::empty() };
    builder.plan.inputs = (0..shaped.inputs.len()).map(|input| builder.input(input)).collect();
    for node in 0..shaped.signatures.len() {
        builder.node(NodeId(node))?;
    }
    builder.outputs()?;
    Ok(builder.plan)
}

/// Whether a model's input has a first axis that may be time. What only Rust's compiler knows may have one.
fn has_time(shape: &Shape) -> bool {
    match shape {
        Shape::Axes(axes) => axes.len() > 1,
        Shape::Of(..) => true,
        Shape::Unknown => false,
    }
}

impl Stepper<'_> {
    fn empty() -> Self {
        let (inputs, operations, outputs) = (Vec::new(), Vec::new(), Vec::new());
        Self { inputs, operations, outputs, states: Vec::new(), own: Vec::new() }
    }
}

struct Builder<'f, 'a> {
    shaped: &'a Shaped<'a>,
    fields: &'f [Field<'a>],
    /// Whether each of the model's inputs has a time axis.
    timed: Vec<bool>,
    /// For each node the value that holds its own, and what there is of it at one time step.
    values: Vec<(ValueId, Frame, bool)>,
    plan: Stepper<'a>,
}

impl<'a> Builder<'_, 'a> {
    fn input(&self, input: usize) -> Frame {
        match &self.shaped.inputs[input] {
            Shape::Of(path, side) => Frame::Of(path.clone(), *side),
            shape if self.timed[input] => Frame::Shape(without_time(shape)),
            shape => Frame::Shape(shape.clone()),
        }
    }

    /// Where a value is held, its frame, and whether it has a time axis.
    fn value(&self, value: ValueId) -> (ValueId, Frame, bool) {
        match value {
            ValueId::Input(input) => (value, self.plan.inputs[input.0].clone(), self.timed[input.0]),
            ValueId::Node(node) => self.values[node.0].clone(),
            ValueId::Lost => (value, Frame::Shape(Shape::Unknown), false),
        }
    }

    fn node(&mut self, id: NodeId) -> Result<(), String> {
        let (node, signature) = (&self.shaped.graph.nodes[id.0], &self.shaped.signatures[id.0]);
        let inputs: Vec<_> = node.inputs.iter().map(|reading| self.value(reading.value)).collect();
        let shapes: Vec<&Shape> =
            node.inputs.iter().map(|reading| self.shaped.shape(reading.value)).collect();
        let timed = inputs.iter().any(|(.., timed)| *timed);
        let stepping = if timed { node.kind.stepping(&node.call, &shapes) } else { Stepping::Frames };
        let timed = match &stepping {
            Stepping::Frames => timed,
            Stepping::State { frames } => *frames,
            Stepping::Whole(reason) => return Err(format!("`{}` {reason}", node.name)),
        };
        let frame = match &signature.output {
            Shape::Of(path, side) if timed => Frame::Of(path.clone(), *side),
            shape if timed => Frame::Shape(without_time(shape)),
            shape => Frame::Shape(shape.clone()),
        };
        self.can_be_held(&node.label, &frame)?;
        let values = inputs.into_iter().map(|(value, ..)| value).collect();
        let held = self.operations(id, values, &frame, matches!(stepping, Stepping::State { .. }));
        self.values.push((held, frame, timed));
        Ok(())
    }

    /// A frame is held in an array, whose size may not be computed from constants that are left open.
    fn can_be_held(&self, name: &str, frame: &Frame) -> Result<(), String> {
        let open = &self.shaped.graph.listing.generics;
        let computed = |size: &&Dim| !size.is_plain() && size.mentions(open);
        let Frame::Shape(shape) = frame else { return Ok(()) };
        match shape.axes().iter().find(computed) {
            Some(size) => Err(format!("`{name}` has the size {size}, which stable Rust can't compute")),
            None => Ok(()),
        }
    }

    /// Adds the operations of a node; gives the value that holds its own, which is another's where nothing runs.
    fn operations(
        &mut self,
        node: NodeId,
        mut values: Vec<ValueId>,
        frame: &Frame,
        stateful: bool,
    ) -> ValueId {
        let mut layers = 0;
        for operation in &self.shaped.signatures[node.0].operations {
            match operation {
                Operation::Layer(runtime) if runtime.identity_at_inference => {
                    layers += 1;
                    continue;
                }
                Operation::Layer(runtime) => {
                    self.layer(node, layers, runtime, &values, frame, stateful);
                    layers += 1;
                }
                Operation::Activation(function, width) => {
                    let width = width.clone();
                    self.push(node, FrameCall::Activate { function, width, on: values[0] });
                }
                Operation::Merge(merge) => self.merge(node, *merge, &values),
                Operation::Concat(widths) => {
                    let inputs = values.iter().copied().zip(widths.iter().cloned()).collect();
                    self.push(node, FrameCall::Concat { inputs, frame: frame.clone() });
                }
            }
            values = vec![ValueId::Node(node)];
        }
        values[0]
    }

    fn push(&mut self, node: NodeId, call: FrameCall<'a>) {
        self.plan.operations.push(FrameOp { node, call });
    }

    /// The how manyeth layer of its node.
    fn layer(
        &mut self,
        node: NodeId,
        place: usize,
        runtime: &'a Runtime,
        values: &[ValueId],
        frame: &Frame,
        stateful: bool,
    ) {
        let (field, frame) = (self.field(node, place), frame.clone());
        let input = self.side_by_side(node, values);
        let call = if stateful {
            let state = self.state(node, field, runtime);
            FrameCall::Step { field, state, input, frame }
        } else if runtime.in_place {
            FrameCall::Apply { field, on: input }
        } else {
            FrameCall::Forward { field, input, frame, scratch: runtime.scratch.clone() }
        };
        self.push(node, call);
    }

    /// A layer reads one value; several, which have no time here, go in side by side.
    fn side_by_side(&mut self, node: NodeId, values: &[ValueId]) -> ValueId {
        if let [one] = values {
            return *one;
        }
        let widths = values.iter().map(|value| self.shaped.shape(*value).count());
        let inputs: Vec<(ValueId, Dim)> = values.iter().copied().zip(widths).collect();
        let total = Dim::sum(inputs.iter().map(|(_, width)| width));
        self.push(node, FrameCall::Concat { inputs, frame: Frame::Shape(Shape::vector(total)) });
        ValueId::Node(node)
    }

    /// The field of a node's layer, or of the node that it shares it with.
    fn field(&self, node: NodeId, place: usize) -> FieldId {
        let owner = self.shaped.graph.nodes[node.0].shares.unwrap_or(node);
        let first = self.fields.iter().position(|field| field.node == owner.0).unwrap_or(0);
        FieldId(first + place)
    }

    /// A state for this call of a layer: a layer that is called twice has two.
    fn state(&mut self, node: NodeId, field: FieldId, runtime: &Runtime) -> StateId {
        let graph_node = &self.shaped.graph.nodes[node.0];
        let name = if graph_node.shares.is_some() { &graph_node.label } else { &graph_node.name };
        if let RuntimePath::Own(path) = &runtime.path {
            self.plan.own.push(path.clone());
        }
        self.plan.states.push((name.clone(), field));
        StateId(self.plan.states.len() - 1)
    }

    fn merge(&mut self, node: NodeId, merge: Merge, values: &[ValueId]) {
        let step = if merge == Merge::Average { Merge::Add } else { merge };
        let mut a = values[0];
        for &b in &values[1..] {
            self.push(node, FrameCall::Merge { merge: step, a, b });
            a = ValueId::Node(node);
        }
        if merge == Merge::Average {
            self.push(node, FrameCall::Divide { by: values.len(), on: a });
        }
    }

    fn outputs(&mut self) -> Result<(), String> {
        for output in &self.shaped.graph.outputs {
            let (value, frame, timed) = self.value(output.value);
            if self.shaped.graph.has_several_outputs() && matches!(frame, Frame::Of(..)) {
                return Err(format!("its output `{}` is a model's, beside others", output.name));
            }
            self.plan.outputs.push(FrameOutput { value, frame, timed });
        }
        Ok(())
    }
}

fn without_time(shape: &Shape) -> Shape {
    match shape {
        Shape::Axes(axes) => Shape::Axes(axes.iter().skip(1).cloned().collect()),
        other => other.clone(),
    }
}
