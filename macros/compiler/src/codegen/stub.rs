//! What stands in for a model whose listing has errors: the type and its methods, so that one mistake makes one error.
//!
//! What the methods give is of a type that hangs on a constant which is itself the error: so Rust's compiler does not know it,
//! and says nothing about whatever is done with it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::types;
use crate::graph;
use crate::layers;
use crate::syntax::Listing;

/// The errors, and a stub of the type if its name is known.
pub(crate) fn stub(listing: Option<&Listing>, mut reports: Vec<TokenStream>) -> TokenStream {
    let Some(listing) = listing else { return quote!(#(#reports)*) };
    // Rust's compiler comes to this one last.
    let last = reports.pop();
    let Some(name) = listing.name.as_ref().map(|name| name.ident()) else {
        return quote!({ #(#reports)* #last });
    };
    let visibility = &listing.visibility;
    let scalar = types::scalar(graph::scalar(listing));
    let (generics, constants) = (types::generics(listing), types::constants(listing));
    let (methods, layer) = (methods(), layer(&scalar));
    let broken = quote::format_ident!("__{}Broken", name);
    let output = (listing.outputs.len() > 1).then(|| {
        let output = quote::format_ident!("{}Output", name);
        quote!(#[allow(missing_docs, dead_code)] #visibility type #output = #broken;)
    });
    let state = layers::any_remembers(&listing.items).then(|| {
        let state = quote::format_ident!("{}State", name);
        quote!(#[allow(missing_docs, dead_code)] #visibility type #state = #broken;)
    });
    quote! {
        #(#reports)*
        // Here and above: the listing's errors are what counts, not a stand-in that nobody documents or uses.
        #[allow(missing_docs, dead_code)]
        #visibility struct #name #generics;
        #[allow(non_camel_case_types, dead_code)]
        type #broken = <::graven::__private::Broken<{ #last }> as ::graven::__private::Stub>::Type;
        #output
        #state
        const _: () = {
            type Broken = #broken;
            #[allow(missing_docs, dead_code)]
            impl #generics #name #constants { #methods }
            unsafe impl #generics ::graven::__private::Parameters for #name #constants {
                type Scalar = #scalar;
                const COUNT: usize = 0;
                fn describe(_: &::graven::Path<'_>, _: usize, _: &mut dyn ::core::ops::FnMut(&::graven::Path<'_>, ::graven::Shape, usize)) {}
            }
            impl #generics ::graven::Layer for #name #constants { #layer }
        };
    }
}

/// So that another model can have the broken one as a layer.
fn layer(scalar: &Ident) -> TokenStream {
    quote! {
        type Input = Broken;
        type Output = Broken;
        fn forward<AnyLevel: ::graven::simd::Level>(&self, _: AnyLevel, _: &[Broken], _: &mut [Broken], _: &mut [#scalar]) {}
        fn backward<AnyLevel: ::graven::simd::Level>(&self, _: AnyLevel, _: ::graven::Backward<'_, Self>, _: &mut Self) {}
    }
}

fn methods() -> TokenStream {
    quote! {
        pub const PARAMETERS: usize = 0;
        pub const LAYERS: &'static [::graven::LayerInfo] = &[];
        pub const SCRATCH_BYTES: usize = 0;
        pub const TRAIN_BYTES: usize = 0;
        pub const MACS: usize = 0;
        pub fn init(_: u64) -> Self { loop {} }
        pub fn zeroed() -> Self { loop {} }
        pub fn boxed(_: u64) -> Broken { loop {} }
        pub fn predict<Any1: ?Sized>(&self, _: &Any1) -> Broken { loop {} }
        pub fn predict_in<Any1: ?Sized, Any2: ?Sized, Any3: ?Sized>(&self, _: &Any1, _: &mut Any2, _: &mut Any3) {}
        pub fn predict_batch<Any1: ?Sized, Any2: ?Sized>(&self, _: &Any1, _: &mut Any2) -> Broken { loop {} }
        pub fn step<Any1: ?Sized, Any2: ?Sized>(&self, _: &mut Any1, _: &Any2) -> Broken { loop {} }
        pub fn gradients<Any1: ?Sized, Any2: ?Sized, Any3>(&self, _: &Any1, _: &Any2, _: &Any3, _: &mut Self) -> Broken { loop {} }
        pub fn compile<Any1, Any2, Any3>(self, _: Any1, _: Any2, _: Any3) -> Broken { loop {} }
        pub fn fold(self) -> Broken { loop {} }
        pub fn summary() -> Broken { loop {} }
        pub fn to_dot() -> &'static str { "" }
        pub fn save<AnyPath>(&self, _: AnyPath) -> Broken { loop {} }
        pub fn load<AnyPath>(_: AnyPath) -> Broken { loop {} }
    }
}
