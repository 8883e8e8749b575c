//! A graph with shapes into a plan: steps in order, each with the memory it reads and writes, all memory of constant size.

mod arena;
mod fuse;
mod infer;
mod liveness;
mod tape;

use crate::infer::Shaped;
use crate::layers::Runtime;
use crate::layers::activations::Activation;
use crate::shape::Dim;

/// What the generated code does, with no choice left.
pub(crate) struct Plan<'a> {
    pub(crate) shaped: &'a Shaped<'a>,
    pub(crate) fields: Vec<Field<'a>>,
    /// The activation that ends the model, if losses may look behind it.
    pub(crate) head: Option<&'a Activation>,
    pub(crate) infer: Schedule<'a>,
    pub(crate) train: Schedule<'a>,
    /// How many of `train`'s steps are the forward pass.
    pub(crate) forward: usize,
}

/// A layer that exists at run time: a field of the model's struct.
pub(crate) struct Field<'a> {
    pub(crate) node: usize,
    pub(crate) runtime: &'a Runtime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldId(pub(crate) usize);

/// Steps, and the one block of memory that they share.
#[derive(Debug)]
pub(crate) struct Schedule<'a> {
    pub(crate) steps: Vec<Step<'a>>,
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

/// One call of the runtime.
#[derive(Clone, Debug)]
pub(crate) enum Step<'a> {
    /// `forward` in inference, `train` in training.
    Run {
        field: FieldId,
        input: Memory,
        output: Memory,
        tape: Option<RegionId>,
    },
    /// In place.
    Activate {
        function: &'a Activation,
        width: Dim,
        on: Memory,
    },
    Copy {
        from: Memory,
        to: Memory,
    },
    /// `input` is `None` where the layer doesn't need it again.
    Backward {
        field: FieldId,
        input: Option<Memory>,
        output_gradient: Memory,
        input_gradient: Wanted,
        tape: Option<RegionId>,
        always: bool,
    },
    /// The gradient of an activation, in place, from its value or its argument.
    Derive {
        function: &'a Activation,
        width: Dim,
        kept: Memory,
        on: Memory,
        always: bool,
    },
    CopyGradient {
        from: Memory,
        to: Memory,
    },
}

/// Whether a layer computes the gradients of what went in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Always(Memory),
    /// If the gradients of the model's input are.
    IfAsked(Memory),
}

impl Step<'_> {
    /// All memory that the step reads or writes.
    fn touches(&self) -> Vec<Memory> {
        let region = |region: &Option<RegionId>| region.map(Memory::Arena);
        match self {
            Self::Run { input, output, tape, .. } => {
                [Some(*input), Some(*output), region(tape)].into_iter().flatten().collect()
            }
            Self::Activate { on, .. } => vec![*on],
            Self::Copy { from, to } | Self::CopyGradient { from, to } => vec![*from, *to],
            Self::Backward { input, output_gradient, input_gradient, tape, .. } => {
                let (Wanted::Always(wanted) | Wanted::IfAsked(wanted)) = input_gradient;
                [*input, Some(*output_gradient), Some(*wanted), region(tape)].into_iter().flatten().collect()
            }
            Self::Derive { kept, on, .. } => vec![*kept, *on],
        }
    }

    /// The same step with its memory replaced.
    fn map(&mut self, replace: impl Fn(Memory) -> Memory) {
        match self {
            Self::Run { input, output, .. } => (*input, *output) = (replace(*input), replace(*output)),
            Self::Activate { on, .. } => *on = replace(*on),
            Self::Copy { from, to } | Self::CopyGradient { from, to } => {
                (*from, *to) = (replace(*from), replace(*to));
            }
            Self::Backward { input, output_gradient, input_gradient, .. } => {
                *input = input.map(&replace);
                *output_gradient = replace(*output_gradient);
                let (Wanted::Always(wanted) | Wanted::IfAsked(wanted)) = input_gradient;
                *wanted = replace(*wanted);
            }
            Self::Derive { kept, on, .. } => (*kept, *on) = (replace(*kept), replace(*on)),
        }
    }
}

/// Plans inference and training. Nothing can be wrong any more.
pub(crate) fn build<'a>(shaped: &'a Shaped<'a>) -> Plan<'a> {
    let program = fuse::program(shaped);
    let infer = infer::schedule(&program);
    let (train, forward) = tape::schedule(&program);
    Plan { shaped, fields: program.fields, head: program.head, infer, train, forward }
}

/// Steps and the sizes of their regions into a schedule: lifetimes, then offsets.
fn pack<'a>(steps: Vec<Step<'a>>, lengths: Vec<Dim>) -> Schedule<'a> {
    let (steps, lengths) = liveness::compact(steps, lengths);
    let lifetimes = liveness::lifetimes(&steps, lengths.len());
    let (offsets, size) = arena::pack(&lengths, &lifetimes);
    let regions = offsets.into_iter().zip(lengths).map(|(offset, length)| Region { offset, length });
    Schedule { steps, regions: regions.collect(), size }
}
