//! Every form of the notation gives a network that computes what the listing says.

use graven::activations::Softmax;
use graven::layers::{Dense, NoBias};
use graven::prelude::*;
use graven::testing::check_layer;
use graven::{Backward, simd::Level};

const INPUTS: usize = 6;
mod sizes {
    pub(crate) const HIDDEN: usize = 5;
}

model! { pub Given < Dense(6 -> 5, tanh), Dense(5 -> 3, softmax) > }
model! { pub Inferred < Dense(6 -> 5, tanh), Dense(3, softmax) > }
model! { pub Underscore < Dense(6 -> 5, activation = tanh), Dense(_ -> 3, softmax) > }
model! { pub Constants < Dense(INPUTS -> sizes::HIDDEN, tanh), Dense(sizes::HIDDEN -> 3, softmax) > }
model! { pub Separate < hidden = Dense(6 -> 5), Tanh, out = Dense(3), Activation(softmax) > }
model!("pub Printed < Dense(6→5, tanh), Dense(5→3, softmax) >");
model! { pub WithInput(x: 6) -> y < h = Dense(5, tanh)(x), y = Dense(3, softmax)(h) > }

/// The same parameters in each, the same output from each.
#[test]
fn all_forms_are_the_same_network() {
    let given = Given::init(3);
    let input = [0.5, -1.0, 0.25, 2.0, -0.75, 0.0];
    let wanted = given.predict(&input);
    assert!((wanted.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    macro_rules! same {
        ($($model:ident)*) => {
            $({
                assert_eq!($model::PARAMETERS, Given::PARAMETERS);
                let mut model = $model::zeroed();
                model.as_mut_slice().copy_from_slice(given.as_slice());
                assert_eq!(model.predict(&input), wanted, stringify!($model));
            })*
        };
    }
    same!(Inferred Underscore Constants Separate Printed WithInput);
    let boxed = model!(< Dense(6 -> 5, tanh), Dense(5 -> 3, softmax) >).reseed(3);
    assert_eq!(boxed.predict(&input), wanted);
}

#[test]
fn fields_are_matrices_named_by_keras() {
    let net = Given::init(1);
    let kernel: &nalgebra::SMatrix<f32, 5, 6> = &net.dense.kernel;
    let by_hand = kernel * nalgebra::SVector::from([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]) + net.dense.bias;
    let hidden: [f32; 5] = by_hand.map(f32::tanh).into();
    let output = net.dense_1.kernel * nalgebra::SVector::from(hidden) + net.dense_1.bias;
    let sum: f32 = output.map(f32::exp).sum();
    let found = net.predict(nalgebra::SVector::from([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).as_ref());
    for (a, b) in found.iter().zip(output.iter()) {
        assert!((a - b.exp() / sum).abs() < 1e-6);
    }
    let separate: Separate = Separate::init(1);
    assert_eq!(separate.hidden.bias.len() + separate.out.bias.len(), 8);
}

#[test]
fn a_model_says_its_sizes() {
    assert_eq!((Given::PARAMETERS, Given::MACS, Given::SCRATCH_BYTES), (35 + 18, 30 + 15, 5 * 4));
    assert_eq!(size_of::<Given>(), 4 * Given::PARAMETERS);
    assert!(Given::TRAIN_BYTES > size_of::<Given>());
    let names: Vec<&str> = Separate::LAYERS.iter().map(|layer| layer.name).collect();
    assert_eq!(names, ["hidden", "tanh", "out", "activation"]);
    assert_eq!(Constants::LAYERS[0].output, [5]);
    assert_eq!(Given::LAYERS[1].inputs, ["dense"]);
    assert!(Given::to_dot().contains("n1 -> n2"));
    let summary = Given::summary().to_string();
    assert!(summary.contains("dense_1 (Dense)") && summary.contains("Total params: 53"), "{summary}");
}

model! { pub Image(image: 3x4x2) < Dense(5, relu), Flatten, Dropout(0.5), Dense(2) > }

#[test]
fn dense_works_on_the_last_axis() {
    let net = Image::init(2);
    let input = [[[0.5, -0.5]; 4]; 3];
    assert_eq!(Image::PARAMETERS, 15 + 122);
    let mut row = [0.0; 5];
    for (o, value) in row.iter_mut().enumerate() {
        let kernel = &net.dense.kernel;
        *value = (kernel[(o, 0)] * 0.5 - kernel[(o, 1)] * 0.5 + net.dense.bias[o]).max(0.0);
    }
    let mut wanted = net.dense_1.bias;
    for place in 0..60 {
        wanted += net.dense_1.kernel.column(place) * row[place % 5];
    }
    for (a, b) in net.predict(&input).iter().zip(&wanted) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

model! { pub Bare < Dense(4 -> 3, use_bias = false, kernel_initializer = constant(0.5)), Dense(2, kernel_initializer = orthogonal(2), bias_initializer = ones) > }

#[test]
fn initializers_and_no_bias() {
    let net = Bare::init(1);
    let first: &Dense<f32, 4, 3, NoBias> = &net.dense;
    assert!(first.kernel.iter().all(|&weight| weight == 0.5));
    assert_eq!(net.dense_1.bias.as_slice(), [1.0, 1.0]);
    let product = net.dense_1.kernel * net.dense_1.kernel.transpose();
    for (place, value) in product.iter().enumerate() {
        let wanted = if place % 3 == 0 { 4.0 } else { 0.0 };
        assert!((value - wanted).abs() < 1e-5, "{product}");
    }
    assert_eq!(Bare::PARAMETERS, 12 + 8);
}

/// Multiplies each feature by a learned factor.
#[derive(Parameters, Clone, Debug)]
#[repr(C)]
pub struct Scale {
    factor: [f64; 4],
}

impl Layer for Scale {
    type Input = [f64; 4];
    type Output = [f64; 4];

    fn initialize(&mut self, _: &mut graven::random::Random) {
        self.factor = [2.0; 4];
    }
    fn forward<L: Level>(&self, _: L, inputs: &[[f64; 4]], outputs: &mut [[f64; 4]], _: &mut [f64]) {
        for (x, y) in inputs.iter().zip(outputs) {
            *y = std::array::from_fn(|i| x[i] * self.factor[i]);
        }
    }
    fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, gradient: &mut Self) {
        for (x, dy) in step.inputs.iter().zip(step.output_gradients) {
            for i in 0..4 {
                gradient.factor[i] += x[i] * dy[i];
            }
        }
        for (dx, dy) in step.input_gradients.unwrap_or_default().iter_mut().zip(step.output_gradients) {
            *dx = std::array::from_fn(|i| dy[i] * self.factor[i]);
        }
    }
}

model! { #[scalar(f64)] pub First < Scale, Dense(3, tanh) > }
model! { #[scalar(f64)] pub Middle < Dense(5 -> 4, gelu), Scale(4 -> 4), Relu, Dense(2, softmax) > }
model! { #[scalar(f64)] #[derive(Clone, Debug)] pub Last < Dense(5 -> 4, use_bias = false), self::Scale > }

#[test]
fn a_layer_of_ones_own_in_any_place() {
    let net = First::init(1);
    assert_eq!(net.scale.factor, [2.0; 4]);
    assert_eq!(First::PARAMETERS, 4 + 15);
    check_layer::<Scale>();
    check_layer::<First>();
    check_layer::<Middle>();
    check_layer::<Last>();
    assert_eq!(Last::init(1).clone().as_slice().len(), 24);
}

model! { #[scalar(f64)] pub Nothing(x: 3x2) < Flatten > }
model! { #[scalar(f64)] pub OnInput(x: 5) < Softmax > }
model! { #[scalar(f64)] pub Gelus(x: 7) < Gelu, Gelu, Dropout(0.3), Gelu > }
model! { #[scalar(f64)] pub Everything(x: 2x3) <
    LeakyRelu, Dense(5, elu(alpha = 0.5)), Dropout(0.25), Flatten, Celu(2.0), Dense(7, relu(negative_slope = 0.1, max_value = 2.5, threshold = 0.25)),
    Activation(gelu(approximate = true)), Dense(3, mish), Dense(4, silu), Dense(5, softplus), Dense(6, log_sigmoid), Dense(3, hard_silu),
    Dense(4, selu), Dense(4, softsign), Dense(3, exponential), Dense(2, hard_tanh), Dense(2, hard_sigmoid), Dense(5, relu6), Dense(3, log_softmax)
> }

#[test]
fn derivatives_of_whole_networks() {
    check_layer::<Nothing>();
    check_layer::<OnInput>();
    check_layer::<Gelus>();
    check_layer::<Everything>();
    assert_eq!(
        Nothing::init(0).predict(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    );
}

#[test]
fn a_network_in_double_precision() {
    fn head<M: Model<Scalar = f64, Head = Softmax>>(_: &M) {}
    let net = Middle::init(1);
    head(&net);
    let mut gradient = Middle::zeroed();
    let loss = net.gradients(
        &[0.1, 0.2, 0.3, 0.4, 0.5],
        &1usize,
        &SparseCategoricalCrossentropy::default(),
        &mut gradient,
    );
    let wanted = -net.predict(&[0.1, 0.2, 0.3, 0.4, 0.5])[1].ln();
    assert!((loss - wanted).abs() < 1e-12);
}
