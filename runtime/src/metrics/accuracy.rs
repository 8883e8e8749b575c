//! The share of samples classified rightly.

use super::{Mean, Metric};
use crate::scalar::Scalar;

/// An integer (or `bool`) that counts classes from 0.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the index of a class",
    label = "not an integer type",
    note = "class indices are `usize`, `u8`, `u16`, `u32`, `u64` or `bool`"
)]
pub trait ClassIndex: Copy {
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
/// accuracy.report(&mut |name, value| assert_eq!((name, value), ("accuracy", 0.5)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accuracy(Mean);

impl<S: Scalar, const K: usize, T: ClassIndex> Metric<[S; K], T> for Accuracy {
    fn reset(&mut self) {
        *self = Self::default();
    }
    fn update(&mut self, output: &[S; K], target: &T) {
        self.0.add(f64::from(u8::from(predicted(output) == target.index())), 1.0);
    }
    fn report(&self, visit: &mut dyn FnMut(&'static str, f64)) {
        visit("accuracy", self.0.value());
    }
}

impl<S: Scalar, const K: usize> Metric<[S; K], [S; K]> for Accuracy {
    fn reset(&mut self) {
        *self = Self::default();
    }
    fn update(&mut self, output: &[S; K], target: &[S; K]) {
        self.0.add(f64::from(u8::from(predicted(output) == predicted(target))), 1.0);
    }
    fn report(&self, visit: &mut dyn FnMut(&'static str, f64)) {
        visit("accuracy", self.0.value());
    }
}

/// The class that an output means.
fn predicted<S: Scalar, const K: usize>(output: &[S; K]) -> usize {
    if K == 1 { usize::from(output[0] > S::from_f64(0.5)) } else { argmax(output) }
}

/// The index of the first maximum.
pub(crate) fn argmax<S: PartialOrd>(row: &[S]) -> usize {
    let mut best = 0;
    for index in 1..row.len() {
        if row[index] > row[best] {
            best = index;
        }
    }
    best
}
