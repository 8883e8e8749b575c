//! One time step: the state's type, the trait, the method. Each operation gives one variable:
//!
//! ```text
//! let dense_frame = {
//!     let mut write = <[f32; 4] as __rt::Tensor>::ZEROS;
//!     __rt::forward(level, &self.dense, __rt::Tensor::as_flat(&lstm_frame), __rt::Tensor::as_flat_mut(&mut write), &mut []);
//!     write
//! };
//! ```
//! For a model that can't, the method says why: it asks for a trait that nothing implements.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::interface::{self, Several};
use super::passes::merge;
use super::{field_name, fields, generics, model_type, name, scalar, types, visibility};
use crate::graph::{InputId, ValueId};
use crate::layers;
use crate::plan::{Frame, FrameCall, FrameOp, Plan, Stepper};
use crate::shape::{Dim, Shape, Side};

/// The state's type and the implementation of the trait.
pub(super) fn items(plan: &Plan<'_>) -> TokenStream {
    let (structure, body) = match &plan.step {
        Ok(stepper) => {
            let output = several(plan, stepper)
                .map(|several| several.structure(visibility(plan.shaped.graph.listing)));
            let state = state(plan, stepper);
            (quote!(#output #state), implementation(plan, stepper))
        }
        Err(reason) => (stand_in(plan), cannot(plan, reason)),
    };
    quote! {
        #structure
        const _: () = {
            use ::graven::__private as __rt;
            #body
        };
    }
}

/// The method of a model that can step; of one that can't it stands beside the trait that it asks for.
pub(super) fn method(plan: &Plan<'_>) -> TokenStream {
    let Ok(stepper) = &plan.step else { return TokenStream::new() };
    let (state, bounds) = (state_type(plan, stepper), bounds(stepper));
    let (sample, output) = (sample(plan, stepper), output(plan, stepper));
    quote! {
        /// One time step: the output for one frame, that is one row of the input's first axis, after all those that `state`
        /// has seen. Allocates nothing. There may be more frames than a sample for `predict` has.
        pub fn step(&self, state: &mut #state, frame: &#sample) -> #output #bounds {
            ::graven::__private::step(self, state, frame)
        }
    }
}

fn state_name(plan: &Plan<'_>) -> Ident {
    format_ident!("{}State", name(plan))
}

/// Nothing, where no layer has a state.
fn state_type(plan: &Plan<'_>, stepper: &Stepper<'_>) -> TokenStream {
    if stepper.states.is_empty() {
        return quote!(());
    }
    let (name, constants) = (state_name(plan), types::constants(plan.shaped.graph.listing));
    quote!(#name #constants)
}

/// That the user's own layers can step. The lifetime, which nothing uses, defers the question until somebody asks.
fn bounds(stepper: &Stepper<'_>) -> TokenStream {
    if stepper.own.is_empty() {
        return TokenStream::new();
    }
    let own: BTreeMap<String, TokenStream> =
        stepper.own.iter().map(|path| (path.to_string(), types::path(path))).collect();
    let own = own.values();
    quote!(where #(for<'__a> #own: ::graven::Step),*)
}

/// The struct of the layers' states.
fn state(plan: &Plan<'_>, stepper: &Stepper<'_>) -> TokenStream {
    if stepper.states.is_empty() {
        return TokenStream::new();
    }
    let (_, types) = fields(plan);
    let names = stepper.states.iter().map(|(name, _)| types::ident(name));
    let docs = stepper.states.iter().map(|(name, _)| format!("That of `{name}`."));
    let states = stepper.states.iter().map(|(_, field)| &types[field.0]);
    let (name, state, bounds) = (state_name(plan), state_type(plan, stepper), bounds(stepper));
    let generics = generics(plan);
    let visibility = visibility(plan.shaped.graph.listing);
    let doc = format!(
        "What [`{}`] remembers from one `step` to the next. The default is all zeros.",
        plan.shaped.graph.name
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[repr(C)]
        #visibility struct #name #generics #bounds {
            #(#[doc = #docs] pub #names: <#states as ::graven::Step>::State,)*
        }
        // Not every program forgets.
        #[allow(dead_code)]
        impl #generics #state #bounds {
            /// Forgets everything.
            pub fn reset(&mut self) {
                *self = Self::default();
            }
        }
    }
}

/// The type of a value at one time step.
fn frame_type(frame: &Frame, scalar: &Ident) -> TokenStream {
    match frame {
        Frame::Shape(shape) => types::tensor(shape, scalar),
        Frame::Of(path, side) => {
            let path = types::path(path);
            match side {
                Side::Input => quote!(<#path as ::graven::Step>::Frame),
                Side::Output => quote!(<#path as ::graven::Step>::FrameOutput),
            }
        }
    }
}

/// The frames of all inputs side by side.
fn input(plan: &Plan<'_>, stepper: &Stepper<'_>) -> TokenStream {
    match stepper.inputs.as_slice() {
        [one] => frame_type(one, &scalar(plan)),
        several => types::tensor(
            &Shape::vector(Dim::sum(several.iter().map(length).collect::<Vec<_>>().iter())),
            &scalar(plan),
        ),
    }
}

fn length(frame: &Frame) -> Dim {
    match frame {
        Frame::Shape(shape) => shape.count(),
        Frame::Of(..) => Dim::Unknown,
    }
}

/// A frame as the user gives it: an array, or a tuple of them.
fn sample(plan: &Plan<'_>, stepper: &Stepper<'_>) -> TokenStream {
    let inputs = plan.shaped.graph.inputs.iter().zip(&stepper.inputs);
    let types: Vec<TokenStream> = inputs
        .map(|(input, frame)| {
            let scalar = input.integer.map_or_else(|| scalar(plan), |integer| integer.ident());
            frame_type(frame, &scalar)
        })
        .collect();
    match types.as_slice() {
        [one] => one.clone(),
        several => quote!((#(#several),*)),
    }
}

/// The struct of several outputs at one time step, where it is another than that of a whole sample.
fn several(plan: &Plan<'_>, stepper: &Stepper<'_>) -> Option<Several> {
    let graph = &plan.shaped.graph;
    let timed = stepper.outputs.iter().any(|output| output.timed);
    let shapes = stepper.outputs.iter().map(|output| match &output.frame {
        Frame::Shape(shape) => shape,
        Frame::Of(..) => &Shape::Unknown,
    });
    let doc = format!("What [`{}`] gives at one time step: its outputs by their names.", graph.name);
    (graph.has_several_outputs() && timed)
        .then(|| interface::several_of(plan, format_ident!("{}Frame", name(plan)), doc, shapes))
}

/// What a step gives.
fn output(plan: &Plan<'_>, stepper: &Stepper<'_>) -> TokenStream {
    match stepper.outputs.as_slice() {
        [one] => frame_type(&one.frame, &scalar(plan)),
        _ => several(plan, stepper).map_or_else(|| interface::output(plan), |several| several.name()),
    }
}

fn implementation(plan: &Plan<'_>, stepper: &Stepper<'_>) -> TokenStream {
    let (model, generics) = (model_type(plan), generics(plan));
    let (scalar, bounds) = (scalar(plan), bounds(stepper));
    let (input, output, state) = (input(plan, stepper), output(plan, stepper), state_type(plan, stepper));
    let body = Body { plan, stepper };
    let (inputs, outputs) = (body.inputs(), body.outputs());
    let operations = stepper.operations.iter().map(|op| body.operation(op));
    let record = several(plan, stepper).map(|several| several.record(&scalar));
    quote! {
        #record
        #[diagnostic::do_not_recommend]
        impl #generics __rt::Step for #model #bounds {
            type Frame = #input;
            type FrameOutput = #output;
            type State = #state;
            // Layers that keep nothing take no state.
            #[allow(unused_variables)]
            #[inline(always)]
            fn step<AnyLevel: __rt::Level>(&self, level: AnyLevel, state: &mut Self::State, frame: &Self::Frame, output: &mut Self::FrameOutput) {
                #inputs
                #(#operations)*
                #outputs
            }
        }
    }
}

struct Body<'p, 'a> {
    plan: &'p Plan<'a>,
    stepper: &'p Stepper<'a>,
}

impl Body<'_, '_> {
    /// The variable of a value.
    fn variable(&self, value: ValueId) -> Ident {
        let graph = &self.plan.shaped.graph;
        match value {
            ValueId::Input(_) if graph.inputs.len() == 1 => format_ident!("frame"),
            _ => format_ident!("{}_frame", graph.label(value)),
        }
    }

    /// A value, to be read.
    fn read(&self, value: ValueId) -> TokenStream {
        let variable = self.variable(value);
        match value {
            ValueId::Input(_) if self.plan.shaped.graph.inputs.len() == 1 => {
                quote!(__rt::Tensor::as_flat(#variable))
            }
            _ => quote!(__rt::Tensor::as_flat(&#variable)),
        }
    }

    /// A copy of a value.
    fn copy(&self, value: ValueId) -> TokenStream {
        let variable = self.variable(value);
        match value {
            ValueId::Input(_) if self.plan.shaped.graph.inputs.len() == 1 => quote!(*#variable),
            _ => quote!(#variable),
        }
    }

    /// Several inputs, cut apart.
    fn inputs(&self) -> TokenStream {
        if self.stepper.inputs.len() == 1 {
            return TokenStream::new();
        }
        let mut offset = Dim::ZERO;
        let mut all = TokenStream::new();
        for (place, frame) in self.stepper.inputs.iter().enumerate() {
            let (variable, ty) =
                (self.variable(ValueId::Input(InputId(place))), frame_type(frame, &scalar(self.plan)));
            let (start, count) = (types::dim(&offset), types::dim(&length(frame)));
            all.extend(quote! {
                let #variable = {
                    let mut write = <#ty as __rt::Tensor>::ZEROS;
                    __rt::copy(__rt::read(__rt::Tensor::as_flat(frame), #start, #count), __rt::Tensor::as_flat_mut(&mut write));
                    write
                };
            });
            offset = offset.plus(&length(frame));
        }
        all
    }

    fn outputs(&self) -> TokenStream {
        let graph = &self.plan.shaped.graph;
        let [one] = self.stepper.outputs.as_slice() else {
            let names = graph.outputs.iter().map(|output| types::ident(&output.name));
            let values = self.stepper.outputs.iter().map(|output| self.read(output.value));
            return quote!(#(__rt::copy(#values, __rt::Tensor::as_flat_mut(&mut output.#names));)*);
        };
        let value = self.read(one.value);
        quote!(__rt::copy(#value, __rt::Tensor::as_flat_mut(output));)
    }

    /// One statement.
    fn operation(&self, FrameOp { node, call }: &FrameOp<'_>) -> TokenStream {
        let variable = self.variable(ValueId::Node(*node));
        let (start, call) = self.call(call);
        quote! {
            let #variable = {
                let mut write = #start;
                #call
                write
            };
        }
    }

    /// What a variable starts from, and what makes it what it is.
    fn call(&self, call: &FrameCall<'_>) -> (TokenStream, TokenStream) {
        let write = quote!(__rt::Tensor::as_flat_mut(&mut write));
        match call {
            FrameCall::Step { field, state, input, frame } => {
                let (field, input) = (field_name(self.plan, field.0), self.read(*input));
                let state = types::ident(&self.stepper.states[state.0].0);
                let call = quote!(__rt::advance(level, &self.#field, &mut state.#state, #input, #write););
                (self.zeros(frame), call)
            }
            FrameCall::Forward { field, input, frame, scratch } => {
                let (field, input) = (field_name(self.plan, field.0), self.read(*input));
                let (size, scalar) = (types::dim(scratch), scalar(self.plan));
                let scratch = if scratch.is_zero() {
                    quote!(&mut [])
                } else {
                    quote!(&mut <[#scalar; #size] as __rt::Tensor>::ZEROS)
                };
                (self.zeros(frame), quote!(__rt::forward(level, &self.#field, #input, #write, #scratch);))
            }
            FrameCall::Apply { field, on } => {
                let field = field_name(self.plan, field.0);
                (self.copy(*on), quote!(self.#field.apply(level, #write);))
            }
            FrameCall::Activate { function, width, on } => {
                let (function, width) = (types::activation(function), types::dim(width));
                (self.copy(*on), quote!(__rt::activate::<#function, _, _>(level, #width, #write);))
            }
            FrameCall::Merge { merge, a, b } => {
                let (merge, with) = (self::merge(*merge), self.read(*b));
                (self.copy(*a), quote!(__rt::merge_into::<#merge, _>(#with, #write);))
            }
            FrameCall::Divide { by, on } => {
                let by = Literal::usize_unsuffixed(*by);
                (self.copy(*on), quote!(__rt::divide(#by, #write);))
            }
            FrameCall::Concat { inputs, frame } => (self.zeros(frame), self.concat(inputs)),
        }
    }

    fn zeros(&self, frame: &Frame) -> TokenStream {
        let ty = frame_type(frame, &scalar(self.plan));
        quote!(<#ty as __rt::Tensor>::ZEROS)
    }

    fn concat(&self, inputs: &[(ValueId, Dim)]) -> TokenStream {
        let total = types::dim(&Dim::sum(inputs.iter().map(|(_, width)| width)));
        let mut offset = Dim::ZERO;
        let mut all = TokenStream::new();
        for (value, width) in inputs {
            let (from, start, width_tokens) = (self.read(*value), types::dim(&offset), types::dim(width));
            all.extend(quote! {
                __rt::place(
                    #from,
                    __rt::Tensor::as_flat_mut(&mut write),
                    __rt::Column { offset: #start, width: #width_tokens, total: #total },
                );
            });
            offset = offset.plus(width);
        }
        all
    }
}

/// A state for a model that has no step, although a layer of it remembers: so that the only error is the one that says why.
fn stand_in(plan: &Plan<'_>) -> TokenStream {
    if !layers::any_remembers(&plan.shaped.graph.listing.items) {
        return TokenStream::new();
    }
    let (name, visibility) = (state_name(plan), visibility(plan.shaped.graph.listing));
    quote! {
        // Only there so that a use of it meets the message of `step`, not one of Rust's.
        #[doc(hidden)]
        #[allow(dead_code)]
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #visibility struct #name;
    }
}

/// The method of a model that can't step.
fn cannot(plan: &Plan<'_>, reason: &str) -> TokenStream {
    let (model, generics) = (model_type(plan), generics(plan));
    let message = format!("`{}` can't take one time step at a time", plan.shaped.graph.name);
    let label = format!("`{}` has no `step`", plan.shaped.graph.name);
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #reason)]
        pub trait Steps {
            type Output;
        }
        // Its call is the error, and nobody should name the trait.
        #[allow(dead_code, private_bounds)]
        impl #generics #model {
            #[doc(hidden)]
            pub fn step<AnyState: Steps, AnyFrame: ?Sized>(&self, _: &mut AnyState, _: &AnyFrame) -> AnyState::Output {
                loop {}
            }
        }
    }
}
