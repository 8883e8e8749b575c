//! What `model!` generates, written by hand: the contract between generated code and the runtime.
#![allow(unsafe_code, reason = "implements `Parameters` by hand")]

use graven::__private as rt;
use graven::activations::{Relu, Softmax};
use graven::layers::Dense;
use graven::losses::SparseCategoricalCrossentropy;
use graven::optimizers::{Adam, Sgd};
use graven::training::{Batch, Trainer};

#[repr(C)]
struct Digits {
    dense: Dense<f32, 64, 32>,
    dense_1: Dense<f32, 32, 10>,
}

const SCRATCH: usize = 32;
const ARENA: usize = 64;
const TILE: usize = rt::tile::<Digits>(ARENA, 1);

// SAFETY: `repr(C)`, and every field is parameters of the same scalar.
unsafe impl rt::Parameters for Digits {
    type Scalar = f32;
    const COUNT: usize =
        <Dense<f32, 64, 32> as rt::Parameters>::COUNT + <Dense<f32, 32, 10> as rt::Parameters>::COUNT;
    fn describe(path: &rt::Path<'_>, offset: usize, visit: &mut dyn FnMut(&rt::Path<'_>, rt::Shape, usize)) {
        let offset = rt::describe_field::<Dense<f32, 64, 32>>(path, "dense", offset, visit);
        rt::describe_field::<Dense<f32, 32, 10>>(path, "dense_1", offset, visit);
    }
}

impl rt::Layer for Digits {
    type Input = [f32; 64];
    type Output = [f32; 10];
    const SCRATCH: usize = SCRATCH;
    const TAPE: usize = rt::nested_tape::<Self>();

    fn initialize(&mut self, random: &mut rt::Random) {
        rt::Layer::initialize(&mut self.dense, random);
        rt::Layer::initialize(&mut self.dense_1, random);
    }
    #[inline(always)]
    fn forward<L: rt::Level>(
        &self,
        level: L,
        inputs: &[[f32; 64]],
        outputs: &mut [[f32; 10]],
        scratch: &mut [f32],
    ) {
        rt::forward_nested(level, self, inputs, outputs, scratch);
    }
    #[inline(always)]
    fn train<L: rt::Level>(
        &self,
        level: L,
        inputs: &[[f32; 64]],
        outputs: &mut [[f32; 10]],
        tape: &mut [f32],
        context: rt::Context,
    ) {
        rt::train_nested(self, level, inputs, outputs, tape, context);
    }
    #[inline(always)]
    fn backward<L: rt::Level>(&self, level: L, step: rt::Backward<'_, Self>, gradient: &mut Self) {
        rt::backward_nested(self, level, step, gradient);
    }
}

impl rt::Model for Digits {
    type Sample = [f32; 64];
    type Head = Softmax;
    const NAME: &'static str = "Digits";
    const LAYERS: &'static [rt::LayerInfo] = &[
        rt::LayerInfo {
            name: "dense",
            kind: "Dense",
            output: &[32],
            parameters: 2080,
            macs: 2048,
            inputs: &["input"],
        },
        rt::LayerInfo {
            name: "dense_1",
            kind: "Dense",
            output: &[10],
            parameters: 330,
            macs: 320,
            inputs: &["dense"],
        },
    ];
    const DOT: &'static str = "";
    const MACS: usize = 2368;
    const ARENA: usize = ARENA;
    const TILE: usize = TILE;
    const STRIP: usize = rt::strip::<Digits>(SCRATCH, TILE, false);
    type Scratch = [f32; SCRATCH];
    type StripScratch = [f32; SCRATCH * TILE];
    type StripInput = [[f32; 64]; 0];
    type SampleArena = [f32; ARENA];
    type TileArena = [f32; ARENA * TILE];
    type TileInput = [[f32; 64]; 0];
    type TileOutput = [[f32; 10]; TILE];

    #[inline(always)]
    fn infer_logits<L: rt::Level>(
        &self,
        level: L,
        inputs: &[[f32; 64]],
        logits: &mut [[f32; 10]],
        scratch: &mut [f32],
    ) {
        let count = inputs.len();
        let (_, dense) = rt::split(scratch, 0, 32 * count);
        rt::forward(level, &self.dense, rt::flat(inputs), dense, &mut []);
        rt::activate::<Relu, _, _>(level, 32, dense);
        rt::forward(level, &self.dense_1, dense, rt::flat_mut(logits), &mut []);
    }

    #[inline(always)]
    fn train_logits<L: rt::Level>(
        &self,
        level: L,
        inputs: &[[f32; 64]],
        logits: &mut [[f32; 10]],
        arena: &mut [f32],
        context: rt::Context,
    ) {
        let count = inputs.len();
        let (_, dense) = rt::split(arena, 0, 32 * count);
        rt::train(level, &self.dense, rt::flat(inputs), dense, &mut [], context.layer(0));
        rt::activate::<Relu, _, _>(level, 32, dense);
        let (rest, _) = rt::split(arena, 32 * count, 0);
        rt::train(
            level,
            &self.dense_1,
            rest.read(0, 32 * count),
            rt::flat_mut(logits),
            &mut [],
            context.layer(1),
        );
    }

    #[inline(always)]
    fn backward_logits<L: rt::Level>(
        &self,
        level: L,
        inputs: &[[f32; 64]],
        logit_gradients: &mut [[f32; 10]],
        input_gradients: Option<&mut [[f32; 64]]>,
        arena: &mut [f32],
        context: rt::Context,
        gradient: &mut Self,
    ) {
        let count = inputs.len();
        let (rest, dense) = rt::split(arena, 32 * count, 32 * count);
        let gradient_1 = &mut gradient.dense_1;
        let kept = rest.read(0, 32 * count);
        rt::backward(
            level,
            &self.dense_1,
            kept,
            rt::flat(logit_gradients),
            Some(dense),
            &mut [],
            context.layer(1),
            gradient_1,
        );
        let (rest, dense) = rt::split(arena, 32 * count, 32 * count);
        rt::derive::<Relu, _, _>(level, 32, rest.read(0, 32 * count), dense);
        let wanted = input_gradients.map(rt::flat_mut);
        rt::backward(
            level,
            &self.dense,
            rt::flat(inputs),
            dense,
            wanted,
            &mut [],
            context.layer(0),
            &mut gradient.dense,
        );
    }
}

