//! The schedule of training: forward and backward are one sequence of steps, so that values, tapes and gradients share one
//! arena by the time they live.

use super::fuse::{INPUT, Op, OpKind, Program, TensorId};
use super::{FieldId, Memory, RegionId, Schedule, Step, Wanted, pack};
use crate::layers::activations::Activation;
use crate::shape::Dim;

/// The steps of both passes, and how many of them are the forward pass.
pub(super) fn schedule<'a>(program: &Program<'a>) -> (Schedule<'a>, usize) {
    let mut training = Training::new(program);
    for op in &program.operations {
        training.forward(op);
    }
    let output = training.memory(program.output);
    let forward = std::mem::take(&mut training.steps);
    for op in program.operations.iter().rev() {
        training.backward(op);
    }
    training.input_gradient();
    let mut steps = forward;
    place_output(&mut steps, &training.steps, output);
    let forward = steps.len();
    steps.extend(training.steps);
    (pack(steps, training.lengths), forward)
}

/// The output is written where the caller wants it, unless the backward pass needs it again: then it is copied there.
fn place_output(forward: &mut Vec<Step<'_>>, backward: &[Step<'_>], output: Memory) {
    let kept = backward.iter().any(|step| step.touches().contains(&output));
    if kept || output == Memory::Input {
        return forward.push(Step::Copy { from: output, to: Memory::Output });
    }
    for step in forward {
        step.map(|memory| if memory == output { Memory::Output } else { memory });
    }
}

struct Training<'p, 'a> {
    program: &'p Program<'a>,
    steps: Vec<Step<'a>>,
    /// Where each tensor is.
    places: Vec<Memory>,
    /// Where each tensor's gradient is, as far as the backward pass has come.
    gradients: Vec<Option<Memory>>,
    /// Whether the tensor depends on a parameter.
    learned: Vec<bool>,
    tapes: Vec<Option<RegionId>>,
    lengths: Vec<Dim>,
}

impl<'p, 'a> Training<'p, 'a> {
    fn new(program: &'p Program<'a>) -> Self {
        let count = program.tensors.len();
        let mut gradients = vec![None; count];
        gradients[program.output.0] = Some(Memory::OutputGradient);
        Self {
            program,
            steps: Vec::new(),
            places: vec![Memory::Input; count],
            gradients,
            learned: vec![false; count],
            tapes: vec![None; program.fields.len()],
            lengths: Vec::new(),
        }
    }

    fn memory(&self, tensor: TensorId) -> Memory {
        self.places[tensor.0]
    }

    fn region(&mut self, length: Dim) -> RegionId {
        self.lengths.push(length);
        RegionId(self.lengths.len() - 1)
    }

    fn value(&mut self, tensor: TensorId) -> Memory {
        Memory::Arena(self.region(self.program.tensors[tensor.0].clone()))
    }

    fn has_parameters(&self, field: FieldId) -> bool {
        !self.program.fields[field.0].runtime.parameters.is_zero()
    }

    fn forward(&mut self, op: &Op<'a>) {
        let input = self.memory(op.input);
        let (place, learns) = match &op.kind {
            OpKind::Layer(field) => {
                let output = self.value(op.output);
                let length = &self.program.fields[field.0].runtime.tape;
                let tape = (!length.is_zero()).then(|| self.region(length.clone()));
                self.tapes[field.0] = tape;
                self.steps.push(Step::Run { field: *field, input, output, tape });
                (output, self.has_parameters(*field))
            }
            OpKind::Activation(function, width) => {
                let on = if self.in_place(op, function) { input } else { self.value(op.output) };
                if on != input {
                    self.steps.push(Step::Copy { from: input, to: on });
                }
                self.steps.push(Step::Activate { function, width: width.clone(), on });
                (on, false)
            }
        };
        self.places[op.output.0] = place;
        self.learned[op.output.0] = learns || self.learned[op.input.0];
    }

    /// Whether nobody needs the activation's argument again, in either pass.
    fn in_place(&self, op: &Op<'a>, function: &Activation) -> bool {
        let alone = self.program.operations.iter().filter(|other| other.input == op.input).count() == 1;
        let output = self.program.output == op.input;
        function.from_output && alone && !output && op.input != INPUT
    }

    fn backward(&mut self, op: &Op<'a>) {
        let Some(output_gradient) = self.gradients[op.output.0] else { return };
        let always = self.learned[op.output.0];
        let input_gradient = match &op.kind {
            OpKind::Activation(function, width) => {
                let kept = self.memory(if function.from_output { op.output } else { op.input });
                let (width, on) = (width.clone(), output_gradient);
                self.steps.push(Step::Derive { function, width, kept, on, always });
                output_gradient
            }
            OpKind::Layer(field) => {
                let runtime = self.program.fields[field.0].runtime;
                let memory =
                    if self.reaches_input(op.input) { Memory::InputGradient } else { self.value(op.input) };
                let wanted =
                    if self.learned[op.input.0] { Wanted::Always(memory) } else { Wanted::IfAsked(memory) };
                self.steps.push(Step::Backward {
                    field: *field,
                    input: runtime.keeps_input.then(|| self.memory(op.input)),
                    output_gradient,
                    input_gradient: wanted,
                    tape: self.tapes[field.0],
                    always,
                });
                memory
            }
        };
        self.gradients[op.input.0] = Some(input_gradient);
    }

    /// Whether the tensor is the model's input, perhaps behind activations, whose gradients are made in place.
    fn reaches_input(&self, tensor: TensorId) -> bool {
        let maker = self.program.operations.iter().find(|op| op.output == tensor);
        match maker.map(|op| (&op.kind, op.input)) {
            None => true,
            Some((OpKind::Activation(..), input)) => self.reaches_input(input),
            Some((OpKind::Layer(_), _)) => false,
        }
    }

    /// Where no layer wrote the gradients of the model's input, they are those of its output.
    fn input_gradient(&mut self) {
        if self.gradients[INPUT.0] == Some(Memory::OutputGradient) {
            let (from, to) = (Memory::OutputGradient, Memory::InputGradient);
            self.steps.push(Step::CopyGradient { from, to });
        }
    }
}
