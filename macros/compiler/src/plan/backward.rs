//! The backward pass: the operations in reverse, each turning the gradient of its output into those of its inputs.
//!
//! Where several operations read a tensor, its gradient is the sum of what they contribute. A sum of two values has one
//! gradient for both, so two tensors may have their gradients in one place; before something is changed in place, it is
//! looked whether another tensor still needs what lies there.

use super::forward::{Column, Forward};
use super::fuse::{INPUT, Op, OpKind, Program, TensorId};
use super::{FieldId, Memory, Planned, Step, Wanted};
use crate::layers::Merge;
use crate::layers::activations::Activation;
use crate::shape::Dim;

/// Adds the backward pass to the forward pass of training.
pub(super) fn steps<'a>(forward: &mut Forward<'_, 'a>) -> Vec<Planned<'a>> {
    let before = std::mem::take(&mut forward.steps);
    let program = forward.program;
    let mut backward = Backward {
        gradients: vec![None; program.tensors.len()],
        learned: learned(program),
        reading: None,
        steps: Vec::new(),
        program,
        forward,
    };
    backward.gradients[program.output.0] = Some(Memory::OutputGradient);
    for (position, op) in program.operations.iter().enumerate().rev() {
        backward.operation(position, op);
    }
    backward.input();
    backward.frozen();
    let steps = backward.steps;
    forward.steps = before;
    steps
}

/// Whether each tensor depends on a parameter that is learned.
fn learned(program: &Program<'_>) -> Vec<bool> {
    let mut learned = vec![false; program.tensors.len()];
    for op in &program.operations {
        let learns = match op.kind {
            OpKind::Layer(FieldId(field), _) => {
                let field = &program.fields[field];
                !field.runtime.parameters.is_zero() && !field.frozen
            }
            _ => false,
        };
        learned[op.output.0] = learns || op.inputs.iter().any(|input| learned[input.0]);
    }
    learned
}

struct Backward<'f, 'p, 'a> {
    program: &'p Program<'a>,
    forward: &'f mut Forward<'p, 'a>,
    steps: Vec<Planned<'a>>,
    /// Where the gradient of each tensor is that is still to be handed on.
    gradients: Vec<Option<Memory>>,
    learned: Vec<bool>,
    /// The gradient that the present operation still reads.
    reading: Option<Memory>,
}

impl<'a> Backward<'_, '_, 'a> {
    fn operation(&mut self, position: usize, op: &Op<'a>) {
        let Some(gradient) = self.gradients[op.output.0].take() else { return };
        match &op.kind {
            OpKind::Layer(field, call) => self.layer(position, *field, *call, gradient),
            OpKind::Activation(function, width) => self.activation(op, function, width, gradient),
            OpKind::Merge(merge) => {
                self.reading = Some(gradient);
                self.merge(op, *merge, gradient);
                self.reading = None;
            }
            OpKind::Divide(by) => {
                let on = self.writable(op.output, gradient);
                self.step(op.output, Step::Divide { by: *by, on });
                self.contribute(op.inputs[0], on, true);
            }
            OpKind::Concat(widths) => {
                self.reading = Some(gradient);
                self.concat(op, widths, gradient);
                self.reading = None;
            }
            OpKind::Slice(offset) => {
                let width = self.program.tensors[op.output.0].clone();
                let total = self.program.tensors[INPUT.0].clone();
                let column = Column { offset: offset.clone(), width, total };
                self.step(INPUT, Step::Place { from: gradient, to: Memory::InputGradient, column });
            }
        }
    }

    /// A step on the way to the gradient of this tensor: one that depends on no parameter has one only if the gradient of the
    /// model's input is asked for.
    fn step(&mut self, tensor: TensorId, step: Step<'a>) {
        self.steps.push(Planned { step, if_asked: !self.learned[tensor.0] });
    }

    fn layer(&mut self, position: usize, field: FieldId, call: usize, output_gradient: Memory) {
        let op = &self.program.operations[position];
        let input = op.inputs[0];
        let first = input == INPUT && self.gradients[INPUT.0].is_none();
        let memory = if first { Memory::InputGradient } else { self.forward.value(input) };
        let keeps = self.program.runtime(field).keeps_input;
        let step = Step::Backward {
            field,
            call,
            input: keeps.then(|| self.forward.memory(input)),
            output_gradient,
            input_gradient: if self.learned[input.0] {
                Wanted::Always(memory)
            } else {
                Wanted::IfAsked(memory)
            },
            tape: self.forward.tapes[position],
        };
        self.step(op.output, step);
        self.contribute(input, memory, true);
    }

