//! `Dense`: `y = x·W + b` on the last axis, and an activation.

use super::argument::{Argument, Default, Wants};
use super::initializers::{GLOROT_UNIFORM, ZEROS};
use super::units::{self, Words, dim};
use super::{
    Absorbs, Call, Check, Condition, Generic, Kind, Operation, Runtime, Signature, Stepping, Told,
    Value,
};
use crate::diagnostic::Errors;
use crate::shape::{Constant, Dim, Expression, Match, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[&Dense];

struct Dense;

pub(super) const UNITS: &str = "units";
pub(super) const WORDS: Words = Words { key: UNITS, input: "input", unit: "unit" };
const ACTIVATION: &str = "activation";
const USE_BIAS: &str = "use_bias";
const KERNEL_INITIALIZER: &str = "kernel_initializer";
const BIAS_INITIALIZER: &str = "bias_initializer";

const ARGUMENTS: &[Argument] = &[
    Argument { key: UNITS, wants: Wants::Units, default: Default::Required },
    Argument { key: ACTIVATION, wants: Wants::Activation, default: Default::Absent },
    Argument { key: USE_BIAS, wants: Wants::Flag, default: Default::Flag(true) },
    Argument { key: KERNEL_INITIALIZER, wants: Wants::Initializer, default: Default::Absent },
    Argument { key: BIAS_INITIALIZER, wants: Wants::Initializer, default: Default::Absent },
];

impl Kind for Dense {
    fn names(&self) -> &[&'static str] {
        &["Dense"]
    }

    fn class(&self) -> &'static str {
        "Dense"
    }

    fn example(&self) -> &'static str {
        "Dense(64 -> 32, relu)"
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn input(&self, call: &Call<'_>) -> Told {
        match call.values.flow(UNITS) {
            Some((Some([from]), _)) => dim(from).map_or(Told::Nothing, |dim| Told::Shape(Shape::vector(dim))),
            _ => Told::Nothing,
        }
    }

    fn stepping(&self, _: &Call<'_>, _: &[&Shape]) -> Stepping {
        Stepping::Frames
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let (from, to) = call.values.flow(UNITS)?;
        let ([to], [input]) = (to, inputs) else { return None };
        let mut checks = Vec::new();
        let units = units::units(WORDS, call, to, &mut checks, errors)?;
        if let Some([from]) = from {
            checks.extend(units::inputs(WORDS, call, (from, to), input, errors));
        }
        checks.extend(vector(call, input));
        let (found, rows) = (input.shape.width(), input.shape.rows());
        // What is said has a name, where what comes in may be arithmetic that no type of Rust can hold.
        let said = from.and_then(|from| dim(from.first()?)).filter(|said| found.matches(said) == Match::Ask);
        let features = said.unwrap_or(found);
        let product = features.times(&units);
        let bias = call.values.flag(USE_BIAS);
        let mut generics = vec![Generic::Dim(features), Generic::Dim(units.clone())];
        generics.extend((!bias).then_some(Generic::Type("NoBias")));
        let runtime = Runtime {
            parameters: if bias { product.plus(&units) } else { product.clone() },
            initializers: initializers(call),
            absorbs: if bias { Absorbs::ScaleAndShift } else { Absorbs::Scale },
            ..Runtime::plain("Dense", generics)
        };
        let mut operations = vec![Operation::Layer(Box::new(runtime))];
        let activation = call.values.activation(ACTIVATION).filter(|activation| !activation.is_linear());
        operations.extend(activation.map(|function| Operation::Activation(function.clone(), units.clone())));
        let output = input.shape.with_width(units);
        Some(Signature { output, operations, macs: rows.times(&product), checks })
    }
}

/// What only Rust's compiler knows the axes of is taken for a vector, which it has to be.
fn vector(call: &Call<'_>, input: &Value) -> Option<Check> {
    let Shape::Of(layer, side) = &input.shape else { return None };
    let rows = Dim::from(Expression::Of(layer.clone(), Constant::Rows(*side)));
    let message = format!(
        "{} takes what {} {} for a vector, but it has more axes: say them, as in `{layer}(64x8 -> 64x8)`",
        call.name(),
        input.origin,
        input.shape
    );
    Some(Check { condition: Condition::Equal(rows, Dim::ONE), message, spot: input.spot })
}

fn initializers(call: &Call<'_>) -> Option<Vec<super::Initializer>> {
    let kernel = call.values.initializer(KERNEL_INITIALIZER);
    let bias = call.values.initializer(BIAS_INITIALIZER);
    (kernel.is_some() || bias.is_some())
        .then(|| vec![kernel.cloned().unwrap_or(GLOROT_UNIFORM), bias.cloned().unwrap_or(ZEROS)])
}
