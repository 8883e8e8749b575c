//! What merges several values: `Add`, `Multiply`, … element by element, `Concat` side by side, and `Residual< … >`, which adds
//! what went in to what its layers make of it.

use super::argument::{Argument, Default, Wants};
use super::{Arity, Call, Check, Condition, Kind, Merge, Operation, Signature, Stepping, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Match, Shape};
use crate::suggest;

pub(super) const KINDS: &[&dyn Kind] = &[
    &elementwise(&["Add"], "Add(a, b)", Merge::Add),
    &Elementwise { arity: Arity::Two, ..elementwise(&["Subtract"], "Subtract(a, b)", Merge::Subtract) },
    &elementwise(&["Multiply"], "Multiply(a, b)", Merge::Multiply),
    &elementwise(&["Average"], "Average(a, b)", Merge::Average),
    &elementwise(&["Maximum"], "Maximum(a, b)", Merge::Maximum),
    &elementwise(&["Minimum"], "Minimum(a, b)", Merge::Minimum),
    &Elementwise {
        arity: Arity::Two,
        block: true,
        ..elementwise(&["Residual"], "Residual< Dense(8, relu), Dense(8) >", Merge::Add)
    },
    &Concat,
];

struct Elementwise {
    names: &'static [&'static str],
    example: &'static str,
    merge: Merge,
    arity: Arity,
    block: bool,
}

const fn elementwise(names: &'static [&'static str], example: &'static str, merge: Merge) -> Elementwise {
    Elementwise { names, example, merge, arity: Arity::Several, block: false }
}

impl Kind for Elementwise {
    from_fields!(names, example);

    fn class(&self) -> &'static str {
        self.names[0]
    }

    fn arguments(&self) -> &'static [Argument] {
        &[]
    }

    fn arity(&self) -> Arity {
        self.arity
    }

    fn has_block(&self) -> bool {
        self.block
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::AsNext
    }

    fn stepping(&self, _: &Call<'_>, _: &[&Shape]) -> Stepping {
        Stepping::Frames
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let (first, others) = inputs.split_first()?;
        let before = errors.count();
        let mut checks = Vec::new();
        for other in others {
            checks.extend(self.same(call, first, other, errors));
        }
        if errors.count() > before {
            return None;
        }
        let output = inputs.iter().map(|input| &input.shape).find(|shape| !shape.is_unknown());
        let output = output.unwrap_or(&first.shape).clone();
        let operations = vec![Operation::Merge(self.merge)];
        Some(Signature { output, operations, macs: Dim::ZERO, checks })
    }
}

impl Elementwise {
    /// Both have one shape; where constants hide that, it is asserted.
    fn same(&self, call: &Call<'_>, first: &Value, other: &Value, errors: &mut Errors) -> Vec<Check> {
        let message = if self.block {
            // The block's value comes first, then what went in.
            format!("{} adds what goes in to what its layers give, but {} {}, and {} {}",
                call.name(), other.origin, other.shape, first.origin, first.shape)
        } else {
            format!("{} merges values of one shape, but {} {}, and {} {}",
                call.name(), first.origin, first.shape, other.origin, other.shape)
        };
        let help = if self.block {
            format!("end the block with a layer that gives {}", other.shape)
        } else {
            "give both one shape, with a layer before one of them; `Concat` takes different sizes".to_owned()
        };
        match (&first.shape, &other.shape) {
            // After an error nothing is known.
            (a, b) if a.is_unknown() || b.is_unknown() => Vec::new(),
            (Shape::Unknown, _) | (_, Shape::Unknown) => Vec::new(),
            (Shape::Axes(a), Shape::Axes(b)) => {
                let matches: Vec<Match> = a.iter().zip(b).map(|(a, b)| a.matches(b)).collect();
                if a.len() != b.len() || matches.contains(&Match::No) {
                    errors.push(other.spot, message).help(help);
                    return Vec::new();
                }
                let unsure = a.iter().zip(b).zip(matches).filter(|(_, same)| *same == Match::Ask);
                let check = |(a, b): (&Dim, &Dim)| Check {
                    condition: Condition::Equal(a.clone(), b.clone()),
                    message: message.clone(),
                    spot: other.spot,
                };
                unsure.map(|(pair, _)| check(pair)).collect()
            }
            (Shape::Of(layer, side), shape) | (shape, Shape::Of(layer, side)) => {
                if first.shape.to_string() == other.shape.to_string() {
                    return Vec::new();
                }
                let condition = Condition::Shape(layer.clone(), *side, shape.clone());
                vec![Check { condition, message, spot: other.spot }]
            }
        }
    }
}

