//! A graph with shapes into a plan: steps in order, each with the memory it reads and writes, all memory of constant size.

mod arena;
mod backward;
mod forward;
mod fuse;
mod liveness;
mod step;
#[cfg(test)]
mod tests;

use crate::infer::Shaped;
use crate::layers::activations::Activation;
use crate::layers::{Merge, Runtime};
use crate::shape::Dim;
use forward::Forward;
use fuse::Program;

pub(crate) use forward::Column;
pub(crate) use step::{Frame, FrameCall, FrameOp, Stepper};

/// What the generated code does, with no choice left.
pub(crate) struct Plan<'a> {
    pub(crate) shaped: &'a Shaped<'a>,
    pub(crate) fields: Vec<Field<'a>>,
    /// The activation that ends each output, if losses may look behind it.
    pub(crate) heads: Vec<Option<&'a Activation>>,
    pub(crate) infer: Schedule<'a>,
    /// Inference after some layers were put into those before them.
    pub(crate) folded: Schedule<'a>,
    pub(crate) folds: Vec<Fold>,
    pub(crate) train: Schedule<'a>,
    /// How many of `train`'s steps are the forward pass.
    pub(crate) forward: usize,
    /// What one time step does, or why there is none.
    pub(crate) step: Result<Stepper<'a>, String>,
}

impl Plan<'_> {
    /// Scalars per sample that inference works on, folded or not.
    pub(crate) fn scratch(&self) -> Dim {
        self.infer.size.max(&self.folded.size)
    }

    /// Whether some sizes are left to whoever uses the type.
    pub(crate) fn is_generic(&self) -> bool {
        !self.shaped.graph.listing.generics.is_empty()
    }
}

/// A layer that exists at run time: a field of the model's struct.
pub(crate) struct Field<'a> {
    pub(crate) node: usize,
    pub(crate) runtime: &'a Runtime,
    /// Whether training leaves it as it is.
    pub(crate) frozen: bool,
    /// Its calls, each the how manyeth of all layers' calls, in order.
    pub(crate) calls: Vec<usize>,
}

/// A layer whose work at inference the layer before it can take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fold {
    pub(crate) layer: FieldId,
    pub(crate) into: FieldId,
    /// Whether nothing is left to do; else each channel's shift is.
    pub(crate) whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldId(pub(crate) usize);

/// Steps, and the one block of memory that they share.
#[derive(Debug)]
pub(crate) struct Schedule<'a> {
    pub(crate) steps: Vec<Planned<'a>>,
    pub(crate) regions: Vec<Region>,
    /// Scalars per sample.
    pub(crate) size: Dim,
}

/// A part of the arena, in scalars per sample.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) offset: Dim,
    pub(crate) length: Dim,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegionId(pub(crate) usize);

/// Where a value or a gradient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Memory {
    /// What the model is given.
    Input,
    /// What it gives, before the head.
    Output,
    OutputGradient,
    InputGradient,
    Arena(RegionId),
}

/// A step, and whether it runs only if the gradients of the model's input are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Planned<'a> {
    pub(crate) step: Step<'a>,
    pub(crate) if_asked: bool,
}

/// One call of the runtime.
#[derive(Clone, Debug)]
pub(crate) enum Step<'a> {
    /// `forward` in inference, `train` in training. The call tells apart what one layer draws when it is called twice.
    Run {
        field: FieldId,
        call: usize,
        input: Memory,
        output: Memory,
        tape: Option<RegionId>,
    },
    /// In place, at inference: all that the layer does, or what is left of it after folding.
    Apply {
        field: FieldId,
        on: Memory,
        folded: bool,
    },
    /// In place.
    Activate {
        function: &'a Activation,
        width: Dim,
        on: Memory,
    },
    Merge {
        merge: Merge,
        a: Memory,
        b: Memory,
        to: Memory,
    },
    /// In place, from the left: `on ∘ with`.
    MergeInto {
        merge: Merge,
        with: Memory,
        on: Memory,
    },
    /// In place.
    Divide {
        by: usize,
        on: Memory,
    },
    Negate {
        from: Memory,
        to: Memory,
    },
    Copy {
        from: Memory,
        to: Memory,
    },
    /// Rows into a column.
    Place {
        from: Memory,
        to: Memory,
        column: Column,
    },
    /// A column into rows.
    Take {
        from: Memory,
        to: Memory,
        column: Column,
    },
    /// `input` is `None` where the layer doesn't need it again.
    Backward {
        field: FieldId,
        call: usize,
        input: Option<Memory>,
        output_gradient: Memory,
        input_gradient: Wanted,
        tape: Option<RegionId>,
    },
    /// The gradient of an activation, in place, from its value or its argument.
    Derive {
        function: &'a Activation,
        width: Dim,
        kept: Memory,
        on: Memory,
    },
    /// The gradient of a maximum or minimum with respect to one of its two arguments.
    Choose {
        merge: Merge,
        mine: Memory,
        theirs: Memory,
        gradient: Memory,
        to: Memory,
    },
    /// Sets the gradients of a layer's parameters to zero.
    Clear {
        field: FieldId,
    },
}

