//! The passes of a model: inference, the same after folding, the forward and the backward pass of training. One step of the plan
//! is one block:
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
use crate::layers::{Merge, RuntimePath};
use crate::plan::{Column, Field, FieldId, Memory, Plan, Planned, RegionId, Schedule, Step, Wanted};

/// The body of `infer_logits`.
pub(super) fn infer(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.infer, mode: Mode::Infer, large: is_large(plan) };
    let steps = plan.infer.steps.iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

/// The body of `infer_folded`.
pub(super) fn folded(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.folded, mode: Mode::Folded, large: is_large(plan) };
    let steps = plan.folded.steps.iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

/// The body of `train_logits`.
pub(super) fn train(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.train, mode: Mode::Train, large: is_large(plan) };
    let steps = plan.train.steps[..plan.forward].iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

/// The body of `backward_logits`.
pub(super) fn backward(plan: &Plan<'_>) -> TokenStream {
    let pass = Pass { plan, schedule: &plan.train, mode: Mode::Train, large: is_large(plan) };
    let steps = plan.train.steps[plan.forward..].iter().map(|step| pass.step(step));
    quote!(#(#steps)*)
}

/// Models of more calls of layers than this have each kind of step in a function of its own: what inlining saves in small models
/// is nothing in these, and what it costs to compile grows faster than the model.
const SMALL: usize = 8;

fn is_large(plan: &Plan<'_>) -> bool {
    let runs = |planned: &&Planned<'_>| matches!(planned.step, Step::Run { .. });
    plan.infer.steps.iter().filter(runs).count() > SMALL
}

/// A function of the runtime, which is inlined in small models and called in large ones.
pub(super) fn function(plan: &Plan<'_>, name: &str) -> TokenStream {
    function_of(is_large(plan), name)
}

fn function_of(large: bool, name: &str) -> TokenStream {
    let name = types::ident(name);
    if large { quote!(__rt::apart::#name) } else { quote!(__rt::#name) }
}

struct Pass<'p> {
    plan: &'p Plan<'p>,
    schedule: &'p Schedule<'p>,
    mode: Mode,
    large: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Infer,
    /// Inference after folding.
    Folded,
    Train,
}

/// What one step writes to in the arena, under which names; the rest of the arena can be read.
struct Borrowed {
    statement: TokenStream,
    /// Whether there is a `rest` to read from, or the whole arena.
    rest: bool,
}

impl Pass<'_> {
    /// A function of the runtime, to be inlined or called.
    fn function(&self, name: &str) -> TokenStream {
        function_of(self.large, name)
    }

    /// One block.
    fn step(&self, Planned { step, if_asked }: &Planned<'_>) -> TokenStream {
        let body = self.body(step);
        if *if_asked { quote!(if input_gradients.is_some() { #body }) } else { quote!({ #body }) }
    }

    fn body(&self, step: &Step<'_>) -> TokenStream {
        match step {
            Step::Run { field, call, input, output, tape } => self.run(*field, *call, *input, *output, *tape),
            Step::Apply { field, on, folded } => {
                let name = self.field(*field);
                let apply = if *folded { quote!(apply_shift) } else { quote!(apply) };
                self.writing(*on, &[], |on, _| quote!(self.#name.#apply(level, #on);))
            }
            Step::Activate { function, width, on } => {
                let (function, width) = (types::activation(function), types::dim(width));
                let activate = self.function("activate");
                self.writing(*on, &[], |on, _| quote!(#activate::<#function, _, _>(level, #width, #on);))
            }
            Step::Derive { function, width, kept, on } => {
                let (function, width) = (types::activation(function), types::dim(width));
                let derive = self.function("derive");
                self.writing(
                    *on,
                    &[*kept],
                    |on, read| quote!(#derive::<#function, _, _>(level, #width, #(#read,)* #on);),
                )
            }
            Step::Merge { merge, a, b, to } => {
                let merge = self::merge(*merge);
                self.writing(*to, &[*a, *b], |to, read| quote!(__rt::merge::<#merge, _>(#(#read,)* #to);))
            }
            Step::MergeInto { merge, with, on } => {
                let merge = self::merge(*merge);
                self.writing(*on, &[*with], |on, read| quote!(__rt::merge_into::<#merge, _>(#(#read,)* #on);))
            }
            Step::Choose { merge, mine, theirs, gradient, to } => {
                let merge = self::merge(*merge);
                self.writing(
                    *to,
                    &[*mine, *theirs, *gradient],
                    |to, read| quote!(__rt::choose::<#merge, _>(#(#read,)* #to);),
                )
            }
            Step::Divide { by, on } => {
                let by = proc_macro2::Literal::usize_unsuffixed(*by);
                self.writing(*on, &[], |on, _| quote!(__rt::divide(#by, #on);))
            }
            Step::Negate { from, to } => {
                self.writing(*to, &[*from], |to, read| quote!(__rt::negate(#(#read,)* #to);))
            }
            Step::Copy { from, to } => {
                self.writing(*to, &[*from], |to, read| quote!(__rt::copy(#(#read,)* #to);))
            }
            Step::Place { from, to, column } => {
                let column = self::column(column);
                self.writing(*to, &[*from], |to, read| quote!(__rt::place(#(#read,)* #to, #column);))
            }
            Step::Take { from, to, column } => {
                let column = self::column(column);
                self.writing(*to, &[*from], |to, read| quote!(__rt::take(#(#read,)* #to, #column);))
            }
            Step::Backward { field, call, input, output_gradient, input_gradient, tape } => {
                self.backward(*field, *call, *input, *output_gradient, *input_gradient, *tape)
            }
            Step::Clear { field } => {
                let name = self.field(*field);
                quote!(__rt::clear(&mut gradient.#name);)
            }
        }
    }

    /// A call that writes to one memory and reads others.
    fn writing(
        &self,
        to: Memory,
        read: &[Memory],
        call: impl FnOnce(TokenStream, Vec<TokenStream>) -> TokenStream,
    ) -> TokenStream {
        let borrowed = self.borrow(Some(to), None);
        let read = read.iter().map(|memory| self.read(*memory, &borrowed)).collect();
        let (call, statement) = (call(write(to), read), borrowed.statement);
        quote!(#statement #call)
    }

    fn run(
        &self,
        field: FieldId,
        call: usize,
        input: Memory,
        output: Memory,
        tape: Option<RegionId>,
    ) -> TokenStream {
        let borrowed = self.borrow(Some(output), tape);
        let (input, output) = (self.read(input, &borrowed), write(output));
        let tape = if tape.is_some() { quote!(tape) } else { quote!(&mut []) };
        let (name, statement) = (self.field(field), borrowed.statement);
        let own = matches!(self.plan.fields[field.0].runtime.path, RuntimePath::Own(_));
        match self.mode {
            Mode::Train => {
                let (context, train) = (self.context(field, call), self.function("train"));
                quote!(#statement #train(level, &self.#name, #input, #output, #tape, #context);)
            }
            Mode::Folded if own => {
                quote!(#statement __rt::forward_folded(level, &self.#name, #input, #output, #tape);)
            }
            _ => {
                let forward = self.function("forward");
                quote!(#statement #forward(level, &self.#name, #input, #output, #tape);)
            }
        }
    }

    /// What tells a layer which call of it this is; more than its random numbers where it has state.
    fn context(&self, field: FieldId, call: usize) -> TokenStream {
        let Field { frozen, calls, runtime, .. } = &self.plan.fields[field.0];
        let number = ordinal(call);
        let mut context = quote!(context.layer(#number));
        if runtime.settles && *frozen {
            context = quote!(#context.frozen());
        } else if runtime.settles && calls.len() > 1 {
            let later = calls.iter().filter(|other| **other > call).count();
            let [later, calls] = [later, calls.len()].map(proc_macro2::Literal::usize_unsuffixed);
            context = quote!(#context.call(#later, #calls));
        }
        context
    }

    fn backward(
        &self,
        field: FieldId,
        call: usize,
        input: Option<Memory>,
        output_gradient: Memory,
        mut input_gradient: Wanted,
        tape: Option<RegionId>,
    ) -> TokenStream {
        let borrowed = self.borrow(Some(*input_gradient.memory()), tape);
        let input = input.map_or(quote!(&[]), |input| self.read(input, &borrowed));
        let output_gradient = self.read(output_gradient, &borrowed);
        let wanted = match input_gradient {
            Wanted::Always(Memory::Arena(_)) => quote!(Some(write)),
            Wanted::IfAsked(Memory::Arena(_)) => quote!(input_gradients.is_some().then_some(write)),
            _ => quote!(input_gradients.as_deref_mut().map(__rt::flat_mut)),
        };
        let tape = if tape.is_some() { quote!(tape) } else { quote!(&mut []) };
        let (name, context, statement) = (self.field(field), self.context(field, call), borrowed.statement);
        let backward = self.function("backward");
        quote! {
            #statement
            let context = #context;
            #backward(level, &self.#name, #input, #output_gradient, #wanted, #tape, context, &mut gradient.#name);
        }
    }

    fn field(&self, field: FieldId) -> proc_macro2::Ident {
        super::field_name(self.plan, field.0)
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
                let ((start, length), split) = (self.region(region), self.function("split"));
                quote!(let (rest, write) = #split(arena, #start, #length);)
            }
            (None, Some(tape)) => {
                let ((start, length), split) = (self.region(tape), self.function("split"));
                quote!(let (rest, tape) = #split(arena, #start, #length);)
            }
            (Some(region), Some(tape)) => {
                let (start, length) = self.region(region);
                let (tape_start, tape_length) = self.region(tape);
                let split2 = self.function("split2");
                quote! {
                    let (rest, write, tape) = #split2(arena, (#start, #length), (#tape_start, #tape_length));
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
                let read = self.function("read");
                match borrowed.rest {
                    true if self.large => quote!(__rt::apart::around(&rest, #start, #length)),
                    true => quote!(rest.read(#start, #length)),
                    false => quote!(#read(arena, #start, #length)),
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

/// The how manyeth call of all layers, by which their random numbers differ.
fn ordinal(call: usize) -> proc_macro2::Literal {
    proc_macro2::Literal::u64_unsuffixed(call as u64)
}

pub(super) fn merge(merge: Merge) -> TokenStream {
    match merge {
        Merge::Add | Merge::Average => quote!(__rt::Add),
        Merge::Subtract => quote!(__rt::Subtract),
        Merge::Multiply => quote!(__rt::Multiply),
        Merge::Maximum => quote!(__rt::Maximum),
        Merge::Minimum => quote!(__rt::Minimum),
    }
}

fn column(column: &Column) -> TokenStream {
    let [offset, width, total] = [&column.offset, &column.width, &column.total].map(types::dim);
    quote!(__rt::Column { offset: #offset, width: #width, total: #total })
}
