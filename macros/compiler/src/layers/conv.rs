//! `Conv1d`, `Conv2d`: every window of the input times a kernel, for each filter, and an activation.

use super::argument::{Argument, CAUSAL, Default, SAME, VALID, Wants};
use super::initializers::{GLOROT_UNIFORM, Initializer, ZEROS};
use super::units::{self, Words};
use super::window::{self, Axis, EXAMPLES, Image, Placed};
use super::{
    Absorbs, Call, Check, Condition, Generic, Kind, Operation, Runtime, Signature, Stepping, Told, Value,
};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Match, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[
    &Conv {
        rank: 1,
        names: &["Conv1d", "Conv1D", "Convolution1D"],
        class: "Conv1D",
        example: "Conv1d(16, 5, relu)",
        arguments: &arguments(&[VALID, SAME, CAUSAL]),
    },
    &Conv {
        rank: 2,
        names: &["Conv2d", "Conv2D", "Convolution2D"],
        class: "Conv2D",
        example: "Conv2d(16, 5x5, relu)",
        arguments: &arguments(&[VALID, SAME]),
    },
];

struct Conv {
    rank: usize,
    names: &'static [&'static str],
    class: &'static str,
    example: &'static str,
    arguments: &'static [Argument],
}

const FILTERS: &str = "filters";
const WORDS: Words = Words { key: FILTERS, input: "channel", unit: "filter" };
pub(super) const KERNEL_SIZE: &str = "kernel_size";
pub(super) const STRIDES: &str = "strides";
pub(super) const PADDING: &str = "padding";
pub(super) const DILATION_RATE: &str = "dilation_rate";
const GROUPS: &str = "groups";
pub(super) const ACTIVATION: &str = "activation";
pub(super) const USE_BIAS: &str = "use_bias";
const KERNEL_INITIALIZER: &str = "kernel_initializer";
pub(super) const BIAS_INITIALIZER: &str = "bias_initializer";

const fn arguments(paddings: &'static [&'static str]) -> [Argument; 10] {
    [
        Argument { key: FILTERS, wants: Wants::Units, default: Default::Required },
        Argument { key: KERNEL_SIZE, wants: Wants::Shape, default: Default::Required },
        Argument { key: STRIDES, wants: Wants::Shape, default: Default::Absent },
        Argument { key: PADDING, wants: Wants::Padding(paddings), default: Default::Absent },
        Argument { key: DILATION_RATE, wants: Wants::Shape, default: Default::Absent },
        Argument { key: GROUPS, wants: Wants::Size, default: Default::Absent },
        Argument { key: ACTIVATION, wants: Wants::Activation, default: Default::Absent },
        Argument { key: USE_BIAS, wants: Wants::Flag, default: Default::Flag(true) },
        Argument { key: KERNEL_INITIALIZER, wants: Wants::Initializer, default: Default::Absent },
        Argument { key: BIAS_INITIALIZER, wants: Wants::Initializer, default: Default::Absent },
    ]
}

impl Kind for Conv {
    from_fields!(names, class, example, arguments);

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn input_example(&self) -> &'static str {
        EXAMPLES[self.rank - 1]
    }

    fn stepping(&self, call: &Call<'_>, _: &[&Shape]) -> Stepping {
        stepping(call, self.rank)
    }

    fn remembers(&self) -> bool {
        self.rank == 1
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let (from, to) = call.values.flow(FILTERS)?;
        let ([to], [input]) = (to, inputs) else { return None };
        let mut checks = Vec::new();
        let image = window::image(call, self.rank, input, errors)?;
        let before = errors.count();
        let filters = units::units(WORDS, call, to, &mut checks, errors);
        if let Some([from]) = from {
            checks.extend(units::inputs(WORDS, call, (from, to), input, errors));
        }
        let moves = Moves::read(call, &image, input, &mut checks, errors);
        if let Some(moves) = &moves {
            moves.not_both(call, &mut checks, errors);
        }
        let channels = groups(call, &image.channels, filters.as_ref(), &mut checks, errors);
        let (filters, moves, channels) = (filters?, moves?, channels?);
        if errors.count() > before {
            return None;
        }
        let kernel = moves.kernel(channels, filters.clone());
        let weights = kernel.count();
        let generics = moves.generics(input, filters.clone(), kernel, call);
        let initial = initializers(call, KERNEL_INITIALIZER);
        Some(moves.signature((filters, weights), &image, (generics, initial), (call, checks)))
    }
}

