//! `64 -> 32`: how wide the last axis is before and behind a layer, and what the two are called.

use super::{Call, Check, Condition, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Expression, Match, Shape};
use crate::syntax::{Size, SizeForm};

/// What a layer calls one of its inputs and one of its outputs: `input` and `unit`, `channel` and `filter`.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) key: &'static str,
    pub(super) input: &'static str,
    pub(super) unit: &'static str,
}

/// The size, unless it is `_`.
pub(super) fn dim(size: &Size) -> Option<Dim> {
    match &size.form {
        SizeForm::Integer(size) => Some(Dim::Known(*size)),
        SizeForm::Path(path) => Some(Expression::Path(path.clone()).into()),
        SizeForm::Infer => None,
    }
}

/// The size behind the arrow.
pub(super) fn units(
    Words { unit, .. }: Words,
    call: &Call<'_>,
    to: &Size,
    checks: &mut Vec<Check>,
    errors: &mut Errors,
) -> Option<Dim> {
    let Some(units) = dim(to) else {
        let message = format!("nothing tells how many {unit}s {} has", call.name());
        errors.push(to.spot, message).help("write their number in place of `_`");
        return None;
    };
    let message = format!("{} needs at least 1 {unit}, found {units}", call.name());
    match units {
        Dim::Known(0) => {
            errors.push(to.spot, message).help("write the number of its outputs");
            None
        }
        Dim::Known(_) | Dim::Unknown => Some(units),
        Dim::Const(_) => {
            checks.push(Check { condition: Condition::Positive(units.clone()), message, spot: to.spot });
            Some(units)
        }
    }
}

/// What is said before the arrow must be what comes in.
pub(super) fn inputs(
    Words { key, input: word, .. }: Words,
    call: &Call<'_>,
    (from, to): (&Size, &Size),
    input: &Value,
    errors: &mut Errors,
) -> Option<Check> {
    let said = dim(from)?;
    if said.is_zero() {
        let message = format!("{} needs at least 1 {word}, found 0", call.name());
        errors.push(from.spot, message).help(format!("write the number of its {word}s"));
        return None;
    }
    let found = input.shape.width();
    let whole = match &input.shape {
        Shape::Axes(axes) if axes.len() > 1 => format!("{found} on the last axis of {}", input.shape),
        _ => found.to_string(),
    };
    let message = format!("{} expects {said} {word}s, but {} {whole}", call.name(), input.origin);
    match said.matches(&found) {
        Match::Yes => None,
        Match::Ask => Some(Check { condition: Condition::Equal(said, found), message, spot: from.spot }),
        Match::No => {
            let told = call.with(key, &format!("{found} -> {to}"));
            let short = call.with(key, &to.to_string());
            let flat = word == "input" && said.matches(&input.shape.count()) == Match::Yes;
            let help = if flat {
                format!("write `Flatten, {}`", call.with(key, &format!("{said} -> {to}")))
            } else {
                format!("write `{told}` or `{short}`")
            };
            errors.push(from.spot, message).help(help);
            None
        }
    }
}
