//! Orthogonal matrices, made in the tensor's own memory.

use super::{Fans, Initializer, fill_with};
use crate::random::Random;
use crate::scalar::Scalar;

/// A random matrix whose rows or columns, whichever are fewer, are orthogonal and of length `gain`.
///
/// The tensor is seen as a matrix with a row for each input of a unit: a kernel of a convolution has one for each of its
/// window's values. Normal vectors are made orthogonal one after another (Gram and
/// Schmidt's method, done twice for each vector, which makes it as exact as Householder's). Source: Saxe, McClelland,
/// Ganguli, 2013; Keras' `Orthogonal`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orthogonal {
    /// What every length is multiplied by, 1 by default.
    pub gain: f64,
}

impl Default for Orthogonal {
    fn default() -> Self {
        Self { gain: 1.0 }
    }
}

/// Vectors in a matrix: `count` of them, `length` elements each, at `start·vector + step·element`.
#[derive(Clone, Copy)]
struct Vectors {
    count: usize,
    length: usize,
    start: usize,
    step: usize,
}

impl Vectors {
    fn dot<S: Scalar>(&self, values: &[S], a: usize, b: usize) -> f64 {
        let at = |vector: usize, element: usize| values[vector * self.start + element * self.step].to_f64();
        (0..self.length).map(|element| at(a, element) * at(b, element)).sum()
    }

    /// Adds `factor` times vector `b` to `factor_a` times vector `a`.
    fn combine<S: Scalar>(&self, values: &mut [S], a: usize, factor_a: f64, b: usize, factor: f64) {
        for element in 0..self.length {
            let other = values[b * self.start + element * self.step].to_f64();
            let value = &mut values[a * self.start + element * self.step];
            *value = S::from_f64(factor_a * value.to_f64() + factor * other);
        }
    }
}

impl Initializer for Orthogonal {
    fn fill<S: Scalar>(&self, random: &mut Random, fans: Fans, values: &mut [S]) {
        fill_with(values, || random.normal());
        let rows = fans.input.max(1);
        let columns = values.len() / rows;
        let vectors = if rows < columns {
            Vectors { count: rows, length: columns, start: columns, step: 1 }
        } else {
            Vectors { count: columns, length: rows, start: 1, step: columns }
        };
        for vector in 0..vectors.count {
            for _ in 0..2 {
                for other in 0..vector {
                    let shadow = vectors.dot(values, vector, other);
                    vectors.combine(values, vector, 1.0, other, -shadow);
                }
                let length = libm::sqrt(vectors.dot(values, vector, vector));
                vectors.combine(values, vector, 1.0 / length, vector, 0.0);
            }
        }
        for value in values {
            *value *= S::from_f64(self.gain);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec;

    fn is_orthogonal(rows: usize, columns: usize) {
        let mut values = vec![0.0f64; rows * columns];
        let fans = Fans { input: rows, output: columns };
        Orthogonal { gain: 3.0 }.fill(&mut Random::new(1), fans, &mut values);
        let few = rows.min(columns);
        let at = |vector: usize, element: usize| {
            if rows < columns {
                values[vector * columns + element]
            } else {
                values[element * columns + vector]
            }
        };
        for a in 0..few {
            for b in 0..few {
                let dot: f64 = (0..rows.max(columns)).map(|element| at(a, element) * at(b, element)).sum();
                let wanted = if a == b { 9.0 } else { 0.0 };
                assert!((dot - wanted).abs() < 1e-12, "{rows}x{columns}: {dot} for {wanted}");
            }
        }
    }

    #[test]
    fn rows_or_columns_are_orthogonal() {
        for (rows, columns) in [(1, 1), (5, 5), (3, 7), (13, 4), (40, 40)] {
            is_orthogonal(rows, columns);
        }
    }
}