    fn activation(&mut self, op: &Op<'a>, function: &'a Activation, width: &Dim, gradient: Memory) {
        let on = self.writable(op.output, gradient);
        let kept = self.forward.memory(if function.from_output { op.output } else { op.inputs[0] });
        self.step(op.output, Step::Derive { function, width: width.clone(), kept, on });
        self.contribute(op.inputs[0], on, true);
    }

    fn merge(&mut self, op: &Op<'a>, merge: Merge, gradient: Memory) {
        let [a, b] = [op.inputs[0], op.inputs[1]];
        match merge {
            Merge::Add | Merge::Average => {
                self.contribute(a, gradient, false);
                self.reading = None;
                self.contribute(b, gradient, true);
            }
            Merge::Subtract => {
                let negated = self.forward.value(b);
                self.step(b, Step::Negate { from: gradient, to: negated });
                self.contribute(b, negated, true);
                self.reading = None;
                self.contribute(a, gradient, true);
            }
            Merge::Multiply => self.product(a, b, gradient),
            Merge::Maximum | Merge::Minimum => {
                for (chosen, other) in [(a, b), (b, a)] {
                    let to = self.forward.value(chosen);
                    let [mine, theirs] = [self.forward.memory(chosen), self.forward.memory(other)];
                    self.step(chosen, Step::Choose { merge, mine, theirs, gradient, to });
                    self.contribute(chosen, to, true);
                }
            }
        }
    }

    /// Each factor's gradient is that of the product times the other factor.
    fn product(&mut self, a: TensorId, b: TensorId, gradient: Memory) {
        for (factor, other) in [(a, b), (b, a)] {
            let to = self.forward.value(factor);
            let with = self.forward.memory(other);
            self.step(factor, Step::Merge { merge: Merge::Multiply, a: gradient, b: with, to });
            self.contribute(factor, to, true);
        }
    }

    fn concat(&mut self, op: &Op<'a>, widths: &[Dim], gradient: Memory) {
        let total = Dim::sum(widths);
        let mut offset = Dim::ZERO;
        for (input, width) in op.inputs.iter().zip(widths) {
            let to = self.forward.value(*input);
            let column = Column { offset: offset.clone(), width: width.clone(), total: total.clone() };
            self.step(*input, Step::Take { from: gradient, to, column });
            self.contribute(*input, to, true);
            offset = offset.plus(width);
        }
    }

    /// Adds `given` to the tensor's gradient; `last` if the operation hands `given` to no tensor after this one.
    fn contribute(&mut self, tensor: TensorId, given: Memory, last: bool) {
        let sum = match self.gradients[tensor.0] {
            None => given,
            Some(present) if present != given && !self.held(present, Some(tensor)) => {
                self.add(tensor, given, present);
                present
            }
            Some(present) if present != given && last && !self.held(given, None) => {
                self.add(tensor, present, given);
                given
            }
            Some(present) => {
                let sum = self.forward.value(tensor);
                self.step(tensor, Step::Copy { from: present, to: sum });
                self.add(tensor, given, sum);
                sum
            }
        };
        self.gradients[tensor.0] = Some(sum);
    }

    fn add(&mut self, tensor: TensorId, with: Memory, on: Memory) {
        self.step(tensor, Step::MergeInto { merge: Merge::Add, with, on });
    }

    /// Whether a tensor other than `except` has its gradient there, or the present operation reads it yet.
    fn held(&self, memory: Memory, except: Option<TensorId>) -> bool {
        let holds = |(tensor, place): (usize, &Option<Memory>)| {
            *place == Some(memory) && except != Some(TensorId(tensor))
        };
        self.reading == Some(memory) || self.gradients.iter().enumerate().any(holds)
    }

    /// The gradient where it may be changed: there, or in a copy.
    fn writable(&mut self, tensor: TensorId, gradient: Memory) -> Memory {
        if !self.held(gradient, None) {
            return gradient;
        }
        let copy = self.forward.value(tensor);
        self.step(tensor, Step::Copy { from: gradient, to: copy });
        copy
    }

    /// The gradient of the model's input, where no layer wrote it to its place.
    fn input(&mut self) {
        if let Some(from) = self.gradients[INPUT.0].filter(|from| *from != Memory::InputGradient) {
            self.step(INPUT, Step::Copy { from, to: Memory::InputGradient });
        }
    }

    /// A frozen layer that gradients pass through collects some of its own, which nobody wants.
    fn frozen(&mut self) {
        for (index, field) in self.program.fields.iter().enumerate().filter(|(_, field)| field.frozen) {
            let id = FieldId(index);
            let passed =
                |planned: &Planned<'_>| matches!(planned.step, Step::Backward { field, .. } if field == id);
            if !field.runtime.parameters.is_zero() && self.steps.iter().any(passed) {
                self.steps.push(Planned { step: Step::Clear { field: id }, if_asked: false });
            }
        }
    }
}
