//! What goes into a model and what comes out: as the user sees it, and as the layers do.
//!
//! A model with several inputs or outputs is a layer on all of them side by side; the user gives a tuple, and gets a struct.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{name, types};
use crate::graph::Input;
use crate::plan::Plan;
use crate::shape::{Dim, Shape};

fn scalar(plan: &Plan<'_>) -> Ident {
    types::scalar(plan.shaped.graph.scalar)
}

/// `Layer::Input`.
pub(super) fn input(plan: &Plan<'_>) -> TokenStream {
    match plan.shaped.inputs.as_slice() {
        [one] => types::tensor(one, &scalar(plan)),
        several => {
            let counts: Vec<Dim> = several.iter().map(Shape::count).collect();
            types::tensor(&Shape::vector(Dim::sum(&counts)), &scalar(plan))
        }
    }
}

/// One sample as the user gives it: an array, or a tuple of them.
pub(super) fn sample(plan: &Plan<'_>) -> TokenStream {
    let inputs = plan.shaped.graph.inputs.iter().zip(&plan.shaped.inputs);
    let mut types = inputs.map(|(input, shape)| part(plan, input, shape));
    match (types.next(), plan.shaped.inputs.len()) {
        (Some(one), 1) => one,
        (first, _) => {
            let all = first.into_iter().chain(types);
            quote!((#(#all),*))
        }
    }
}

fn part(plan: &Plan<'_>, input: &Input<'_>, shape: &Shape) -> TokenStream {
    match input.integer {
        Some(integer) => types::tensor(shape, &integer.ident()),
        None => types::tensor(shape, &scalar(plan)),
    }
}

/// Whether samples are made into values before the first layer reads them.
pub(super) fn converts(plan: &Plan<'_>) -> bool {
    let inputs = &plan.shaped.graph.inputs;
    inputs.len() > 1 || inputs.iter().any(|input| input.integer.is_some())
}

/// The constant in which a model with several inputs says their shapes.
pub(super) fn shapes(plan: &Plan<'_>) -> TokenStream {
    if plan.shaped.inputs.len() == 1 {
        return TokenStream::new();
    }
    let axes = plan.shaped.inputs.iter().map(types::axes);
    quote!(const INPUTS: &'static [__rt::Shape] = &[#(__rt::Shape::new(#axes)),*];)
}

/// The name of the struct of several outputs.
fn output_name(plan: &Plan<'_>) -> Ident {
    format_ident!("{}Output", name(plan))
}

/// The struct of several outputs, with the constants that are left open.
fn output_type(plan: &Plan<'_>) -> TokenStream {
    let (name, constants) = (output_name(plan), types::constants(plan.shaped.graph.listing));
    quote!(#name #constants)
}

/// `Layer::Output`, which is what the user gets.
pub(super) fn output(plan: &Plan<'_>) -> TokenStream {
    let graph = &plan.shaped.graph;
    if graph.has_several_outputs() {
        return output_type(plan);
    }
    types::tensor(plan.shaped.shape(graph.outputs[0].value), &scalar(plan))
}

/// The activations that losses may look behind, one for each output.
pub(super) fn head(plan: &Plan<'_>) -> TokenStream {
    let heads = plan.heads.iter();
    let mut heads = heads.map(|head| head.map_or(quote!(::graven::activations::Linear), types::activation));
    match (heads.next(), plan.heads.len()) {
        (Some(one), 1) => one,
        (first, _) => {
            let all = first.into_iter().chain(heads);
            quote!((#(#all),*))
        }
    }
}

/// A struct of several outputs, of a whole sample or of one time step.
pub(super) struct Several {
    name: Ident,
    /// The constants that are left open, as parameters and as arguments.
    generics: TokenStream,
    constants: TokenStream,
    names: Vec<Ident>,
    types: Vec<TokenStream>,
    doc: String,
    docs: Vec<String>,
}

/// The struct of several outputs; nothing for one.
pub(super) fn several(plan: &Plan<'_>) -> Option<Several> {
    let graph = &plan.shaped.graph;
    let shapes = graph.outputs.iter().map(|output| plan.shaped.shape(output.value));
    let doc = format!("What [`{}`] gives: its outputs by their names.", graph.name);
    graph.has_several_outputs().then(|| self::several_of(plan, output_name(plan), doc, shapes))
}

/// The same for the outputs with these shapes.
pub(super) fn several_of<'s>(
    plan: &Plan<'_>,
    name: Ident,
    doc: String,
    shapes: impl Iterator<Item = &'s Shape>,
) -> Several {
    let outputs = plan.shaped.graph.outputs.iter();
    let names = outputs.clone().map(|output| types::ident(&output.name)).collect();
    let shapes: Vec<&Shape> = shapes.collect();
    let docs = outputs.zip(&shapes).map(|(output, shape)| format!("The output `{}`: {shape}.", output.name));
    let types = shapes.iter().map(|shape| types::tensor(shape, &scalar(plan))).collect();
    let (generics, constants) = (super::generics(plan), types::constants(plan.shaped.graph.listing));
    Several { name, generics, constants, names, types, doc, docs: docs.collect() }
}

impl Several {
    pub(super) fn name(&self) -> TokenStream {
        let Self { name, constants, .. } = self;
        quote!(#name #constants)
    }

    pub(super) fn structure(&self, visibility: &TokenStream) -> TokenStream {
        let Self { name, generics, names, types, doc, docs, .. } = self;
        quote! {
            #[doc = #doc]
            #[derive(Clone, Copy, Debug, PartialEq)]
            #[repr(C)]
            #visibility struct #name #generics {
                #(#[doc = #docs] pub #names: #types,)*
            }
        }
    }

    /// What makes it flat memory. The tokens carry the call's spans, which a user's `forbid(unsafe_code)` lets pass.
    pub(super) fn record(&self, scalar: &Ident) -> TokenStream {
        let Self { generics, names, types, .. } = self;
        let name = self.name();
        let texts = names.iter().map(|name| name.to_string().trim_start_matches("r#").to_owned());
        quote! {
            unsafe impl #generics __rt::Record for #name {
                type Scalar = #scalar;
                type Parts = (#(#types),*);
                const NAMES: &'static [&'static str] = &[#(#texts),*];
                const ZEROS: Self = <#name>::ZEROS;
            }
            impl #generics #name {
                #[doc = "To be overwritten, by `predict_batch` for instance."]
                pub const ZEROS: Self = Self { #(#names: <#types as __rt::Tensor>::ZEROS),* };
            }
        }
    }
}
