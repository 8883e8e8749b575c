//! A plan into Rust: the only place that writes code. Every decision was made before; here it is only spelt.

mod checks;
mod describe;
mod interface;
mod memory;
mod methods;
mod passes;
mod state;
mod step;
mod stub;
mod types;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::graph;
use crate::plan::Plan;
use crate::shape::Dim;
use crate::syntax::Listing;

pub(crate) use stub::stub;

/// The model's type with everything that belongs to it; in the expression form a block that gives a boxed model.
pub(crate) fn model(plan: &Plan<'_>) -> TokenStream {
    let several = interface::several(plan);
    let outputs = several.as_ref().map(|several| several.structure(visibility(plan.shaped.graph.listing)));
    let (record, step) = (several.as_ref().map(|several| several.record(&scalar(plan))), step::items(plan));
    let items = [
        structure(plan),
        outputs.unwrap_or_default(),
        implementation(plan, record),
        step,
        methods::inherent(plan),
    ];
    let checks = checks::now(plan);
    let code = quote!(#(#items)* #checks);
    if plan.shaped.graph.listing.name.is_some() {
        return code;
    }
    let name = name(plan);
    quote!({ #code #name::boxed(0) })
}

/// The type, with the constants that are left open: `Mlp<H>`.
fn model_type(plan: &Plan<'_>) -> TokenStream {
    let (name, constants) = (name(plan), types::constants(plan.shaped.graph.listing));
    quote!(#name #constants)
}

/// What the constants that are left open are behind `impl` and `struct`: `<const H: usize>`.
fn generics(plan: &Plan<'_>) -> TokenStream {
    types::generics(plan.shaped.graph.listing)
}

/// The name of the type.
fn name(plan: &Plan<'_>) -> Ident {
    let graph = &plan.shaped.graph;
    graph.listing.name.as_ref().map_or_else(|| types::ident(&graph.name), |name| name.ident())
}

fn scalar(plan: &Plan<'_>) -> Ident {
    types::scalar(plan.shaped.graph.scalar)
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
    let generics = generics(plan);
    let field_attributes =
        plan.fields.iter().map(|field| self::attributes(&graph.nodes[field.node].attributes));
    quote! {
        #attributes
        #[doc = #docs]
        #[repr(C)]
        #visibility struct #name #generics {
            #(#[doc = #field_docs] #field_attributes pub #names: #types,)*
        }
    }
}

fn attributes(attributes: &[crate::syntax::Attribute]) -> TokenStream {
    let contents = attributes.iter().map(|attribute| &attribute.content);
    quote!(#(#[#contents])*)
}

/// The traits of the runtime.
fn implementation(plan: &Plan<'_>, record: Option<TokenStream>) -> TokenStream {
    let (sizes, checks) = (memory::sizes(plan), checks::later(plan));
    let parameters = parameters(plan);
    let layer = layer(plan);
    let model = model_trait(plan);
    quote! {
        const _: () = {
            use ::graven::__private as __rt;
            #sizes
            #checks
            #record
            #parameters
            #layer
            #model
        };
    }
}

/// `Parameters` for a type whose fields have it. The tokens carry the call's spans, which a user's
/// `forbid(unsafe_code)` lets pass.
fn parameters(plan: &Plan<'_>) -> TokenStream {
    let (model, generics) = (model_type(plan), generics(plan));
    let scalar = types::scalar(plan.shaped.graph.scalar);
    let (names, types) = fields(plan);
    let body = crate::derive::parameters_body(&names, &types);
    quote! {
        unsafe impl #generics __rt::Parameters for #model {
            type Scalar = #scalar;
            #body
        }
    }
}

fn layer(plan: &Plan<'_>) -> TokenStream {
    let (model, generics) = (model_type(plan), generics(plan));
    let scalar = types::scalar(plan.shaped.graph.scalar);
    let (input, output) = (interface::input(plan), interface::output(plan));
    let forward = passes::function(plan, "forward_nested");
    let ((scratch, _), checked) = (memory::lengths(plan), checks::asked(plan));
    let (shapes, state) = (interface::shapes(plan), state::of_layer(plan));
    let initialize = (0..plan.fields.len()).map(|field| initialize(plan, field));
    quote! {
        impl #generics __rt::Layer for #model {
            type Input = #input;
            type Output = #output;
            const SCRATCH: usize = #scratch;
            const TAPE: usize = __rt::nested_tape::<Self>();
            #shapes
            #state
            // A model whose layers draw nothing has no use for `random`.
            #[allow(unused_variables)]
            fn initialize(&mut self, random: &mut __rt::Random) {
                #checked
                #(#initialize)*
            }
            #[inline(always)]
            fn forward<AnyLevel: __rt::Level>(&self, level: AnyLevel, inputs: &[Self::Input], outputs: &mut [Self::Output], scratch: &mut [#scalar]) {
                #forward(level, self, inputs, outputs, scratch);
            }
            #[inline(always)]
            fn train<AnyLevel: __rt::Level>(&self, level: AnyLevel, inputs: &[Self::Input], outputs: &mut [Self::Output], tape: &mut [#scalar], context: __rt::Context) {
                __rt::train_nested(self, level, inputs, outputs, tape, context);
            }
            #[inline(always)]
            fn backward<AnyLevel: __rt::Level>(&self, level: AnyLevel, step: __rt::Backward<'_, Self>, gradient: &mut Self) {
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
    let (model, generics) = (model_type(plan), generics(plan));
    let (memory, (_, arena)) = (memory::types(plan), memory::lengths(plan));
    let (sample, output, head) = (interface::sample(plan), interface::output(plan), interface::head(plan));
    let [converted, strip] = [quote!(__TILE), quote!(__STRIP)]
        .map(|size| if interface::converts(plan) { size } else { quote!(0) });
    let drawing = plan.shaped.drawing();
    let (title, dot) = (&plan.shaped.graph.name, graph::dot(&plan.shaped.graph, &drawing));
    let layers = describe::layers(plan);
    let macs = types::dim(&Dim::sum(plan.shaped.signatures.iter().map(|signature| &signature.macs)));
    let (passes, folded) = (passes(plan), state::of_model(plan));
    quote! {
        // What a pass of no layer, or of layers without memory, is given and does not take.
        #[allow(unused_variables, unused_mut)]
        impl #generics __rt::Model for #model {
            type Sample = #sample;
            type Head = #head;
            const NAME: &'static str = #title;
            const LAYERS: &'static [__rt::LayerInfo] = &[#(#layers),*];
            const DOT: &'static str = #dot;
            const MACS: usize = #macs;
            const ARENA: usize = #arena;
            const TILE: usize = __TILE;
            const STRIP: usize = __STRIP;
            #memory
            type StripInput = [Self::Input; #strip];
            type TileInput = [Self::Input; #converted];
            type TileOutput = [#output; __TILE];
            #passes
            #folded
        }
    }
}

fn passes(plan: &Plan<'_>) -> TokenStream {
    let scalar = types::scalar(plan.shaped.graph.scalar);
    let (infer, train, backward) = (passes::infer(plan), passes::train(plan), passes::backward(plan));
    let checked = checks::asked(plan);
    quote! {
        #[inline(always)]
        fn infer_logits<AnyLevel: __rt::Level>(&self, level: AnyLevel, inputs: &[Self::Input], logits: &mut [Self::Output], arena: &mut [#scalar]) {
            #checked
            let count = inputs.len();
            #infer
        }
        #[inline(always)]
        fn train_logits<AnyLevel: __rt::Level>(&self, level: AnyLevel, inputs: &[Self::Input], logits: &mut [Self::Output], arena: &mut [#scalar], context: __rt::Context) {
            #checked
            let count = inputs.len();
            #train
        }
        #[inline(always)]
        fn backward_logits<AnyLevel: __rt::Level>(
            &self, level: AnyLevel, inputs: &[Self::Input], logit_gradients: &mut [Self::Output],
            mut input_gradients: Option<&mut [Self::Input]>, arena: &mut [#scalar], context: __rt::Context, gradient: &mut Self,
        ) {
            let count = inputs.len();
            #backward
        }
    }
}
