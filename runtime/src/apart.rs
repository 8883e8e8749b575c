//! The steps of large models as functions of their own. In a small model all steps are one function, into which everything is
//! inlined; of a hundred layers that would be too much for any optimiser, and saves nothing. So each kind of step is compiled
//! once for each level, and called; so are the functions that find its memory.

use crate::activations::Activation;
use crate::layer::{self, Layer};
use crate::memory::{self, Rest, Rest2};
use crate::model::{self, Model};
use crate::random::Context;
use crate::scalar::Scalar;
use crate::simd::{Level, Task};

/// A step as a task: the names and types of what it works on, and what it does at a level.
macro_rules! step {
    ($(#[$doc:meta])* $name:ident<$($generic:ident: $bound:ident),+>, ($($field:ident: $type:ty),+ $(,)?), |$level:ident| $body:expr) => {
        $(#[$doc])*
        #[inline(always)]
        #[allow(clippy::too_many_arguments, reason = "only generated code calls it")]
        pub fn $name<'a, $($generic: $bound,)+ L: Level>(level: L, $($field: $type),+) {
            struct Step<'a, $($generic: $bound),+> {
                $($field: $type,)+
                // A step may name a type that no field has.
                types: core::marker::PhantomData<(&'a (), $(fn($generic)),+)>,
            }
            impl<'a, $($generic: $bound),+> Task for Step<'a, $($generic),+> {
                type Output = ();
                #[inline(always)]
                fn run<L: Level>(self, $level: L) {
                    let Self { $($field,)+ .. } = self;
                    $body
                }
            }
            level.outline(Step::<'a, $($generic),+> { $($field,)+ types: core::marker::PhantomData });
        }
    };
}

step!(
    /// [`layer::forward`].
    forward<X: Layer>,
    (layer: &'a X, inputs: &'a [X::Scalar], outputs: &'a mut [X::Scalar], scratch: &'a mut [X::Scalar]),
    |level| layer::forward(level, layer, inputs, outputs, scratch)
);

step!(
    /// [`layer::train`].
    train<X: Layer>,
    (
        layer: &'a X,
        inputs: &'a [X::Scalar],
        outputs: &'a mut [X::Scalar],
        tape: &'a mut [X::Scalar],
        context: Context,
    ),
    |level| layer::train(level, layer, inputs, outputs, tape, context)
);

step!(
    /// [`layer::backward`].
    backward<X: Layer>,
    (
        layer: &'a X,
        inputs: &'a [X::Scalar],
        output_gradients: &'a [X::Scalar],
        input_gradients: Option<&'a mut [X::Scalar]>,
        tape: &'a mut [X::Scalar],
        context: Context,
        gradient: &'a mut X,
    ),
    |level| layer::backward(level, layer, inputs, output_gradients, input_gradients, tape, context, gradient)
);

step!(
    /// [`Activation::forward`].
    activate<A: Activation, S: Scalar>,
    (width: usize, values: &'a mut [S]),
    |level| A::forward(level, width, values)
);

step!(
    /// [`Activation::backward`].
    derive<A: Activation, S: Scalar>,
    (width: usize, kept: &'a [S], gradients: &'a mut [S]),
    |level| A::backward(level, width, kept, gradients)
);

step!(
    /// [`model::forward_nested`].
    forward_nested<M: Model>,
    (model: &'a M, inputs: &'a [M::Input], outputs: &'a mut [M::Output], scratch: &'a mut [M::Scalar]),
    |level| model::forward_nested(level, model, inputs, outputs, scratch)
);

/// [`memory::read`].
#[inline(never)]
pub fn read<S>(arena: &[S], start: usize, len: usize) -> &[S] {
    memory::read(arena, start, len)
}

/// [`memory::split`].
#[inline(never)]
pub fn split<S>(arena: &mut [S], start: usize, len: usize) -> (Rest<'_, S>, &mut [S]) {
    memory::split(arena, start, len)
}

/// [`memory::split2`].
#[inline(never)]
pub fn split2<S>(
    arena: &mut [S],
    first: (usize, usize),
    second: (usize, usize),
) -> (Rest2<'_, S>, &mut [S], &mut [S]) {
    memory::split2(arena, first, second)
}

/// What can be read beside what is written.
pub trait Around<'a, S> {
    /// [`Rest::read`] or [`Rest2::read`].
    fn read_apart(&self, start: usize, len: usize) -> &'a [S];
}

impl<'a, S> Around<'a, S> for Rest<'a, S> {
    #[inline(never)]
    fn read_apart(&self, start: usize, len: usize) -> &'a [S] {
        self.read(start, len)
    }
}

impl<'a, S> Around<'a, S> for Rest2<'a, S> {
    #[inline(never)]
    fn read_apart(&self, start: usize, len: usize) -> &'a [S] {
        self.read(start, len)
    }
}

/// What lies there, beside what is written.
#[inline(always)]
pub fn around<'a, S>(rest: &impl Around<'a, S>, start: usize, len: usize) -> &'a [S] {
    rest.read_apart(start, len)
}
