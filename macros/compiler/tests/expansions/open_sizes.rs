/**

A network made by `model!` from this listing:

```text
Mlp[const H: usize] <
    Dense(16 -> H, tanh),
    Dense(H -> OUTPUTS, softmax),
>
```

| layer (type) | output shape | parameters |
|---|---|---:|
| `dense` (Dense) | H | 16·H + H |
| `dense_1` (Dense) | OUTPUTS | H·OUTPUTS + OUTPUTS |
| **all** | | **16·H + H + H·OUTPUTS + OUTPUTS** |

<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 154 188" width="154" height="188" style="max-width:100%;height:auto" role="img" aria-label="The layers of Mlp" fill="none" stroke="currentColor" font-family="sans-serif" font-size="13" text-anchor="middle"><rect x="1" y="1" width="152" height="46" rx="6"/><text x="77" y="20" fill="currentColor" stroke="none" font-weight="bold">input</text><text x="77" y="37" fill="currentColor" stroke="none" opacity="0.75">16</text><rect x="1" y="71" width="152" height="46" rx="6"/><text x="77" y="90" fill="currentColor" stroke="none" font-weight="bold">dense (Dense)</text><text x="77" y="107" fill="currentColor" stroke="none" opacity="0.75">H</text><rect x="1" y="141" width="152" height="46" rx="6"/><text x="77" y="160" fill="currentColor" stroke="none" font-weight="bold">dense_1 (Dense)</text><text x="77" y="177" fill="currentColor" stroke="none" opacity="0.75">OUTPUTS</text><path d="M77 47V71M73 65L77 71L81 65"/><path d="M77 117V141M73 135L77 141L81 135"/></svg>
*/
#[repr(C)]
pub struct Mlp<const H: usize> {
    ///`Dense(16 -> H, tanh)`: gives H, has 16·H + H parameters.
    pub dense: ::graven::layers::Dense<f32, 16, { H }>,
    ///`Dense(H -> OUTPUTS, softmax)`: gives OUTPUTS, has H·OUTPUTS + OUTPUTS parameters.
    pub dense_1: ::graven::layers::Dense<f32, { H }, { OUTPUTS }>,
}
const _: () = {
    use ::graven::__private as __rt;
    const __TILE: usize = 16;
    const __STRIP: usize = 16;
    impl<const H: usize> Mlp<H> {
        const __CHECKS: () = {
            ::core::assert!(H > 0, "{}", "Dense needs at least 1 unit, found H");
        };
    }
    unsafe impl<const H: usize> __rt::Parameters for Mlp<H> {
        type Scalar = f32;
        const COUNT: usize = 0
            + <::graven::layers::Dense<f32, 16, { H }> as __rt::Parameters>::COUNT
            + <::graven::layers::Dense<
                f32,
                { H },
                { OUTPUTS },
            > as __rt::Parameters>::COUNT;
        #[allow(unused_variables, unused_assignments)]
        fn describe(
            path: &__rt::Path<'_>,
            offset: usize,
            visit: &mut dyn ::core::ops::FnMut(&__rt::Path<'_>, __rt::Shape, usize),
        ) {
            let mut offset = offset;
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, 16, { H }>,
            >(path, "dense", offset, visit);
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, { H }, { OUTPUTS }>,
            >(path, "dense_1", offset, visit);
        }
    }
    impl<const H: usize> __rt::Layer for Mlp<H> {
        type Input = [f32; 16];
        type Output = [f32; OUTPUTS];
        const SCRATCH: usize = H;
        const TAPE: usize = __rt::nested_tape::<Self>();
        #[allow(unused_variables)]
        fn initialize(&mut self, random: &mut __rt::Random) {
            const { Self::__CHECKS };
            __rt::Layer::initialize(&mut self.dense, random);
            __rt::Layer::initialize(&mut self.dense_1, random);
        }
        #[inline(always)]
        fn forward<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            inputs: &[Self::Input],
            outputs: &mut [Self::Output],
            scratch: &mut [f32],
        ) {
            __rt::forward_nested(level, self, inputs, outputs, scratch);
        }
        #[inline(always)]
        fn train<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            inputs: &[Self::Input],
            outputs: &mut [Self::Output],
            tape: &mut [f32],
            context: __rt::Context,
        ) {
            __rt::train_nested(self, level, inputs, outputs, tape, context);
        }
        #[inline(always)]
        fn backward<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            step: __rt::Backward<'_, Self>,
            gradient: &mut Self,
        ) {
            __rt::backward_nested(self, level, step, gradient);
        }
    }
    #[allow(unused_variables, unused_mut)]
    impl<const H: usize> __rt::Model for Mlp<H> {
        type Sample = [f32; 16];
        type Head = ::graven::activations::Softmax;
        const NAME: &'static str = "Mlp";
        const LAYERS: &'static [__rt::LayerInfo] = &[
            __rt::LayerInfo {
                name: "dense",
                kind: "Dense",
                output: &[H],
                parameters: (16 * H + H),
                macs: 16 * H,
                inputs: &["input"],
            },
            __rt::LayerInfo {
                name: "dense_1",
                kind: "Dense",
                output: &[OUTPUTS],
                parameters: (H * OUTPUTS + OUTPUTS),
                macs: H * OUTPUTS,
                inputs: &["dense"],
            },
        ];
        const DOT: &'static str = "digraph Mlp {\n    node [shape=box];\n    n0 [label=\"input\\n16\"];\n    n1 [label=\"dense (Dense)\\nH\"];\n    n2 [label=\"dense_1 (Dense)\\nOUTPUTS\"];\n    n0 -> n1;\n    n1 -> n2;\n}\n";
        const MACS: usize = (16 * H + H * OUTPUTS);
        const ARENA: usize = (H + H);
        const TILE: usize = __TILE;
        const STRIP: usize = __STRIP;
        type Scratch = [f32; H];
        type StripScratch = __rt::Times<Self::Scratch, __STRIP>;
        type SampleArena = __rt::Pair<[f32; H], [f32; H]>;
        type TileArena = __rt::Times<Self::SampleArena, __TILE>;
        type StripInput = [Self::Input; 0];
        type TileInput = [Self::Input; 0];
        type TileOutput = [[f32; OUTPUTS]; __TILE];
        #[inline(always)]
        fn infer_logits<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            inputs: &[Self::Input],
            logits: &mut [Self::Output],
            arena: &mut [f32],
        ) {
            const { Self::__CHECKS };
            let count = inputs.len();
            {
                let (rest, write) = __rt::split(arena, 0, H * count);
                __rt::forward(level, &self.dense, __rt::flat(inputs), write, &mut []);
            }
            {
                let (rest, write) = __rt::split(arena, 0, H * count);
                __rt::activate::<::graven::activations::Tanh, _, _>(level, H, write);
            }
            {
                __rt::forward(
                    level,
                    &self.dense_1,
                    __rt::read(arena, 0, H * count),
                    __rt::flat_mut(logits),
                    &mut [],
                );
            }
        }
        #[inline(always)]
        fn train_logits<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            inputs: &[Self::Input],
            logits: &mut [Self::Output],
            arena: &mut [f32],
            context: __rt::Context,
        ) {
            const { Self::__CHECKS };
            let count = inputs.len();
            {
                let (rest, write) = __rt::split(arena, 0, H * count);
                __rt::train(
                    level,
                    &self.dense,
                    __rt::flat(inputs),
                    write,
                    &mut [],
                    context.layer(0),
                );
            }
            {
                let (rest, write) = __rt::split(arena, 0, H * count);
                __rt::activate::<::graven::activations::Tanh, _, _>(level, H, write);
            }
            {
                __rt::train(
                    level,
                    &self.dense_1,
                    __rt::read(arena, 0, H * count),
                    __rt::flat_mut(logits),
                    &mut [],
                    context.layer(1),
                );
            }
        }
        #[inline(always)]
        fn backward_logits<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            inputs: &[Self::Input],
            logit_gradients: &mut [Self::Output],
            mut input_gradients: Option<&mut [Self::Input]>,
            arena: &mut [f32],
            context: __rt::Context,
            gradient: &mut Self,
        ) {
            let count = inputs.len();
            {
                let (rest, write) = __rt::split(arena, H * count, H * count);
                let context = context.layer(1);
                __rt::backward(
                    level,
                    &self.dense_1,
                    rest.read(0, H * count),
                    __rt::flat(logit_gradients),
                    Some(write),
                    &mut [],
                    context,
                    &mut gradient.dense_1,
                );
            }
            {
                let (rest, write) = __rt::split(arena, H * count, H * count);
                __rt::derive::<
                    ::graven::activations::Tanh,
                    _,
                    _,
                >(level, H, rest.read(0, H * count), write);
            }
            {
                let context = context.layer(0);
                __rt::backward(
                    level,
                    &self.dense,
                    __rt::flat(inputs),
                    __rt::read(arena, H * count, H * count),
                    input_gradients.as_deref_mut().map(__rt::flat_mut),
                    &mut [],
                    context,
                    &mut gradient.dense,
                );
            }
        }
    }
};
const _: () = {
    use ::graven::__private as __rt;
    #[diagnostic::on_unimplemented(
        message = "`Mlp` can't take one time step at a time",
        label = "`Mlp` has no `step`",
        note = "its input has no time axis before the features: 16"
    )]
    pub trait Steps {
        type Output;
    }
    #[allow(dead_code, private_bounds)]
    impl<const H: usize> Mlp<H> {
        #[doc(hidden)]
        pub fn step<AnyState: Steps, AnyFrame: ?Sized>(
            &self,
            _: &mut AnyState,
            _: &AnyFrame,
        ) -> AnyState::Output {
            loop {}
        }
    }
};
#[allow(dead_code)]
impl<const H: usize> Mlp<H> {
    /// How many parameters there are.
    pub const PARAMETERS: usize = <Self as ::graven::Parameters>::COUNT;
    /// The layers in order: names, shapes, parameters, costs.
    pub const LAYERS: &'static [::graven::LayerInfo] = <Self as ::graven::Model>::LAYERS;
    /// Bytes of scratch memory that `predict` takes on the stack.
    pub const SCRATCH_BYTES: usize = <Self as ::graven::Layer>::SCRATCH
        * ::core::mem::size_of::<f32>();
    /// Bytes that training takes beside the parameters: the gradient, where there is a heap a second one for large batches,
    /// and one tile's values. The optimizer's moments come on top.
    pub const TRAIN_BYTES: usize = ::graven::__private::train_bytes::<Self>();
    /// Multiply-accumulate operations of one prediction.
    pub const MACS: usize = <Self as ::graven::Model>::MACS;
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
        #[doc =
        r" Draws the parameters, by Keras' initializers, on the heap: never on the stack."]
        #[must_use] pub fn boxed(seed : u64) -> ::graven::__private::Box < Self > {
        ::graven::__private::boxed(seed) }
    }
    /// The output for one sample. Allocates nothing.
    #[must_use]
    pub fn predict(&self, input: &[f32; 16]) -> [f32; OUTPUTS] {
        ::graven::__private::predict(self, input)
    }
    /// The output for one sample, written to `output`, with scratch memory of any content.
    pub fn predict_in(
        &self,
        input: &[f32; 16],
        scratch: &mut <Self as ::graven::Model>::Scratch,
        output: &mut [f32; OUTPUTS],
    ) {
        ::graven::__private::predict_in(self, input, scratch, output);
    }
    /// The outputs for any number of samples. Allocates nothing.
    ///
    /// # Errors
    /// When there are not as many outputs as inputs; nothing is written then.
    pub fn predict_batch(
        &self,
        inputs: &[[f32; 16]],
        outputs: &mut [[f32; OUTPUTS]],
    ) -> ::core::result::Result<(), ::graven::LengthMismatch> {
        ::graven::__private::predict_batch(self, inputs, outputs)
    }
    /// The loss of one sample; `gradient` is overwritten with its derivatives with respect to every parameter.
    /// Allocates nothing.
    pub fn gradients<AnyLoss, AnyTarget>(
        &self,
        input: &[f32; 16],
        target: &AnyTarget,
        loss: &AnyLoss,
        gradient: &mut Self,
    ) -> f32
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
        AnyLoss: ::graven::losses::Loss<[f32; OUTPUTS], ::graven::activations::Softmax>,
    {
        ::graven::training::Trainer::new(self, optimizer, loss, metrics)
    }
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
    ::graven::__private::with_std! {
        #[doc =
        r" Writes the parameters to a file whose extension tells the format: `.safetensors`."]
        #[doc = r""] #[doc = r" # Errors"] #[doc =
        r" When the extension is unknown or the file can't be written; an old file is then still there."]
        pub fn save(& self, path : impl ::core::convert::AsRef < ::std::path::Path >,) ->
        ::core::result::Result < (), ::graven::formats::WeightsError > {
        ::graven::__private::save(self, path) } #[doc =
        r" Reads the parameters from a file that `save` wrote."] #[doc = r""] #[doc =
        r" # Errors"] #[doc =
        r" When the file can't be read, or a name, shape or type in it does not fit."]
        pub fn load(path : impl ::core::convert::AsRef < ::std::path::Path >,) ->
        ::core::result::Result < ::graven::__private::Box < Self >,
        ::graven::formats::WeightsError > { ::graven::__private::load(path) }
    }
}
const _: () = ::core::assert!(
    OUTPUTS > 0, "{}", "Dense needs at least 1 unit, found OUTPUTS"
);
