//! `BatchNorm` in listings: derivatives, what a batch is, moving values, freezing, folding.

use graven::prelude::*;
use graven::testing::{check_frozen_layer, check_layer};
use graven::{Folded, Scalar, Tensor};

model! { #[scalar(f64)] pub Chain < Dense(5 -> 7, use_bias = false), BatchNorm(0.75), Tanh, Dense(6), BatchNorm(scale = false), Dense(2) > }
model! { #[scalar(f64)] pub Rows(x: 3x4) < BatchNorm(center = false), Dense(5), BatchNorm(scale = false, center = false, axis = 2), Flatten, BatchNorm, Dense(2) > }
model! { #[scalar(f64)] pub Shared(a: 3, b: 3) <
    norm: BatchNorm(0.5),
    u = norm(a),
    v = norm(b),
    both = Multiply(u, v),
    w = norm(both),
    Concat(w, u),
    Dense(2, tanh),
> }
model! { #[scalar(f64)] pub Block(x: 4) < Residual< Dense(4), BatchNormalization(0.5), Relu > > }
model! { #[scalar(f64)] pub Nested(x: 4) < block: Block, a = block(x), b = block(a), Block, Dense(2) > }
model! { #[scalar(f64)] pub Still(x: 4) < block: Block, a = block(x), #[frozen] b = Block, #[frozen] BatchNorm, Dense(2) > }

#[test]
fn derivatives() {
    check_layer::<Chain>();
    check_layer::<Rows>();
    check_layer::<Shared>();
    check_layer::<Nested>();
    check_frozen_layer::<Chain>();
    check_frozen_layer::<Shared>();
    check_frozen_layer::<Nested>();
}

const CHANNELS: usize = 6;
model! { #[scalar(f64)] pub Constant < Dense(4 -> CHANNELS), BatchNorm, Dense(2) > }

model! { #[scalar(f64)] pub Open[const H: usize] < Dense(4 -> H), BatchNorm(0.5), Tanh, Dense(2) > }

#[test]
fn channels_from_a_constant() {
    check_layer::<Constant>();
    check_layer::<Open<7>>();
    check_folded::<Open<7>>([0.5, -0.5, 0.25, 1.0]);
    assert_eq!(Open::<7>::TILE, 32);
    assert_eq!(Constant::PARAMETERS, 5 * CHANNELS + 4 * CHANNELS + 7 * 2);
}

/// Different samples, and targets for them.
fn samples<const N: usize>(count: usize) -> (Vec<[f64; N]>, Vec<[f64; 2]>) {
    let mut random = graven::random::Random::new(3);
    let inputs: Vec<[f64; N]> = (0..count).map(|_| std::array::from_fn(|_| 1.0 + random.normal())).collect();
    let targets = inputs.iter().map(|x| [x[0] * x[1], x[2] - x[0]]).collect();
    (inputs, targets)
}

/// The model after some steps on one batch.
fn trained<M: Model<Scalar = f64, Sample = [f64; 4], Output = [f64; 2]>>(
    count: usize,
    steps: usize,
) -> Box<M> {
    let (inputs, targets) = samples(count);
    let mut trainer = graven::__private::boxed::<M>(1).compile(Sgd::new(0.1), MeanSquaredError, ());
    for _ in 0..steps {
        trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
    }
    let mut model = M::zeroed_box();
    model.as_mut_slice().copy_from_slice(trainer.model().as_slice());
    model
}

model! { #[scalar(f64)] pub First(x: 4) < BatchNorm(0.5, epsilon = 0.0), Dense(2) > }
model! { #[batch(100)] #[scalar(f64)] pub Hundred(x: 4) < BatchNorm(0.5, epsilon = 0.0), Dense(2) > }
model! { #[batch(7)] #[scalar(f64)] pub Seven(x: 4) < BatchNorm(0.5, epsilon = 0.0), Dense(2) > }

#[test]
fn a_batch_is_normalised_as_one_up_to_a_tile() {
    assert_eq!((First::TILE, Hundred::TILE, Seven::TILE), (32, 100, 7));
    const { assert!(First::STRIP <= 32 && Hundred::STRIP <= 100 && Seven::STRIP == 7) };
    // Alike where all samples are one tile in both, and different where they are not.
    let same = |count| trained::<First>(count, 3).as_slice() == trained::<Hundred>(count, 3).as_slice();
    assert!(same(2) && same(32) && !same(33));
    assert_eq!(trained::<Seven>(7, 3).as_slice(), trained::<First>(7, 3).as_slice());
}

#[test]
fn beyond_a_tile_the_parts_are_nearly_equal() {
    // 33 samples are parts of 16 and 17, whose statistics the moving values follow in the mean.
    let (inputs, _) = samples::<4>(33);
    let net = trained::<First>(33, 1);
    let mut mean = 0.0;
    let mut variance = 0.0;
    for part in [&inputs[..16], &inputs[16..]] {
        let count = part.len() as f64;
        let part_mean = part.iter().map(|x| x[2]).sum::<f64>() / count;
        mean += part_mean * count / 33.0;
        variance += part.iter().map(|x| (x[2] - part_mean).powi(2)).sum::<f64>() / 33.0;
    }
    assert!((net.batch_normalization.moving_mean[2] - 0.5 * mean).abs() < 1e-14);
    assert!((net.batch_normalization.moving_variance[2] - 0.5 - 0.5 * variance).abs() < 1e-14);
}

#[test]
fn a_step_that_fails_moves_nothing() {
    let (mut inputs, targets) = samples::<4>(5);
    let mut trainer = First::init(1).compile(Sgd::new(0.1), MeanSquaredError, ());
    inputs[3][2] = f64::INFINITY;
    assert!(trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).is_err());
    assert_eq!(trainer.model().as_slice(), First::init(1).as_slice());
}

#[test]
fn what_is_frozen_moves_nothing() {
    let (start, end) = (Still::init(1), trained::<Still>(20, 3));
    assert_eq!(start.b.as_slice(), end.b.as_slice());
    assert_eq!(start.batch_normalization.as_slice(), end.batch_normalization.as_slice());
    assert!(start.block.batch_normalization.moving_mean != end.block.batch_normalization.moving_mean);
    let summary = Still::summary().to_string();
    // Trained are one block of 20 + 8 and the last layer's 10.
    assert!(
        summary.contains("Trainable params: 38 (") && summary.contains("Non-trainable params: 60 ("),
        "{summary}"
    );
}

#[test]
fn gradients_of_moving_values_are_none() {
    let mut gradient = Chain::zeroed();
    Chain::init(1).gradients(&[0.1, 0.2, 0.3, 0.4, 0.5], &[1.0, 2.0], &MeanSquaredError, &mut gradient);
    let norm = &gradient.batch_normalization;
    assert!(norm.moving_mean.iter().chain(&norm.moving_variance).all(|value| *value == 0.0));
    assert!(gradient.dense_2.bias.iter().all(|value| *value != 0.0));
}

/// Any parameters; variances are positive.
fn drawn<M: Model<Scalar = f64>>() -> Box<M> {
    let mut random = graven::random::Random::new(9);
    let mut model = M::zeroed_box();
    model.as_mut_slice().fill_with(|| 0.1 + random.normal().abs());
    model
}

fn check_folded<M: Model<Scalar = f64>>(sample: M::Sample) {
    let net = drawn::<M>();
    let mut outputs = vec![M::Output::ZEROS; 40];
    graven::__private::predict_batch(&*net, &[sample; 40], &mut outputs).unwrap();
    let folded = Folded::boxed(net);
    let mut folded_outputs = vec![M::Output::ZEROS; 40];
    folded.predict_batch(&[sample; 40], &mut folded_outputs).unwrap();
    folded_outputs.push(folded.predict(&sample));
    // The parameters are those of the same function also where nothing knows that they were folded.
    folded_outputs.push(graven::__private::predict(folded.model(), &sample));
    for output in &folded_outputs {
        for (a, b) in output.as_flat().iter().zip(outputs[0].as_flat()) {
            assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{}: {a} {b}", M::NAME);
        }
    }
    assert!(folded.predict_batch(&[sample], &mut []).is_err());
}

// A norm behind a layer that is read elsewhere too, one behind an activation, one first, one as output, one of other channels.
model! { #[scalar(f64)] pub Kept(x: 4) <
    BatchNorm,
    a = Dense(5),
    b = BatchNorm,
    Add(a, b),
    Dense(5, relu),
    BatchNorm,
    Reshape(5x1),
    Dense(3),
    Flatten,
    BatchNorm(center = false),
    Dense(2),
    BatchNorm,
> }

// Strides, zeros around, dilation, groups, filters of each channel, no bias; and a norm before a convolution, which stays.
model! { #[scalar(f64)] pub Images(x: 7x5x4) <
    BatchNorm,
    Conv2d(6, 3x2, padding = same, groups = 2),
    BatchNorm(scale = false),
    Relu,
    DepthwiseConv2d(3x3, padding = same, depth_multiplier = 2, strides = 2),
    BatchNorm,
    Conv2d(11, 1x1, use_bias = false),
    BatchNormalization,
    DepthwiseConv2d(2x2, use_bias = false, tanh),
    BatchNorm(center = false),
    Flatten,
    Dense(2),
> }
model! { #[scalar(f64)] pub Sequences(x: 13x3) <
    Conv1d(7, 3, padding = causal, dilation_rate = 2, use_bias = false),
    BatchNorm,
    Tanh,
    DepthwiseConv1d(3, depth_multiplier = 3),
    Reshape(33x7),
    BatchNorm,
    DepthwiseConv1d(2, dilation_rate = 3),
    BatchNorm,
    Conv1d(17, 5, strides = 3),
    BatchNorm(0.5, epsilon = 0.1),
    GlobalAveragePool1d,
> }
model! { #[scalar(f64)] pub OpenImages[const H: usize](x: 5x3x2) < Conv2d(H, 3x3), BatchNorm, GlobalAveragePool2d, Dense(2) > }

/// Rows of different numbers.
fn rows<const C: usize, const N: usize>(seed: u64) -> [[f64; C]; N] {
    let mut random = graven::random::Random::new(seed);
    std::array::from_fn(|_| std::array::from_fn(|_| random.normal()))
}

#[test]
fn folding_into_convolutions_changes_no_output() {
    check_folded::<Images>([(); 7].map(|()| rows(3)));
    check_folded::<Sequences>(rows(4));
    check_folded::<OpenImages<9>>([(); 5].map(|()| rows(5)));
    check_folded::<OpenImages<1>>([(); 5].map(|()| rows(6)));
    // What is folded without a rest normalises by nothing any more; that without a bias to go to keeps its shift.
    let net = Folded::boxed(drawn::<Images>());
    let net = net.model();
    let same = |norm: &[f64]| norm.iter().all(|value| *value == norm[0]);
    assert!(!same(net.batch_normalization.gamma.as_slice()));
    assert!(same(net.batch_normalization_1.moving_mean.as_slice()));
    assert!(same(net.batch_normalization_2.moving_mean.as_slice()));
    assert!(same(net.batch_normalization_3.gamma.as_slice()));
    assert!(!same(net.batch_normalization_3.moving_mean.as_slice()));
    assert!(!same(net.batch_normalization_4.gamma.as_slice()));
}

#[test]
fn folding_changes_no_output() {
    check_folded::<Chain>([0.5, -0.5, 0.25, 1.0, -1.0]);
    check_folded::<Rows>([[0.5, -0.5, 0.25, 1.0], [0.1, 0.2, 0.3, 0.4], [-1.0, 2.0, 0.0, 0.3]]);
    check_folded::<Shared>(([0.5, -0.5, 0.25], [1.0, -1.0, 0.1]));
    check_folded::<Nested>([0.5, -0.5, 0.25, 1.0]);
    check_folded::<Kept>([0.5, -0.5, 0.25, 1.0]);
    let folded = Chain::init(1).fold();
    assert_eq!(format!("{folded:?}"), "Chain, folded");
    assert_eq!(f64::ONE, folded.model().batch_normalization.gamma[0]);
}
