//! `SimpleRnn`, `Lstm`, `Gru`: read a sequence frame by frame, and remember.

use super::activations::{self, Activation};
use super::argument::{Argument, Default, Wants};
use super::dense::{UNITS, WORDS};
use super::initializers::{GLOROT_UNIFORM, Initializer, ONES, ZEROS, orthogonal};
use super::units;
use super::{Call, Check, Condition, Generic, Kind, Operation, Runtime, Signature, Stepping, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Constant, Dim, Expression, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[
    &Recurrent {
        names: &["SimpleRnn", "SimpleRNN"],
        class: "SimpleRNN",
        example: "SimpleRnn(16, return_sequences = true)",
        arguments: SIMPLE,
        cell: Cell::Simple,
    },
    &Recurrent {
        names: &["Lstm", "LSTM"],
        class: "LSTM",
        example: "Lstm(16, return_sequences = true)",
        arguments: LSTM,
        cell: Cell::Lstm,
    },
    &Recurrent {
        names: &["Gru", "GRU"],
        class: "GRU",
        example: "Gru(16, return_sequences = true)",
        arguments: GRU,
        cell: Cell::Gru,
    },
];

struct Recurrent {
    names: &'static [&'static str],
    class: &'static str,
    example: &'static str,
    arguments: &'static [Argument],
    cell: Cell,
}

/// What is done in one time step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Simple,
    Lstm,
    Gru,
}

const ACTIVATION: &str = "activation";
const RECURRENT_ACTIVATION: &str = "recurrent_activation";
const USE_BIAS: &str = "use_bias";
const KERNEL_INITIALIZER: &str = "kernel_initializer";
const RECURRENT_INITIALIZER: &str = "recurrent_initializer";
const BIAS_INITIALIZER: &str = "bias_initializer";
const UNIT_FORGET_BIAS: &str = "unit_forget_bias";
const RETURN_SEQUENCES: &str = "return_sequences";
const GO_BACKWARDS: &str = "go_backwards";
const RESET_AFTER: &str = "reset_after";

const fn function(key: &'static str) -> Argument {
    Argument { key, wants: Wants::Activation, default: Default::Absent }
}

const fn initializer(key: &'static str) -> Argument {
    Argument { key, wants: Wants::Initializer, default: Default::Absent }
}

const fn flag(key: &'static str, default: bool) -> Argument {
    Argument { key, wants: Wants::Flag, default: Default::Flag(default) }
}

const UNITS_ARGUMENT: Argument = Argument { key: UNITS, wants: Wants::Units, default: Default::Required };

const SIMPLE: &[Argument] = &[
    UNITS_ARGUMENT,
    function(ACTIVATION),
    flag(USE_BIAS, true),
    initializer(KERNEL_INITIALIZER),
    initializer(RECURRENT_INITIALIZER),
    initializer(BIAS_INITIALIZER),
    flag(RETURN_SEQUENCES, false),
    flag(GO_BACKWARDS, false),
];

const LSTM: &[Argument] = &[
    UNITS_ARGUMENT,
    function(ACTIVATION),
    function(RECURRENT_ACTIVATION),
    flag(USE_BIAS, true),
    initializer(KERNEL_INITIALIZER),
    initializer(RECURRENT_INITIALIZER),
    initializer(BIAS_INITIALIZER),
    flag(UNIT_FORGET_BIAS, true),
    flag(RETURN_SEQUENCES, false),
    flag(GO_BACKWARDS, false),
];

const GRU: &[Argument] = &[
    UNITS_ARGUMENT,
    function(ACTIVATION),
    function(RECURRENT_ACTIVATION),
    flag(USE_BIAS, true),
    initializer(KERNEL_INITIALIZER),
    initializer(RECURRENT_INITIALIZER),
    initializer(BIAS_INITIALIZER),
    flag(RETURN_SEQUENCES, false),
    flag(GO_BACKWARDS, false),
    flag(RESET_AFTER, true),
];

impl Kind for Recurrent {
    from_fields!(names, class, example, arguments);

    /// The units tell the features, but nothing tells how many frames there are.
    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn input_example(&self) -> &'static str {
        "64x1"
    }

    fn stepping(&self, call: &Call<'_>, _: &[&Shape]) -> Stepping {
        if call.values.flag(GO_BACKWARDS) {
            return Stepping::Whole("goes backwards, from the last frame on".into());
        }
        Stepping::State { frames: call.values.flag(RETURN_SEQUENCES) }
    }

    fn remembers(&self) -> bool {
        true
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let (from, to) = call.values.flow(UNITS)?;
        let ([to], [input]) = (to, inputs) else { return None };
        let mut checks = Vec::new();
        let units = units::units(WORDS, call, to, &mut checks, errors)?;
        let (frames, features) = self.sequence(call, input, &mut checks, errors)?;
        if let Some([from]) = from {
            checks.extend(units::inputs(WORDS, call, (from, to), input, errors));
        }
        let gates = Dim::Known(self.gates()).times(&units);
        let macs = frames.times(&features.plus(&units).times(&gates));
        let runtime = self.runtime(call, [frames.clone(), features, units.clone(), gates]);
        let output = if call.values.flag(RETURN_SEQUENCES) {
            Shape::Axes(vec![frames, units])
        } else {
            Shape::vector(units)
        };
        Some(Signature { output, operations: vec![Operation::Layer(Box::new(runtime))], macs, checks })
    }
}

impl Recurrent {
    /// How many blocks of units the kernels have side by side.
    fn gates(&self) -> usize {
        match self.cell {
            Cell::Simple => 1,
            Cell::Gru => 3,
            Cell::Lstm => 4,
        }
    }