/// Over one axis, time, a window must give one frame for each, and not see those that are still to come.
pub(super) fn stepping(call: &Call<'_>, rank: usize) -> Stepping {
    let whole = |reason: &str| Stepping::Whole(reason.into());
    match call.values.padding(PADDING) {
        _ if rank > 1 => whole("reads all frames at once"),
        _ if !window::are_ones(call, STRIDES) => whole("leaves out frames: write `strides = 1`"),
        CAUSAL => Stepping::State { frames: true },
        _ if call.values.flow(KERNEL_SIZE).is_some() && window::are_ones(call, KERNEL_SIZE) => {
            Stepping::State { frames: true }
        }
        SAME => whole("sees frames that are still to come: write `padding = causal`"),
        _ => whole("gives fewer frames than come in: write `padding = causal`"),
    }
}

/// How the kernel moves over the input: what a convolution over all channels and one of each channel share.
pub(super) struct Moves {
    axes: Vec<Axis>,
    placed: Vec<Placed>,
}

impl Moves {
    pub(super) fn read(
        call: &Call<'_>,
        image: &Image,
        input: &Value,
        checks: &mut Vec<Check>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let rank = image.axes.len();
        let before = errors.count();
        let mut read = |key| window::sizes(call, key, rank, checks, errors);
        let ones = vec![Dim::ONE; rank];
        let kernel = read(KERNEL_SIZE);
        let strides = read(STRIDES).unwrap_or_else(|| ones.clone());
        let dilations = read(DILATION_RATE).unwrap_or(ones);
        if errors.count() > before {
            return None;
        }
        let parts = image.axes.iter().zip(kernel?).zip(strides.into_iter().zip(dilations));
        let axes: Vec<Axis> = parts
            .map(|((input, window), (stride, dilation))| Axis { input: input.clone(), window, stride, dilation })
            .collect();
        checks.extend(window::fits(call, (KERNEL_SIZE, PADDING), &axes, input, errors));
        let placed = axes.iter().map(|axis| axis.place(call.values.padding(PADDING))).collect();
        (errors.count() == before).then_some(Self { axes, placed })
    }

    /// Keras refuses to skip between windows and within them at once.
    pub(super) fn not_both(&self, call: &Call<'_>, checks: &mut Vec<Check>, errors: &mut Errors) {
        let most = |sizes: fn(&Axis) -> &Dim| {
            self.axes.iter().map(sizes).fold(Dim::ONE, |most, size| most.max(size)).minus(&Dim::ONE)
        };
        let both = most(|axis| &axis.stride).times(&most(|axis| &axis.dilation));
        let message = format!("`{STRIDES}` and `{DILATION_RATE}` of {} can't both be more than 1", call.name());
        let spot = window::spot(call, DILATION_RATE);
        match both.matches(&Dim::ZERO) {
            Match::Yes => {}
            Match::Ask => checks.push(Check { condition: Condition::Zero(both), message, spot }),
            Match::No => {
                errors.push(spot, message).help("remove one of the two");
            }
        }
    }

    /// The kernel's shape, before the channels.
    pub(super) fn kernel(&self, channels: Dim, filters: Dim) -> Shape {
        Shape::Axes(self.axes.iter().map(|axis| axis.window.clone()).chain([channels, filters]).collect())
    }

    fn output(&self, filters: Dim) -> Shape {
        Shape::Axes(self.placed.iter().map(|placed| placed.output.clone()).chain([filters]).collect())
    }

