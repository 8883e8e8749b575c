//! LeNet-5 in every way that a network is used: as chain and as graph, at both scalars, one sample and many, trained, saved.

use graven::data::Dataset;
use graven::prelude::*;
use graven::random::Random;

model! {
    pub LeNet(image: 28x28x1) <
        Conv2d(6, 5x5, relu),
        MaxPool2d(2x2),
        Conv2d(6 -> 16, 5x5, relu),
        MaxPool2d(2x2),
        Flatten,
        Dense(256 -> 120, relu),
        Dense(_ -> 84, relu),
        Dense(10, softmax),
    >
}

model! {
    #[scalar(f64)]
    pub Graph(image: 28x28x1) -> digit <
        edges = Conv2d(6, 5x5, relu)(image),
        halved = MaxPool2d(2x2)(edges),
        shapes = Conv2d(6 -> 16, 5x5, relu)(halved),
        quartered = MaxPool2d(2x2)(shapes),
        flat = Flatten(quartered),
        hidden = Dense(256 -> 120, relu)(flat),
        last = Dense(120 -> 84, relu)(hidden),
        digit = Dense(84 -> 10, softmax)(last),
    >
}

type Image = [[[f32; 1]; 28]; 28];

/// Images of two bars each: how far apart they are is the class.
fn images(count: usize) -> Dataset<Image, usize> {
    let mut random = Random::new(3);
    let mut draw = |bound: usize| random.below(bound);
    let pairs = (0..count).map(|_| {
        let mut image = [[[0.0; 1]; 28]; 28];
        let (class, row, column) = (draw(10), draw(8), draw(14));
        for x in column..column + 12 {
            image[row][x][0] = 1.0;
            image[row + 2 + class][x][0] = 1.0;
        }
        (image, class)
    });
    pairs.collect()
}

#[test]
fn sizes_are_those_of_keras() {
    assert_eq!(LeNet::PARAMETERS, 44_426);
    assert_eq!(LeNet::MACS, 86_400 + 153_600 + 30_720 + 10_080 + 840);
    let names: Vec<&str> = LeNet::LAYERS.iter().map(|layer| layer.name).collect();
    assert_eq!(
        names,
        ["conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "flatten", "dense", "dense_1", "dense_2"]
    );
    let summary = LeNet::summary().to_string();
    let row = summary.lines().find(|line| line.contains("conv2d_1 (Conv2d)")).unwrap();
    assert!(row.contains(" (None, 8, 8, 16) ") && row.contains(" 2,416 "), "{row}");
}

#[test]
fn a_graph_computes_what_the_chain_does() {
    let net = LeNet::boxed(7);
    let mut graph = Graph::zeroed_box();
    for (wide, narrow) in graph.as_mut_slice().iter_mut().zip(net.as_slice()) {
        *wide = f64::from(*narrow);
    }
    for image in images(5).inputs() {
        let wide = image.map(|row| row.map(|pixel| pixel.map(f64::from)));
        let (a, b) = (net.predict(image), graph.predict(&wide));
        assert!(a.iter().zip(b).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5), "{a:?} {b:?}");
    }
}

#[test]
fn one_image_and_many_give_the_same_bits() {
    let net = LeNet::boxed(7);
    let images = images(45);
    let mut outputs = vec![[0.0; 10]; images.len()];
    net.predict_batch(images.inputs(), &mut outputs).unwrap();
    for (image, output) in images.inputs().iter().zip(&outputs) {
        assert_eq!(net.predict(image), *output);
    }
}

#[test]
fn it_learns_and_is_saved() {
    let images = images(16);
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = LeNet::boxed(7).compile(Adam::new(0.002), loss, ());
    let options = Fit { epochs: 10, batch_size: 8, verbose: Verbose::Silent, ..Fit::default() };
    let history = trainer.fit(&images, options).unwrap();
    let losses = history.get("loss").unwrap();
    assert!(losses[9] < 0.7 * losses[0], "{losses:?}");

    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("lenet.safetensors");
    trainer.model().save(&path).unwrap();
    let again = LeNet::load(&path).unwrap();
    assert_eq!(again.as_slice(), trainer.model().as_slice());
}