fn samples() -> (Vec<[f32; 64]>, Vec<usize>) {
    let mut random = rt::Random::new(5);
    let inputs: Vec<[f32; 64]> =
        (0..200).map(|_| core::array::from_fn(|_| random.uniform() as f32)).collect();
    let targets = inputs.iter().map(|x| (x[3] * 9.99) as usize).collect();
    (inputs, targets)
}

#[test]
fn learns() {
    let (inputs, targets) = samples();
    let model = rt::init::<Digits>(1);
    let mut trainer = Trainer::new(model, Adam::new(0.01), SparseCategoricalCrossentropy::default(), ());
    let batch = Batch::new(&inputs, &targets).unwrap();
    let before = trainer.train_step(&batch).unwrap();
    let mut after = before;
    for _ in 0..300 {
        after = trainer.train_step(&batch).unwrap();
    }
    assert!(after < 0.2 * before, "{before} {after}");
    assert_eq!(rt::Summary::of::<Digits>().to_string().lines().count(), 11);
}

#[test]
fn one_sample_equals_the_batch() {
    let (inputs, _) = samples();
    let model = rt::init::<Digits>(1);
    let mut outputs = vec![[0.0; 10]; inputs.len()];
    rt::predict_batch(&model, &inputs, &mut outputs).unwrap();
    for (x, y) in inputs.iter().zip(&outputs) {
        assert_eq!(&rt::predict(&model, x), y);
    }
}

#[test]
fn batch_gradient_is_the_mean_of_single_gradients() {
    let (inputs, targets) = samples();
    let loss = SparseCategoricalCrossentropy::default();
    let model = rt::init::<Digits>(1);
    let mut sum = <Digits as rt::Parameters>::zeroed();
    let mut single = <Digits as rt::Parameters>::zeroed();
    for (x, t) in inputs.iter().zip(&targets) {
        rt::LossFor::gradients(&loss, &model, x, t, &mut single);
        for (sum, &g) in
            rt::Parameters::as_mut_slice(&mut sum).iter_mut().zip(rt::Parameters::as_slice(&single))
        {
            *sum += g / 200.0;
        }
    }
    let mut trainer = Trainer::new(model, Sgd::new(0.0), loss, ());
    trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
    for (a, b) in rt::Parameters::as_slice(&sum).iter().zip(rt::Parameters::as_slice(trainer.gradient())) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

#[test]
fn fits_saves_and_loads() {
    let (inputs, targets) = samples();
    let data = graven::data::Dataset::new(inputs, targets).unwrap();
    let model = rt::init::<Digits>(1);
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = Trainer::new(model, Adam::new(0.01), loss, graven::metrics::Accuracy::default());
    let options = graven::training::Fit { epochs: 3, validation_split: 0.1, ..Default::default() };
    let history = trainer.fit(&data, options).unwrap();
    assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "accuracy", "val_loss", "val_accuracy"]);
    assert!(history.last("loss") < Some(history.get("loss").unwrap()[0]));
    let path = std::env::temp_dir().join(format!("by_hand_{}.safetensors", std::process::id()));
    rt::save(trainer.model(), &path).unwrap();
    let again = rt::load::<Digits>(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(rt::Parameters::as_slice(&*again), rt::Parameters::as_slice(trainer.model()));
}
