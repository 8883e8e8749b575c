//! Listings that are graphs: named values, several inputs and outputs, shared and frozen layers, models in models.

use graven::losses::Weighted;
use graven::metrics::{Accuracy, PerOutput};
use graven::prelude::*;
use graven::testing::check_layer;
use graven::{Head, Tensor};

model! {
    #[scalar(f64)]
    pub Ranker(user: 7, item: 7) -> (score, topic) <
        tower: Dense(7 -> 6, tanh),
        u = tower(user),
        v = tower(item),
        both = Concat(u, v),
        score = Dense(12 -> 1, sigmoid)(both),
        topic = Dense(12 -> 5, softmax)(both),
    >
}

const USER: [f64; 7] = [0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7];
const ITEM: [f64; 7] = [0.7, 0.6, -0.5, 0.4, -0.3, 0.2, -0.1];

#[test]
fn several_inputs_and_outputs() {
    let net = Ranker::init(3);
    let found: RankerOutput = net.predict(&(USER, ITEM));
    let tower = |x: [f64; 7]| (net.tower.kernel * nalgebra::SVector::from(x) + net.tower.bias).map(f64::tanh);
    let both: Vec<f64> = tower(USER).iter().chain(&tower(ITEM)).copied().collect();
    let both = nalgebra::SVector::<f64, 12>::from_column_slice(&both);
    let score = 1.0 / (1.0 + (-(net.score.kernel * both + net.score.bias)[0]).exp());
    assert!((found.score[0] - score).abs() < 1e-14);
    let topic = (net.topic.kernel * both + net.topic.bias).map(f64::exp);
    for (a, b) in found.topic.iter().zip((topic / topic.sum()).iter()) {
        assert!((a - b).abs() < 1e-14);
    }
    check_layer::<Ranker>();
    assert_eq!(Ranker::PARAMETERS, 48 + 13 + 65);
    let names: Vec<&str> = Ranker::LAYERS.iter().map(|layer| layer.name).collect();
    assert_eq!(names, ["tower", "both", "score", "topic"]);
}

#[test]
fn batches_of_tuples() {
    let net = Ranker::init(3);
    let samples: Vec<_> = (0..70).map(|i| (USER.map(|x| x + 0.01 * f64::from(i)), ITEM)).collect();
    let mut outputs = vec![RankerOutput::ZEROS; 70];
    net.predict_batch(&samples, &mut outputs).unwrap();
    for (sample, output) in samples.iter().zip(&outputs) {
        assert_eq!(&net.predict(sample), output);
    }
}

#[test]
fn the_gradients_of_a_shared_layer_are_summed() {
    model! {
        #[scalar(f64)]
        Twins(user: 7, item: 7) -> (score, topic) <
            u = Dense(6, tanh)(user),
            v = Dense(6, tanh)(item),
            both = Concat(u, v),
            score = Dense(1, sigmoid)(both),
            topic = Dense(5, softmax)(both),
        >
    }
    let shared = Ranker::init(3);
    let mut apart = Twins::zeroed();
    apart.u = shared.tower.clone();
    apart.v = shared.tower.clone();
    apart.score = shared.score.clone();
    apart.topic = shared.topic.clone();
    let losses = (BinaryCrossentropy::default(), SparseCategoricalCrossentropy::default());
    let (mut one, mut two) = (Ranker::zeroed(), Twins::zeroed());
    let target = (true, 3usize);
    let loss = shared.gradients(&(USER, ITEM), &target, &losses, &mut one);
    assert_eq!(loss, apart.gradients(&(USER, ITEM), &target, &losses, &mut two));
    let sum = two.u.kernel + two.v.kernel;
    assert!((one.tower.kernel - sum).abs().max() < 1e-15 && one.tower.kernel.abs().max() > 1e-3);
    assert_eq!(one.topic, two.topic);
}

