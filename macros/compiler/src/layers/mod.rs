//! The layer kinds: what each is called, which arguments it takes, what comes out of it and what runs for it.
//!
//! A kind is one file here and one word in [`kinds!`]; no other stage names a kind.

pub(crate) mod activations;
pub(crate) mod argument;
pub(crate) mod initializers;
mod own;
mod units;
mod window;

use crate::diagnostic::{Errors, Spot};
use crate::shape::{Dim, Shape, Side};
use crate::suggest;
use crate::syntax::{self, Form, Item, Layer, Name, Path, Size, SizeForm};
use activations::Activation;
use argument::{Argument, Owner, Values};
use initializers::Initializer;

/// One kind of layer.
pub(crate) trait Kind: Sync {
    /// How it is written; Keras' spelling and other aliases after the first.
    fn names(&self) -> &[&'static str];
    /// Keras' class, by which layers without a name are called.
    fn class(&self) -> &'static str;
    /// How it is written rightly.
    fn example(&self) -> &'static str;
    fn arguments(&self) -> &'static [Argument];
    /// How many values go in.
    fn arity(&self) -> Arity {
        Arity::One
    }
    /// Whether it stands around other layers: `Residual< … >`.
    fn has_block(&self) -> bool {
        false
    }
    /// What the arguments tell about the shape of what goes in.
    fn input(&self, call: &Call<'_>) -> Told;
    /// A shape as it may go in, for help when nothing tells one.
    fn input_example(&self) -> &'static str {
        "64"
    }
    /// How it works on values with a time axis, one frame after another.
    fn stepping(&self, call: &Call<'_>, inputs: &[&Shape]) -> Stepping {
        let _ = (call, inputs);
        Stepping::Whole("reads all frames at once".into())
    }
    /// Whether it can have a state that passes from one time step to the next.
    fn remembers(&self) -> bool {
        false
    }
    /// Shapes and code of a call whose arguments are right; `None` after an error.
    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature>;
}

/// How many values go into a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arity {
    One,
    Two,
    /// Two or more.
    Several,
    /// One or more: a type of the user's decides.
    Any,
}

/// How a layer works on values whose first axis is time.
#[derive(Clone, Debug)]
pub(crate) enum Stepping {
    /// On each frame by itself, with the operations of its signature.
    Frames,
    /// With a state of its own: its type is `graven::Step`. It gives one frame for each, or only what came of the last.
    State { frames: bool },
    /// Not at all; why, behind its name.
    Whole(String),
}

/// What the first layer of a chain tells about the model's input.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Nothing,
    Shape(Shape),
    /// The same as goes into the layer behind it.
    AsNext,
}

/// A layer as it is written, with its arguments read.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) layer: &'a Layer,
    pub(crate) values: Values,
}

impl Call<'_> {
    /// The word of the kind, as it is written.
    pub(crate) fn name(&self) -> &str {
        &self.layer.kind.last().text
    }

    pub(crate) fn spot(&self) -> Spot {
        self.layer.kind.spot()
    }

    /// The layer's text with another value for this argument, and with activations spelt as they were meant.
    pub(crate) fn with(&self, key: &str, value: &str) -> String {
        let text = syntax::print_layer(self.layer, self.values.place(key).map(|place| (place, value)));
        self.layer.arguments.iter().fold(text, |text, argument| match &argument.value {
            syntax::Value::Word(name, _) => match activations::meant(&name.text) {
                Some(meant) => text.replace(&format!(", {}", name.text), &format!(", {meant}")),
                None => text,
            },
            _ => text,
        })
    }
}

/// What goes into a layer.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) shape: Shape,
    /// The layer or input it is from, and how it has its shape: `` `dense` gives ``.
    pub(crate) origin: String,
    /// Where it is named, or the layer that reads it without naming it.
    pub(crate) spot: Spot,
}

/// What a layer is, its shapes settled.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) output: Shape,
    /// What runs, in order; nothing where the output is the input's memory.
    pub(crate) operations: Vec<Operation>,
    /// Multiply-accumulate operations of one sample.
    pub(crate) macs: Dim,
    /// What only Rust's compiler can check.
    pub(crate) checks: Vec<Check>,
}

#[derive(Debug)]
pub(crate) enum Operation {
    Layer(Box<Runtime>),
    /// On the last axis, which is this wide.
    Activation(Activation, Dim),
    /// Element by element, from left to right over all inputs, which are of one size.
    Merge(Merge),
    /// The inputs' rows side by side, of these widths.
    Concat(Vec<Dim>),
}

