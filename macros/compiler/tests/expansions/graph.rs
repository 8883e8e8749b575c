/**

A network made by `model!` from this listing:

```text
Ranker(user: 8, item: 8 as u8) -> (score, topic) <
    tower: Dense(6, relu),
    u = tower(user),
    v = tower(item),
    both = Concat(u, v),
    score = Dense(1, sigmoid)(both),
    topic = Dense(5, softmax)(both),
>
```

| layer (type) | output shape | parameters |
|---|---|---:|
| `tower` (Dense) | 6 | 54 |
| `both` (Concat) | 12 | 0 |
| `score` (Dense) | 1 | 13 |
| `topic` (Dense) | 5 | 65 |
| **all** | | **132** |

<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 198 468" width="198" height="468" style="max-width:100%;height:auto" role="img" aria-label="The layers of Ranker" fill="none" stroke="currentColor" font-family="sans-serif" font-size="13" text-anchor="middle"><rect x="1" y="1" width="136" height="46" rx="6"/><text x="69" y="20" fill="currentColor" stroke="none" font-weight="bold">user</text><text x="69" y="37" fill="currentColor" stroke="none" opacity="0.75">8</text><rect x="1" y="71" width="136" height="46" rx="6"/><text x="69" y="90" fill="currentColor" stroke="none" font-weight="bold">item</text><text x="69" y="107" fill="currentColor" stroke="none" opacity="0.75">8</text><rect x="1" y="141" width="136" height="46" rx="6"/><text x="69" y="160" fill="currentColor" stroke="none" font-weight="bold">tower (Dense)</text><text x="69" y="177" fill="currentColor" stroke="none" opacity="0.75">6</text><rect x="1" y="211" width="136" height="46" rx="6"/><text x="69" y="230" fill="currentColor" stroke="none" font-weight="bold">tower (Dense)</text><text x="69" y="247" fill="currentColor" stroke="none" opacity="0.75">6</text><rect x="1" y="281" width="136" height="46" rx="6"/><text x="69" y="300" fill="currentColor" stroke="none" font-weight="bold">both (Concat)</text><text x="69" y="317" fill="currentColor" stroke="none" opacity="0.75">12</text><rect x="1" y="351" width="136" height="46" rx="6"/><text x="69" y="370" fill="currentColor" stroke="none" font-weight="bold">score (Dense)</text><text x="69" y="387" fill="currentColor" stroke="none" opacity="0.75">1</text><rect x="1" y="421" width="136" height="46" rx="6"/><text x="69" y="440" fill="currentColor" stroke="none" font-weight="bold">topic (Dense)</text><text x="69" y="457" fill="currentColor" stroke="none" opacity="0.75">5</text><path d="M137 24C167 24 167 156 137 156M144 152L137 156L144 160"/><path d="M137 94C167 94 167 226 137 226M144 222L137 226L144 230"/><path d="M137 164C167 164 167 296 137 296M144 292L137 296L144 300"/><path d="M69 257V281M65 275L69 281L73 275"/><path d="M69 327V351M65 345L69 351L73 345"/><path d="M137 304C167 304 167 436 137 436M144 432L137 436L144 440"/></svg>
*/
#[repr(C)]
pub struct Ranker {
    ///`Dense(6, relu)`: gives 6, has 54 parameters.
    pub tower: ::graven::layers::Dense<f32, 8, 6>,
    ///`Dense(1, sigmoid)`: gives 1, has 13 parameters.
    pub score: ::graven::layers::Dense<f32, 12, 1>,
    ///`Dense(5, softmax)`: gives 5, has 65 parameters.
    pub topic: ::graven::layers::Dense<f32, 12, 5>,
}
///What [`Ranker`] gives: its outputs by their names.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct RankerOutput {
    ///The output `score`: 1.
    pub score: [f32; 1],
    ///The output `topic`: 5.
    pub topic: [f32; 5],
}
const _: () = {
    use ::graven::__private as __rt;
    const __SCRATCH: usize = 24;
    const __ARENA: usize = 65;
    const __TILE: usize = __rt::tile::<Ranker>(__ARENA, 1);
    const __STRIP: usize = __rt::strip::<Ranker>(__SCRATCH, __TILE, true);
    unsafe impl __rt::Record for RankerOutput {
        type Scalar = f32;
        type Parts = ([f32; 1], [f32; 5]);
        const NAMES: &'static [&'static str] = &["score", "topic"];
        const ZEROS: Self = <RankerOutput>::ZEROS;
    }
    impl RankerOutput {
        ///To be overwritten, by `predict_batch` for instance.
        pub const ZEROS: Self = Self {
            score: <[f32; 1] as __rt::Tensor>::ZEROS,
            topic: <[f32; 5] as __rt::Tensor>::ZEROS,
        };
    }
    unsafe impl __rt::Parameters for Ranker {
        type Scalar = f32;
        const COUNT: usize = 0
            + <::graven::layers::Dense<f32, 8, 6> as __rt::Parameters>::COUNT
            + <::graven::layers::Dense<f32, 12, 1> as __rt::Parameters>::COUNT
            + <::graven::layers::Dense<f32, 12, 5> as __rt::Parameters>::COUNT;
        #[allow(unused_variables, unused_assignments)]
        fn describe(
            path: &__rt::Path<'_>,
            offset: usize,
            visit: &mut dyn ::core::ops::FnMut(&__rt::Path<'_>, __rt::Shape, usize),
        ) {
            let mut offset = offset;
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, 8, 6>,
            >(path, "tower", offset, visit);
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, 12, 1>,
            >(path, "score", offset, visit);
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, 12, 5>,
            >(path, "topic", offset, visit);
        }
    }
    impl __rt::Layer for Ranker {
        type Input = [f32; 16];
        type Output = RankerOutput;
        const SCRATCH: usize = __SCRATCH;
        const TAPE: usize = __rt::nested_tape::<Self>();
        const INPUTS: &'static [__rt::Shape] = &[
            __rt::Shape::new(&[8]),
            __rt::Shape::new(&[8]),
        ];
        #[allow(unused_variables)]
        fn initialize(&mut self, random: &mut __rt::Random) {
            __rt::Layer::initialize(&mut self.tower, random);
            __rt::Layer::initialize(&mut self.score, random);
            __rt::Layer::initialize(&mut self.topic, random);
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
    impl __rt::Model for Ranker {
        type Sample = ([f32; 8], [u8; 8]);
        type Head = (::graven::activations::Sigmoid, ::graven::activations::Softmax);
        const NAME: &'static str = "Ranker";
        const LAYERS: &'static [__rt::LayerInfo] = &[
            __rt::LayerInfo {
                name: "tower",
                kind: "Dense",
                output: &[6],
                parameters: 54,
                macs: 48,
                inputs: &["user"],
            },
            __rt::LayerInfo {
                name: "both",
                kind: "Concat",
                output: &[12],
                parameters: 0,
                macs: 0,
                inputs: &["tower", "tower"],
            },
            __rt::LayerInfo {
                name: "score",
                kind: "Dense",
                output: &[1],
                parameters: 13,
                macs: 12,
                inputs: &["both"],
            },
            __rt::LayerInfo {
                name: "topic",
                kind: "Dense",
                output: &[5],
                parameters: 65,
                macs: 60,
                inputs: &["both"],
            },
        ];
        const DOT: &'static str = "digraph Ranker {\n    node [shape=box];\n    n0 [label=\"user\\n8\"];\n    n1 [label=\"item\\n8\"];\n    n2 [label=\"tower (Dense)\\n6\"];\n    n3 [label=\"tower (Dense)\\n6\"];\n    n4 [label=\"both (Concat)\\n12\"];\n    n5 [label=\"score (Dense)\\n1\"];\n    n6 [label=\"topic (Dense)\\n5\"];\n    n0 -> n2;\n    n1 -> n3;\n    n2 -> n4;\n    n3 -> n4;\n    n4 -> n5;\n    n4 -> n6;\n}\n";
        const MACS: usize = 168;
        const ARENA: usize = __ARENA;
        const TILE: usize = __TILE;
        const STRIP: usize = __STRIP;
        type Scratch = [f32; __SCRATCH];
        type StripScratch = [f32; __SCRATCH * __STRIP];
        type SampleArena = [f32; __ARENA];
        type TileArena = [f32; __ARENA * __TILE];
        type StripInput = [Self::Input; __STRIP];
        type TileInput = [Self::Input; __TILE];
        type TileOutput = [RankerOutput; __TILE];
        #[inline(always)]
        fn infer_logits<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            inputs: &[Self::Input],
            logits: &mut [Self::Output],
            arena: &mut [f32],
        ) {
            let count = inputs.len();
            {
                let (rest, write) = __rt::split(arena, 14 * count, 8 * count);
                __rt::take(
                    __rt::flat(inputs),
                    write,
                    __rt::Column {
                        offset: 0,
                        width: 8,
                        total: 16,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 6 * count, 8 * count);
                __rt::take(
                    __rt::flat(inputs),
                    write,
                    __rt::Column {
                        offset: 8,
                        width: 8,
                        total: 16,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 0, 6 * count);
                __rt::forward(
                    level,
                    &self.tower,
                    rest.read(14 * count, 8 * count),
                    write,
                    &mut [],
                );
            }
            {
                let (rest, write) = __rt::split(arena, 0, 6 * count);
                __rt::activate::<::graven::activations::Relu, _, _>(level, 6, write);
            }
            {
                let (rest, write) = __rt::split(arena, 18 * count, 6 * count);
                __rt::forward(
                    level,
                    &self.tower,
                    rest.read(6 * count, 8 * count),
                    write,
                    &mut [],
                );
            }
            {
                let (rest, write) = __rt::split(arena, 18 * count, 6 * count);
                __rt::activate::<::graven::activations::Relu, _, _>(level, 6, write);
            }
            {
                let (rest, write) = __rt::split(arena, 6 * count, 12 * count);
                __rt::place(
                    rest.read(0, 6 * count),
                    write,
                    __rt::Column {
                        offset: 0,
                        width: 6,
                        total: 12,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 6 * count, 12 * count);
                __rt::place(
                    rest.read(18 * count, 6 * count),
                    write,
                    __rt::Column {
                        offset: 6,
                        width: 6,
                        total: 12,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 5 * count, 1 * count);
                __rt::forward(
                    level,
                    &self.score,
                    rest.read(6 * count, 12 * count),
                    write,
                    &mut [],
                );
            }
            {
                let (rest, write) = __rt::split(arena, 0, 5 * count);
                __rt::forward(
                    level,
                    &self.topic,
                    rest.read(6 * count, 12 * count),
                    write,
                    &mut [],
                );
            }
            {
                __rt::place(
                    __rt::read(arena, 5 * count, 1 * count),
                    __rt::flat_mut(logits),
                    __rt::Column {
                        offset: 0,
                        width: 1,
                        total: 6,
                    },
                );
            }
            {
                __rt::place(
                    __rt::read(arena, 0, 5 * count),
                    __rt::flat_mut(logits),
                    __rt::Column {
                        offset: 1,
                        width: 5,
                        total: 6,
                    },
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
            let count = inputs.len();
            {
                let (rest, write) = __rt::split(arena, 0, 8 * count);
                __rt::take(
                    __rt::flat(inputs),
                    write,
                    __rt::Column {
                        offset: 0,
                        width: 8,
                        total: 16,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 57 * count, 8 * count);
                __rt::take(
                    __rt::flat(inputs),
                    write,
                    __rt::Column {
                        offset: 8,
                        width: 8,
                        total: 16,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 8 * count, 6 * count);
                __rt::train(
                    level,
                    &self.tower,
                    rest.read(0, 8 * count),
                    write,
                    &mut [],
                    context.layer(0),
                );
            }
            {
                let (rest, write) = __rt::split(arena, 8 * count, 6 * count);
                __rt::activate::<::graven::activations::Relu, _, _>(level, 6, write);
            }
            {
                let (rest, write) = __rt::split(arena, 51 * count, 6 * count);
                __rt::train(
                    level,
                    &self.tower,
                    rest.read(57 * count, 8 * count),
                    write,
                    &mut [],
                    context.layer(1),
                );
            }
            {
                let (rest, write) = __rt::split(arena, 51 * count, 6 * count);
                __rt::activate::<::graven::activations::Relu, _, _>(level, 6, write);
            }
            {
                let (rest, write) = __rt::split(arena, 14 * count, 12 * count);
                __rt::place(
                    rest.read(8 * count, 6 * count),
                    write,
                    __rt::Column {
                        offset: 0,
                        width: 6,
                        total: 12,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 14 * count, 12 * count);
                __rt::place(
                    rest.read(51 * count, 6 * count),
                    write,
                    __rt::Column {
                        offset: 6,
                        width: 6,
                        total: 12,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 50 * count, 1 * count);
                __rt::train(
                    level,
                    &self.score,
                    rest.read(14 * count, 12 * count),
                    write,
                    &mut [],
                    context.layer(2),
                );
            }
            {
                let (rest, write) = __rt::split(arena, 26 * count, 5 * count);
                __rt::train(
                    level,
                    &self.topic,
                    rest.read(14 * count, 12 * count),
                    write,
                    &mut [],
                    context.layer(3),
                );
            }
            {
                __rt::place(
                    __rt::read(arena, 50 * count, 1 * count),
                    __rt::flat_mut(logits),
                    __rt::Column {
                        offset: 0,
                        width: 1,
                        total: 6,
                    },
                );
            }
            {
                __rt::place(
                    __rt::read(arena, 26 * count, 5 * count),
                    __rt::flat_mut(logits),
                    __rt::Column {
                        offset: 1,
                        width: 5,
                        total: 6,
                    },
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
                let (rest, write) = __rt::split(arena, 50 * count, 1 * count);
                __rt::take(
                    __rt::flat(logit_gradients),
                    write,
                    __rt::Column {
                        offset: 0,
                        width: 1,
                        total: 6,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 26 * count, 5 * count);
                __rt::take(
                    __rt::flat(logit_gradients),
                    write,
                    __rt::Column {
                        offset: 1,
                        width: 5,
                        total: 6,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 38 * count, 12 * count);
                let context = context.layer(3);
                __rt::backward(
                    level,
                    &self.topic,
                    rest.read(14 * count, 12 * count),
                    rest.read(26 * count, 5 * count),
                    Some(write),
                    &mut [],
                    context,
                    &mut gradient.topic,
                );
            }
            {
                let (rest, write) = __rt::split(arena, 26 * count, 12 * count);
                let context = context.layer(2);
                __rt::backward(
                    level,
                    &self.score,
                    rest.read(14 * count, 12 * count),
                    rest.read(50 * count, 1 * count),
                    Some(write),
                    &mut [],
                    context,
                    &mut gradient.score,
                );
            }
            {
                let (rest, write) = __rt::split(arena, 38 * count, 12 * count);
                __rt::merge_into::<
                    __rt::Add,
                    _,
                >(rest.read(26 * count, 12 * count), write);
            }
            {
                let (rest, write) = __rt::split(arena, 32 * count, 6 * count);
                __rt::take(
                    rest.read(38 * count, 12 * count),
                    write,
                    __rt::Column {
                        offset: 0,
                        width: 6,
                        total: 12,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 14 * count, 6 * count);
                __rt::take(
                    rest.read(38 * count, 12 * count),
                    write,
                    __rt::Column {
                        offset: 6,
                        width: 6,
                        total: 12,
                    },
                );
            }
            {
                let (rest, write) = __rt::split(arena, 14 * count, 6 * count);
                __rt::derive::<
                    ::graven::activations::Relu,
                    _,
                    _,
                >(level, 6, rest.read(51 * count, 6 * count), write);
            }
            {
                let (rest, write) = __rt::split(arena, 49 * count, 8 * count);
                let context = context.layer(1);
                __rt::backward(
                    level,
                    &self.tower,
                    rest.read(57 * count, 8 * count),
                    rest.read(14 * count, 6 * count),
                    input_gradients.is_some().then_some(write),
                    &mut [],
                    context,
                    &mut gradient.tower,
                );
            }
            {
                let (rest, write) = __rt::split(arena, 32 * count, 6 * count);
                __rt::derive::<
                    ::graven::activations::Relu,
                    _,
                    _,
                >(level, 6, rest.read(8 * count, 6 * count), write);
            }
            {
                let (rest, write) = __rt::split(arena, 8 * count, 8 * count);
                let context = context.layer(0);
                __rt::backward(
                    level,
                    &self.tower,
                    rest.read(0, 8 * count),
                    rest.read(32 * count, 6 * count),
                    input_gradients.is_some().then_some(write),
                    &mut [],
                    context,
                    &mut gradient.tower,
                );
            }
            if input_gradients.is_some() {
                __rt::place(
                    __rt::read(arena, 49 * count, 8 * count),
                    __rt::flat_mut(input_gradients.as_deref_mut().unwrap_or_default()),
                    __rt::Column {
                        offset: 8,
                        width: 8,
                        total: 16,
                    },
                );
            }
            if input_gradients.is_some() {
                __rt::place(
                    __rt::read(arena, 8 * count, 8 * count),
                    __rt::flat_mut(input_gradients.as_deref_mut().unwrap_or_default()),
                    __rt::Column {
                        offset: 0,
                        width: 8,
                        total: 16,
                    },
                );
            }
        }
    }
};
const _: () = {
    use ::graven::__private as __rt;
    #[diagnostic::on_unimplemented(
        message = "`Ranker` can't take one time step at a time",
        label = "`Ranker` has no `step`",
        note = "its input has no time axis before the features: 8, 8"
    )]
    pub trait Steps {
        type Output;
    }
    #[allow(dead_code, private_bounds)]
    impl Ranker {
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
impl Ranker {
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
    pub fn predict(&self, input: &([f32; 8], [u8; 8])) -> RankerOutput {
        ::graven::__private::predict(self, input)
    }
    /// The output for one sample, written to `output`, with scratch memory of any content.
    pub fn predict_in(
        &self,
        input: &([f32; 8], [u8; 8]),
        scratch: &mut <Self as ::graven::Model>::Scratch,
        output: &mut RankerOutput,
    ) {
        ::graven::__private::predict_in(self, input, scratch, output);
    }
    /// The outputs for any number of samples. Allocates nothing.
    ///
    /// # Errors
    /// When there are not as many outputs as inputs; nothing is written then.
    pub fn predict_batch(
        &self,
        inputs: &[([f32; 8], [u8; 8])],
        outputs: &mut [RankerOutput],
    ) -> ::core::result::Result<(), ::graven::LengthMismatch> {
        ::graven::__private::predict_batch(self, inputs, outputs)
    }
    /// The loss of one sample; `gradient` is overwritten with its derivatives with respect to every parameter.
    /// Allocates nothing.
    pub fn gradients<AnyLoss, AnyTarget>(
        &self,
        input: &([f32; 8], [u8; 8]),
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
        AnyLoss: ::graven::losses::Loss<
            RankerOutput,
            (::graven::activations::Sigmoid, ::graven::activations::Softmax),
        >,
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
