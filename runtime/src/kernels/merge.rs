//! What is done to several values: element by element, and rows side by side.

use crate::scalar::Scalar;

/// An operation on two elements.
pub trait Merge {
    /// The result.
    fn apply<S: Scalar>(a: S, b: S) -> S;
}

macro_rules! merges {
    ($($name:ident |$a:ident, $b:ident| $result:expr;)+) => {
        $(
            /// The operation of this name.
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Merge for $name {
                #[inline(always)]
                fn apply<S: Scalar>($a: S, $b: S) -> S {
                    $result
                }
            }
        )+
    };
}
merges! {
    Add |a, b| a + b;
    Subtract |a, b| a - b;
    Multiply |a, b| a * b;
    // Written so that NaN on either side stays NaN.
    Maximum |a, b| if a > b || a.is_nan() { a } else { b };
    Minimum |a, b| if a < b || a.is_nan() { a } else { b };
}

/// `to = a ∘ b`.
#[inline(always)]
pub fn merge<M: Merge, S: Scalar>(a: &[S], b: &[S], to: &mut [S]) {
    for ((to, &a), &b) in to.iter_mut().zip(a).zip(b) {
        *to = M::apply(a, b);
    }
}

/// `on = on ∘ with`.
#[inline(always)]
pub fn merge_into<M: Merge, S: Scalar>(with: &[S], on: &mut [S]) {
    for (on, &with) in on.iter_mut().zip(with) {
        *on = M::apply(*on, with);
    }
}

/// The gradient of a maximum (or minimum) with respect to `mine`: all of it where `mine` was chosen, half where both are equal.
/// Source: Keras on JAX.
#[inline(always)]
pub fn choose<M: Merge, S: Scalar>(mine: &[S], theirs: &[S], gradient: &[S], to: &mut [S]) {
    let half = S::from_f64(0.5);
    for (((to, &mine), &theirs), &gradient) in to.iter_mut().zip(mine).zip(theirs).zip(gradient) {
        *to = if mine == theirs {
            half * gradient
        } else if M::apply(mine, theirs) == mine {
            gradient
        } else {
            S::ZERO
        };
    }
}

/// `on = on / by`.
#[inline(always)]
pub fn divide<S: Scalar>(by: usize, on: &mut [S]) {
    let by = S::from_f64(by as f64);
    for value in on {
        *value /= by;
    }
}

/// `to = −from`.
#[inline(always)]
pub fn negate<S: Scalar>(from: &[S], to: &mut [S]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = -from;
    }
}

/// A part of each row: where it begins, how wide it is, and how wide the row.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Where it begins.
    pub offset: usize,
    /// How wide it is.
    pub width: usize,
    /// How wide the row is.
    pub total: usize,
}

/// Writes rows into a column of `to`.
#[inline(always)]
pub fn place<S: Scalar>(from: &[S], to: &mut [S], column: Column) {
    let Column { offset, width, total } = column;
    for (from, to) in from.chunks_exact(width.max(1)).zip(to.chunks_exact_mut(total.max(1))) {
        for (to, &from) in to.iter_mut().skip(offset).zip(from) {
            *to = from;
        }
    }
}

/// Reads a column of `from` into rows.
#[inline(always)]
pub fn take<S: Scalar>(from: &[S], to: &mut [S], column: Column) {
    let Column { offset, width, total } = column;
    for (from, to) in from.chunks_exact(total.max(1)).zip(to.chunks_exact_mut(width.max(1))) {
        for (to, &from) in to.iter_mut().zip(from.iter().skip(offset)) {
            *to = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_there_and_back() {
        let column = Column { offset: 1, width: 2, total: 4 };
        let mut rows = [0.0; 8];
        place(&[1.0, 2.0, 3.0, 4.0], &mut rows, column);
        assert_eq!(rows, [0.0, 1.0, 2.0, 0.0, 0.0, 3.0, 4.0, 0.0]);
        let mut back = [0.0; 4];
        take(&rows, &mut back, column);
        assert_eq!(back, [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn ties_share_the_gradient_and_nan_stays() {
        let (a, b) = ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]);
        let mut gradient = [0.0; 3];
        choose::<Maximum, f64>(&a, &b, &[1.0; 3], &mut gradient);
        assert_eq!(gradient, [0.0, 0.5, 1.0]);
        choose::<Minimum, f64>(&a, &b, &[1.0; 3], &mut gradient);
        assert_eq!(gradient, [1.0, 0.5, 0.0]);
        assert!(Maximum::apply(f64::NAN, 1.0).is_nan() && Maximum::apply(1.0, f64::NAN).is_nan());
        assert!(Minimum::apply(f64::NAN, 1.0).is_nan() && Minimum::apply(1.0, f64::NAN).is_nan());
    }
}
