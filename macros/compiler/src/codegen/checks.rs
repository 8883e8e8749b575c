//! Assertions where Rust's compiler evaluates constants, each shown at the guilty token. What hangs on a constant that the
//! listing leaves open is asserted for every type that a program makes of the model, when it is built.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::{generics, model_type, types};
use crate::layers::{Check, Condition};
use crate::plan::Plan;
use crate::shape::{Dim, Shape};

/// All assertions of a plan.
fn checks<'p>(plan: &'p Plan<'_>, open: bool) -> impl Iterator<Item = &'p Check> {
    let signatures = plan.shaped.signatures.iter();
    let all = signatures.flat_map(|signature| &signature.checks).chain(&plan.shaped.checks);
    all.filter(move |check| is_open(plan, &check.condition) == open)
}

/// Whether a condition hangs on a constant that is left open.
fn is_open(plan: &Plan<'_>, condition: &Condition) -> bool {
    let constants = &plan.shaped.graph.listing.generics;
    let open = |sizes: &[Dim]| sizes.iter().any(|size| size.mentions(constants));
    match condition {
        Condition::Equal(a, b) | Condition::AtMost(a, b) => a.mentions(constants) || b.mentions(constants),
        Condition::Positive(size) | Condition::Zero(size) => size.mentions(constants),
        Condition::Shape(_, _, shape) | Condition::Input(_, _, shape) => open(shape.axes()),
        Condition::Inputs(..) | Condition::Layer(_) => false,
    }
}

/// What can be asserted at once.
pub(super) fn now(plan: &Plan<'_>) -> TokenStream {
    let checks = checks(plan, false).map(|check| match &check.condition {
        Condition::Layer(layer) => {
            let (layer, scalar) = (types::path(layer), types::scalar(plan.shaped.graph.scalar));
            quote_spanned! {check.spot.span=>
                const _: fn() = || {
                    fn is_layer<AnyLayer: ::graven::Layer<Scalar = #scalar>>() {}
                    is_layer::<#layer>()
                };
            }
        }
        _ => {
            let assertion = assertion(check);
            quote_spanned!(check.spot.span=> const _: () = #assertion;)
        }
    });
    quote!(#(#checks)*)
}

/// What waits for the constants: one constant of the type, to be asked for by [`asked`].
pub(super) fn later(plan: &Plan<'_>) -> TokenStream {
    let assertions: Vec<TokenStream> = checks(plan, true).map(assertion).collect();
    if assertions.is_empty() {
        return TokenStream::new();
    }
    let (model, generics) = (model_type(plan), generics(plan));
    quote! {
        impl #generics #model {
            const __CHECKS: () = { #(#assertions;)* };
        }
    }
}

/// A statement that makes Rust's compiler check the constants of the type.
pub(super) fn asked(plan: &Plan<'_>) -> TokenStream {
    let waiting = checks(plan, true).next();
    if waiting.is_some() { quote!(const { Self::__CHECKS };) } else { TokenStream::new() }
}

fn assertion(check: &Check) -> TokenStream {
    let (condition, message) = (condition(&check.condition), &check.message);
    let message = match &check.condition {
        // The constants have names only; what they are is what the user wants to know.
        Condition::Equal(a, b) | Condition::AtMost(a, b) => {
            let (a, b) = (types::dim(a), types::dim(b));
            quote!(::graven::__private::Differ::new(#message, #a, #b).message())
        }
        _ => quote!(#message),
    };
    quote_spanned!(check.spot.span=> ::core::assert!(#condition, "{}", #message))
}

fn condition(condition: &Condition) -> TokenStream {
    match condition {
        Condition::Equal(a, b) => {
            let (a, b) = (types::dim(a), types::dim(b));
            quote!(#a == #b)
        }
        Condition::AtMost(a, b) => {
            let (a, b) = (types::dim(a), types::dim(b));
            quote!(#a <= #b)
        }
        Condition::Positive(size) => {
            let size = types::dim(size);
            quote!(#size > 0)
        }
        Condition::Zero(size) => {
            let size = types::dim(size);
            quote!(#size == 0)
        }
        Condition::Shape(layer, side, shape) => shape_is(&Shape::Of(layer.clone(), *side), shape),
        Condition::Input(layer, place, shape) => {
            let (layer, said, place) =
                (types::path(layer), types::axes(shape), Literal::usize_unsuffixed(*place));
            quote!(::graven::__private::takes(<#layer as ::graven::Layer>::INPUTS, #place, #said))
        }
        Condition::Inputs(layer, count) => {
            let (layer, count) = (types::path(layer), Literal::usize_unsuffixed(*count));
            quote!(<#layer as ::graven::Layer>::INPUTS.len() == #count)
        }
        // Asserted as a bound.
        Condition::Layer(_) => quote!(true),
    }
}

fn shape_is(found: &Shape, said: &Shape) -> TokenStream {
    let (found, said) = (types::axes(found), types::axes(said));
    quote!(::graven::__private::same_axes(#found, #said))
}
