//! The types of a model's memory. A size that Rust can compute is the length of an array, `[f32; 96]`; one that hangs on a
//! constant which the listing leaves open is put together from types:
//!
//! | size | type |
//! |---|---|
//! | `H` | `[f32; H]` |
//! | `a + b` | `Pair<A, B>` |
//! | `a·n` | `Times<A, n>` |
//! | `max(a, b)` | `Larger<A, B>` |

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{interface, state, types};
use crate::plan::Plan;
use crate::shape::{Dim, Expression};
use crate::syntax::Name;

/// How many samples are worked on at once in a model whose sizes are open, and where its layers want many of them.
const TILE: usize = 16;
const MIXED_TILE: usize = 32;

/// The model's sizes as constants, for the types of its memory to name.
pub(super) fn sizes(plan: &Plan<'_>) -> TokenStream {
    if plan.is_generic() {
        let tile = plan.shaped.graph.batch.unwrap_or(if state::mixes(plan) { MIXED_TILE } else { TILE });
        let [strip, tile] = [tile.min(TILE), tile].map(Literal::usize_unsuffixed);
        return quote!(const __TILE: usize = #tile; const __STRIP: usize = #strip;);
    }
    let (scratch, arena) = (types::dim(&plan.scratch()), types::dim(&plan.train.size));
    let (tile, model, converts) = (tile(plan), super::model_type(plan), interface::converts(plan));
    quote! {
        const __SCRATCH: usize = #scratch;
        const __ARENA: usize = #arena;
        const __TILE: usize = #tile;
        const __STRIP: usize = __rt::strip::<#model>(__SCRATCH, __TILE, #converts);
    }
}

/// How many samples training works on at once.
fn tile(plan: &Plan<'_>) -> TokenStream {
    if let Some(count) = plan.shaped.graph.batch {
        let count = Literal::usize_unsuffixed(count);
        return quote!(#count);
    }
    let (model, together) = (super::model_type(plan), state::together(plan));
    quote!(__rt::tile::<#model>(__ARENA, #together))
}

/// `Layer::SCRATCH` and `Model::ARENA`.
pub(super) fn lengths(plan: &Plan<'_>) -> (TokenStream, TokenStream) {
    if plan.is_generic() {
        (types::dim(&plan.scratch()), types::dim(&plan.train.size))
    } else {
        (quote!(__SCRATCH), quote!(__ARENA))
    }
}

/// The associated types of `Model` that are memory.
pub(super) fn types(plan: &Plan<'_>) -> TokenStream {
    let scalar = types::scalar(plan.shaped.graph.scalar);
    if !plan.is_generic() {
        return quote! {
            type Scratch = [#scalar; __SCRATCH];
            type StripScratch = [#scalar; __SCRATCH * __STRIP];
            type SampleArena = [#scalar; __ARENA];
            type TileArena = [#scalar; __ARENA * __TILE];
        };
    }
    let open = Open { scalar, constants: &plan.shaped.graph.listing.generics };
    let (scratch, arena) = (open.memory(&plan.scratch()), open.memory(&plan.train.size));
    quote! {
        type Scratch = #scratch;
        type StripScratch = __rt::Times<Self::Scratch, __STRIP>;
        type SampleArena = #arena;
        type TileArena = __rt::Times<Self::SampleArena, __TILE>;
    }
}

/// Sizes that hang on constants which the listing leaves open.
struct Open<'p> {
    scalar: Ident,
    constants: &'p [Name],
}

impl Open<'_> {
    /// The arithmetic of a size that hangs on an open constant, if there is any.
    fn parts<'d>(&self, size: &'d Dim) -> Option<&'d Expression> {
        match size {
            Dim::Const(expression) if size.mentions(self.constants) && !size.is_plain() => Some(expression),
            _ => None,
        }
    }

    /// A type of so many scalars.
    fn memory(&self, size: &Dim) -> TokenStream {
        match self.parts(size) {
            Some(Expression::Sum(a, b)) => pair(&self.memory(a), &self.memory(b)),
            Some(Expression::Maximum(a, b)) => larger(&self.memory(a), &self.memory(b)),
            Some(Expression::Product(a, b)) => self.times(&self.memory(a), b),
            _ => {
                let (scalar, size) = (&self.scalar, types::dim(size));
                quote!([#scalar; #size])
            }
        }
    }

    /// A type of so many of another.
    fn times(&self, memory: &TokenStream, count: &Dim) -> TokenStream {
        match self.parts(count) {
            Some(Expression::Sum(a, b)) => pair(&self.times(memory, a), &self.times(memory, b)),
            Some(Expression::Maximum(a, b)) => larger(&self.times(memory, a), &self.times(memory, b)),
            Some(Expression::Product(a, b)) => self.times(&self.times(memory, a), b),
            _ => {
                let count = types::argument(count);
                quote!(__rt::Times<#memory, #count>)
            }
        }
    }
}

fn pair(a: &TokenStream, b: &TokenStream) -> TokenStream {
    quote!(__rt::Pair<#a, #b>)
}

fn larger(a: &TokenStream, b: &TokenStream) -> TokenStream {
    quote!(__rt::Larger<#a, #b>)
}
