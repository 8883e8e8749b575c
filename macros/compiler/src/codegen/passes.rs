//! The three passes of a model: inference, the forward and the backward pass of training. One step of the plan is one block:
//!
//! ```text
//! {
//!     let (rest, write) = __rt::split(arena, 32 * count, 10 * count);
//!     __rt::forward(level, &self.dense_1, rest.read(0, 32 * count), write, &mut []);
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::types;
use crate::plan::{FieldId, Memory, Plan, RegionId, Schedule, Step, Wanted};

/// The body of `infer_logits`.
pub(super) fn infer(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.infer, training: false };
    let steps = plan.infer.steps.iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

/// The body of `train_logits`.
pub(super) fn train(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.train, training: true };
    let steps = plan.train.steps[..plan.forward].iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

/// The body of `backward_logits`.
pub(super) fn backward(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.train, training: true };
    let steps = plan.train.steps[plan.forward..].iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

struct Pass<'p> {
    plan: &'p Plan<'p>,
    schedule: &'p Schedule<'p>,
    training: bool,
}

/// What one step writes to in the arena, under which names; the rest of the arena can be read.
struct Borrowed {
    statement: TokenStream,
    /// Whether there is a `rest` to read from, or the whole arena.
    rest: bool,
}

impl Pass<'_> {
    fn step(&self, step: &Step<'_>) -> TokenStream {
        match step {
            Step::Run { field, input, output, tape } => self.run(*field, *input, *output, *tape),
            Step::Activate { function, width, on } => {
                let (function, width) = (types::activation(function), types::argument(width));
                let Borrowed { statement, .. } = self.borrow(Some(*on), None);
                let on = write(*on);
                quote!({ #statement __rt::activate::<#function, _, _, #width>(level, #on); })
            }
            Step::Copy { from, to } => {
                let borrowed = self.borrow(Some(*to), None);
                let (from, to, statement) = (self.read(*from, &borrowed), write(*to), borrowed.statement);
                quote!({ #statement __rt::copy(#from, #to); })
            }
            Step::Backward { field, input, output_gradient, input_gradient, tape, always } => {
                let call = self.backward(*field, *input, *output_gradient, *input_gradient, *tape);
                if *always { quote!({ #call }) } else { quote!(if input_gradients.is_some() { #call }) }
            }
            Step::Derive { function, width, kept, on, always } => {
                let (function, width) = (types::activation(function), types::argument(width));
                let borrowed = self.borrow(Some(*on), None);
                let (kept, on, statement) = (self.read(*kept, &borrowed), write(*on), borrowed.statement);
                let call = quote!(#statement __rt::derive::<#function, _, _, #width>(level, #kept, #on););
                if *always { quote!({ #call }) } else { quote!(if input_gradients.is_some() { #call }) }
            }
            Step::CopyGradient { from, to } => {
                let (from, to) =
                    (self.read(*from, &Borrowed { statement: quote!(), rest: false }), write(*to));
                quote!(__rt::copy(#from, #to);)
            }
        }
    }

    fn run(&self, field: FieldId, input: Memory, output: Memory, tape: Option<RegionId>) -> TokenStream {
        let borrowed = self.borrow(Some(output), tape);
        let (input, output) = (self.read(input, &borrowed), write(output));
        let tape = if tape.is_some() { quote!(tape) } else { quote!(&mut []) };
        let (name, statement) = (self.field(field), borrowed.statement);
        if self.training {
            let ordinal = self.ordinal(field);
            quote!({ #statement __rt::train(level, &self.#name, #input, #output, #tape, context.layer(#ordinal)); })
        } else {
            quote!({ #statement __rt::forward(level, &self.#name, #input, #output, #tape); })
        }
    }

    fn backward(
        &self,
        field: FieldId,
        input: Option<Memory>,
        output_gradient: Memory,
        input_gradient: Wanted,
        tape: Option<RegionId>,
    ) -> TokenStream {
        let (Wanted::Always(target) | Wanted::IfAsked(target)) = input_gradient;
        let borrowed = self.borrow(Some(target), tape);
        let input = input.map_or(quote!(&[]), |input| self.read(input, &borrowed));
        let output_gradient = self.read(output_gradient, &borrowed);
        let wanted = match input_gradient {
            Wanted::Always(Memory::Arena(_)) => quote!(Some(write)),
            Wanted::IfAsked(Memory::Arena(_)) => quote!(input_gradients.is_some().then_some(write)),
            _ => quote!(input_gradients.as_deref_mut().map(__rt::flat_mut)),
        };
        let tape = if tape.is_some() { quote!(tape) } else { quote!(&mut []) };
        let (name, ordinal, statement) = (self.field(field), self.ordinal(field), borrowed.statement);
        quote! {
            #statement
            let context = context.layer(#ordinal);
            __rt::backward(level, &self.#name, #input, #output_gradient, #wanted, #tape, context, &mut gradient.#name);
        }
    }

    fn field(&self, field: FieldId) -> proc_macro2::Ident {
        super::field_name(self.plan, field.0)
    }

    fn ordinal(&self, field: FieldId) -> proc_macro2::Literal {
        proc_macro2::Literal::u64_unsuffixed(field.0 as u64)
    }

    /// Takes what is written to out of the arena: `write`, and `tape`.
    fn borrow(&self, target: Option<Memory>, tape: Option<RegionId>) -> Borrowed {
        let target = match target {
            Some(Memory::Arena(region)) => Some(region),
            _ => None,
        };
        let statement = match (target, tape) {
            (None, None) => return Borrowed { statement: quote!(), rest: false },
            (Some(region), None) => {
                let (start, length) = self.region(region);
                quote!(let (rest, write) = __rt::split(arena, #start, #length);)
            }
            (None, Some(tape)) => {
                let (start, length) = self.region(tape);
                quote!(let (rest, tape) = __rt::split(arena, #start, #length);)
            }
            (Some(region), Some(tape)) => {
                let (start, length) = self.region(region);
                let (tape_start, tape_length) = self.region(tape);
                quote! {
                    let (rest, write, tape) = __rt::split2(arena, (#start, #length), (#tape_start, #tape_length));
                }
            }
        };
        Borrowed { statement, rest: true }
    }

    /// Start and length, for this many samples.
    fn region(&self, region: RegionId) -> (TokenStream, TokenStream) {
        let region = &self.schedule.regions[region.0];
        let scaled = |dim| {
            let size = types::dim(dim);
            if dim.is_zero() { quote!(0) } else { quote!(#size * count) }
        };
        (scaled(&region.offset), scaled(&region.length))
    }

    /// An expression for what lies there, to read.
    fn read(&self, memory: Memory, borrowed: &Borrowed) -> TokenStream {
        match memory {
            Memory::Input => quote!(__rt::flat(inputs)),
            Memory::Output => quote!(__rt::flat(logits)),
            Memory::OutputGradient => quote!(__rt::flat(logit_gradients)),
            Memory::InputGradient => quote!(__rt::flat(input_gradients.as_deref().unwrap_or_default())),
            Memory::Arena(region) => {
                let (start, length) = self.region(region);
                if borrowed.rest {
                    quote!(rest.read(#start, #length))
                } else {
                    quote!(__rt::read(arena, #start, #length))
                }
            }
        }
    }
}

/// An expression for what lies there, to write; the arena's part was borrowed before.
fn write(memory: Memory) -> TokenStream {
    match memory {
        Memory::Arena(_) => quote!(write),
        Memory::Input | Memory::Output => quote!(__rt::flat_mut(logits)),
        Memory::OutputGradient => quote!(__rt::flat_mut(logit_gradients)),
        Memory::InputGradient => quote!(__rt::flat_mut(input_gradients.as_deref_mut().unwrap_or_default())),
    }
}