/// Whether a layer computes the gradients of what went in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Always(Memory),
    /// If the gradients of the model's input are.
    IfAsked(Memory),
}

impl Wanted {
    pub(crate) fn memory(&mut self) -> &mut Memory {
        match self {
            Self::Always(memory) | Self::IfAsked(memory) => memory,
        }
    }
}

impl Step<'_> {
    /// All memory that the step reads or writes, but for what a layer keeps.
    fn memories(&mut self) -> Vec<&mut Memory> {
        match self {
            Self::Run { input, output, .. } => vec![input, output],
            Self::Apply { on, .. } | Self::Activate { on, .. } | Self::Divide { on, .. } => vec![on],
            Self::Merge { a, b, to, .. } => vec![a, b, to],
            Self::MergeInto { with, on, .. } => vec![with, on],
            Self::Negate { from, to } | Self::Copy { from, to } => vec![from, to],
            Self::Place { from, to, .. } | Self::Take { from, to, .. } => vec![from, to],
            Self::Backward { input, output_gradient, input_gradient, .. } => {
                input.iter_mut().chain([output_gradient, input_gradient.memory()]).collect()
            }
            Self::Derive { kept, on, .. } => vec![kept, on],
            Self::Choose { mine, theirs, gradient, to, .. } => vec![mine, theirs, gradient, to],
            Self::Clear { .. } => Vec::new(),
        }
    }

    /// What a layer keeps from its forward to its backward pass.
    fn tape(&mut self) -> Option<&mut RegionId> {
        match self {
            Self::Run { tape, .. } | Self::Backward { tape, .. } => tape.as_mut(),
            _ => None,
        }
    }

    /// All memory that the step reads or writes.
    fn touches(&self) -> Vec<Memory> {
        let mut step = self.clone();
        let tape = step.tape().map(|tape| Memory::Arena(*tape));
        step.memories().into_iter().map(|memory| *memory).chain(tape).collect()
    }
}

/// Plans inference and training. Nothing can be wrong any more.
pub(crate) fn build<'a>(shaped: &'a Shaped<'a>) -> Plan<'a> {
    let program = fuse::program(shaped);
    let folds = program.folds(shaped);
    let (infer, folded) = (infer(&program, &[]), infer(&program, &folds));
    let (train, forward) = train(&program);
    let step = step::plan(shaped, &program.fields);
    Plan { shaped, fields: program.fields, heads: program.heads, infer, folded, folds, train, forward, step }
}

/// The schedule of `predict`, with these layers folded.
fn infer<'a>(program: &Program<'a>, folds: &[Fold]) -> Schedule<'a> {
    let Forward { mut steps, lengths, places, .. } = forward::infer(program, folds);
    let output = places[program.output.0].unwrap_or(Memory::Input);
    place_output(&mut steps, &[], output);
    pack(steps, lengths)
}

/// The steps of both passes of training, and how many of them are the forward pass. They are one sequence, so that values,
/// tapes and gradients share one arena by the time they live.
fn train<'a>(program: &Program<'a>) -> (Schedule<'a>, usize) {
    let mut forward = forward::train(program);
    let backward = backward::steps(&mut forward);
    let output = forward.memory(program.output);
    let Forward { mut steps, lengths, .. } = forward;
    place_output(&mut steps, &backward, output);
    let count = steps.len();
    steps.extend(backward);
    (pack(steps, lengths), count)
}

/// The output is written where the caller wants it, unless it is the input itself or the backward pass needs it again: then
/// it is copied there.
fn place_output(forward: &mut Vec<Planned<'_>>, backward: &[Planned<'_>], output: Memory) {
    let kept = backward.iter().any(|planned| planned.step.touches().contains(&output));
    if kept || output == Memory::Input {
        let step = Step::Copy { from: output, to: Memory::Output };
        return forward.push(Planned { step, if_asked: false });
    }
    for memory in forward.iter_mut().flat_map(|planned| planned.step.memories()) {
        if *memory == output {
            *memory = Memory::Output;
        }
    }
}

/// Steps and the sizes of their regions into a schedule: lifetimes, then offsets.
fn pack<'a>(steps: Vec<Planned<'a>>, lengths: Vec<Dim>) -> Schedule<'a> {
    let (steps, lengths) = liveness::compact(steps, lengths);
    let lifetimes = liveness::lifetimes(&steps, lengths.len());
    let (offsets, size) = arena::pack(&lengths, &lifetimes);
    let regions = offsets.into_iter().zip(lengths).map(|(offset, length)| Region { offset, length });
    Schedule { steps, regions: regions.collect(), size }
}
