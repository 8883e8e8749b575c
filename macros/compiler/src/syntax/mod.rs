//! A listing as it is written: its grammar holds and every leaf knows its place, but nothing has a meaning yet.

mod lex;
mod parse;
mod print;

use proc_macro2::{Ident, TokenStream};

use crate::diagnostic::Spot;

pub(crate) use parse::read;
pub(crate) use print::{layer_with as print_layer, listing as print};

/// The whole text between the braces of `model!`.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: TokenStream,
    /// `None` in the expression form.
    pub(crate) name: Option<Name>,
    /// The sizes that are left to whoever uses the type: `[const H: usize]`.
    pub(crate) generics: Vec<Name>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) outputs: Vec<Name>,
    pub(crate) items: Vec<Item>,
    /// Where the list of items begins, to point at when it lacks something.
    pub(crate) open: Spot,
}

/// What stands in `#[…]`.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) content: TokenStream,
    pub(crate) spot: Spot,
}

/// A word and its place.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) spot: Spot,
}

impl Name {
    /// As an identifier that resolves where the user wrote it.
    pub(crate) fn ident(&self) -> Ident {
        let plain = matches!(self.text.as_str(), "crate" | "self" | "super" | "Self" | "_");
        if plain || syn::parse_str::<Ident>(&self.text).is_ok() {
            Ident::new(&self.text, self.spot.span)
        } else {
            Ident::new_raw(&self.text, self.spot.span)
        }
    }
}

/// `SIZE`, `crate::sizes::HIDDEN`, `my::Scale`.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// At least one.
    pub(crate) segments: Vec<Name>,
}

impl Path {
    pub(crate) fn spot(&self) -> Spot {
        self.last().spot
    }

    pub(crate) fn last(&self) -> &Name {
        &self.segments[self.segments.len() - 1]
    }

    /// The word, if the path is nothing else.
    pub(crate) fn word(&self) -> Option<&Name> {
        if let [name] = self.segments.as_slice() { Some(name) } else { None }
    }
}

/// `image: 28x28x1`.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: Name,
    pub(crate) shape: Vec<Size>,
    /// `as u8`.
    pub(crate) scalar: Option<Name>,
}

/// One item between the commas.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Option<Name>,
    pub(crate) form: Form,
}

#[derive(Debug)]
pub(crate) enum Form {
    /// `Dense(10)`, applied to the item before it, or `Dense(10)(a)` to that.
    Apply(Layer, Option<Vec<Name>>),
    /// `tower(user)`: a declared layer, or a word that means something else.
    Call(Name, Vec<Name>),
    /// `tower: Dense(16)`.
    Declare(Layer),
}

/// A kind with its arguments, `Dense(64 -> 32, relu)`, or with a block, `Residual< … >`.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) kind: Path,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) block: Option<Vec<Item>>,
}

#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) key: Option<Name>,
    pub(crate) value: Value,
    /// Where the value begins.
    pub(crate) spot: Spot,
}

#[derive(Debug)]
pub(crate) enum Value {
    /// `32`, `28x28x1`, `(H, W, 3)`, `SIZE`, `_`.
    Shape(Vec<Size>),
    /// `64 -> 32`.
    Flow(Vec<Size>, Vec<Size>),
    /// `0.25`, `-1`: what can't be a size.
    Number(f64, String),
    /// `relu`, `leaky_relu(0.1)`.
    Word(Name, Vec<Argument>),
}

/// One axis.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    pub(crate) form: SizeForm,
    pub(crate) spot: Spot,
}

#[derive(Clone, Debug)]
pub(crate) enum SizeForm {
    Integer(usize),
    /// A path to a constant.
    Path(Path),
    /// `_`.
    Infer,
}
