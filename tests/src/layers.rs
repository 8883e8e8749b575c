//! Runs a layer, or a model as one, on a golden case: forward and backward, in training and at inference, at each level.

use graven::random::Context;
use graven::simd::{Level, Simd, Task};
use graven::{Backward, Layer, Scalar, Tensor};

use crate::close::assert_close_in_scale;
use crate::goldens::{Case, Golden};
use crate::models::{for_each_tensor, parameters};

/// One family in both precisions.
#[derive(Debug)]
pub struct Goldens {
    /// What Keras gives in single precision.
    pub single: Golden,
    /// What it gives in double precision.
    pub double: Golden,
}

impl Goldens {
    /// Reads both files.
    ///
    /// # Panics
    /// If one is not there.
    pub fn load(family: &str) -> Self {
        Self { single: Golden::load(family), double: Golden::load(&format!("{family}.f64")) }
    }

    /// Checks the layer `X` (in single precision) and `Y` (the same one in double precision) on a case with `x`, `dy` and
    /// the parameters by name, against its `y`, `dx` and `d_<parameter>`.
    ///
    /// # Panics
    /// If a number is too far from Keras'. All are sums of products, so the scale is each tensor's largest.
    #[track_caller]
    pub fn check<X: Layer<Scalar = f32>, Y: Layer<Scalar = f64>>(&self, case: &str) {
        check_layer::<X>(self.single.case(case), 2e-6);
        check_layer::<Y>(self.double.case(case), 1e-13);
    }
}

/// Checks listings at both scalars, each on a case of a family: `check_listings!("dense"; "3x5": { < Dense(3 -> 5) > })`.
#[macro_export]
macro_rules! check_listings {
    ($family:literal; $($case:literal: { $($listing:tt)* })+) => {{
        let goldens = $crate::layers::Goldens::load($family);
        $({
            graven::model! { Single $($listing)* }
            graven::model! { #[scalar(f64)] Double $($listing)* }
            goldens.check::<Single, Double>($case);
        })+
    }};
}

/// What a pass over a case gives.
pub(crate) struct Passed<X: Layer> {
    pub(crate) inferred: Vec<X::Scalar>,
    pub(crate) y: Vec<X::Scalar>,
    pub(crate) dx: Vec<X::Scalar>,
    pub(crate) gradient: Box<X>,
}

#[track_caller]
fn check_layer<X: Layer>(case: Case<'_>, tolerance: f64) {
    for passed in Pass::<X>::new(case).at_levels() {
        let what = |tensor: &str| format!("{} {tensor}", case.name());
        assert_close_in_scale(&passed.inferred, case.values("y"), tolerance, &what("y at inference"));
        assert_close_in_scale(&passed.y, case.values("y"), tolerance, &what("y in training"));
        assert_close_in_scale(&passed.dx, case.values("dx"), tolerance, &what("dx"));
        for_each_tensor(&*passed.gradient, case, "d_", |name, actual, expected| {
            assert_close_in_scale(actual, expected, tolerance, name);
        });
    }
}

pub(crate) struct Pass<X: Layer> {
    pub(crate) layer: Box<X>,
    pub(crate) x: Vec<X::Scalar>,
    pub(crate) dy: Vec<X::Scalar>,
}

impl<X: Layer> Pass<X> {
    #[track_caller]
    fn new(case: Case<'_>) -> Self {
        Self { layer: parameters(case, ""), x: case.scalars("x"), dy: case.scalars("dy") }
    }

    /// What it gives at every level of the machine.
    pub(crate) fn at_levels(&self) -> impl Iterator<Item = Passed<X>> {
        Simd::all().map(move |simd| simd.run(self))
    }
}

impl<X: Layer> Task for &Pass<X> {
    type Output = Passed<X>;

    #[inline(always)]
    fn run<L: Level>(self, level: L) -> Passed<X> {
        let Pass { layer, x, dy } = self;
        let rows = x.len() / X::Input::LEN;
        // Whatever is not written comes out as NaN, which is close to nothing.
        let unset = X::Scalar::from_f64(f64::NAN);
        let (mut inferred, mut y, mut dx) =
            (vec![unset; dy.len()], vec![unset; dy.len()], vec![unset; x.len()]);
        let mut scratch = vec![unset; rows * X::SCRATCH];
        let mut tape = vec![unset; rows * X::TAPE];
        let mut gradient = X::zeroed_box();
        let inputs = X::Input::batch(x);
        layer.forward(level, inputs, X::Output::batch_mut(&mut inferred), &mut scratch);
        let context = Context::new(0, 0);
        layer.train(level, inputs, X::Output::batch_mut(&mut y), &mut tape, context);
        let step = Backward {
            inputs,
            output_gradients: X::Output::batch(dy),
            input_gradients: Some(X::Input::batch_mut(&mut dx)),
            tape: &mut tape,
            context,
        };
        layer.backward(level, step, &mut gradient);
        Passed { inferred, y, dx, gradient }
    }
}
