//! `Flatten`: all axes as one. Nothing runs for it, since memory is flat anyway.

use super::argument::Argument;
use super::{Call, Kind, Signature, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[&Flatten];

struct Flatten;

impl Kind for Flatten {
    fn names(&self) -> &[&'static str] {
        &["Flatten"]
    }

    fn class(&self) -> &'static str {
        "Flatten"
    }

    fn example(&self) -> &'static str {
        "Flatten"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn infer(&self, _: &Call<'_>, inputs: &[Value], _: &mut Errors) -> Option<Signature> {
        let output = Shape::vector(inputs.first()?.shape.count());
        Some(Signature { output, operations: Vec::new(), macs: Dim::ZERO, checks: Vec::new() })
    }
}
