//! The forward pass: values in the arena, activations and merges in place where nobody needs again what lies there.

use super::fuse::{INPUT, Op, OpKind, Program, TensorId};
use super::{FieldId, Fold, Memory, Planned, RegionId, Step};
use crate::layers::Merge;
use crate::layers::activations::Activation;
use crate::shape::Dim;

pub(super) struct Forward<'p, 'a> {
    pub(super) program: &'p Program<'a>,
    /// Whether it is the one of training.
    training: bool,
    /// What was put into the layers before.
    folds: &'p [Fold],
    /// Tensors whose values the backward pass reads.
    kept: Vec<bool>,
    pub(super) steps: Vec<Planned<'a>>,
    /// Where each tensor is, as far as it was computed.
    pub(super) places: Vec<Option<Memory>>,
    /// What each operation's layer keeps for its backward pass.
    pub(super) tapes: Vec<Option<RegionId>>,
    pub(super) lengths: Vec<Dim>,
}

/// The forward pass of inference.
pub(super) fn infer<'p, 'a>(program: &'p Program<'a>, folds: &'p [Fold]) -> Forward<'p, 'a> {
    let kept = vec![false; program.tensors.len()];
    Forward { folds, ..Forward::new(program, false, kept) }.run()
}

/// The forward pass of training.
pub(super) fn train<'p, 'a>(program: &'p Program<'a>) -> Forward<'p, 'a> {
    let mut kept = vec![false; program.tensors.len()];
    for op in &program.operations {
        match &op.kind {
            OpKind::Layer(field, _) if program.runtime(*field).keeps_input => kept[op.inputs[0].0] = true,
            OpKind::Activation(function, _) if function.from_output => kept[op.output.0] = true,
            OpKind::Activation(..) => kept[op.inputs[0].0] = true,
            OpKind::Merge(Merge::Multiply | Merge::Maximum | Merge::Minimum) => {
                op.inputs.iter().for_each(|input| kept[input.0] = true);
            }
            _ => {}
        }
    }
    Forward::new(program, true, kept).run()
}

impl<'p, 'a> Forward<'p, 'a> {
    fn new(program: &'p Program<'a>, training: bool, kept: Vec<bool>) -> Self {
        let mut places = vec![None; program.tensors.len()];
        places[INPUT.0] = Some(Memory::Input);
        let (steps, tapes, lengths) = (Vec::new(), Vec::new(), Vec::new());
        Self { program, training, folds: &[], kept, steps, places, tapes, lengths }
    }

    fn run(mut self) -> Self {
        for (position, op) in self.program.operations.iter().enumerate() {
            self.tapes.push(None);
            let place = match &op.kind {
                OpKind::Layer(field, call) => self.layer(position, *field, *call),
                OpKind::Activation(function, width) => self.activation(position, function, width),
                OpKind::Merge(merge) => self.merge(position, *merge),
                OpKind::Divide(by) => {
                    let on = self.on(position);
                    self.step(Step::Divide { by: *by, on });
                    on
                }
                OpKind::Concat(widths) => self.concat(op, widths),
                OpKind::Slice(offset) => self.slice(op, offset),
            };
            self.places[op.output.0] = Some(place);
        }
        self
    }

    /// Where a tensor is; it was computed before.
    pub(super) fn memory(&self, tensor: TensorId) -> Memory {
        self.places[tensor.0].unwrap_or(Memory::Input)
    }

    pub(super) fn region(&mut self, length: Dim) -> RegionId {
        self.lengths.push(length);
        RegionId(self.lengths.len() - 1)
    }

    /// New memory for a tensor.
    pub(super) fn value(&mut self, tensor: TensorId) -> Memory {
        Memory::Arena(self.region(self.program.tensors[tensor.0].clone()))
    }

    fn step(&mut self, step: Step<'a>) {
        self.steps.push(Planned { step, if_asked: false });
    }

    fn layer(&mut self, position: usize, field: FieldId, call: usize) -> Memory {
        let (op, runtime) = (&self.program.operations[position], self.program.runtime(field));
        let input = self.memory(op.inputs[0]);
        if runtime.identity_at_inference && !self.training {
            return input;
        }
        if runtime.in_place && !self.training {
            let fold = self.folds.iter().find(|fold| fold.layer == field);
            if fold.is_some_and(|fold| fold.whole) {
                return input;
            }
            let on = self.on(position);
            self.step(Step::Apply { field, on, folded: fold.is_some() });
            return on;
        }
        let output = self.value(op.output);
        let length = if self.training { &runtime.tape } else { &runtime.scratch };
        let tape = (!length.is_zero()).then(|| self.region(length.clone()));
        self.tapes[position] = tape;
        self.step(Step::Run { field, call, input, output, tape });
        output
    }

    fn activation(&mut self, position: usize, function: &'a Activation, width: &Dim) -> Memory {
        let on = self.on(position);
        self.step(Step::Activate { function, width: width.clone(), on });
        on
    }

    /// Memory that holds the operation's input and may be overwritten: that of the input, or a copy.
    fn on(&mut self, position: usize) -> Memory {
        let op = &self.program.operations[position];
        let input = self.memory(op.inputs[0]);
        if self.free(position, op.inputs[0]) {
            return input;
        }
        let to = self.value(op.output);
        self.step(Step::Copy { from: input, to });
        to
    }

    fn merge(&mut self, position: usize, merge: Merge) -> Memory {
        let op = &self.program.operations[position];
        let [a, b] = [self.memory(op.inputs[0]), self.memory(op.inputs[1])];
        let commutes = merge != Merge::Subtract;
        let (with, on) = match () {
            () if a != b && self.free(position, op.inputs[0]) => (b, a),
            () if a != b && commutes && self.free(position, op.inputs[1]) => (a, b),
            () => {
                let to = self.value(op.output);
                self.step(Step::Merge { merge, a, b, to });
                return to;
            }
        };
        self.step(Step::MergeInto { merge, with, on });
        on
    }

    fn concat(&mut self, op: &Op<'a>, widths: &[Dim]) -> Memory {
        let (to, total) = (self.value(op.output), Dim::sum(widths));
        let mut offset = Dim::ZERO;
        for (input, width) in op.inputs.iter().zip(widths) {
            let (from, width, total) = (self.memory(*input), width.clone(), total.clone());
            self.step(Step::Place {
                from,
                to,
                column: Column { offset: offset.clone(), width: width.clone(), total },
            });
            offset = offset.plus(&width);
        }
        to
    }

    fn slice(&mut self, op: &Op<'a>, offset: &Dim) -> Memory {
        let to = self.value(op.output);
        let (width, total) =
            (self.program.tensors[op.output.0].clone(), self.program.tensors[INPUT.0].clone());
        let column = Column { offset: offset.clone(), width, total };
        self.step(Step::Take { from: Memory::Input, to, column });
        to
    }

    /// Whether nobody needs again what lies where the tensor is.
    fn free(&self, position: usize, tensor: TensorId) -> bool {
        let memory = self.memory(tensor);
        let needed = |(tensor, place): (usize, &Option<Memory>)| {
            let id = TensorId(tensor);
            *place == Some(memory)
                && (self.kept[tensor] || self.program.output == id || self.program.read_behind(position, id))
        };
        memory != Memory::Input && !self.places.iter().enumerate().any(needed)
    }
}

/// A part of each row of a tensor.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) offset: Dim,
    pub(crate) width: Dim,
    /// The width of the whole row.
    pub(crate) total: Dim,
}