    /// The two axes of what comes in.
    fn sequence(
        &self,
        call: &Call<'_>,
        input: &Value,
        checks: &mut Vec<Check>,
        errors: &mut Errors,
    ) -> Option<(Dim, Dim)> {
        let message =
            format!("{} reads frames x features, but {} {}", call.name(), input.origin, input.shape);
        match &input.shape {
            Shape::Axes(axes) => match axes.as_slice() {
                [frames, features] => Some((frames.clone(), features.clone())),
                // Of a shape that is not known after an error, only the last axis counts.
                _ if input.shape.is_unknown() => Some((Dim::Unknown, input.shape.width())),
                axes => {
                    let help = match axes {
                        [frames, rest @ ..] if !rest.is_empty() => {
                            let features = Dim::product(rest);
                            format!("write `Reshape(({frames}, {features}))` before it")
                        }
                        _ => {
                            let features = input.shape.width();
                            format!("write `return_sequences = true` in a recurrent layer before it, or `Reshape(({features}, 1))`")
                        }
                    };
                    errors.push(input.spot, message).help(help);
                    None
                }
            },
            Shape::Of(layer, side) => {
                let frames = Dim::from(Expression::Of(layer.clone(), Constant::Rows(*side)));
                let features = input.shape.width();
                let shape = Shape::Axes(vec![frames.clone(), features.clone()]);
                let condition = Condition::Shape(layer.clone(), *side, shape);
                checks.push(Check { condition, message, spot: input.spot });
                Some((frames, features))
            }
            Shape::Unknown => Some((Dim::Unknown, Dim::Unknown)),
        }
    }

    fn runtime(&self, call: &Call<'_>, [frames, features, units, gates]: [Dim; 4]) -> Runtime {
        let bias = self.biases(call);
        let rows = features.plus(&units).plus(&Dim::Known(bias));
        // What each frame keeps: see the types' `TAPE`.
        let (name, kept) = match self.cell {
            Cell::Simple => ("SimpleRnn", units.plus(&units)),
            Cell::Lstm => ("Lstm", gates.plus(&units).plus(&units)),
            Cell::Gru => ("Gru", gates.plus(&gates).plus(&units)),
        };
        let (parameters, tape) = (rows.times(&gates), frames.times(&kept));
        let mut generics = vec![Generic::Dim(frames), Generic::Dim(features), Generic::Dim(units)];
        generics.extend((self.cell != Cell::Simple).then(|| Generic::Dim(gates.clone())));
        generics.extend(self.options(call, &gates));
        let plain = Runtime::plain(name, generics);
        Runtime { parameters, tape, initializers: self.initializers(call), ..plain }
    }

    /// How many rows of biases there are.
    fn biases(&self, call: &Call<'_>) -> usize {
        match self.cell {
            _ if !call.values.flag(USE_BIAS) => 0,
            Cell::Gru if call.values.flag(RESET_AFTER) => 2,
            _ => 1,
        }
    }

    /// The generic arguments behind the sizes, without those that are the type's defaults.
    fn options(&self, call: &Call<'_>, gates: &Dim) -> Vec<Generic> {
        let frames = match (call.values.flag(GO_BACKWARDS), call.values.flag(RETURN_SEQUENCES)) {
            (false, false) => "Last",
            (false, true) => "Sequence",
            (true, false) => "LastBackwards",
            (true, true) => "SequenceBackwards",
        };
        let mut options = Vec::new();
        let after = call.values.flag(RESET_AFTER);
        if self.cell == Cell::Gru {
            options.push((Generic::Flag(after), after));
        }
        options.push((Generic::Type(frames), frames == "Last"));
        options.push(activation(call, ACTIVATION, "tanh"));
        if self.cell != Cell::Simple {
            options.push(activation(call, RECURRENT_ACTIVATION, "sigmoid"));
        }
        let reset_before = self.cell == Cell::Gru && !after;
        match self.biases(call) {
            0 => options.push((Generic::Type("NoBias"), false)),
            _ if reset_before => options.push((Generic::Vector(gates.clone()), false)),
            _ => {}
        }
        let written = options.iter().rposition(|(_, default)| !default).map_or(0, |last| last + 1);
        options.into_iter().take(written).map(|(generic, _)| generic).collect()
    }

    fn initializers(&self, call: &Call<'_>) -> Option<Vec<Initializer>> {
        let given = |key| call.values.initializer(key).cloned();
        let (kernel, recurrent) = (given(KERNEL_INITIALIZER), given(RECURRENT_INITIALIZER));
        let bias = given(BIAS_INITIALIZER);
        let forget = self.cell != Cell::Lstm || call.values.flag(UNIT_FORGET_BIAS);
        if kernel.is_none() && recurrent.is_none() && bias.is_none() && forget {
            return None;
        }
        let bias = bias.unwrap_or(ZEROS);
        let forget_bias = if forget { ONES } else { bias.clone() };
        let recurrent = recurrent.unwrap_or_else(orthogonal);
        let all = [kernel.unwrap_or(GLOROT_UNIFORM), recurrent, bias];
        Some(all.into_iter().chain((self.cell == Cell::Lstm).then_some(forget_bias)).collect())
    }
}

/// The function of this key, and whether it is the one of this word, the default.
fn activation(call: &Call<'_>, key: &str, default: &'static str) -> (Generic, bool) {
    let usual = activations::find(default).map_or(Activation::LINEAR, |function| function.make(&call.values));
    let function = call.values.activation(key).unwrap_or(&usual).clone();
    let default = function == usual;
    (Generic::Activation(function), default)
}
