//! The largest value or the mean of each channel.
#![allow(unsafe_code, reason = "implements the unsafe trait `Parameters`, with its proof")]

use core::marker::PhantomData;

use crate::kernels::pool;
use crate::layer::{Backward, Layer};
use crate::memory::{Parameters, Path};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::{Shape, Tensor};

macro_rules! global_pool {
    ($name:ident, $forward:path, $gradients:expr, $doc:literal) => {
        #[doc = $doc]
        ///
        /// # Shapes
        /// - `X`: the input, `[[[S; C]; W]; H]`, or `[[S; C]; W]` for one axis
        /// - `Y`: the output, `[S; C]`, or with `keepdims` the input's axes with one cell
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(C)]
        pub struct $name<S, X, Y>(PhantomData<(S, X, Y)>);

        // SAFETY: it has no size, so it holds exactly 0 scalars.
        unsafe impl<S: Scalar, X: Tensor, Y: Tensor> Parameters for $name<S, X, Y> {
            type Scalar = S;
            const COUNT: usize = 0;
            fn describe(_: &Path<'_>, _: usize, _: &mut dyn FnMut(&Path<'_>, Shape, usize)) {}
        }

        impl<S: Scalar, X: Tensor<Scalar = S>, Y: Tensor<Scalar = S>> Layer for $name<S, X, Y> {
            type Input = X;
            type Output = Y;

            #[inline(always)]
            fn forward<L: Level>(&self, _: L, inputs: &[X], outputs: &mut [Y], _: &mut [S]) {
                for (input, output) in inputs.iter().zip(outputs) {
                    $forward(input.as_flat(), output.as_flat_mut());
                }
            }

            #[inline(always)]
            fn backward<L: Level>(&self, _: L, step: Backward<'_, Self>, _: &mut Self) {
                let gradients = step.input_gradients.unwrap_or_default();
                for (sample, (dx, dy)) in gradients.iter_mut().zip(step.output_gradients).enumerate() {
                    let input = step.inputs.get(sample).map_or(&[][..], Tensor::as_flat);
                    $gradients(input, dy.as_flat(), dx.as_flat_mut());
                }
            }
        }
    };
}

global_pool!(
    GlobalMaxPool,
    pool::global_max,
    pool::global_max_gradients,
    "The largest value of each channel; NaN if one is. Cells that are equally large share the gradient. Source: Keras'
`GlobalMaxPooling1D`, `GlobalMaxPooling2D`.

In a listing: `GlobalMaxPool2d` or `GlobalMaxPool1d`, with `keepdims = true`.

```
use graven::{Parameters, model};
model! { Largest(steps: 3x2) < GlobalMaxPool1d > }
assert_eq!(Largest::zeroed().predict(&[[1.0, 9.0], [3.0, 7.0], [2.0, 8.0]]), [3.0, 9.0]);
```"
);

global_pool!(
    GlobalAveragePool,
    pool::global_average,
    pool::global_average_gradients,
    "The mean of each channel. Source: Keras' `GlobalAveragePooling1D`, `GlobalAveragePooling2D`.

In a listing: `GlobalAveragePool2d` or `GlobalAveragePool1d`, with `keepdims = true`.

```
use graven::{Parameters, model};
model! { Mean(steps: 3x2) < GlobalAveragePool1d > }
assert_eq!(Mean::zeroed().predict(&[[1.0, 9.0], [3.0, 7.0], [2.0, 8.0]]), [2.0, 8.0]);
```"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::check_layer;

    #[test]
    fn derivatives() {
        check_layer::<GlobalMaxPool<f64, [[[f64; 3]; 5]; 2], [f64; 3]>>();
        check_layer::<GlobalMaxPool<f64, [[f64; 11]; 7], [[f64; 11]; 1]>>();
        check_layer::<GlobalAveragePool<f64, [[[f64; 3]; 5]; 2], [[[f64; 3]; 1]; 1]>>();
        check_layer::<GlobalAveragePool<f64, [[f64; 11]; 1], [f64; 11]>>();
    }
}