/// What is done with two elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    Add,
    Subtract,
    Multiply,
    /// The sum, divided by the number of inputs.
    Average,
    Maximum,
    Minimum,
}

/// A layer type of the runtime or of the user.
#[derive(Debug)]
pub(crate) struct Runtime {
    pub(crate) path: RuntimePath,
    pub(crate) parameters: Dim,
    /// Scalars per sample.
    pub(crate) scratch: Dim,
    /// Scalars per sample that are kept from the forward to the backward pass.
    pub(crate) tape: Dim,
    /// Whether the backward pass reads what went in.
    pub(crate) keeps_input: bool,
    /// Whether it does nothing outside of training.
    pub(crate) identity_at_inference: bool,
    /// Whether it works in place at inference, by a method `apply`, and can be put into a layer that absorbs it.
    pub(crate) in_place: bool,
    /// Whether, and how, its parameters can take up what a layer behind it multiplies each channel by, and adds.
    pub(crate) absorbs: Absorbs,
    /// Whether it may have parameters that training changes otherwise than along a gradient.
    pub(crate) settles: bool,
    /// What its parameters are drawn with, if not as the type does by itself.
    pub(crate) initializers: Option<Vec<Initializer>>,
}

/// What a layer's parameters can take up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absorbs {
    Nothing,
    /// A factor for each channel.
    Scale,
    /// What is added to each channel, too.
    ScaleAndShift,
}

#[derive(Debug)]
pub(crate) enum RuntimePath {
    /// A type in `graven::layers` with its generic arguments behind the scalar.
    BuiltIn(&'static str, Vec<Generic>),
    Own(Path),
}

/// A generic argument of a runtime type.
#[derive(Debug)]
pub(crate) enum Generic {
    Dim(Dim),
    /// A number by its bits.
    Bits(f64),
    /// A type in `graven::layers`.
    Type(&'static str),
    /// The type of a value.
    Tensor(Shape),
    /// nalgebra's vector of this many scalars.
    Vector(Dim),
    Activation(Activation),
    Flag(bool),
}

impl Runtime {
    /// A built-in layer without parameters, that reads what went in again in the backward pass.
    fn plain(name: &'static str, generics: Vec<Generic>) -> Self {
        Self {
            path: RuntimePath::BuiltIn(name, generics),
            parameters: Dim::ZERO,
            scratch: Dim::ZERO,
            tape: Dim::ZERO,
            keeps_input: true,
            identity_at_inference: false,
            in_place: false,
            absorbs: Absorbs::Nothing,
            settles: false,
            initializers: None,
        }
    }
}

/// What must hold, to be asserted where Rust's compiler evaluates constants.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) condition: Condition,
    pub(crate) message: String,
    pub(crate) spot: Spot,
}

#[derive(Debug)]
pub(crate) enum Condition {
    Equal(Dim, Dim),
    AtMost(Dim, Dim),
    Positive(Dim),
    Zero(Dim),
    /// The input or output of a layer of the user's has this shape.
    Shape(Path, Side, Shape),
    /// The layer of the user's takes this shape as its input of this place.
    Input(Path, usize, Shape),
    /// It takes this many.
    Inputs(Path, usize),
    /// The type is a layer on the model's scalar.
    Layer(Path),
}

/// The methods of a [`Kind`] that give what a field of the same name holds, for kinds that differ in such words.
macro_rules! from_fields {
    ($($field:ident),+) => {
        $(from_fields!(@$field);)+
    };
    (@names) => {
        fn names(&self) -> &[&'static str] {
            self.names
        }
    };
    (@class) => {
        fn class(&self) -> &'static str {
            self.class
        }
    };
    (@example) => {
        fn example(&self) -> &'static str {
            self.example
        }
    };
    (@arguments) => {
        fn arguments(&self) -> &'static [Argument] {
            self.arguments
        }
    };
}

