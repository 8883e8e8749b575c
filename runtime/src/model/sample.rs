//! What a model is given: an array of its scalar as it is, integers or several inputs after conversion.

use crate::scalar::{Scalar, are_finite};
use crate::tensor::Tensor;

/// What can be given to a model whose first layers read `V`: `V` itself, arrays of integers, and for several inputs a tuple
/// in their order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the input of a model that reads `{V}`",
    label = "another type than the model's input"
)]
pub trait Sample<V: Tensor>: Copy + Send + Sync + 'static {
    /// The values of some samples: these themselves, or made in `memory`, which has room for as many.
    fn values<'a>(samples: &'a [Self], memory: &'a mut [V]) -> &'a [V];

    /// Place and value of the first number that is infinite or not a number.
    fn not_finite(&self) -> Option<(usize, f64)>;
}

impl<V: Tensor> Sample<V> for V {
    #[inline(always)]
    fn values<'a>(samples: &'a [V], _: &'a mut [V]) -> &'a [V] {
        samples
    }

    fn not_finite(&self) -> Option<(usize, f64)> {
        let flat = self.as_flat();
        if are_finite(flat) {
            return None;
        }
        let place = flat.iter().position(|value| !value.is_finite())?;
        Some((place, flat[place].to_f64()))
    }
}

/// One of a model's inputs: an array of scalars or of integers.
pub trait Part<S>: Copy + Send + Sync + 'static {
    /// How many numbers it has.
    const LEN: usize;

    /// Writes the numbers to `to`, which has room for [`LEN`](Self::LEN).
    fn write(&self, to: &mut [S]);
}

macro_rules! part {
    ($($type:ty => $scalar:ty, |$value:ident| $converted:expr;)+) => {
        $(impl Part<$scalar> for $type {
            const LEN: usize = 1;
            #[inline(always)]
            fn write(&self, to: &mut [$scalar]) {
                let $value = *self;
                if let [to] = to {
                    *to = $converted;
                }
            }
        })+
    };
}
part! {
    f32 => f32, |value| value;
    f64 => f64, |value| value;
}

impl<S, P: Part<S>, const N: usize> Part<S> for [P; N] {
    const LEN: usize = N * P::LEN;
    #[inline(always)]
    fn write(&self, to: &mut [S]) {
        for (part, to) in self.iter().zip(to.chunks_exact_mut(P::LEN.max(1))) {
            part.write(to);
        }
    }
}

/// Writes what `write` gives for each sample into one row of `memory`.
#[inline(always)]
fn convert<'a, T, V: Tensor>(
    samples: &[T],
    memory: &'a mut [V],
    write: impl Fn(&T, &mut [V::Scalar]),
) -> &'a [V] {
    let memory = memory.get_mut(..samples.len()).unwrap_or_default();
    for (sample, value) in samples.iter().zip(memory.iter_mut()) {
        write(sample, value.as_flat_mut());
    }
    memory
}

/// Integers, in arrays of up to four axes.
macro_rules! integers {
    ($($type:ty)+) => {
        $(
            part! {
                $type => f32, |value| f32::from_f64(f64::from(value));
                $type => f64, |value| f64::from(value);
            }
            integers!(@array $type, A);
            integers!(@array [$type; A], A B);
            integers!(@array [[$type; A]; B], A B C);
            integers!(@array [[[$type; A]; B]; C], A B C D);
        )+
    };
    (@array $inner:ty, $($axis:ident)+) => {
        integers!(@sample $inner, [$($axis)+]);
    };
    (@sample $inner:ty, [A]) => { integers!(@implement [$inner; A], A); };
    (@sample $inner:ty, [A B]) => { integers!(@implement [$inner; B], A B); };
    (@sample $inner:ty, [A B C]) => { integers!(@implement [$inner; C], A B C); };
    (@sample $inner:ty, [A B C D]) => { integers!(@implement [$inner; D], A B C D); };
    (@implement $array:ty, $($axis:ident)+) => {
        impl<V: Tensor, $(const $axis: usize),+> Sample<V> for $array
        where
            $array: Part<V::Scalar>,
        {
            #[inline(always)]
            fn values<'a>(samples: &'a [Self], memory: &'a mut [V]) -> &'a [V] {
                convert(samples, memory, |sample, to| sample.write(to))
            }

            fn not_finite(&self) -> Option<(usize, f64)> {
                None
            }
        }
    };
}
integers!(u8 i8 u16 i16 u32 i32);

macro_rules! several {
    ($($part:ident)+) => {
        impl<V: Tensor, $($part: Part<V::Scalar>),+> Sample<V> for ($($part,)+) {
            #[inline(always)]
            fn values<'a>(samples: &'a [Self], memory: &'a mut [V]) -> &'a [V] {
                convert(samples, memory, |sample, to| {
                    #[expect(non_snake_case, reason = "a part has its type's name")]
                    let ($($part,)+) = sample;
                    let rest = to;
                    $(
                        let (to, rest) = rest.split_at_mut_checked($part::LEN).unwrap_or_default();
                        $part.write(to);
                    )+
                    let _ = rest;
                })
            }

            fn not_finite(&self) -> Option<(usize, f64)> {
                let mut value = [V::ZEROS];
                Self::values(&[*self], &mut value).first()?.not_finite()
            }
        }
    };
}
several!(A B);
several!(A B C);
several!(A B C D);
several!(A B C D E);
several!(A B C D E F);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_tuples_become_values_side_by_side() {
        let mut memory = [[0.0f32; 5]; 3];
        let samples = [([1u8, 255], [[0.5f32], [1.5], [f32::NAN]]), ([2, 3], [[2.5], [3.5], [4.5]])];
        let values = Sample::<[f32; 5]>::values(&samples, &mut memory);
        assert_eq!(values.len(), 2);
        assert_eq!((&values[0][..4], values[1]), (&[1.0, 255.0, 0.5, 1.5][..], [2.0, 3.0, 2.5, 3.5, 4.5]));
        let (place, value) = Sample::<[f32; 5]>::not_finite(&samples[0]).unwrap();
        assert!(place == 4 && value.is_nan());
        let mut memory = [[[0.0f64; 2]; 1]];
        let image = [[[-3i16, 7]]];
        assert_eq!(Sample::<[[f64; 2]; 1]>::values(&image, &mut memory), [[[-3.0, 7.0]]]);
    }
}
