//! The compiler behind graven's `model!`: a layer listing in, Rust code out.
//!
//! ```text
//! tokens or text -> syntax::Listing -> graph::Graph -> infer::Shaped -> plan::Plan -> tokens
//! ```
//! Each stage is a function from one type to the next. Errors are collected through all of them; a listing with errors still
//! gives a type with stub methods, so that one mistake makes one error.
#![forbid(unsafe_code)]

mod codegen;
mod derive;
mod diagnostic;
mod graph;
mod infer;
mod layers;
mod plan;
mod shape;
mod suggest;
mod syntax;

use proc_macro2::TokenStream;

pub use derive::parameters;

use diagnostic::Errors;
use syntax::Listing;

/// Expands a listing, as `model!` gets it, into the model's type and its code; mistakes become `compile_error!`s.
///
/// ```
/// let listing = "pub Digits < Dense(64 -> 32, relu), Dense(10, softmax) >".parse().expect("it lexes");
/// assert!(graven_compiler::expand(listing).to_string().contains("pub struct Digits"));
/// ```
pub fn expand(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let listing = syntax::read(tokens, &mut errors);
    let code = listing.as_ref().and_then(|listing| compile(listing, &mut errors));
    match code {
        Some(code) if errors.is_empty() => code,
        _ => codegen::stub(listing.as_ref(), errors.into_tokens()),
    }
}

/// The stages behind the grammar, in reading order.
fn compile(listing: &Listing, errors: &mut Errors) -> Option<TokenStream> {
    let graph = graph::build(listing, errors);
    let shaped = infer::build(graph, errors)?;
    let plan = plan::build(&shaped);
    Some(codegen::model(&plan))
}
