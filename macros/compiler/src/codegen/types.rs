//! Sizes, shapes and what they describe as tokens: types and constant expressions of Rust.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::graph::Scalar;
use crate::layers::activations::Activation;
use crate::layers::initializers::{Fields, Initializer};
use crate::layers::{Generic, Runtime, RuntimePath};
use crate::shape::{Constant, Dim, Expression, Shape, Side};
use crate::syntax::{Listing, Name, Path};

pub(super) fn ident(name: &str) -> Ident {
    Name { text: name.into(), spot: Span::call_site().into() }.ident()
}

pub(super) fn scalar(scalar: Scalar) -> Ident {
    ident(match scalar {
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
    })
}

pub(super) fn path(path: &Path) -> TokenStream {
    let segments = path.segments.iter().map(Name::ident);
    quote!(#(#segments)::*)
}

/// The constants that a listing leaves open, as they are declared: `<const H: usize>`.
pub(super) fn generics(listing: &Listing) -> TokenStream {
    let names = open(listing);
    if names.is_empty() { TokenStream::new() } else { quote!(<#(const #names: usize),*>) }
}

/// The same as they are given: `<H>`.
pub(super) fn constants(listing: &Listing) -> TokenStream {
    let names = open(listing);
    if names.is_empty() { TokenStream::new() } else { quote!(<#(#names),*>) }
}

/// The names of the constants that a listing leaves open; one that stands there twice was reported.
fn open(listing: &Listing) -> Vec<Ident> {
    let mut names: Vec<Ident> = Vec::new();
    for name in listing.generics.iter().map(Name::ident) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A constant expression of type `usize`.
pub(super) fn dim(dim: &Dim) -> TokenStream {
    match dim {
        Dim::Known(size) => {
            let literal = Literal::usize_unsuffixed(*size);
            quote!(#literal)
        }
        Dim::Const(expression) => self::expression(expression),
        Dim::Unknown => quote!(0),
    }
}

fn expression(expression: &Expression) -> TokenStream {
    match expression {
        Expression::Path(path) => self::path(path),
        Expression::Sum(a, b) => {
            let (a, b) = (dim(a), dim(b));
            quote!((#a + #b))
        }
        Expression::Product(a, b) => {
            let (a, b) = (dim(a), dim(b));
            quote!(#a * #b)
        }
        Expression::Maximum(a, b) => {
            let (a, b) = (dim(a), dim(b));
            quote!(::graven::__private::max(#a, #b))
        }
        Expression::Difference(a, b) => {
            let (a, b) = (dim(a), dim(b));
            quote!(::graven::__private::less(#a, #b))
        }
        Expression::Quotient(a, b) => {
            let (a, b) = (dim(a), dim(b));
            quote!(::graven::__private::over(#a, #b))
        }
        Expression::Of(layer, constant) => {
            let layer = path(layer);
            match constant {
                Constant::Parameters => quote!(<#layer as ::graven::Parameters>::COUNT),
                Constant::Scratch => quote!(<#layer as ::graven::Layer>::SCRATCH),
                Constant::Tape => quote!(<#layer as ::graven::Layer>::TAPE),
                Constant::Length(side) => {
                    let tensor = self::side(&layer, *side);
                    quote!(<#tensor as ::graven::Tensor>::LEN)
                }
                Constant::Width(side) => {
                    let tensor = self::side(&layer, *side);
                    quote!(<#tensor as ::graven::Tensor>::SHAPE.width())
                }
                Constant::Rows(side) => {
                    let tensor = self::side(&layer, *side);
                    quote!(<#tensor as ::graven::Tensor>::SHAPE.rows())
                }
            }
        }
    }
}

fn side(layer: &TokenStream, side: Side) -> TokenStream {
    match side {
        Side::Input => quote!(<#layer as ::graven::Layer>::Input),
        Side::Output => quote!(<#layer as ::graven::Layer>::Output),
    }
}

/// A size as a generic argument.
pub(super) fn argument(size: &Dim) -> TokenStream {
    let tokens = dim(size);
    if size.known().is_some() { tokens } else { quote!({ #tokens }) }
}

/// A number as the bits that stand for it in a generic argument.
fn bits(number: f64) -> TokenStream {
    let number = number_literal(number);
    quote!({ (#number as f64).to_bits() })
}

fn number_literal(number: f64) -> TokenStream {
    if number == f64::INFINITY {
        return quote!(f64::INFINITY);
    }
    let literal = Literal::f64_unsuffixed(number.abs());
    if number.is_sign_negative() { quote!(-#literal) } else { quote!(#literal) }
}

/// The type of a value: arrays in arrays.
pub(super) fn tensor(shape: &Shape, scalar: &Ident) -> TokenStream {
    match shape {
        Shape::Axes(axes) => axes.iter().rev().fold(quote!(#scalar), |inner, axis| {
            let size = dim(axis);
            quote!([#inner; #size])
        }),
        Shape::Of(layer, of) => side(&path(layer), *of),
        Shape::Unknown => quote!(()),
    }
}

/// The axes of a value as a constant slice.
pub(super) fn axes(shape: &Shape) -> TokenStream {
    match shape {
        Shape::Axes(axes) => {
            let axes = axes.iter().map(dim);
            quote!(&[#(#axes),*])
        }
        Shape::Of(layer, of) => {
            let tensor = side(&path(layer), *of);
            quote!(<#tensor as ::graven::Tensor>::SHAPE.as_slice())
        }
        Shape::Unknown => quote!(&[]),
    }
}

/// The type of a field.
pub(super) fn runtime(runtime: &Runtime, scalar: &Ident) -> TokenStream {
    match &runtime.path {
        RuntimePath::Own(path) => self::path(path),
        RuntimePath::BuiltIn(name, generics) => {
            let (name, generics) =
                (ident(name), generics.iter().map(|generic| self::generic(generic, scalar)));
            quote!(::graven::layers::#name<#scalar #(, #generics)*>)
        }
    }
}

fn generic(generic: &Generic, scalar: &Ident) -> TokenStream {
    match generic {
        Generic::Dim(size) => argument(size),
        Generic::Bits(number) => bits(*number),
        Generic::Type(name) => {
            let name = ident(name);
            quote!(::graven::layers::#name)
        }
        Generic::Tensor(shape) => tensor(shape, scalar),
        Generic::Vector(size) => {
            let size = argument(size);
            quote!(::graven::__private::SVector<#scalar, #size>)
        }
        Generic::Activation(function) => activation(function),
        Generic::Flag(flag) => quote!(#flag),
    }
}

/// The type of an activation.
pub(super) fn activation(activation: &Activation) -> TokenStream {
    let (name, arguments) = (ident(activation.function), activation.arguments.iter().copied().map(bits));
    if activation.arguments.is_empty() {
        quote!(::graven::activations::#name)
    } else {
        quote!(::graven::activations::#name<#(#arguments),*>)
    }
}

/// The value of an initializer.
pub(super) fn initializer(initializer: &Initializer) -> TokenStream {
    let name = ident(initializer.kind);
    match &initializer.fields {
        Fields::None => quote!(::graven::initializers::#name),
        Fields::One(value) => {
            let value = number_literal(*value);
            quote!(::graven::initializers::#name(#value))
        }
        Fields::Named(fields) => {
            let names = fields.iter().map(|(name, _)| ident(name));
            let values = fields.iter().map(|(_, value)| number_literal(*value));
            quote!(::graven::initializers::#name { #(#names: #values),* })
        }
    }
}
