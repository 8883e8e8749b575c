/**

A network made by `model!` from this listing:

```text
Amp(x: 64x1) <
    Lstm(16, return_sequences = true),
    Dense(8, relu),
    Dense(1),
>
```

| layer (type) | output shape | parameters |
|---|---|---:|
| `lstm` (Lstm) | 64x16 | 1,152 |
| `dense` (Dense) | 64x8 | 136 |
| `dense_1` (Dense) | 64x1 | 9 |
| **all** | | **1,297** |

<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 154 258" width="154" height="258" style="max-width:100%;height:auto" role="img" aria-label="The layers of Amp" fill="none" stroke="currentColor" font-family="sans-serif" font-size="13" text-anchor="middle"><rect x="1" y="1" width="152" height="46" rx="6"/><text x="77" y="20" fill="currentColor" stroke="none" font-weight="bold">x</text><text x="77" y="37" fill="currentColor" stroke="none" opacity="0.75">64x1</text><rect x="1" y="71" width="152" height="46" rx="6"/><text x="77" y="90" fill="currentColor" stroke="none" font-weight="bold">lstm (Lstm)</text><text x="77" y="107" fill="currentColor" stroke="none" opacity="0.75">64x16</text><rect x="1" y="141" width="152" height="46" rx="6"/><text x="77" y="160" fill="currentColor" stroke="none" font-weight="bold">dense (Dense)</text><text x="77" y="177" fill="currentColor" stroke="none" opacity="0.75">64x8</text><rect x="1" y="211" width="152" height="46" rx="6"/><text x="77" y="230" fill="currentColor" stroke="none" font-weight="bold">dense_1 (Dense)</text><text x="77" y="247" fill="currentColor" stroke="none" opacity="0.75">64x1</text><path d="M77 47V71M73 65L77 71L81 65"/><path d="M77 117V141M73 135L77 141L81 135"/><path d="M77 187V211M73 205L77 211L81 205"/></svg>
*/
#[repr(C)]
pub struct Amp {
    ///`Lstm(16, return_sequences = true)`: gives 64x16, has 1,152 parameters.
    pub lstm: ::graven::layers::Lstm<f32, 64, 1, 16, 64, ::graven::layers::Sequence>,
    ///`Dense(8, relu)`: gives 64x8, has 136 parameters.
    pub dense: ::graven::layers::Dense<f32, 16, 8>,
    ///`Dense(1)`: gives 64x1, has 9 parameters.
    pub dense_1: ::graven::layers::Dense<f32, 8, 1>,
}
const _: () = {
    use ::graven::__private as __rt;
    const __SCRATCH: usize = 1536;
    const __ARENA: usize = 8704;
    const __TILE: usize = __rt::tile::<Amp>(__ARENA, 1);
    const __STRIP: usize = __rt::strip::<Amp>(__SCRATCH, __TILE, false);
    unsafe impl __rt::Parameters for Amp {
        type Scalar = f32;
        const COUNT: usize = 0
            + <::graven::layers::Lstm<
                f32,
                64,
                1,
                16,
                64,
                ::graven::layers::Sequence,
            > as __rt::Parameters>::COUNT
            + <::graven::layers::Dense<f32, 16, 8> as __rt::Parameters>::COUNT
            + <::graven::layers::Dense<f32, 8, 1> as __rt::Parameters>::COUNT;
        #[allow(unused_variables, unused_assignments)]
        fn describe(
            path: &__rt::Path<'_>,
            offset: usize,
            visit: &mut dyn ::core::ops::FnMut(&__rt::Path<'_>, __rt::Shape, usize),
        ) {
            let mut offset = offset;
            offset = __rt::describe_field::<
                ::graven::layers::Lstm<f32, 64, 1, 16, 64, ::graven::layers::Sequence>,
            >(path, "lstm", offset, visit);
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, 16, 8>,
            >(path, "dense", offset, visit);
            offset = __rt::describe_field::<
                ::graven::layers::Dense<f32, 8, 1>,
            >(path, "dense_1", offset, visit);
        }
    }
    impl __rt::Layer for Amp {
        type Input = [[f32; 1]; 64];
        type Output = [[f32; 1]; 64];
        const SCRATCH: usize = __SCRATCH;
        const TAPE: usize = __rt::nested_tape::<Self>();
        #[allow(unused_variables)]
        fn initialize(&mut self, random: &mut __rt::Random) {
            __rt::Layer::initialize(&mut self.lstm, random);
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
    impl __rt::Model for Amp {
        type Sample = [[f32; 1]; 64];
        type Head = ::graven::activations::Linear;
        const NAME: &'static str = "Amp";
        const LAYERS: &'static [__rt::LayerInfo] = &[
            __rt::LayerInfo {
                name: "lstm",
                kind: "Lstm",
                output: &[64, 16],
                parameters: 1152,
                macs: 69632,
                inputs: &["x"],
            },
            __rt::LayerInfo {
                name: "dense",
                kind: "Dense",
                output: &[64, 8],
                parameters: 136,
                macs: 8192,
                inputs: &["lstm"],
            },
            __rt::LayerInfo {
                name: "dense_1",
                kind: "Dense",
                output: &[64, 1],
                parameters: 9,
                macs: 512,
                inputs: &["dense"],
            },
        ];
        const DOT: &'static str = "digraph Amp {\n    node [shape=box];\n    n0 [label=\"x\\n64x1\"];\n    n1 [label=\"lstm (Lstm)\\n64x16\"];\n    n2 [label=\"dense (Dense)\\n64x8\"];\n    n3 [label=\"dense_1 (Dense)\\n64x1\"];\n    n0 -> n1;\n    n1 -> n2;\n    n2 -> n3;\n}\n";
        const MACS: usize = 78336;
        const ARENA: usize = __ARENA;
        const TILE: usize = __TILE;
        const STRIP: usize = __STRIP;
        type Scratch = [f32; __SCRATCH];
        type StripScratch = [f32; __SCRATCH * __STRIP];
        type SampleArena = [f32; __ARENA];
        type TileArena = [f32; __ARENA * __TILE];
        type StripInput = [Self::Input; 0];
        type TileInput = [Self::Input; 0];
        type TileOutput = [[[f32; 1]; 64]; __TILE];
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
                let (rest, write) = __rt::split(arena, 0, 1024 * count);
                __rt::forward(level, &self.lstm, __rt::flat(inputs), write, &mut []);
            }
            {
                let (rest, write) = __rt::split(arena, 1024 * count, 512 * count);
                __rt::forward(
                    level,
                    &self.dense,
                    rest.read(0, 1024 * count),
                    write,
                    &mut [],
                );
            }
            {
                let (rest, write) = __rt::split(arena, 1024 * count, 512 * count);
                __rt::activate::<::graven::activations::Relu, _, _>(level, 8, write);
            }
            {
                __rt::forward(
                    level,
                    &self.dense_1,
                    __rt::read(arena, 1024 * count, 512 * count),
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
            let count = inputs.len();
            {
                let (rest, write, tape) = __rt::split2(
                    arena,
                    (7680 * count, 1024 * count),
                    (0, 6144 * count),
                );
                __rt::train(
                    level,
                    &self.lstm,
                    __rt::flat(inputs),
                    write,
                    tape,
                    context.layer(0),
                );
            }
            {
                let (rest, write) = __rt::split(arena, 6144 * count, 512 * count);
                __rt::train(
                    level,
                    &self.dense,
                    rest.read(7680 * count, 1024 * count),
                    write,
                    &mut [],
                    context.layer(1),
                );
            }
            {
                let (rest, write) = __rt::split(arena, 6144 * count, 512 * count);
                __rt::activate::<::graven::activations::Relu, _, _>(level, 8, write);
            }
            {
                __rt::train(
                    level,
                    &self.dense_1,
                    __rt::read(arena, 6144 * count, 512 * count),
                    __rt::flat_mut(logits),
                    &mut [],
                    context.layer(2),
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
                let (rest, write) = __rt::split(arena, 7168 * count, 512 * count);
                let context = context.layer(2);
                __rt::backward(
                    level,
                    &self.dense_1,
                    rest.read(6144 * count, 512 * count),
                    __rt::flat(logit_gradients),
                    Some(write),
                    &mut [],
                    context,
                    &mut gradient.dense_1,
                );
            }
            {
                let (rest, write) = __rt::split(arena, 7168 * count, 512 * count);
                __rt::derive::<
                    ::graven::activations::Relu,
                    _,
                    _,
                >(level, 8, rest.read(6144 * count, 512 * count), write);
            }
            {
                let (rest, write) = __rt::split(arena, 6144 * count, 1024 * count);
                let context = context.layer(1);
                __rt::backward(
                    level,
                    &self.dense,
                    rest.read(7680 * count, 1024 * count),
                    rest.read(7168 * count, 512 * count),
                    Some(write),
                    &mut [],
                    context,
                    &mut gradient.dense,
                );
            }
            {
                let (rest, tape) = __rt::split(arena, 0, 6144 * count);
                let context = context.layer(0);
                __rt::backward(
                    level,
                    &self.lstm,
                    __rt::flat(inputs),
                    rest.read(6144 * count, 1024 * count),
                    input_gradients.as_deref_mut().map(__rt::flat_mut),
                    tape,
                    context,
                    &mut gradient.lstm,
                );
            }
        }
    }
};
///What [`Amp`] remembers from one `step` to the next. The default is all zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct AmpState {
    ///That of `lstm`.
    pub lstm: <::graven::layers::Lstm<
        f32,
        64,
        1,
        16,
        64,
        ::graven::layers::Sequence,
    > as ::graven::Step>::State,
}
#[allow(dead_code)]
impl AmpState {
    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}
const _: () = {
    use ::graven::__private as __rt;
    #[diagnostic::do_not_recommend]
    impl __rt::Step for Amp {
        type Frame = [f32; 1];
        type FrameOutput = [f32; 1];
        type State = AmpState;
        #[allow(unused_variables)]
        #[inline(always)]
        fn step<AnyLevel: __rt::Level>(
            &self,
            level: AnyLevel,
            state: &mut Self::State,
            frame: &Self::Frame,
            output: &mut Self::FrameOutput,
        ) {
            let lstm_frame = {
                let mut write = <[f32; 16] as __rt::Tensor>::ZEROS;
                __rt::advance(
                    level,
                    &self.lstm,
                    &mut state.lstm,
                    __rt::Tensor::as_flat(frame),
                    __rt::Tensor::as_flat_mut(&mut write),
                );
                write
            };
            let dense_frame = {
                let mut write = <[f32; 8] as __rt::Tensor>::ZEROS;
                __rt::forward(
                    level,
                    &self.dense,
                    __rt::Tensor::as_flat(&lstm_frame),
                    __rt::Tensor::as_flat_mut(&mut write),
                    &mut [],
                );
                write
            };
            let dense_frame = {
                let mut write = dense_frame;
                __rt::activate::<
                    ::graven::activations::Relu,
                    _,
                    _,
                >(level, 8, __rt::Tensor::as_flat_mut(&mut write));
                write
            };
            let dense_1_frame = {
                let mut write = <[f32; 1] as __rt::Tensor>::ZEROS;
                __rt::forward(
                    level,
                    &self.dense_1,
                    __rt::Tensor::as_flat(&dense_frame),
                    __rt::Tensor::as_flat_mut(&mut write),
                    &mut [],
                );
                write
            };
            __rt::copy(
                __rt::Tensor::as_flat(&dense_1_frame),
                __rt::Tensor::as_flat_mut(output),
            );
        }
    }
};
#[allow(dead_code)]
impl Amp {
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
    pub fn predict(&self, input: &[[f32; 1]; 64]) -> [[f32; 1]; 64] {
        ::graven::__private::predict(self, input)
    }
    /// The output for one sample, written to `output`, with scratch memory of any content.
    pub fn predict_in(
        &self,
        input: &[[f32; 1]; 64],
        scratch: &mut <Self as ::graven::Model>::Scratch,
        output: &mut [[f32; 1]; 64],
    ) {
        ::graven::__private::predict_in(self, input, scratch, output);
    }
    /// The outputs for any number of samples. Allocates nothing.
    ///
    /// # Errors
    /// When there are not as many outputs as inputs; nothing is written then.
    pub fn predict_batch(
        &self,
        inputs: &[[[f32; 1]; 64]],
        outputs: &mut [[[f32; 1]; 64]],
    ) -> ::core::result::Result<(), ::graven::LengthMismatch> {
        ::graven::__private::predict_batch(self, inputs, outputs)
    }
    /// One time step: the output for one frame, that is one row of the input's first axis, after all those that `state`
    /// has seen. Allocates nothing. There may be more frames than a sample for `predict` has.
    pub fn step(&self, state: &mut AmpState, frame: &[f32; 1]) -> [f32; 1] {
        ::graven::__private::step(self, state, frame)
    }
    /// The loss of one sample; `gradient` is overwritten with its derivatives with respect to every parameter.
    /// Allocates nothing.
    pub fn gradients<AnyLoss, AnyTarget>(
        &self,
        input: &[[f32; 1]; 64],
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
        AnyLoss: ::graven::losses::Loss<[[f32; 1]; 64], ::graven::activations::Linear>,
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