    /// `X, Y, K, B, SH, SW, TOP, LEFT, DH, DW`.
    pub(super) fn generics(&self, input: &Value, filters: Dim, kernel: Shape, call: &Call<'_>) -> Vec<Generic> {
        let bias = call.values.flag(USE_BIAS);
        let bias = if bias { Generic::Tensor(Shape::vector(filters.clone())) } else { Generic::Type("NoBias") };
        let (x, y) = (input.shape.clone(), self.output(filters));
        let mut generics = vec![Generic::Tensor(x), Generic::Tensor(y), Generic::Tensor(kernel), bias];
        let all = |size: fn(&Axis) -> &Dim| self.axes.iter().map(size).cloned().collect();
        let before = self.placed.iter().map(|placed| placed.before.clone()).collect();
        generics.extend(window::generics(&[
            (all(|axis| &axis.stride), Dim::ONE),
            (before, Dim::ZERO),
            (all(|axis| &axis.dilation), Dim::ONE),
        ]));
        generics
    }

    /// A layer of `weights` besides its bias.
    pub(super) fn signature(
        &self,
        (filters, weights): (Dim, Dim),
        image: &Image,
        (generics, initializers): (Vec<Generic>, Option<Vec<Initializer>>),
        (call, checks): (&Call<'_>, Vec<Check>),
    ) -> Signature {
        let output = self.output(filters.clone());
        let (bias, absorbs) = if call.values.flag(USE_BIAS) {
            (filters.clone(), Absorbs::ScaleAndShift)
        } else {
            (Dim::ZERO, Absorbs::Scale)
        };
        // With zeros around it, the input is copied to memory that has room for them.
        let padded = self.axes.iter().zip(&self.placed).any(|(axis, placed)| {
            axis.input.matches(&placed.padded) != Match::Yes
        });
        let cells = self.placed.iter().fold(image.channels.clone(), |count, placed| placed.padded.times(&count));
        let copy = if padded { cells } else { Dim::ZERO };
        let macs = output.rows().times(&weights);
        let runtime = Runtime {
            parameters: weights.plus(&bias),
            scratch: copy.clone(),
            tape: copy,
            initializers,
            absorbs,
            ..Runtime::plain("Conv", generics)
        };
        let mut operations = vec![Operation::Layer(Box::new(runtime))];
        let activation = call.values.activation(ACTIVATION).filter(|activation| !activation.is_linear());
        operations.extend(activation.map(|function| Operation::Activation(function.clone(), filters)));
        Signature { output, operations, macs, checks }
    }
}

/// How many channels each filter reads.
fn groups(
    call: &Call<'_>,
    channels: &Dim,
    filters: Option<&Dim>,
    checks: &mut Vec<Check>,
    errors: &mut Errors,
) -> Option<Dim> {
    let given = call.values.flow(GROUPS).is_some();
    let groups = window::sizes(call, GROUPS, 1, checks, errors);
    let Some([groups]) = groups.as_deref() else { return (!given).then(|| channels.clone()) };
    let spot = window::spot(call, GROUPS);
    for (count, what) in [(Some(channels), "input channel"), (filters, "filter")] {
        let Some(count) = count else { continue };
        let plural = if count.known() == Some(1) { "" } else { "s" };
        let message = format!("{} can't split {count} {what}{plural} into {groups} groups", call.name());
        let whole = count.over(groups).times(groups);
        match whole.matches(count) {
            Match::Yes => {}
            Match::Ask => {
                checks.push(Check { condition: Condition::Equal(whole, count.clone()), message, spot });
            }
            Match::No => {
                errors.push(spot, message).help("write a number that divides the channels and the filters");
                return None;
            }
        }
    }
    Some(channels.over(groups))
}

/// Those of kernel and bias, if one is not the usual one.
pub(super) fn initializers(call: &Call<'_>, kernel: &str) -> Option<Vec<Initializer>> {
    let kernel = call.values.initializer(kernel);
    let bias = call.values.initializer(BIAS_INITIALIZER);
    (kernel.is_some() || bias.is_some())
        .then(|| vec![kernel.cloned().unwrap_or(GLOROT_UNIFORM), bias.cloned().unwrap_or(ZEROS)])
}
