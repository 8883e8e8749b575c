//! `Reshape`, `Permute` and `RepeatVector`: the same numbers in another shape, another order, or several times.

use super::argument::{Argument, Default, Wants};
use super::{
    Call, Check, Condition, Generic, Kind, Operation, Runtime, Signature, Told, Value,
};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Expression, Match, Shape};
use crate::syntax::{Size, SizeForm};

pub(super) const KINDS: &[&dyn Kind] = &[&Reshape, &Permute, &RepeatVector];

/// The numbers in another shape; nothing runs, since memory is flat anyway.
struct Reshape;

const TARGET: &str = "target_shape";

impl Kind for Reshape {
    fn names(&self) -> &[&'static str] {
        &["Reshape"]
    }

    fn class(&self) -> &'static str {
        "Reshape"
    }

    fn example(&self) -> &'static str {
        "Reshape(8x8)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: TARGET, wants: Wants::Shape, default: Default::Required }]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let ((_, sizes), [input]) = (call.values.flow(TARGET)?, inputs) else { return None };
        let count = input.shape.count();
        let (axes, open) = target(call, sizes, &count, errors)?;
        let said = axes.iter().fold(Dim::ONE, |count, axis| count.times(axis));
        let message = format!(
            "Reshape to {} makes {said} values, but {} {}",
            Shape::Axes(axes.clone()), input.origin, with_count(&input.shape)
        );
        let spot = sizes[0].spot;
        let mut checks = Vec::new();
        match said.matches(&count) {
            Match::Yes => {}
            Match::Ask => checks.push(Check { condition: Condition::Equal(said, count), message, spot }),
            Match::No if open => {
                errors.push(spot, message).help("write sizes whose product divides what goes in");
                return None;
            }
            Match::No => {
                let example = call.with(TARGET, &format!("({}, _)", axes[0]));
                errors.push(spot, message).help(format!("write sizes whose product is {count}, or one `_`: `{example}`"));
                return None;
            }
        }
        Some(Signature { output: Shape::Axes(axes), operations: Vec::new(), macs: Dim::ZERO, checks })
    }
}

fn with_count(shape: &Shape) -> String {
    match shape {
        Shape::Axes(axes) if axes.len() > 1 => format!("{shape}, which is {}", shape.count()),
        _ => shape.to_string(),
    }
}

/// The axes, with the one that is `_` computed, and whether there is one.
fn target(call: &Call<'_>, sizes: &[Size], count: &Dim, errors: &mut Errors) -> Option<(Vec<Dim>, bool)> {
    let mut open = sizes.iter().filter(|size| matches!(size.form, SizeForm::Infer));
    let first = open.next();
    if let Some(second) = open.next() {
        let message = format!("only one axis of {} can be `_`", call.name());
        errors.push(second.spot, message).help("write the sizes of the others");
        return None;
    }
    if let Some(zero) = sizes.iter().find(|size| matches!(size.form, SizeForm::Integer(0))) {
        errors.push(zero.spot, format!("an axis of {} has size 0", call.name())).help("write sizes of at least 1");
        return None;
    }
    let rest = sizes.iter().filter_map(dim).fold(Dim::ONE, |product, size| product.times(&size));
    let inferred = match (first, count, &rest) {
        (Some(_), Dim::Known(count), Dim::Known(rest)) => Dim::Known((count / rest).max(1)),
        (Some(_), Dim::Unknown, _) | (None, ..) => Dim::Unknown,
        (Some(size), ..) => {
            let message = "`_` can't be computed from sizes that are constants";
            errors.push(size.spot, message).help("write the size in its place");
            return None;
        }
    };
    let axes = sizes.iter().map(|size| dim(size).unwrap_or_else(|| inferred.clone()));
    Some((axes.collect(), first.is_some()))
}

fn dim(size: &Size) -> Option<Dim> {
    match &size.form {
        SizeForm::Integer(size) => Some(Dim::Known(*size)),
        SizeForm::Path(path) => Some(Expression::Path(path.clone()).into()),
        SizeForm::Infer => None,
    }
}

/// The axes in another order.
struct Permute;

const DIMS: &str = "dims";

impl Kind for Permute {
    fn names(&self) -> &[&'static str] {
        &["Permute"]
    }

    fn class(&self) -> &'static str {
        "Permute"
    }

    fn example(&self) -> &'static str {
        "Permute((2, 1))"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: DIMS, wants: Wants::Shape, default: Default::Required }]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let ((_, sizes), [input]) = (call.values.flow(DIMS)?, inputs) else { return None };
        let order: Vec<usize> = sizes.iter().filter_map(|size| dim(size)?.known()).collect();
        let axes = match &input.shape {
            Shape::Axes(axes) => axes.clone(),
            Shape::Of(..) => vec![input.shape.count()],
            Shape::Unknown => vec![Dim::Unknown; sizes.len()],
        };
        let complete = (1..=axes.len()).all(|axis| order.contains(&axis)) && order.len() == axes.len();
        if !complete || sizes.len() != axes.len() {
            let written: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            let message = format!(
                "Permute names each axis of what goes in once, found `({})`: {} {}",
                written.join(", "),
                input.origin,
                ranked(&input.shape, axes.len())
            );
            let reversed: Vec<String> = (1..=axes.len()).rev().map(|axis| axis.to_string()).collect();
            let help = format!("write each of them once: `Permute(({}))`", reversed.join(", "));
            errors.push(sizes[0].spot, message).help(help);
            return None;
        }
        let output = Shape::Axes(order.iter().map(|axis| axes[axis - 1].clone()).collect());
        let code = order.iter().fold(0, |code, axis| 10 * code + axis);
        let generics = vec![
            Generic::Tensor(input.shape.clone()),
            Generic::Tensor(output.clone()),
            Generic::Dim(Dim::Known(code)),
        ];
        Some(moved("Permute", generics, output))
    }
}

fn ranked(shape: &Shape, rank: usize) -> String {
    format!("{shape}, which has {rank} ax{}", if rank == 1 { "is" } else { "es" })
}

/// A layer that only moves numbers.
fn moved(name: &'static str, generics: Vec<Generic>, output: Shape) -> Signature {
    let runtime = Runtime { keeps_input: false, ..Runtime::plain(name, generics) };
    let operations = vec![Operation::Layer(Box::new(runtime))];
    Signature { output, operations, macs: Dim::ZERO, checks: Vec::new() }
}

/// A vector several times.
struct RepeatVector;

const TIMES: &str = "n";

impl Kind for RepeatVector {
    fn names(&self) -> &[&'static str] {
        &["RepeatVector"]
    }

    fn class(&self) -> &'static str {
        "RepeatVector"
    }

    fn example(&self) -> &'static str {
        "RepeatVector(4)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: TIMES, wants: Wants::Size, default: Default::Required }]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let ((_, [times]), [input]) = (call.values.flow(TIMES)?, inputs) else { return None };
        let Some(times) = dim(times).filter(|times| !times.is_zero()) else {
            errors.push(times.spot, "RepeatVector repeats at least once").help("write how often: `RepeatVector(4)`");
            return None;
        };
        if let Shape::Axes(axes) = &input.shape
            && axes.len() != 1
        {
            let message = format!("RepeatVector repeats a vector, but {} {}", input.origin, input.shape);
            errors.push(input.spot, message).help("write `Flatten` before");
            return None;
        }
        let width = input.shape.count();
        let output = Shape::Axes(vec![times.clone(), width.clone()]);
        Some(moved("RepeatVector", vec![Generic::Dim(times), Generic::Dim(width)], output))
    }
}