#[test]
fn a_loss_for_each_output() {
    let samples: Vec<_> = (0..40)
        .map(|i| (USER.map(|x| x * f64::from(i % 7)), ITEM.map(|x| x * f64::from(i % 5 - 2))))
        .collect();
    let targets: Vec<_> = (0..40).map(|i| (i % 7 > 3, i as usize % 5)).collect();
    let data = Dataset::new(samples, targets).unwrap();
    let losses =
        (BinaryCrossentropy::default(), Weighted::new(SparseCategoricalCrossentropy::default(), 0.25));
    let metrics = PerOutput((Accuracy::default(), (Accuracy::default(),)));
    let mut trainer = Ranker::init(3).compile(Adam::new(0.05), losses, metrics);
    let options = Fit { epochs: 30, validation_split: 0.2, verbose: Verbose::Silent, ..Fit::default() };
    let history = trainer.fit(&data, options).unwrap();
    let names: Vec<&str> = history.names().filter(|name| !name.starts_with("val_")).collect();
    assert_eq!(names, ["loss", "score_loss", "topic_loss", "score_accuracy", "topic_accuracy"]);
    let last = |name| history.last(name).unwrap();
    assert!((last("loss") - last("score_loss") - 0.25 * last("topic_loss")).abs() < 1e-12);
    assert!(last("loss") < 0.5 * history.get("loss").unwrap()[0]);
    assert_eq!(trainer.evaluate(&data).unwrap().iter().count(), 5);
}

#[test]
fn a_target_that_an_output_does_not_have() {
    let losses = (BinaryCrossentropy::default(), SparseCategoricalCrossentropy::default());
    let mut trainer = Ranker::init(3).compile(Adam::default(), losses, ());
    let targets = [(true, 5usize)];
    let error = trainer.train_step(&Batch::new(&[(USER, ITEM)], &targets).unwrap()).unwrap_err();
    assert!(error.to_string().contains("class 5 is not among the 5"), "{error}");
    let data = Dataset::new(vec![(USER, ITEM.map(|x| x / 0.0))], vec![(true, 1usize)]).unwrap();
    let error = trainer.fit(&data, Fit::default()).unwrap_err();
    assert!(error.to_string().starts_with("feature 7 of sample 0"), "{error}");
}

model! { #[scalar(f64)] pub Merged(a: 5, b: 5, c: 5) <
    sum = Add(a, b, c),
    difference = Subtract(sum, b),
    product = Multiply(difference, a, sum),
    mean = Average(product, b, a),
    highest = Maximum(mean, c, b),
    lowest = Minimum(highest, a, sum),
    squares = Multiply(lowest, lowest),
    twice = Add(lowest, lowest, squares),
    nothing = Subtract(squares, squares),
    Concat(twice, nothing, highest, a),
    Dense(3, tanh),
> }

model! { #[scalar(f64)] pub Places(a: 2x3, b: 4x3) <
    tall = Concat(a, b, axis = 1),
    turned = Permute((2, 1))(tall),
    flat = Flatten(a),
    square = Reshape((_, 2))(flat),
    many = RepeatVector(3)(flat),
    wide = Concat(turned, square, many),
    likeness = Dot(wide, turned, axes = (1, 1), normalize = true),
    straight = Dot(flat, flat),
    end = Flatten(likeness),
    Concat(end, straight),
    Dense(2),
> }

model! { #[scalar(f64)] pub Deep(x: 6) <
    Residual< Dense(9, relu), Residual< Dense(9, tanh), Gelu >, Dense(6) >,
    Residual< Dropout(0.5), Dense(6), Relu >,
    Relu,
    Dense(4, softmax),
> }

// Two outputs of which one goes on, an input that is an output, and one value twice.
model! { #[scalar(f64)] pub Odd(x: 3, y: 3) -> (half, whole, x, again) <
    half = Dense(4, tanh)(x),
    sum = Dense(3, sigmoid),
    whole = Add(sum, y),
    again = Relu(half),
> }

