//! `Dot`: the sum of products along one axis of two values.

use super::argument::{Argument, Default, Wants};
use super::{
    Arity, Call, Check, Condition, Generic, Kind, Operation, Runtime, Signature, Told, Value,
};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Match, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[&Dot];

struct Dot;

const AXES: &str = "axes";
const NORMALIZE: &str = "normalize";

impl Kind for Dot {
    fn names(&self) -> &[&'static str] {
        &["Dot"]
    }

    fn class(&self) -> &'static str {
        "Dot"
    }

    fn example(&self) -> &'static str {
        "Dot(a, b, axes = 1)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[
            Argument { key: AXES, wants: Wants::Axes, default: Default::Absent },
            Argument { key: NORMALIZE, wants: Wants::Flag, default: Default::Flag(false) },
        ]
    }

    fn arity(&self) -> Arity {
        Arity::Two
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let [a, b] = inputs else { return None };
        let (x, y) = (axes(a, errors)?, axes(b, errors)?);
        let (i, j) = self.contracted(call, x.len(), y.len(), errors)?;
        let message = format!(
            "Dot multiplies axes of one size, but {} {} on axis {}, and {} {} on axis {}",
            a.origin, x[i], i + 1, b.origin, y[j], j + 1
        );
        let mut checks = Vec::new();
        match x[i].matches(&y[j]) {
            Match::Yes => {}
            Match::Ask => {
                checks.push(Check { condition: Condition::Equal(x[i].clone(), y[j].clone()), message, spot: b.spot });
            }
            Match::No => {
                errors.push(b.spot, message).help("say which axes: `axes = (1, 2)`, or give both one size");
                return None;
            }
        }
        let rest = |axes: &[Dim], without: usize| {
            axes.iter().enumerate().filter(|(axis, _)| *axis != without).map(|(_, size)| size.clone()).collect::<Vec<_>>()
        };
        let (rows, columns) = (rest(&x, i), rest(&y, j));
        let product = |sizes: &[Dim]| sizes.iter().fold(Dim::ONE, |product, size| product.times(size));
        let macs = x[i].times(&product(&rows)).times(&product(&columns));
        let mut output = [rows, columns].concat();
        if output.is_empty() {
            output.push(Dim::ONE);
        }
        let output = Shape::Axes(output);
        let both = Shape::vector(a.shape.count().plus(&b.shape.count()));
        let flag = Dim::Known(usize::from(call.values.flag(NORMALIZE)));
        let generics = vec![
            Generic::Tensor(Shape::Axes(x)),
            Generic::Tensor(Shape::Axes(y)),
            Generic::Tensor(both),
            Generic::Tensor(output.clone()),
            Generic::Dim(Dim::Known(10 * (i + 1) + j + 1)),
            Generic::Dim(flag),
        ];
        let operations = vec![Operation::Layer(Box::new(Runtime::plain("Dot", generics)))];
        Some(Signature { output, operations, macs, checks })
    }
}

/// One or two axes.
fn axes(value: &Value, errors: &mut Errors) -> Option<Vec<Dim>> {
    match &value.shape {
        Shape::Axes(axes) if axes.len() <= 2 => Some(axes.clone()),
        Shape::Axes(_) => {
            let message = format!("Dot takes values of one or two axes, but {} {}", value.origin, value.shape);
            errors.push(value.spot, message).help("write `Flatten` or `Reshape` before");
            None
        }
        Shape::Of(..) => Some(vec![value.shape.count()]),
        Shape::Unknown => None,
    }
}

impl Dot {
    /// The place of the axis of each value along which products are added; as in Keras, axis 0 is the batch.
    fn contracted(&self, call: &Call<'_>, x: usize, y: usize, errors: &mut Errors) -> Option<(usize, usize)> {
        let given = call.values.axes(AXES);
        let (spot, pair) = match given {
            None if x == 1 && y == 1 => return Some((0, 0)),
            None => {
                let message = "Dot of values with two axes needs `axes`";
                errors.push(call.spot(), message).help("write `Dot(a, b, axes = 2)`, or `axes = (2, 1)`");
                return None;
            }
            Some([one]) => (call.values.place(AXES), (*one, *one)),
            Some([a, b]) => (call.values.place(AXES), (*a, *b)),
            Some(_) => (call.values.place(AXES), (0, 0)),
        };
        let spot = spot.map_or(call.spot(), |place| call.layer.arguments[place].spot);
        let place = |axis: i64, rank: usize| {
            let place = if axis < 0 { axis + rank as i64 } else { axis - 1 };
            usize::try_from(place).ok().filter(|place| *place < rank)
        };
        if let (Some(i), Some(j)) = (place(pair.0, x), place(pair.1, y)) {
            return Some((i, j));
        }
        let message = format!("`axes` of Dot are out of range: the values have {x} and {y} (axis 0 is the batch)");
        errors.push(spot, message).help("write one axis for both, or one for each: `axes = (1, 2)`");
        None
    }
}
