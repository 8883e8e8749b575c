//! Metrics: what is counted beside the loss while a model trains or is evaluated.

mod accuracy;
mod error;

pub use accuracy::{Accuracy, BinaryAccuracy, CategoricalAccuracy, ClassIndex, SparseCategoricalAccuracy};
pub use error::{MeanAbsoluteError, MeanSquaredError};

use core::fmt;

/// A quantity accumulated over samples; `Y` is the model's output, `T` the data set's target.
///
/// Tuples of metrics are metrics, and `()` is none.
#[diagnostic::on_unimplemented(
    message = "the metric `{Self}` does not fit a model that gives `{Y}` and targets of type `{T}`",
    label = "does not fit output and target"
)]
pub trait Metric<Y, T> {
    /// Forgets everything; called at the start of each epoch and evaluation.
    fn reset(&mut self);

    /// Counts one sample.
    fn update(&mut self, output: &Y, target: &T);

    /// Hands name and present value to `visit`.
    fn report(&self, visit: &mut dyn FnMut(fmt::Arguments<'_>, f64));
}

impl<Y, T> Metric<Y, T> for () {
    fn reset(&mut self) {}
    fn update(&mut self, _: &Y, _: &T) {}
    fn report(&self, _: &mut dyn FnMut(fmt::Arguments<'_>, f64)) {}
}

macro_rules! tuple_of_metrics {
    ($($member:ident)+) => {
        impl<Y, T, $($member: Metric<Y, T>),+> Metric<Y, T> for ($($member,)+) {
            fn reset(&mut self) {
                #[expect(non_snake_case, reason = "a member has its type's name")]
                let ($($member,)+) = self;
                $($member.reset();)+
            }
            fn update(&mut self, output: &Y, target: &T) {
                #[expect(non_snake_case, reason = "a member has its type's name")]
                let ($($member,)+) = self;
                $($member.update(output, target);)+
            }
            fn report(&self, visit: &mut dyn FnMut(fmt::Arguments<'_>, f64)) {
                #[expect(non_snake_case, reason = "a member has its type's name")]
                let ($($member,)+) = self;
                $($member.report(visit);)+
            }
        }
    };
}
tuple_of_metrics!(A);
tuple_of_metrics!(A B);
tuple_of_metrics!(A B C);
tuple_of_metrics!(A B C D);
tuple_of_metrics!(A B C D E);

/// Metrics of a model with several outputs: one (or a tuple, or `()`) for each, in their order. What they report is named after
/// the output, as in Keras: `score_accuracy`.
///
/// ```
/// use graven::metrics::{Accuracy, MeanAbsoluteError, PerOutput};
/// let metrics = PerOutput((Accuracy::default(), MeanAbsoluteError::default()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerOutput<Q>(pub Q);

/// A mean in double precision: Keras' `Mean` metric.
///
/// ```
/// use graven::metrics::Mean;
/// let mut mean = Mean::default();
/// mean.add(1.0, 1.0);
/// mean.add(4.0, 2.0);
/// assert_eq!(mean.value(), 3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    total: f64,
    weight: f64,
}

impl Mean {
    /// Adds a value that counts `weight` times.
    pub fn add(&mut self, value: f64, weight: f64) {
        self.total += value * weight;
        self.weight += weight;
    }

    /// The mean of all values added; 0 if there are none.
    pub fn value(&self) -> f64 {
        if self.weight == 0.0 { 0.0 } else { self.total / self.weight }
    }
}
