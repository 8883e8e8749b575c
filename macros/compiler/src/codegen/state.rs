//! Parameters that change otherwise than along a gradient, and what becomes of their layers at inference.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{field_name, fields, interface, passes, types};
use crate::layers::RuntimePath;
use crate::plan::{Field, Fold, Plan};

/// What a model as a layer says about them; nothing if it has none.
pub(super) fn of_layer(plan: &Plan<'_>) -> TokenStream {
    let (trainable, settle, fold) = (trainable(plan), settle(plan), fold(plan));
    let together = if settling(plan).next().is_none() {
        TokenStream::new()
    } else {
        let together = together(plan);
        let together = match plan.shaped.graph.batch {
            // What is said about the batch matters outside where samples are mixed.
            Some(_) => quote!(if #together > 1 { __TILE } else { 1 }),
            None => together,
        };
        quote!(const TOGETHER: usize = #together;)
    };
    quote!(#together #trainable #settle #fold)
}

/// The second pass of inference, where there is something to fold.
pub(super) fn of_model(plan: &Plan<'_>) -> TokenStream {
    if !folds(plan) {
        return TokenStream::new();
    }
    let (scalar, folded) = (types::scalar(plan.shaped.graph.scalar), passes::folded(plan));
    quote! {
        #[inline(always)]
        fn infer_folded<AnyLevel: __rt::Level>(&self, level: AnyLevel, inputs: &[Self::Input], logits: &mut [Self::Output], arena: &mut [#scalar]) {
            let count = inputs.len();
            #folded
        }
    }
}

/// Whether inference is another one after folding: where a layer is folded, or a layer of the user's may be a model that folds.
pub(super) fn folds(plan: &Plan<'_>) -> bool {
    !plan.folds.is_empty() || plan.fields.iter().any(is_own)
}

fn is_own(field: &Field<'_>) -> bool {
    matches!(field.runtime.path, RuntimePath::Own(_))
}

/// The fields that training may change otherwise than along a gradient.
fn settling<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = usize> + 'p {
    let fields = plan.fields.iter().enumerate();
    fields.filter(|(_, field)| field.runtime.settles && !field.frozen).map(|(index, _)| index)
}

/// Whether a layer may want many samples at once.
pub(super) fn mixes(plan: &Plan<'_>) -> bool {
    settling(plan).next().is_some()
}

/// How many samples the layers want at once.
pub(super) fn together(plan: &Plan<'_>) -> TokenStream {
    let (_, types) = fields(plan);
    settling(plan).fold(quote!(1), |together, field| {
        let ty = &types[field];
        quote!(__rt::max(#together, <#ty as __rt::Layer>::TOGETHER))
    })
}

/// Which parameters training changes along a gradient, where not all of them.
fn trainable(plan: &Plan<'_>) -> TokenStream {
    if !plan.fields.iter().any(|field| field.frozen || field.runtime.settles) {
        return TokenStream::new();
    }
    let (_, types) = fields(plan);
    let visits = plan.fields.iter().zip(types).map(|(field, ty)| {
        let visit = (!field.frozen).then(|| quote!(<#ty as __rt::Layer>::trainable(offset, visit);));
        quote!(#visit offset += <#ty as __rt::Parameters>::COUNT;)
    });
    quote! {
        // The place behind the last field is of no use.
        #[allow(unused_assignments)]
        fn trainable(offset: usize, visit: &mut dyn ::core::ops::FnMut(::core::ops::Range<usize>)) {
            let mut offset = offset;
            #(#visits)*
        }
    }
}

fn settle(plan: &Plan<'_>) -> TokenStream {
    let settle = |field: usize| {
        let (name, calls) = (field_name(plan, field), plan.fields[field].calls.len());
        let calls = Literal::usize_unsuffixed(calls);
        quote!(__rt::Layer::settle(&mut self.#name, &gradient.#name, seen.times(#calls));)
    };
    let settles: Vec<TokenStream> = settling(plan).map(settle).collect();
    if settles.is_empty() {
        return TokenStream::new();
    }
    quote!(fn settle(&mut self, gradient: &Self, seen: __rt::Seen) { #(#settles)* })
}

/// Puts layers into those before them, and lets nested models do so.
fn fold(plan: &Plan<'_>) -> TokenStream {
    if !folds(plan) {
        return TokenStream::new();
    }
    let own = (0..plan.fields.len()).filter(|field| is_own(&plan.fields[*field])).map(|field| {
        let name = field_name(plan, field);
        quote!(__rt::Layer::fold(&mut self.#name);)
    });
    let pairs = plan.folds.iter().map(|Fold { layer, into, .. }| {
        let [layer, into] = [layer, into].map(|field| field_name(plan, field.0));
        quote!(self.#layer.fold_into(&mut self.#into);)
    });
    let (input, scalar) = (interface::input(plan), types::scalar(plan.shaped.graph.scalar));
    quote! {
        fn fold(&mut self) {
            #(#own)*
            #(#pairs)*
        }
        #[inline(always)]
        fn forward_folded<AnyLevel: __rt::Level>(&self, level: AnyLevel, inputs: &[#input], outputs: &mut [Self::Output], scratch: &mut [#scalar]) {
            __rt::forward_folded_nested(self, level, inputs, outputs, scratch);
        }
    }
}
