//! The schedule of `predict`: values in the arena, activations in place, what only training does left out.

use super::fuse::{INPUT, OpKind, Program, TensorId};
use super::{Memory, RegionId, Schedule, Step, pack};
use crate::shape::Dim;

pub(super) fn schedule<'a>(program: &Program<'a>) -> Schedule<'a> {
    let mut forward = Forward::new(program);
    for position in 0..program.operations.len() {
        forward.operation(position);
    }
    let output = forward.memory(program.output);
    let mut steps = forward.steps;
    finish(&mut steps, output);
    pack(steps, forward.lengths)
}

/// The output is written where the caller wants it, or copied there if it is the input itself.
fn finish(steps: &mut Vec<Step<'_>>, output: Memory) {
    if output == Memory::Input {
        return steps.push(Step::Copy { from: Memory::Input, to: Memory::Output });
    }
    for step in steps {
        step.map(|memory| if memory == output { Memory::Output } else { memory });
    }
}

struct Forward<'p, 'a> {
    program: &'p Program<'a>,
    steps: Vec<Step<'a>>,
    /// Where each tensor is, as far as it was computed.
    places: Vec<Option<Memory>>,
    lengths: Vec<Dim>,
}

impl<'p, 'a> Forward<'p, 'a> {
    fn new(program: &'p Program<'a>) -> Self {
        let mut places = vec![None; program.tensors.len()];
        places[INPUT.0] = Some(Memory::Input);
        Self { program, steps: Vec::new(), places, lengths: Vec::new() }
    }

    fn memory(&self, tensor: TensorId) -> Memory {
        self.places[tensor.0].unwrap_or(Memory::Input)
    }

    fn region(&mut self, length: Dim) -> RegionId {
        self.lengths.push(length);
        RegionId(self.lengths.len() - 1)
    }

    fn operation(&mut self, position: usize) {
        let op = &self.program.operations[position];
        let input = self.memory(op.input);
        let place = match &op.kind {
            OpKind::Layer(field) => {
                let runtime = self.program.fields[field.0].runtime;
                if runtime.identity_at_inference {
                    input
                } else {
                    let output = Memory::Arena(self.region(self.program.tensors[op.output.0].clone()));
                    let scratch = (!runtime.scratch.is_zero()).then(|| self.region(runtime.scratch.clone()));
                    self.steps.push(Step::Run { field: *field, input, output, tape: scratch });
                    output
                }
            }
            OpKind::Activation(function, width) => {
                let on = if self.in_place(position, input) {
                    input
                } else {
                    let to = Memory::Arena(self.region(self.program.tensors[op.output.0].clone()));
                    self.steps.push(Step::Copy { from: input, to });
                    to
                };
                self.steps.push(Step::Activate { function, width: width.clone(), on });
                on
            }
        };
        self.places[op.output.0] = Some(place);
    }

    /// Whether nobody else needs what lies there.
    fn in_place(&self, position: usize, memory: Memory) -> bool {
        let needed = |(tensor, place): (usize, &Option<Memory>)| {
            let tensor = TensorId(tensor);
            let used = self.program.read_behind(position, tensor) || self.program.output == tensor;
            *place == Some(memory) && used
        };
        memory != Memory::Input && !self.places.iter().enumerate().any(needed)
    }
}
