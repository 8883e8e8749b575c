//! The procedural macros of graven. The compiler behind them is the crate `graven-compiler`; here tokens are only converted.

use proc_macro::TokenStream;

/// Makes a neural network from a layer listing; see the crate `graven` for what it gives.
///
/// ```text
/// model! { pub Digits < Dense(64 -> 32, relu), Dense(32 -> 10, softmax) > }    // a type
/// let net = model!(< Dense(64 -> 32, relu), Dense(32 -> 10, softmax) >);       // a boxed network
/// model!("pub Digits < Dense(64→32, relu), Dense(32→10, softmax) >");          // as it is printed
/// ```
#[proc_macro]
pub fn model(listing: TokenStream) -> TokenStream {
    graven_compiler::expand(listing.into()).into()
}

/// Implements `graven::Parameters` for a struct with `#[repr(C)]` whose fields are scalars, arrays of them, nalgebra's
/// matrices, or layers.
///
/// ```text
/// #[derive(Parameters)]
/// #[repr(C)]
/// struct Scale { factor: [f32; 8] }
/// ```
/// A struct without fields says what its scalar is: `#[parameters(f32)]`.
#[proc_macro_derive(Parameters, attributes(parameters))]
pub fn parameters(input: TokenStream) -> TokenStream {
    graven_compiler::parameters(input.into()).into()
}
