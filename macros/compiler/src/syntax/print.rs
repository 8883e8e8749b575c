//! A listing, or a part of it, back into text: the notation that `model!` reads, always spelt in the same way.

use std::fmt;

use super::{Argument, Form, Input, Item, Layer, Listing, Name, Path, Size, SizeForm, Value};

/// The listing, an item a line.
pub(crate) fn listing(listing: &Listing) -> String {
    let name = listing.name.as_ref().map_or("", |name| &name.text);
    let inputs =
        if listing.inputs.is_empty() { String::new() } else { format!("({})", join(&listing.inputs, input)) };
    let outputs = match listing.outputs.as_slice() {
        [] => String::new(),
        [one] => format!(" -> {}", one.text),
        several => format!(" -> ({})", names(several)),
    };
    let generics = match listing.generics.as_slice() {
        [] => String::new(),
        constants => format!("[{}]", join(constants, |name| format!("const {}: usize", name.text))),
    };
    let head = format!("{name}{generics}{inputs}{outputs} ");
    let items: Vec<String> =
        listing.items.iter().map(|item| format!("    {},\n", self::item(item))).collect();
    format!("{}<\n{}>", head.trim_start(), items.concat())
}

fn join<T>(parts: &[T], print: impl Fn(&T) -> String) -> String {
    parts.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn names(names: &[Name]) -> String {
    join(names, |name| name.text.clone())
}

fn input(input: &Input) -> String {
    let scalar = input.scalar.as_ref().map_or(String::new(), |scalar| format!(" as {}", scalar.text));
    format!("{}: {}{scalar}", input.name.text, shape(&input.shape))
}

/// One item as it stands between the commas.
pub(crate) fn item(item: &Item) -> String {
    let (sign, body) = match &item.form {
        Form::Apply(layer, None) => (" =", self::layer(layer)),
        Form::Apply(layer, Some(inputs)) => (" =", format!("{}({})", self::layer(layer), names(inputs))),
        Form::Call(callee, inputs) => (" =", format!("{}({})", callee.text, names(inputs))),
        Form::Declare(layer) => (":", self::layer(layer)),
    };
    match &item.name {
        Some(name) => format!("{}{sign} {body}", name.text),
        None => body,
    }
}

/// A layer with its arguments, perhaps with another text for the value of the one at `place`.
pub(crate) fn layer_with(layer: &Layer, replaced: Option<(usize, &str)>) -> String {
    let kind = &layer.kind;
    let block = layer.block.as_ref().map_or(String::new(), |items| format!("< {} >", join(items, item)));
    let one = |(place, argument): (usize, &Argument)| match replaced {
        Some((other, value)) if other == place => key(argument) + value,
        _ => self::argument(argument),
    };
    let arguments: Vec<String> = layer.arguments.iter().enumerate().map(one).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    format!("{kind}{block}{arguments}")
}

fn layer(layer: &Layer) -> String {
    layer_with(layer, None)
}

fn key(argument: &Argument) -> String {
    argument.key.as_ref().map_or(String::new(), |key| format!("{} = ", key.text))
}

fn argument(argument: &Argument) -> String {
    key(argument) + &argument.value.to_string()
}

/// `28x28x1`, or `(H, W, 3)` where there are constants.
pub(crate) fn shape(axes: &[Size]) -> String {
    let plain = axes.iter().all(|size| matches!(size.form, SizeForm::Integer(_)));
    let parts: Vec<String> = axes.iter().map(ToString::to_string).collect();
    if plain || axes.len() == 1 { parts.join("x") } else { format!("({})", parts.join(", ")) }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(axes) => out.write_str(&shape(axes)),
            Self::Flow(from, to) => write!(out, "{} -> {}", shape(from), shape(to)),
            Self::Number(_, text) => out.write_str(text),
            Self::Word(name, arguments) if arguments.is_empty() => out.write_str(&name.text),
            Self::Word(name, arguments) => write!(out, "{}({})", name.text, join(arguments, argument)),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            SizeForm::Integer(size) => write!(out, "{size}"),
            SizeForm::Path(path) => write!(out, "{path}"),
            SizeForm::Infer => out.write_str("_"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let segments: Vec<&str> = self.segments.iter().map(|name| name.text.as_str()).collect();
        out.write_str(&segments.join("::"))
    }
}
