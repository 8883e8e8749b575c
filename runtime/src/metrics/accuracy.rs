//! The share of samples classified rightly.

use super::{Mean, Metric};
use crate::scalar::Scalar;
use crate::tensor::Single;

/// An integer (or `bool`) that counts classes from 0.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the index of a class",
    label = "not an integer type",
    note = "class indices are `usize`, `u8`, `u16`, `u32`, `u64` or `bool`"
)]
pub trait ClassIndex: Sync + Copy {
    /// The index as `usize`.
    fn index(self) -> usize;
}

macro_rules! class_index {
    ($($type:ty)*) => {
        $(impl ClassIndex for $type {
            #[inline(always)]
            fn index(self) -> usize {
                self as usize
            }
        })*
    };
}
class_index!(usize u8 u16 u32 u64 bool);

/// Keras' `accuracy`: which accuracy it is follows from the types. One output is compared with ½; several are
/// classified by their maximum (the first one, if there are more), and so are one-hot targets.
///
/// ```
/// use graven::metrics::{Accuracy, Metric};
/// let mut accuracy = Accuracy::default();
/// accuracy.update(&[0.1f32, 0.7, 0.2], &1usize);
/// accuracy.update(&[0.1f32, 0.7, 0.2], &[0.0f32, 0.0, 1.0]);
/// # let accuracy: &dyn Metric<[f32; 3], usize> = &accuracy;
/// accuracy.report(&mut |name, value| assert_eq!((name.to_string().as_str(), value), ("accuracy", 0.5)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accuracy(Mean);

/// The share of samples whose largest output is at the class of the target, an index. Source: Keras'
/// `SparseCategoricalAccuracy`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SparseCategoricalAccuracy(Mean);

/// The share of samples whose largest output is where the target's is. Source: Keras' `CategoricalAccuracy`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CategoricalAccuracy(Mean);

/// The share of outputs that are on the target's side of the threshold. Source: Keras' `BinaryAccuracy`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryAccuracy {
    /// What an output must exceed to count as 1; ½ by default.
    pub threshold: f64,
    mean: Mean,
}

impl BinaryAccuracy {
    /// With a threshold other than ½.
    pub fn new(threshold: f64) -> Self {
        Self { threshold, mean: Mean::default() }
    }
}

impl Default for BinaryAccuracy {
    fn default() -> Self {
        Self::new(0.5)
    }
}

fn share(right: bool) -> f64 {
    f64::from(u8::from(right))
}

/// Implements `Metric` for a metric that is a mean: its place, its name, and what one sample adds.
macro_rules! mean_metric {
    ([$($generics:tt)*], $metric:ty, $output:ty, $target:ty, $mean:tt, $name:literal, |$this:ident, $y:ident, $t:ident| $value:expr) => {
        impl<$($generics)*> Metric<$output, $target> for $metric {
            fn reset(&mut self) {
                self.$mean = Mean::default();
            }
            fn update(&mut self, $y: &$output, $t: &$target) {
                let $this = &*self;
                let value = $value;
                self.$mean.add(value, 1.0);
            }
            fn report(&self, visit: &mut dyn FnMut(core::fmt::Arguments<'_>, f64)) {
                visit(format_args!($name), self.$mean.value());
            }
        }
    };
}
pub(super) use mean_metric;

mean_metric!([S: Scalar, const K: usize, T: ClassIndex], Accuracy, [S; K], T, 0, "accuracy", |_this, y, t| {
    share(predicted(y) == t.index())
});
mean_metric!([S: Scalar, const K: usize], Accuracy, [S; K], [S; K], 0, "accuracy", |_this, y, t| {
    share(predicted(y) == predicted(t))
});
mean_metric!(
    [S: Scalar, const K: usize, T: ClassIndex], SparseCategoricalAccuracy, [S; K], T, 0, "sparse_categorical_accuracy",
    |_this, y, t| share(argmax(y) == t.index())
);
mean_metric!(
    [S: Scalar, const K: usize], CategoricalAccuracy, [S; K], [S; K], 0, "categorical_accuracy",
    |_this, y, t| share(argmax(y) == argmax(t))
);
mean_metric!([Y: Single], BinaryAccuracy, Y, Y, mean, "binary_accuracy", |this, y, t| {
    let threshold = this.threshold;
    let right = |(y, t): (&Y::Scalar, &Y::Scalar)| share(share(y.to_f64() > threshold) == t.to_f64());
    y.as_flat().iter().zip(t.as_flat()).map(right).sum::<f64>() / Y::LEN as f64
});
mean_metric!([S: Scalar], BinaryAccuracy, [S; 1], bool, mean, "binary_accuracy", |this, y, t| {
    share((y[0].to_f64() > this.threshold) == *t)
});

/// The class that an output means.
fn predicted<S: Scalar, const K: usize>(output: &[S; K]) -> usize {
    if K == 1 { usize::from(output[0] > S::from_f64(0.5)) } else { argmax(output) }
}

/// The index of the first maximum.
fn argmax<S: PartialOrd>(row: &[S]) -> usize {
    let mut best = 0;
    for index in 1..row.len() {
        if row[index] > row[best] {
            best = index;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<Y, T>(mut metric: impl Metric<Y, T>, samples: &[(Y, T)]) -> f64 {
        samples.iter().for_each(|(output, target)| metric.update(output, target));
        let mut result = f64::NAN;
        metric.report(&mut |_, value| result = value);
        metric.reset();
        metric.report(&mut |_, value| assert_eq!(value, 0.0));
        result
    }

    #[test]
    fn one_output_is_compared_with_a_half() {
        let samples = [([0.6f32], true), ([0.5], true), ([0.4], false), ([0.1], false)];
        assert_eq!(value(Accuracy::default(), &samples), 0.75);
        assert_eq!(value(BinaryAccuracy::default(), &samples), 0.75);
        assert_eq!(value(BinaryAccuracy::new(0.45), &samples), 1.0);
    }

    #[test]
    fn several_outputs_are_compared_each() {
        let samples = [([0.9f32, 0.2], [1.0, 1.0]), ([0.3, 0.1], [0.0, 0.0])];
        assert_eq!(value(BinaryAccuracy::default(), &samples), 0.75);
    }

    #[test]
    fn of_equal_outputs_the_first_counts() {
        assert_eq!(
            value(SparseCategoricalAccuracy::default(), &[([0.4f64, 0.4, 0.2], 0u8), ([0.4, 0.4, 0.2], 1)]),
            0.5
        );
        assert_eq!(value(CategoricalAccuracy::default(), &[([0.4f64, 0.4], [1.0, 0.0])]), 1.0);
    }
}
