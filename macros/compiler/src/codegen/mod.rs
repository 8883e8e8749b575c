//! A plan into Rust: the only place that writes code. Every decision was made before; here it is only spelt.

mod describe;
mod interface;
mod methods;
mod passes;
mod stub;
mod types;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use crate::graph;
use crate::layers::{Check, Condition};
use crate::plan::Plan;
use crate::shape::Dim;
use crate::syntax::Listing;

pub(crate) use stub::stub;

/// The model's type with everything that belongs to it; in the expression form a block that gives a boxed model.
pub(crate) fn model(plan: &Plan<'_>) -> TokenStream {
    let items =
        [structure(plan), interface::output_struct(plan), implementation(plan), methods::inherent(plan)];
    let checks =
        plan.shaped.signatures.iter().flat_map(|signature| &signature.checks).chain(&plan.shaped.checks);
    let checks = checks.map(|check| self::check(plan, check));
    let code = quote!(#(#items)* #(#checks)*);
    if plan.shaped.graph.listing.name.is_some() {
        return code;
    }
    let name = name(plan);
    quote!({ #code #name::boxed(0) })
}

/// The name of the type.
fn name(plan: &Plan<'_>) -> Ident {
    let graph = &plan.shaped.graph;
    graph.listing.name.as_ref().map_or_else(|| types::ident(&graph.name), |name| name.ident())
}

fn visibility(listing: &Listing) -> &TokenStream {
    &listing.visibility
}

/// The field of a layer, named as the layer.
fn field_name(plan: &Plan<'_>, field: usize) -> Ident {
    types::ident(&plan.shaped.graph.nodes[plan.fields[field].node].name)
}

/// Names and types of all fields.
fn fields(plan: &Plan<'_>) -> (Vec<Ident>, Vec<TokenStream>) {
    let scalar = types::scalar(plan.shaped.graph.scalar);
    let names = (0..plan.fields.len()).map(|field| field_name(plan, field)).collect();
    (names, plan.fields.iter().map(|field| types::runtime(field.runtime, &scalar)).collect())
}

fn structure(plan: &Plan<'_>) -> TokenStream {
    let graph = &plan.shaped.graph;
    let (attributes, name, visibility) =
        (attributes(&graph.attributes), name(plan), visibility(graph.listing));
    let (names, types) = fields(plan);
    let docs = describe::model(plan);
    let field_docs = plan.fields.iter().map(|field| describe::field(plan, field.node));
    let field_attributes =
        plan.fields.iter().map(|field| self::attributes(&graph.nodes[field.node].attributes));
    quote! {
        #attributes
        #[doc = #docs]
        #[repr(C)]
        #visibility struct #name {
            #(#[doc = #field_docs] #field_attributes pub #names: #types,)*
        }
    }
}

fn attributes(attributes: &[crate::syntax::Attribute]) -> TokenStream {
    let contents = attributes.iter().map(|attribute| &attribute.content);
    quote!(#(#[#contents])*)
}

/// The traits of the runtime.
fn implementation(plan: &Plan<'_>) -> TokenStream {
    let sizes = sizes(plan);
    let parameters = parameters(plan);
    let layer = layer(plan);
    let (record, model) = (interface::record(plan), model_trait(plan));
    quote! {
        const _: () = {
            use ::graven::__private as __rt;
            #sizes
            #record
            #parameters
            #layer
            #model
        };
    }
}

/// Scalars of memory per sample, and how many samples share it.
fn sizes(plan: &Plan<'_>) -> TokenStream {
    let (scratch, arena) = (types::dim(&plan.infer.size), types::dim(&plan.train.size));
    let scalar = types::scalar(plan.shaped.graph.scalar);
    quote! {
        const __SCRATCH: usize = #scratch;
        const __ARENA: usize = #arena;
        const __TILE: usize = __rt::tile(__ARENA, ::core::mem::size_of::<#scalar>());
    }
}

/// `Parameters` for a type whose fields have it. The tokens carry the call's spans, which a user's
/// `forbid(unsafe_code)` lets pass.
fn parameters(plan: &Plan<'_>) -> TokenStream {
    let (name, scalar) = (name(plan), types::scalar(plan.shaped.graph.scalar));
    let (names, types) = fields(plan);
    let body = crate::derive::parameters_body(&names, &types);
    quote! {
        unsafe impl __rt::Parameters for #name {
            type Scalar = #scalar;
            #body
        }
    }
}

fn layer(plan: &Plan<'_>) -> TokenStream {
    let (name, scalar) = (name(plan), types::scalar(plan.shaped.graph.scalar));
    let (input, output) = (interface::input(plan), interface::output(plan));
    let (shapes, trainable) = (interface::shapes(plan), interface::trainable(plan));
    let initialize = (0..plan.fields.len()).map(|field| initialize(plan, field));
    quote! {
        impl __rt::Layer for #name {
            type Input = #input;
            type Output = #output;
            const SCRATCH: usize = __SCRATCH;
            const TAPE: usize = __rt::nested_tape::<Self>();
            #shapes
            #trainable
            #[allow(unused_variables)]
            fn initialize(&mut self, random: &mut __rt::Random) {
                #(#initialize)*
            }
            #[inline(always)]
            fn forward<L: __rt::Level>(&self, level: L, inputs: &[Self::Input], outputs: &mut [Self::Output], scratch: &mut [#scalar]) {
                __rt::forward_nested(self, level, inputs, outputs, scratch);
            }
            #[inline(always)]
            fn train<L: __rt::Level>(&self, level: L, inputs: &[Self::Input], outputs: &mut [Self::Output], tape: &mut [#scalar], context: __rt::Context) {
                __rt::train_nested(self, level, inputs, outputs, tape, context);
            }
            #[inline(always)]
            fn backward<L: __rt::Level>(&self, level: L, step: __rt::Backward<'_, Self>, gradient: &mut Self) {
                __rt::backward_nested(self, level, step, gradient);
            }
        }
    }
}

fn initialize(plan: &Plan<'_>, field: usize) -> TokenStream {
    let name = field_name(plan, field);
    match &plan.fields[field].runtime.initializers {
        None => quote!(__rt::Layer::initialize(&mut self.#name, random);),
        Some(initializers) => {
            let initializers = initializers.iter().map(types::initializer);
            quote!(self.#name.initialize_with(random, #(&#initializers),*);)
        }
    }
}

fn model_trait(plan: &Plan<'_>) -> TokenStream {
    let (name, scalar) = (name(plan), types::scalar(plan.shaped.graph.scalar));
    let (sample, output, head) = (interface::sample(plan), interface::output(plan), interface::head(plan));
    let converted = if interface::converts(plan) { quote!(__TILE) } else { quote!(0) };
    let drawing = plan.shaped.drawing();
    let (title, dot) = (&plan.shaped.graph.name, graph::dot(&plan.shaped.graph, &drawing));
    let layers = describe::layers(plan);
    let macs = types::dim(&Dim::sum(plan.shaped.signatures.iter().map(|signature| &signature.macs)));
    let passes = passes(plan);
    quote! {
        #[allow(unused_variables, unused_mut)]
        impl __rt::Model for #name {
            type Sample = #sample;
            type Head = #head;
            const NAME: &'static str = #title;
            const LAYERS: &'static [__rt::LayerInfo] = &[#(#layers),*];
            const DOT: &'static str = #dot;
            const MACS: usize = #macs;
            const ARENA: usize = __ARENA;
            const TILE: usize = __TILE;
            type Scratch = [#scalar; __SCRATCH];
            type TileScratch = [#scalar; __SCRATCH * __TILE];
            type SampleArena = [#scalar; __ARENA];
            type TileArena = [#scalar; __ARENA * __TILE];
            type TileInput = [Self::Input; #converted];
            type TileOutput = [#output; __TILE];
            #passes
        }
    }
}

fn passes(plan: &Plan<'_>) -> TokenStream {
    let scalar = types::scalar(plan.shaped.graph.scalar);
    let (infer, train, backward) = (passes::infer(plan), passes::train(plan), passes::backward(plan));
    quote! {
        #[inline(always)]
        fn infer_logits<L: __rt::Level>(&self, level: L, inputs: &[Self::Input], logits: &mut [Self::Output], arena: &mut [#scalar]) {
            let count = inputs.len();
            #infer
        }
        #[inline(always)]
        fn train_logits<L: __rt::Level>(&self, level: L, inputs: &[Self::Input], logits: &mut [Self::Output], arena: &mut [#scalar], context: __rt::Context) {
            let count = inputs.len();
            #train
        }
        #[inline(always)]
        fn backward_logits<L: __rt::Level>(
            &self, level: L, inputs: &[Self::Input], logit_gradients: &mut [Self::Output],
            mut input_gradients: Option<&mut [Self::Input]>, arena: &mut [#scalar], context: __rt::Context, gradient: &mut Self,
        ) {
            let count = inputs.len();
            #backward
        }
    }
}

/// An assertion where Rust's compiler evaluates constants, shown at the guilty token.
fn check(plan: &Plan<'_>, check: &Check) -> TokenStream {
    let span = check.spot.span;
    let message = check.message.replace('{', "{{").replace('}', "}}");
    let condition = match &check.condition {
        Condition::Equal(a, b) => {
            let (a, b) = (types::dim(a), types::dim(b));
            quote!(#a == #b)
        }
        Condition::Positive(size) => {
            let size = types::dim(size);
            quote!(#size > 0)
        }
        Condition::Shape(layer, side, shape) => {
            let found = types::axes(&crate::shape::Shape::Of(layer.clone(), *side));
            let said = types::axes(shape);
            quote!(::graven::__private::same_axes(#found, #said))
        }
        Condition::Input(layer, place, shape) => {
            let (layer, said) = (types::path(layer), types::axes(shape));
            let place = proc_macro2::Literal::usize_unsuffixed(*place);
            quote!(::graven::__private::takes(<#layer as ::graven::Layer>::INPUTS, #place, #said))
        }
        Condition::Inputs(layer, count) => {
            let (layer, count) = (types::path(layer), proc_macro2::Literal::usize_unsuffixed(*count));
            quote!(<#layer as ::graven::Layer>::INPUTS.len() == #count)
        }
        Condition::Layer(layer) => {
            let (layer, scalar) = (types::path(layer), types::scalar(plan.shaped.graph.scalar));
            return quote_spanned! {span=>
                const _: fn() = || {
                    fn is_layer<T: ::graven::Layer<Scalar = #scalar>>() {}
                    is_layer::<#layer>()
                };
            };
        }
    };
    quote_spanned!(span=> const _: () = ::core::assert!(#condition, #message);)
}
