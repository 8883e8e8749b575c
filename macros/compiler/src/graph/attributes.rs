//! What the attributes of a listing mean; those that mean nothing here pass through.

use proc_macro2::TokenTree;

use super::Scalar;
use crate::diagnostic::Errors;
use crate::syntax::Attribute;

/// What a model's attributes mean, and the attributes that pass through to the type.
pub(super) struct Meaning {
    pub(super) scalar: Scalar,
    /// How many samples training is to work on at once.
    pub(super) batch: Option<usize>,
    pub(super) passing: Vec<Attribute>,
}

pub(super) fn model(attributes: &[Attribute], errors: &mut Errors) -> Meaning {
    let (mut scalar, mut batch) = (None, None);
    let mut passing = Vec::new();
    for attribute in attributes {
        match word(attribute).as_str() {
            "scalar" if scalar.is_some() => {
                errors.push(place(attribute, 0), "the scalar is given twice").help("remove one of the two");
            }
            "scalar" => scalar = self::scalar(attribute, errors),
            "batch" if batch.is_some() => {
                errors.push(attribute.spot, "the batch is given twice").help("remove one of the two");
            }
            "batch" => batch = self::batch(attribute, errors),
            "frozen" => {
                let message = "a whole model is frozen where it is a layer of another";
                errors.push(place(attribute, 0), message).help("write `#[frozen]` before that layer");
            }
            "weights" => unsupported(attribute, errors),
            _ => passing.push(attribute.clone()),
        }
    }
    Meaning { scalar: scalar.unwrap_or(Scalar::F32), batch, passing }
}

/// The attributes of an item that pass through to the layer's field, and whether the layer is frozen.
pub(super) fn item(attributes: &[Attribute], errors: &mut Errors) -> (Vec<Attribute>, bool) {
    let (mut passing, mut frozen) = (Vec::new(), false);
    for attribute in attributes {
        match word(attribute).as_str() {
            "frozen" if attribute.content.clone().into_iter().count() > 1 => {
                errors.push(place(attribute, 0), "`#[frozen]` takes nothing").help("write `#[frozen]`");
            }
            "frozen" => frozen = true,
            "weights" | "cfg" | "cfg_attr" => unsupported(attribute, errors),
            "batch" => {
                let message = "the batch belongs to the whole model";
                errors.push(attribute.spot, message).help("write `#[batch(128)]` before the model's name");
            }
            "scalar" => {
                let message = "the scalar belongs to the whole model";
                errors
                    .push(place(attribute, 0), message)
                    .help("write `#[scalar(f64)]` before the model's name");
            }
            _ => passing.push(attribute.clone()),
        }
    }
    (passing, frozen)
}

fn word(attribute: &Attribute) -> String {
    attribute.content.clone().into_iter().next().map_or(String::new(), |first| first.to_string())
}

fn unsupported(attribute: &Attribute, errors: &mut Errors) {
    errors.push(place(attribute, 0), format!("`#[{}]` is not supported yet", word(attribute)));
}

/// The token of this index in the attribute, or its whole.
fn place(attribute: &Attribute, index: usize) -> crate::diagnostic::Spot {
    let tree = attribute.content.clone().into_iter().nth(index);
    tree.filter(|_| attribute.spot.text.is_none()).map_or(attribute.spot, |tree| tree.span().into())
}

/// What stands in the parentheses.
fn argument(attribute: &Attribute) -> String {
    match attribute.content.clone().into_iter().nth(1) {
        Some(TokenTree::Group(group)) => group.stream().to_string(),
        _ => String::new(),
    }
}

/// `batch(128)`.
fn batch(attribute: &Attribute, errors: &mut Errors) -> Option<usize> {
    let argument = argument(attribute);
    let count = argument.parse().ok().filter(|count| (1..=MOST_SAMPLES).contains(count));
    if count.is_none() {
        let found = if argument.is_empty() { "no number".to_owned() } else { format!("`{argument}`") };
        let message = format!("a batch has from 1 to {MOST_SAMPLES} samples, found {found}");
        errors.push(place(attribute, 1), message).help("write `#[batch(128)]`");
    }
    count
}

/// More have no place in memory of constant size.
const MOST_SAMPLES: usize = 65_536;

/// `scalar(f64)`.
fn scalar(attribute: &Attribute, errors: &mut Errors) -> Option<Scalar> {
    let argument = argument(attribute);
    match argument.as_str() {
        "f32" => Some(Scalar::F32),
        "f64" => Some(Scalar::F64),
        _ => {
            let message = format!("a model's scalar is `f32` or `f64`, found `{argument}`");
            errors.push(place(attribute, 1), message).help("write `#[scalar(f64)]`");
            None
        }
    }
}