// A merge whose gradient goes to a tensor that held the same memory, while the other inputs still read it.
model! { #[scalar(f64)] pub Held(x: 3) <
    s: Dense(3, tanh),
    a = s(x),
    b = s(a),
    c = s(b),
    d = Subtract(a, a),
    sum = Add(d, c, a),
    product = Multiply(sum, d, sum),
    Concat(product, b, sum, b),
> }

#[test]
fn derivatives_of_graphs() {
    check_layer::<Held>();
    check_layer::<Merged>();
    check_layer::<Places>();
    check_layer::<Deep>();
    check_layer::<Odd>();
}

model! { #[scalar(f64)] pub Block(x: 6) < Residual< Dense(6, tanh), Dense(6) >, Relu > }
model! { #[scalar(f64)] pub Nested(x: 6) < block = Block, again: Block, again(block), Dense(3, softmax) > }

#[test]
fn a_model_is_a_layer() {
    check_layer::<Nested>();
    let net = Nested::init(5);
    let x = [0.3, -0.1, 0.2, 0.5, -0.4, 0.9];
    let _: &Block = &net.again;
    let deep = net.again.predict(&net.block.predict(&x));
    let logits = net.dense.kernel * nalgebra::SVector::from(deep) + net.dense.bias;
    let exp = logits.map(f64::exp);
    for (a, b) in net.predict(&x).iter().zip((exp / exp.sum()).iter()) {
        assert!((a - b).abs() < 1e-14);
    }
    assert_eq!(Nested::PARAMETERS, 2 * Block::PARAMETERS + 21);
}

// A model with several inputs and outputs as a layer: its values in order, its outputs side by side.
model! { #[scalar(f64)] pub Inner(a: 2, b: 3) -> (sum, product) <
    wide = Dense(3)(a),
    sum = Add(wide, b),
    product = Multiply(wide, b),
> }
model! { #[scalar(f64)] pub Outer(x: 2, y: 3) < Inner(x, y), Dense(2) > }

#[test]
fn a_model_with_several_inputs_is_a_layer() {
    check_layer::<Inner>();
    check_layer::<Outer>();
    let net = Outer::init(1);
    let inner = net.inner.predict(&([1.0, 2.0], [3.0, 4.0, 5.0]));
    let side = nalgebra::SVector::<f64, 6>::from_column_slice(inner.as_flat());
    let found = net.predict(&([1.0, 2.0], [3.0, 4.0, 5.0]));
    let wanted = net.dense.kernel * side + net.dense.bias;
    assert!((found[0] - wanted[0]).abs() < 1e-14 && (found[1] - wanted[1]).abs() < 1e-14);
}

model! { #[scalar(f64)] pub Tuned(x: 6) <
    #[frozen] first: Dense(6, tanh),
    first(x),
    #[frozen] Block,
    Dense(4, relu),
    #[frozen] Dense(3),
    Dense(2, softmax),
> }

#[test]
fn frozen_layers_stay() {
    let start = Tuned::init(2);
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = Tuned::init(2).compile(Adam::new(0.1), loss, ());
    let (inputs, targets) = ([[0.5, -0.5, 0.25, 1.0, -1.0, 0.1]; 3], [0usize, 1, 1]);
    for _ in 0..3 {
        trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
    }
    let net = trainer.model();
    assert_eq!((&net.first, &net.dense_1), (&start.first, &start.dense_1));
    assert_eq!(net.block.as_slice(), start.block.as_slice());
    assert!(net.dense.kernel != start.dense.kernel && net.dense_2.bias != start.dense_2.bias);
    assert!(trainer.gradient().first.as_slice().iter().all(|g| *g == 0.0));
    assert!(trainer.gradient().dense_1.as_slice().iter().all(|g| *g == 0.0));
    let summary = Tuned::summary().to_string();
    assert!(
        summary.contains("Trainable params: 36 (288.00 B)") && summary.contains("Non-trainable params: 141"),
        "{summary}"
    );
}

model! { pub Tokens(tokens: 4 as u8, place: 2 as i16, weight: 3) < Concat(tokens, place, weight), Dense(2) > }
model! { pub Pixels(image: 2x2x1 as u8) < Flatten, Dense(3) > }

#[test]
fn integers_come_as_they_are() {
    let net = Tokens::init(1);
    let found = net.predict(&([1, 2, 3, 255], [-7, 30_000], [0.5, 0.25, 0.125]));
    let side = [1.0, 2.0, 3.0, 255.0, -7.0, 30_000.0, 0.5, 0.25, 0.125];
    let wanted = net.dense.kernel * nalgebra::SVector::from(side) + net.dense.bias;
    assert!((found[0] - wanted[0]).abs() < 1e-2, "{found:?} {wanted}");
    let net = Pixels::init(1);
    let image = [[[0u8], [255]], [[7], [9]]];
    let wanted = net.dense.kernel * nalgebra::SVector::from([0.0, 255.0, 7.0, 9.0]) + net.dense.bias;
    assert!((net.predict(&image)[2] - wanted[2]).abs() < 1e-3);
    let mut outputs = [[0.0; 3]; 50];
    net.predict_batch(&[image; 50], &mut outputs).unwrap();
    assert!(outputs.iter().all(|output| *output == net.predict(&image)));
    let data = Dataset::new(vec![image; 50], vec![[1.0f32, 2.0, 3.0]; 50]).unwrap();
    let mut trainer = net.compile(Adam::new(0.01), MeanSquaredError, ());
    let options = Fit { epochs: 40, verbose: Verbose::Silent, ..Fit::default() };
    let history = trainer.fit(&data, options).unwrap();
    assert!(history.last("loss") < Some(0.1 * history.get("loss").unwrap()[0]));
}

const LEFT: usize = 5;
mod sizes {
    pub(super) const RIGHT: usize = 3;
}
model! { #[scalar(f64)] pub Constant(a: LEFT, b: sizes::RIGHT) <
    left = Dense(sizes::RIGHT, tanh)(a),
    both = Concat(left, b, a),
    again = Dense(LEFT)(both),
    Add(a, again),
    back = Residual< Dense(7), Dense(LEFT) >,
    Concat(back, both),
    Dense(2),
> }

#[test]
fn sizes_from_constants() {
    check_layer::<Constant>();
    assert_eq!(Constant::LAYERS[1].output, [11]);
    assert_eq!(Constant::PARAMETERS, 18 + 60 + 42 + 40 + 2 * 17);
}

#[test]
fn heads_of_several_outputs() {
    fn head<M: Model<Scalar = f64>>(values: M::Output) -> M::Output {
        let mut values = [values];
        <M::Head as Head<M::Output>>::activate(graven::simd::Baseline, &mut values);
        values[0]
    }
    let zero = head::<Ranker>(RankerOutput::ZEROS);
    assert_eq!((zero.score, zero.topic), ([0.5], [0.2; 5]));
    // What goes on behind it is no head.
    assert_eq!(head::<Odd>(OddOutput::ZEROS), OddOutput::ZEROS);
}

// So many layers that each step is a function of its own.
model! { #[scalar(f64)] pub Large(x: 4, y: 3) <
    shared: Dense(5, tanh),
    a = shared(x),
    Residual< Dense(7, gelu), Dense(5, softmax) >,
    Dropout(0.25),
    b = Dense(4, relu),
    both = Concat(b, x, a),
    c = Dense(3, sigmoid),
    d = Maximum(c, y),
    Dense(4, elu)(d),
    Reshape(2x2),
    r = SimpleRnn(3),
    e = Subtract(d, r),
    product = Multiply(e, y),
    Concat(product, both),
    Dense(5, tanh),
    Nested2,
    Dense(2, softmax),
> }
model! { #[scalar(f64)] pub Nested2(x: 5) < Dense(5, tanh), Relu, Dense(3) > }

#[test]
fn large_models_do_the_same_in_functions() {
    check_layer::<Large>();
}
