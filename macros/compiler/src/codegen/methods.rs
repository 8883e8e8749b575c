//! The methods of a model's type. Each calls the runtime, so that no trait need be imported to use them.

use proc_macro2::TokenStream;
use quote::quote;

use super::interface::{head, output, sample};
use super::{generics, model_type, state, step, types};
use crate::plan::Plan;

pub(super) fn inherent(plan: &Plan<'_>) -> TokenStream {
    let (model, generics) = (model_type(plan), generics(plan));
    let parts = [
        constants(plan),
        making(),
        predicting(plan),
        step::method(plan),
        learning(plan),
        describing(),
        files(),
    ];
    let fold = if state::folds(plan) { fold() } else { TokenStream::new() };
    let reseed = if plan.shaped.graph.listing.name.is_none() { reseed() } else { TokenStream::new() };
    quote! {
        // Not every program uses every method.
        #[allow(dead_code)]
        impl #generics #model {
            #(#parts)*
            #fold
            #reseed
        }
    }
}

fn constants(plan: &Plan<'_>) -> TokenStream {
    let scalar = types::scalar(plan.shaped.graph.scalar);
    quote! {
        /// How many parameters there are.
        pub const PARAMETERS: usize = <Self as ::graven::Parameters>::COUNT;
        /// The layers in order: names, shapes, parameters, costs.
        pub const LAYERS: &'static [::graven::LayerInfo] = <Self as ::graven::Model>::LAYERS;
        /// Bytes of scratch memory that `predict` takes on the stack.
        pub const SCRATCH_BYTES: usize = <Self as ::graven::Layer>::SCRATCH * ::core::mem::size_of::<#scalar>();
        /// Bytes that training takes beside the parameters: the gradient, where there is a heap a second one for large batches,
        /// and one tile's values. The optimizer's moments come on top.
        pub const TRAIN_BYTES: usize = ::graven::__private::train_bytes::<Self>();
        /// Multiply-accumulate operations of one prediction.
        pub const MACS: usize = <Self as ::graven::Model>::MACS;
    }
}

fn fold() -> TokenStream {
    quote! {
        /// This network for inference only, with layers such as `BatchNorm` folded into those before them.
        #[must_use]
        pub fn fold(self) -> ::graven::Folded<Self> {
            ::graven::Folded::new(self)
        }
    }
}

fn making() -> TokenStream {
    quote! {
        /// Draws the parameters, by Keras' initializers. A large network is better `boxed`.
        #[must_use]
        pub fn init(seed: u64) -> Self {
            ::graven::__private::init(seed)
        }
        /// All parameters 0.
        #[must_use]
        pub fn zeroed() -> Self {
            <Self as ::graven::Parameters>::zeroed()
        }
        ::graven::__private::with_alloc! {
            /// Draws the parameters, by Keras' initializers, on the heap: never on the stack.
            #[must_use]
            pub fn boxed(seed: u64) -> ::graven::__private::Box<Self> {
                ::graven::__private::boxed(seed)
            }
        }
    }
}

fn predicting(plan: &Plan<'_>) -> TokenStream {
    let (input, output) = (sample(plan), output(plan));
    quote! {
        /// The output for one sample. Allocates nothing.
        #[must_use]
        pub fn predict(&self, input: &#input) -> #output {
            ::graven::__private::predict(self, input)
        }
        /// The output for one sample, written to `output`, with scratch memory of any content.
        pub fn predict_in(
            &self,
            input: &#input,
            scratch: &mut <Self as ::graven::Model>::Scratch,
            output: &mut #output,
        ) {
            ::graven::__private::predict_in(self, input, scratch, output);
        }
        /// The outputs for any number of samples. Allocates nothing.
        ///
        /// # Errors
        /// When there are not as many outputs as inputs; nothing is written then.
        pub fn predict_batch(
            &self,
            inputs: &[#input],
            outputs: &mut [#output],
        ) -> ::core::result::Result<(), ::graven::LengthMismatch> {
            ::graven::__private::predict_batch(self, inputs, outputs)
        }
    }
}

fn learning(plan: &Plan<'_>) -> TokenStream {
    let (input, output, scalar) = (sample(plan), output(plan), types::scalar(plan.shaped.graph.scalar));
    let head = head(plan);
    quote! {
        /// The loss of one sample; `gradient` is overwritten with its derivatives with respect to every parameter.
        /// Allocates nothing.
        pub fn gradients<AnyLoss, AnyTarget>(&self, input: &#input, target: &AnyTarget, loss: &AnyLoss, gradient: &mut Self) -> #scalar
        where
            AnyLoss: ::graven::__private::LossFor<Self, AnyTarget>,
        {
            ::graven::__private::LossFor::gradients(loss, self, input, target, gradient)
        }
        /// A trainer of this network, with all the memory it needs in one value.
        pub fn compile<AnyOptimizer, AnyLoss, AnyMetrics>(
            self,
            optimizer: AnyOptimizer,
            loss: AnyLoss,
            metrics: AnyMetrics,
        ) -> ::graven::training::Trainer<Self, AnyOptimizer, AnyLoss, AnyMetrics>
        where
            AnyOptimizer: ::graven::optimizers::Optimizer,
            AnyLoss: ::graven::losses::Loss<#output, #head>,
        {
            ::graven::training::Trainer::new(self, optimizer, loss, metrics)
        }
    }
}

fn describing() -> TokenStream {
    quote! {
        /// Keras' table of the layers, to be displayed.
        #[must_use]
        pub const fn summary() -> ::graven::Summary {
            ::graven::Summary::of::<Self>()
        }
        /// The graph in Graphviz' language.
        #[must_use]
        pub const fn to_dot() -> &'static str {
            <Self as ::graven::Model>::DOT
        }
    }
}

fn files() -> TokenStream {
    quote! {
        ::graven::__private::with_std! {
            /// Writes the parameters to a file whose extension tells the format: `.safetensors`.
            ///
            /// # Errors
            /// When the extension is unknown or the file can't be written; an old file is then still there.
            pub fn save(
                &self,
                path: impl ::core::convert::AsRef<::std::path::Path>,
            ) -> ::core::result::Result<(), ::graven::formats::WeightsError> {
                ::graven::__private::save(self, path)
            }
            /// Reads the parameters from a file that `save` wrote.
            ///
            /// # Errors
            /// When the file can't be read, or a name, shape or type in it does not fit.
            pub fn load(
                path: impl ::core::convert::AsRef<::std::path::Path>,
            ) -> ::core::result::Result<::graven::__private::Box<Self>, ::graven::formats::WeightsError> {
                ::graven::__private::load(path)
            }
        }
    }
}

fn reseed() -> TokenStream {
    quote! {
        ::graven::__private::with_alloc! {
            /// The same network with its parameters drawn again.
            #[must_use]
            pub fn reseed(self: ::graven::__private::Box<Self>, seed: u64) -> ::graven::__private::Box<Self> {
                ::graven::__private::reseed(self, seed)
            }
        }
    }
}
