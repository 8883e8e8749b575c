//! `BatchNorm`: each channel, the last axis, normalised over the batch; by moving values at inference.

use super::argument::{Argument, Default, Wants};
use super::{Call, Generic, Kind, Operation, Runtime, Signature, Stepping, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[&BatchNorm];

struct BatchNorm;

const MOMENTUM: &str = "momentum";
const EPSILON: &str = "epsilon";
const CENTER: &str = "center";
const SCALE: &str = "scale";
const AXIS: &str = "axis";

impl Kind for BatchNorm {
    fn names(&self) -> &[&'static str] {
        &["BatchNorm", "BatchNormalization"]
    }

    fn class(&self) -> &'static str {
        "BatchNormalization"
    }

    fn example(&self) -> &'static str {
        "BatchNorm(momentum = 0.9)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[
            Argument { key: MOMENTUM, wants: Wants::Number(0.0, 1.0), default: Default::Number(0.99) },
            Argument { key: EPSILON, wants: Wants::Number(0.0, f64::INFINITY), default: Default::Number(1e-3) },
            Argument { key: CENTER, wants: Wants::Flag, default: Default::Flag(true) },
            Argument { key: SCALE, wants: Wants::Flag, default: Default::Flag(true) },
            Argument { key: AXIS, wants: Wants::Number(-6.0, 6.0), default: Default::Number(-1.0) },
        ]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::AsNext
    }

    fn stepping(&self, _: &Call<'_>, _: &[&Shape]) -> Stepping {
        Stepping::Frames
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let output = inputs.first()?.shape.clone();
        last_axis(call, &output, errors)?;
        let (rows, channels) = (output.rows(), output.width());
        let vectors = [call.values.flag(SCALE), call.values.flag(CENTER)];
        let numbers = [EPSILON, MOMENTUM].map(|key| Generic::Bits(call.values.number(key)));
        let sizes = [Generic::Dim(rows), Generic::Dim(channels.clone())];
        let vector = |there| if there { Generic::Vector(channels.clone()) } else { Generic::Type("NoBias") };
        // The types of vectors that are there are defaults; only what stands behind one that isn't has to be said.
        let said = if vectors == [true, true] { Vec::new() } else { vectors.map(vector).into() };
        let generics = sizes.into_iter().chain(numbers).chain(said).collect();
        let count = 2 + vectors.into_iter().filter(|there| *there).count();
        let runtime = Runtime {
            parameters: Dim::Known(count).times(&channels),
            tape: Dim::Known(2).times(&channels),
            in_place: true,
            settles: true,
            ..Runtime::plain("BatchNorm", generics)
        };
        let macs = output.count();
        Some(Signature { output, operations: vec![Operation::Layer(Box::new(runtime))], macs, checks: Vec::new() })
    }
}

/// Channels are the last axis. As in Keras, axis 0 is the batch.
fn last_axis(call: &Call<'_>, shape: &Shape, errors: &mut Errors) -> Option<()> {
    let axis = call.values.number(AXIS);
    let last = match shape {
        Shape::Axes(axes) => axes.len() as f64,
        _ => axis.max(1.0),
    };
    if axis == -1.0 || axis == last {
        return Some(());
    }
    let spot = call.values.place(AXIS).map_or(call.spot(), |place| call.layer.arguments[place].spot);
    let message = format!("{} normalises the channels, which are the last axis, found axis {axis}", call.name());
    errors.push(spot, message).help("leave `axis` out, and put the channels last: `Permute` before moves them");
    None
}
