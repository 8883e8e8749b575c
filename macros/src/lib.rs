//! The procedural macros of graven.
use proc_macro::TokenStream;

/// placeholder
#[proc_macro]
pub fn model(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
/// placeholder
#[proc_macro_derive(Parameters, attributes(parameters))]
pub fn parameters(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
