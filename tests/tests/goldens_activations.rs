//! Every activation function against Keras: values and derivatives, at kinks and extremes, at each precision and level.

use std::marker::PhantomData;

use graven::Scalar;
use graven::activations::*;
use graven::simd::{Level, Simd, Task};
use graven_tests::close::assert_close_above;
use graven_tests::goldens::{Case, Golden};

/// Forward and backward of one activation over whole rows.
struct Apply<'a, A, S> {
    width: usize,
    x: &'a [S],
    dy: &'a [S],
    activation: PhantomData<A>,
}

impl<A: Activation, S: Scalar> Task for Apply<'_, A, S> {
    type Output = (Vec<S>, Vec<S>);

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> Self::Output {
        let (mut y, mut dx) = (self.x.to_vec(), self.dy.to_vec());
        A::forward(level, self.width, &mut y);
        A::backward(level, self.width, if A::FROM_OUTPUT { &y } else { self.x }, &mut dx);
        (y, dx)
    }
}

/// Both precisions of the goldens.
struct Goldens {
    single: Golden,
    double: Golden,
}

impl Goldens {
    fn load() -> Self {
        Self { single: Golden::load("activations"), double: Golden::load("activations.f64") }
    }

    /// Compares one case; `points` is the case that has `x` and `dy`.
    fn check<A: Activation>(&self, name: &str, points: &str, width: usize) {
        let (single, double, points) =
            (self.single.case(name), self.double.case(name), self.single.case(points));
        for simd in Simd::all() {
            let (x, dy) = (points.scalars::<f32>("x"), points.scalars("dy"));
            let task = Apply::<A, f32> { width, x: &x, dy: &dy, activation: PhantomData };
            compare_single(single, double, &simd.run(task));
            let (x, dy) = (points.scalars::<f64>("x"), points.scalars("dy"));
            let task = Apply::<A, f64> { width, x: &x, dy: &dy, activation: PhantomData };
            compare_double(double, &simd.run(task));
        }
    }

    fn elementwise<A: Activation>(&self, name: &str) {
        self.check::<A>(name, "elementwise", 1);
    }
}

/// XLA takes subnormal numbers for 0, on whichever side of a kink they are: double precision knows the side.
fn compare_single(single: Case<'_>, double: Case<'_>, (y, dx): &(Vec<f32>, Vec<f32>)) {
    let what = |tensor: &str| format!("{} {tensor} in f32", single.name());
    // Keras computes 1 + tanh u, whose last digit in double precision is 1e-16: with five digits, nothing below is known.
    let floor = if single.name() == "gelu/approximate" { 1e-10 } else { 0.0 };
    assert_close_above(floor, y, single.values("y"), double.values("y"), 1e-5, &what("y"));
    assert_close_above(1.0, dx, single.values("dx"), double.values("dx"), 1e-5, &what("dx"));
}

fn compare_double(double: Case<'_>, (y, dx): &(Vec<f64>, Vec<f64>)) {
    let what = |tensor: &str| format!("{} {tensor} in f64", double.name());
    let floor = if double.name() == "gelu/approximate" { 1.0 } else { 0.0 };
    let (expected_y, expected_dx) = (double.values("y"), double.values("dx"));
    assert_close_above(floor, y, expected_y, expected_y, 1e-13, &what("y"));
    assert_close_above(1.0, dx, expected_dx, expected_dx, 1e-13, &what("dx"));
}

const NONE: u64 = f64::INFINITY.to_bits();
const ZERO: u64 = 0f64.to_bits();
const QUARTER: u64 = 0.25f64.to_bits();
const HALF: u64 = 0.5f64.to_bits();
const ONE_AND_A_HALF: u64 = 1.5f64.to_bits();

#[test]
fn rectifiers() {
    let goldens = Goldens::load();
    goldens.elementwise::<Linear>("linear");
    goldens.elementwise::<Relu>("relu");
    goldens.elementwise::<ReluWith<ZERO, NONE, ZERO>>("relu");
    goldens.elementwise::<ReluWith<QUARTER, NONE, ZERO>>("relu/slope");
    goldens.elementwise::<ReluWith<ZERO, { 2.25f64.to_bits() }, ZERO>>("relu/max");
    goldens.elementwise::<ReluWith<ZERO, { 6f64.to_bits() }, ZERO>>("relu/six");
    goldens.elementwise::<ReluWith<ZERO, NONE, ONE_AND_A_HALF>>("relu/threshold");
    goldens.elementwise::<ReluWith<ZERO, NONE, { (-0.5f64).to_bits() }>>("relu/below");
    goldens.elementwise::<ReluWith<QUARTER, { 3f64.to_bits() }, ONE_AND_A_HALF>>("relu/all");
    goldens.elementwise::<ReluWith<ZERO, { 2.25f64.to_bits() }, { (-0.5f64).to_bits() }>>("relu/below_max");
    goldens
        .elementwise::<ReluWith<QUARTER, { 2.25f64.to_bits() }, { (-0.5f64).to_bits() }>>("relu/below_all");
    goldens.elementwise::<Relu6>("relu6");
    goldens.elementwise::<LeakyRelu<{ 0.2f64.to_bits() }>>("leaky_relu");
    goldens.elementwise::<LeakyRelu<HALF>>("leaky_relu/slope");
}

#[test]
fn exponentials() {
    let goldens = Goldens::load();
    goldens.elementwise::<Elu<{ 1f64.to_bits() }>>("elu");
    goldens.elementwise::<Elu<HALF>>("elu/alpha");
    goldens.elementwise::<Celu<{ 1f64.to_bits() }>>("celu");
    goldens.elementwise::<Celu<HALF>>("celu/alpha");
    goldens.elementwise::<Selu>("selu");
    goldens.elementwise::<Exponential>("exponential");
}

#[test]
fn sigmoids() {
    let goldens = Goldens::load();
    goldens.elementwise::<Sigmoid>("sigmoid");
    goldens.elementwise::<HardSigmoid>("hard_sigmoid");
    goldens.elementwise::<LogSigmoid>("log_sigmoid");
    goldens.elementwise::<Softplus>("softplus");
    goldens.elementwise::<Softsign>("softsign");
    goldens.elementwise::<Tanh>("tanh");
    goldens.elementwise::<HardTanh>("hard_tanh");
}

#[test]
fn gated() {
    let goldens = Goldens::load();
    goldens.elementwise::<Gelu>("gelu");
    goldens.elementwise::<GeluApproximate>("gelu/approximate");
    goldens.elementwise::<Silu>("silu");
    goldens.elementwise::<HardSilu>("hard_silu");
    goldens.elementwise::<Mish>("mish");
}

#[test]
fn rows() {
    fn all<A: Activation>(goldens: &Goldens, prefix: &str) {
        for case in goldens.single.cases(prefix) {
            goldens.check::<A>(case.name(), case.name(), case.number("width") as usize);
        }
    }
    let goldens = Goldens::load();
    all::<Softmax>(&goldens, "softmax");
    all::<LogSoftmax>(&goldens, "log_softmax");
}