macro_rules! kinds {
    ($($file:ident),* $(,)?) => {
        $(mod $file;)*
        /// All kinds of all files.
        fn all() -> impl Iterator<Item = &'static dyn Kind> {
            let files: &[&[&'static dyn Kind]] = &[$($file::KINDS),*];
            files.iter().flat_map(|kinds| kinds.iter().copied())
        }
    };
}

kinds! {
    activation, batch_norm, conv, dense, depthwise, dot, dropout, flatten, merge, pool, recurrent, shape, zero_padding,
}

/// The kind of this name. What is not built in is taken for a type of the user's, unless it is a misspelt name.
pub(crate) fn find(path: &Path, errors: &mut Errors) -> Option<&'static dyn Kind> {
    let Some(name) = path.word() else { return Some(&own::OWN) };
    if let Some(kind) = all().find(|kind| kind.names().contains(&name.text.as_str())) {
        return Some(kind);
    }
    let names: Vec<&str> = all().flat_map(|kind| kind.names().iter().copied()).collect();
    let near = suggest::nearest(&name.text, names).map(rust_spelling);
    let own = name.text.starts_with(char::is_uppercase);
    match near {
        None if own => Some(&own::OWN),
        None => {
            let message = format!("there is no layer `{}`", name.text);
            let help = "write a layer such as `Dense(32)` or `Activation(relu)`, or a type of your own";
            errors.push(name.spot, message).help(help);
            None
        }
        Some(near) => {
            let mut help = format!("write `{near}`");
            if own {
                help += &format!(", or `self::{}` if it is a layer of your own", name.text);
            }
            errors.push(name.spot, format!("there is no layer `{}`", name.text)).help(help);
            None
        }
    }
}

/// `MaxPool2d` for `MaxPool2D`.
fn rust_spelling(name: &'static str) -> &'static str {
    let mut firsts = all().filter_map(|kind| kind.names().first().copied());
    firsts.find(|first| first.eq_ignore_ascii_case(name)).unwrap_or(name)
}

/// Reads a layer's arguments by the kind's table; those that are `values` were read before.
pub(crate) fn call<'a>(
    kind: &dyn Kind,
    layer: &'a Layer,
    values: &[&'a Name],
    errors: &mut Errors,
) -> Option<Call<'a>> {
    let name = &layer.kind.last().text;
    let owner = Owner { name, spot: layer.kind.spot(), example: kind.example() };
    let is_value =
        |argument| word(argument).is_some_and(|word| values.iter().any(|value| std::ptr::eq(*value, word)));
    let written = layer.arguments.iter().enumerate().filter(|(_, argument)| !is_value(argument));
    let values = argument::read(owner, kind.arguments(), written, errors)?;
    Some(Call { layer, values })
}

/// The values that stand among the arguments: `u` and `v` of `Concat(u, v, axis = 1)`. `known` tells whether there is one of a
/// name, which decides where a word may be something else.
pub(crate) fn value_names<'a>(
    kind: &dyn Kind,
    layer: &'a Layer,
    known: impl Fn(&Name) -> bool,
) -> Vec<&'a Name> {
    let is_value = |argument: &syntax::Argument, word: &Name| match (kind.arity(), &argument.value) {
        (Arity::One, _) => known(word) && activations::find(&word.text).is_none(),
        // In capitals it reads like a constant, of which only a layer with shapes takes any.
        (Arity::Any, syntax::Value::Shape(_)) => false,
        _ => true,
    };
    let words = layer.arguments.iter().filter_map(|argument| Some((argument, word(argument)?)));
    words.filter(|(argument, word)| is_value(argument, word)).map(|(_, word)| word).collect()
}

/// Whether a layer among the items can have a state, as far as their names tell.
pub(crate) fn any_remembers(items: &[Item]) -> bool {
    let one = |layer: &Layer| {
        let named = |kind: &&dyn Kind| {
            layer.kind.word().is_some_and(|name| kind.names().contains(&name.text.as_str()))
        };
        all().find(named).is_some_and(|kind| kind.remembers())
            || layer.block.as_ref().is_some_and(|items| any_remembers(items))
    };
    items.iter().any(|item| match &item.form {
        Form::Declare(layer) | Form::Apply(layer, _) => one(layer),
        Form::Call(..) => false,
    })
}

/// An argument that is a lone word.
fn word(argument: &syntax::Argument) -> Option<&Name> {
    match &argument.value {
        _ if argument.key.is_some() => None,
        syntax::Value::Word(name, arguments) if arguments.is_empty() => Some(name),
        syntax::Value::Shape(axes) => match axes.as_slice() {
            [Size { form: SizeForm::Path(path), .. }] => path.word(),
            _ => None,
        },
        _ => None,
    }
}
