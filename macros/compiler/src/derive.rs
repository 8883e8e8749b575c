//! `#[derive(Parameters)]`: a user's struct of scalars, with the proof that it is nothing else.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::spanned::Spanned;

use crate::diagnostic::Errors;

/// Expands the derive for a struct with `#[repr(C)]` and named fields that are all `Parameters`.
pub fn parameters(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let code = match syn::parse2::<syn::DeriveInput>(input) {
        Ok(input) => implementation(&input, &mut errors),
        Err(error) => return error.into_compile_error(),
    };
    let reports = errors.into_tokens();
    quote!(#code #(#reports)*)
}

fn implementation(input: &syn::DeriveInput, errors: &mut Errors) -> Option<TokenStream> {
    if !input.attrs.iter().any(is_repr_c) {
        let message = format!("`{}` needs a fixed layout to be a set of parameters", input.ident);
        errors.push(input.ident.span().into(), message).help("write `#[repr(C)]` before it");
    }
    if let Some(generic) = input.generics.params.first() {
        let message = "a generic struct can't derive `Parameters` yet";
        errors
            .push(generic.span().into(), message)
            .help("write the sizes and the scalar, or implement the trait by hand");
    }
    let fields = match &input.data {
        syn::Data::Struct(data) => named(&data.fields, &input.ident, errors),
        _ => None,
    };
    let Some((names, types)) = fields else {
        let message = format!("`{}` is not a struct with named fields", input.ident);
        errors.push(input.ident.span().into(), message).help("write `struct Name { weight: [f32; 8] }`");
        return None;
    };
    let Some(scalar) = scalar(&input.attrs, errors).or_else(|| types.first().map(first_scalar)) else {
        let message = format!("nothing tells the scalar of `{}`, which has no fields", input.ident);
        errors.push(input.ident.span().into(), message).help("write `#[parameters(f32)]` before it");
        return None;
    };
    if !errors.is_empty() {
        return None;
    }
    let (name, body) = (&input.ident, parameters_body(&names, &types));
    // Of the call's spans, so that a `forbid(unsafe_code)` of the user's lets it pass.
    let name = Ident::new(&name.to_string(), proc_macro2::Span::call_site());
    Some(quote! {
        const _: () = {
            use ::graven::__private as __rt;
            unsafe impl __rt::Parameters for #name {
                type Scalar = #scalar;
                #body
            }
            #(const _: fn() = || {
                fn same_scalar<T: __rt::Parameters<Scalar = #scalar>>() {}
                same_scalar::<#types>()
            };)*
        };
    })
}

fn first_scalar(first: &TokenStream) -> TokenStream {
    quote!(<#first as ::graven::Parameters>::Scalar)
}

fn is_repr_c(attribute: &syn::Attribute) -> bool {
    let mut c = false;
    if attribute.path().is_ident("repr") {
        // What else stands there is Rust's compiler's to judge.
        let _ = attribute.parse_nested_meta(|meta| {
            c |= meta.path.is_ident("C");
            Ok(())
        });
    }
    c
}

/// `#[parameters(f32)]`.
fn scalar(attributes: &[syn::Attribute], errors: &mut Errors) -> Option<TokenStream> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("parameters"))?;
    match attribute.parse_args::<Ident>() {
        Ok(scalar) if scalar == "f32" || scalar == "f64" => Some(quote!(#scalar)),
        _ => {
            errors
                .push(attribute.span().into(), "the scalar is `f32` or `f64`")
                .help("write `#[parameters(f32)]`");
            None
        }
    }
}

type Fields = (Vec<Ident>, Vec<TokenStream>);

fn named(fields: &syn::Fields, owner: &Ident, errors: &mut Errors) -> Option<Fields> {
    if let syn::Fields::Unnamed(unnamed) = fields {
        let message = format!("the fields of `{owner}` need names, by which files know them");
        errors.push(unnamed.span().into(), message).help("write `{ weight: [f32; 8] }`");
        return None;
    }
    let name = |field: &syn::Field| field.ident.clone();
    let names = fields.iter().filter_map(name).collect();
    let types = fields.iter().map(|field| &field.ty).map(|ty| quote!(#ty)).collect();
    Some((names, types))
}

/// `COUNT` and `describe` of a struct with these fields.
pub(crate) fn parameters_body(names: &[Ident], types: &[TokenStream]) -> TokenStream {
    let texts = names.iter().map(|name| name.to_string().trim_start_matches("r#").to_owned());
    quote! {
        const COUNT: usize = 0 #(+ <#types as __rt::Parameters>::COUNT)*;
        // Without fields there is nothing to describe, and the place behind the last one is of no use.
        #[allow(unused_variables, unused_assignments)]
        fn describe(
            path: &__rt::Path<'_>,
            offset: usize,
            visit: &mut dyn ::core::ops::FnMut(&__rt::Path<'_>, __rt::Shape, usize),
        ) {
            let mut offset = offset;
            #(offset = __rt::describe_field::<#types>(path, #texts, offset, visit);)*
        }
    }
}
