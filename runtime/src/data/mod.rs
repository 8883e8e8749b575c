//! Data sets: samples with their targets, in memory.

mod normalizer;

pub use normalizer::Normalizer;

use alloc::vec::Vec;
use core::fmt;

use crate::LengthMismatch;
use crate::random::Random;
use crate::tensor::Tensor;

/// Samples and their targets, as many of each.
///
/// ```
/// use graven::data::Dataset;
/// let data: Dataset<[f32; 1], usize> = (0..10).map(|i| ([i as f32], i % 2)).collect();
/// let (train, test) = data.split(0.8, 7)?;
/// assert_eq!((train.len(), test.len()), (8, 2));
/// # Ok::<(), graven::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<X, T> {
    inputs: Vec<X>,
    targets: Vec<T>,
}

/// Why a data set can't be cut as asked.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum DataError {
    /// The share of the first part is not in (0, 1).
    Fraction(f64),
    /// One of the parts would have no sample.
    EmptyPart {
        /// The share of the first part.
        fraction: f64,
        /// How many samples there are.
        samples: usize,
    },
    /// Batches of no sample were asked for.
    BatchSize,
}

impl fmt::Display for DataError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fraction(fraction) => {
                write!(
                    out,
                    "the first part's share is {fraction}: give a number between 0 and 1, such as 0.8"
                )
            }
            Self::EmptyPart { fraction, samples } => {
                write!(
                    out,
                    "a share of {fraction} leaves one part of the {samples} samples empty: give more data or another share"
                )
            }
            Self::BatchSize => out.write_str("the batch size is 0: a batch needs at least one sample"),
        }
    }
}

impl core::error::Error for DataError {}

impl<X, T> Dataset<X, T> {
    /// Pairs inputs with targets.
    ///
    /// # Errors
    /// When there are not as many of each.
    pub fn new(inputs: Vec<X>, targets: Vec<T>) -> Result<Self, LengthMismatch> {
        LengthMismatch::check(inputs.len(), targets.len(), "targets")?;
        Ok(Self { inputs, targets })
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.inputs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// The inputs.
    pub fn inputs(&self) -> &[X] {
        &self.inputs
    }

    /// The targets, in the order of the inputs.
    pub fn targets(&self) -> &[T] {
        &self.targets
    }

    /// Each input with its target.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&X, &T)> {
        self.inputs.iter().zip(&self.targets)
    }

    /// Every sample changed by a function.
    pub fn map<Y, U>(self, change: impl FnMut((X, T)) -> (Y, U)) -> Dataset<Y, U> {
        self.into_iter().map(change).collect()
    }

    /// Two parts, after shuffling by `seed`; the first has the share `fraction` (rounded to whole samples).
    ///
    /// # Errors
    /// [`DataError`] if the share is not in (0, 1), or one part would be empty.
    pub fn split(self, fraction: f64, seed: u64) -> Result<(Self, Self), DataError> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(DataError::Fraction(fraction));
        }
        let samples = self.len();
        let count = (samples as f64 * fraction).round() as usize;
        if count == 0 || count == samples {
            return Err(DataError::EmptyPart { fraction, samples });
        }
        let mut pairs: Vec<(X, T)> = self.into_iter().collect();
        Random::new(seed).shuffle(&mut pairs);
        let second = pairs.split_off(count);
        Ok((pairs.into_iter().collect(), second.into_iter().collect()))
    }

    /// The samples in order, `size` at a time; the last batch may have fewer.
    ///
    /// # Errors
    /// [`DataError::BatchSize`] if `size` is 0.
    pub fn batches(&self, size: usize) -> Result<impl ExactSizeIterator<Item = (&[X], &[T])>, DataError> {
        if size == 0 {
            return Err(DataError::BatchSize);
        }
        Ok(self.inputs.chunks(size).zip(self.targets.chunks(size)))
    }
}

impl<X: Tensor, T> Dataset<X, T> {
    /// Gives every feature mean 0 and standard deviation 1, and returns what was done, to do it to other data too.
    ///
    /// ```
    /// use graven::data::Dataset;
    /// let mut train: Dataset<[f64; 2], ()> = [([1.0, 5.0], ()), ([3.0, 5.0], ())].into_iter().collect();
    /// let normalizer = train.normalize();
    /// assert_eq!(train.inputs(), [[-1.0, 0.0], [1.0, 0.0]]);
    /// let mut sample = [2.0, 6.0];
    /// normalizer.apply(&mut sample);
    /// assert_eq!(sample, [0.0, 1.0]);
    /// ```
    pub fn normalize(&mut self) -> Normalizer<X> {
        let normalizer = Normalizer::of(&self.inputs);
        self.normalize_with(&normalizer);
        normalizer
    }

    /// Does to this data what `normalizer` did to other data.
    pub fn normalize_with(&mut self, normalizer: &Normalizer<X>) {
        self.inputs.iter_mut().for_each(|input| normalizer.apply(input));
    }
}

impl<X, T> FromIterator<(X, T)> for Dataset<X, T> {
    fn from_iter<I: IntoIterator<Item = (X, T)>>(pairs: I) -> Self {
        let (inputs, targets) = pairs.into_iter().unzip();
        Self { inputs, targets }
    }
}

impl<X, T> IntoIterator for Dataset<X, T> {
    type Item = (X, T);
    type IntoIter = core::iter::Zip<alloc::vec::IntoIter<X>, alloc::vec::IntoIter<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.inputs.into_iter().zip(self.targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn numbers(count: usize) -> Dataset<[f64; 1], usize> {
        (0..count).map(|i| ([i as f64], i)).collect()
    }

    #[test]
    fn parts_keep_every_pair_once() {
        let (first, second) = numbers(10).split(0.75, 3).unwrap();
        assert_eq!((first.len(), second.len()), (8, 2));
        let mut all: Vec<usize> = first.targets().iter().chain(second.targets()).copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
        assert!(first.iter().chain(second.iter()).all(|(x, &t)| x[0] == t as f64));
        assert_eq!(numbers(10).split(0.75, 3).unwrap().0, first);
        assert_ne!(numbers(10).split(0.75, 4).unwrap().0, first);
    }

    #[test]
    fn impossible_parts_are_refused() {
        for fraction in [0.0, 1.0, -0.5, f64::NAN] {
            assert!(matches!(numbers(10).split(fraction, 0), Err(DataError::Fraction(_))));
        }
        let message = numbers(2).split(0.1, 0).unwrap_err().to_string();
        assert!(message.contains("one part of the 2 samples empty"), "{message}");
        assert_eq!(Dataset::new(vec![1, 2], vec![1]).unwrap_err().others, 1);
    }

    #[test]
    fn batches_in_order() {
        let data = numbers(5);
        let sizes: Vec<usize> = data.batches(2).unwrap().map(|(inputs, _)| inputs.len()).collect();
        assert_eq!(sizes, [2, 2, 1]);
        assert!(data.batches(0).is_err());
    }

    #[test]
    fn map_changes_both() {
        let data = numbers(3).map(|(x, t)| ([x[0], 1.0], t + 1));
        assert_eq!((data.inputs()[2], data.targets()[2]), ([2.0, 1.0], 3));
    }
}
