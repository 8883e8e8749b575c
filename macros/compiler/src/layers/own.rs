//! A layer type of the user's: only Rust's compiler knows its shapes, so they are its associated types, and what the listing
//! says about them is asserted.

use super::argument::{Argument, Default, Wants};
use super::{
    Arity, Call, Check, Condition, Kind, Operation, Runtime, RuntimePath, Signature, Stepping, Told, Value,
};
use crate::diagnostic::Errors;
use crate::shape::{Constant, Dim, Expression, Shape, Side};
use crate::syntax::{Path, Size, SizeForm};

pub(super) const OWN: Own = Own;

pub(super) struct Own;

const SHAPES: &str = "shapes";

impl Kind for Own {
    fn names(&self) -> &[&'static str] {
        &[]
    }

    fn class(&self) -> &'static str {
        ""
    }

    fn example(&self) -> &'static str {
        "Scale(8 -> 8)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: SHAPES, wants: Wants::Shapes, default: Default::Absent }]
    }

    fn arity(&self) -> Arity {
        Arity::Any
    }

    fn input(&self, call: &Call<'_>) -> Told {
        let said = call.values.flow(SHAPES).and_then(|(from, _)| shape(from?));
        Told::Shape(said.unwrap_or_else(|| Shape::Of(call.layer.kind.clone(), Side::Input)))
    }

    fn stepping(&self, call: &Call<'_>, inputs: &[&Shape]) -> Stepping {
        // Whether frames come out only matters where the shape is said; else nothing here tells.
        let vector = call
            .values
            .flow(SHAPES)
            .and_then(|(_, to)| shape(to))
            .is_some_and(|shape| shape.rank() == Some(1));
        match inputs {
            [_] => Stepping::State { frames: !vector },
            _ => Stepping::Whole("reads several values".into()),
        }
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], _: &mut Errors) -> Option<Signature> {
        let layer = &call.layer.kind;
        let (from, to) = call.values.flow(SHAPES).unwrap_or((None, &[]));
        let mut checks = vec![Check {
            condition: Condition::Layer(layer.clone()),
            message: String::new(),
            spot: layer.spot(),
        }];
        for (place, input) in inputs.iter().enumerate() {
            let message =
                format!("{layer} gets another shape than it takes: {} {}", input.origin, input.shape);
            let spot =
                if inputs.len() == 1 { from.map_or(input.spot, |from| from[0].spot) } else { input.spot };
            checks.extend(self.takes(layer, place, input).map(|condition| Check {
                condition,
                message,
                spot,
            }));
        }
        let message = format!("{layer} takes another number of values than it is given ({})", inputs.len());
        let condition = Condition::Inputs(layer.clone(), inputs.len());
        checks.push(Check { condition, message, spot: layer.spot() });
        let output = shape(to);
        if let Some(said) = &output {
            let message = format!("{layer} gives another shape than the {said} said here");
            let condition = Condition::Shape(layer.clone(), Side::Output, said.clone());
            checks.push(Check { condition, message, spot: to[0].spot });
        }
        let output = output.unwrap_or_else(|| Shape::Of(layer.clone(), Side::Output));
        let operations = vec![Operation::Layer(Box::new(runtime(layer)))];
        Some(Signature { output, operations, macs: Dim::ZERO, checks })
    }
}

impl Own {
    /// What must hold for an input, unless the layer itself told its shape.
    fn takes(&self, layer: &Path, place: usize, input: &Value) -> Option<Condition> {
        let told =
            matches!(&input.shape, Shape::Of(path, Side::Input) if path.to_string() == layer.to_string());
        let silent = told || matches!(input.shape, Shape::Unknown);
        (!silent).then(|| Condition::Input(layer.clone(), place, input.shape.clone()))
    }
}

fn runtime(layer: &Path) -> Runtime {
    let constant = |constant| Dim::from(Expression::Of(layer.clone(), constant));
    Runtime {
        path: RuntimePath::Own(layer.clone()),
        parameters: constant(Constant::Parameters),
        scratch: constant(Constant::Scratch),
        tape: constant(Constant::Tape),
        settles: true,
        ..Runtime::plain("", Vec::new())
    }
}

/// What the sizes say, if they say all.
fn shape(sizes: &[Size]) -> Option<Shape> {
    let axes = sizes.iter().map(|size| match &size.form {
        SizeForm::Integer(size) => Some(Dim::Known(*size)),
        SizeForm::Path(path) => Some(Expression::Path(path.clone()).into()),
        SizeForm::Infer => None,
    });
    axes.collect::<Option<Vec<Dim>>>().filter(|axes| !axes.is_empty()).map(Shape::Axes)
}
