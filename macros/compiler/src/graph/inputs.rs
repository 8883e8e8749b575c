//! The model's inputs, as the listing declares them.

use super::build::{Builder, Last, twice};
use super::{Input, InputId, ValueId};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Expression, Shape};
use crate::suggest;
use crate::syntax::{self, Listing, Name, SizeForm};

impl<'a> Builder<'a> {
    pub(super) fn inputs(&mut self, listing: &'a Listing, errors: &mut Errors) -> Vec<Input<'a>> {
        let first = ValueId::Input(InputId(0));
        self.last = if listing.inputs.len() > 1 { Last::Unclear } else { Last::Value(first) };
        if listing.inputs.is_empty() {
            return vec![Input { name: "input".into(), shape: None, declared: None, integer: None }];
        }
        let inputs = listing.inputs.iter().enumerate();
        inputs.map(|(index, input)| self.input(InputId(index), input, errors)).collect()
    }

    fn input(&mut self, id: InputId, input: &'a syntax::Input, errors: &mut Errors) -> Input<'a> {
        if let Some(scalar) = &input.scalar {
            integer(scalar, errors);
        }
        if self.values.has(&input.name) {
            twice(&input.name, errors);
        }
        self.values.define(&input.name, ValueId::Input(id));
        let axes = input.shape.iter().map(|size| match &size.form {
            SizeForm::Integer(0) => {
                let message = format!("an axis of the input `{}` has size 0", input.name.text);
                errors.push(size.spot, message).help("write sizes of at least 1");
                Dim::Unknown
            }
            SizeForm::Integer(size) => Dim::Known(*size),
            SizeForm::Path(path) => Expression::Path(path.clone()).into(),
            SizeForm::Infer => {
                let message = format!("nothing tells the size of the input `{}`", input.name.text);
                errors.push(size.spot, message).help("write it in place of `_`");
                Dim::Unknown
            }
        });
        let shape = Some(Shape::Axes(axes.collect()));
        let (name, integer) = (input.name.text.clone(), input.scalar.as_ref());
        Input { name, shape, declared: Some(&input.name), integer }
    }
}

/// The types in which an input can come, each of whose values is exact in `f32` or rounded to the nearest.
const INTEGERS: [&str; 6] = ["u8", "i8", "u16", "i16", "u32", "i32"];

fn integer(scalar: &Name, errors: &mut Errors) {
    if !INTEGERS.contains(&scalar.text.as_str()) {
        let message = format!("inputs can't come as `{}`", scalar.text);
        let help = match scalar.text.as_str() {
            "f32" | "f64" => {
                "write `#[scalar(f64)]` before the model's name to choose the model's scalar".into()
            }
            _ => format!("write {}", suggest::list(INTEGERS)),
        };
        errors.push(scalar.spot, message).help(help);
    }
}
