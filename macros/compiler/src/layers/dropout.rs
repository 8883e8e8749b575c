//! `Dropout`: in training zeroes values by chance and scales the others; else does nothing.

use super::argument::{Argument, Default, Wants};
use super::{Call, Generic, Kind, Operation, Runtime, Signature, Stepping, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[&Dropout];

struct Dropout;

const RATE: &str = "rate";

impl Kind for Dropout {
    fn names(&self) -> &[&'static str] {
        &["Dropout"]
    }

    fn class(&self) -> &'static str {
        "Dropout"
    }

    fn example(&self) -> &'static str {
        "Dropout(0.25)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: RATE, wants: Wants::Number(0.0, 1.0), default: Default::Required }]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::AsNext
    }

    fn stepping(&self, _: &Call<'_>, _: &[&Shape]) -> Stepping {
        Stepping::Frames
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], _: &mut Errors) -> Option<Signature> {
        let output = inputs.first()?.shape.clone();
        let generics = vec![Generic::Dim(output.count()), Generic::Bits(call.values.number(RATE))];
        let plain = Runtime::plain("Dropout", generics);
        let runtime = Runtime { keeps_input: false, identity_at_inference: true, ..plain };
        let operations = vec![Operation::Layer(Box::new(runtime))];
        Some(Signature { output, operations, macs: Dim::ZERO, checks: Vec::new() })
    }
}