/// Values side by side along one axis.
struct Concat;

const AXIS: &str = "axis";

impl Kind for Concat {
    fn names(&self) -> &[&'static str] {
        &["Concat", "Concatenate"]
    }

    fn class(&self) -> &'static str {
        "Concatenate"
    }

    fn example(&self) -> &'static str {
        "Concat(a, b)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: AXIS, wants: Wants::Number(-6.0, 6.0), default: Default::Number(-1.0) }]
    }

    fn arity(&self) -> Arity {
        Arity::Several
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn stepping(&self, call: &Call<'_>, inputs: &[&Shape]) -> Stepping {
        let rank = inputs.first().map_or(1, |shape| axes(shape).len());
        match self.place(call, rank) {
            Some(1..) => Stepping::Frames,
            _ => Stepping::Whole("puts the frames of one value behind those of another".into()),
        }
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        if inputs.iter().any(|input| matches!(input.shape, Shape::Unknown)) {
            return Some(signature(Shape::Unknown, Vec::new(), Vec::new()));
        }
        let shapes: Vec<Vec<Dim>> = inputs.iter().map(|input| axes(&input.shape)).collect();
        let first = &shapes[0];
        let axis = self.axis(call, first.len(), errors)?;
        let mut checks = Vec::new();
        let before = errors.count();
        for (input, shape) in inputs.iter().zip(&shapes).skip(1) {
            checks.extend(self.same_but(call, axis, (&inputs[0], first), (input, shape), errors));
        }
        if errors.count() > before {
            return None;
        }
        let inner = |shape: &[Dim]| shape[axis..].iter().fold(Dim::ONE, |count, size| count.times(size));
        let widths: Vec<Dim> = shapes.iter().map(|shape| inner(shape)).collect();
        let mut output = first.clone();
        output[axis] = Dim::sum(shapes.iter().map(|shape| &shape[axis]));
        Some(signature(Shape::Axes(output), widths, checks))
    }
}

fn signature(output: Shape, widths: Vec<Dim>, checks: Vec<Check>) -> Signature {
    Signature { output, operations: vec![Operation::Concat(widths)], macs: Dim::ZERO, checks }
}

/// The axes; what only Rust's compiler knows the rank of counts as a vector.
fn axes(shape: &Shape) -> Vec<Dim> {
    match shape {
        Shape::Axes(axes) => axes.clone(),
        _ => vec![shape.count()],
    }
}

impl Concat {
    fn place(&self, call: &Call<'_>, rank: usize) -> Option<usize> {
        let axis = call.values.number(AXIS);
        let place = if axis < 0.0 { rank as f64 + axis } else { axis - 1.0 };
        (axis.fract() == 0.0 && (0.0..rank as f64).contains(&place)).then_some(place as usize)
    }

    /// The place of the axis, from 0. As in Keras, axis 0 is the batch, so the first one of a sample is 1.
    fn axis(&self, call: &Call<'_>, rank: usize, errors: &mut Errors) -> Option<usize> {
        let place = self.place(call, rank);
        if place.is_some() {
            return place;
        }
        let axis = call.values.number(AXIS);
        let spot = call.values.place(AXIS).map_or(call.spot(), |place| call.layer.arguments[place].spot);
        let message = format!("there is no axis {axis} in values of rank {rank} (axis 0 is the batch)");
        let axes: Vec<String> = (1..=rank).map(|axis| axis.to_string()).collect();
        errors.push(spot, message).help(format!("write {}, or -1 for the last", suggest::list(axes.iter().map(String::as_str))));
        None
    }

    /// All axes but one are the same.
    fn same_but(
        &self,
        call: &Call<'_>,
        axis: usize,
        (first, a): (&Value, &[Dim]),
        (other, b): (&Value, &[Dim]),
        errors: &mut Errors,
    ) -> Vec<Check> {
        let message = format!(
            "{} puts values side by side that differ in one axis only, but {} {}, and {} {}",
            call.name(), first.origin, first.shape, other.origin, other.shape
        );
        let pairs = || a.iter().zip(b).enumerate().filter(|(place, _)| *place != axis).map(|(_, pair)| pair);
        if a.len() != b.len() || pairs().any(|(a, b)| a.matches(b) == Match::No) {
            errors.push(other.spot, message).help("give them the same other axes, or write `Flatten` before");
            return Vec::new();
        }
        let check = |(a, b): (&Dim, &Dim)| Check {
            condition: Condition::Equal(a.clone(), b.clone()),
            message: message.clone(),
            spot: other.spot,
        };
        pairs().filter(|(a, b)| a.matches(b) == Match::Ask).map(check).collect()
    }
}
