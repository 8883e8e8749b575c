//! Models with several outputs: what is done to each of them, side by side as they lie.

use crate::activations::Activation;
use crate::losses::{Loss, Target, TargetError, Weighted};
use crate::memory::Record;
use crate::metrics::{Metric, PerOutput};
use crate::scalar::Scalar;
use crate::simd::Level;
use crate::tensor::Tensor;

/// What ends a model whose output is `Y`: an [`Activation`], or a tuple of them, one for each output.
pub trait Head<Y: Tensor> {
    /// Applies it to logits, in place.
    fn activate<L: Level>(level: L, values: &mut [Y]);
    /// Turns gradients of outputs into those of logits, in place.
    fn derive<L: Level>(level: L, outputs: &[Y], gradients: &mut [Y]);
}

impl<Y: Tensor, A: Activation> Head<Y> for A {
    #[inline(always)]
    fn activate<L: Level>(level: L, values: &mut [Y]) {
        A::forward(level, Y::SHAPE.width(), Y::flat_mut(values));
    }
    #[inline(always)]
    fn derive<L: Level>(level: L, outputs: &[Y], gradients: &mut [Y]) {
        A::backward(level, Y::SHAPE.width(), Y::flat(outputs), Y::flat_mut(gradients));
    }
}

/// A tuple of tensors. Sealed.
pub trait Parts: crate::scalar::Sealed {
    /// How many numbers they have.
    const LEN: usize;
}

/// The first of the tensors that lie in `flat`, and what is behind it.
#[inline(always)]
fn cut<T: Tensor>(flat: &[T::Scalar]) -> (T, &[T::Scalar]) {
    let (part, rest) = flat.split_at_checked(T::LEN).unwrap_or_default();
    (T::batch(part).first().copied().unwrap_or(T::ZEROS), rest)
}

macro_rules! several {
    ($($y:ident $h:ident $c:ident $t:ident $place:tt),+) => {
        impl<$($y: Tensor),+> crate::scalar::Sealed for ($($y,)+) {}
        impl<$($y: Tensor),+> Parts for ($($y,)+) {
            const LEN: usize = 0 $(+ $y::LEN)+;
        }

        impl<Y: Record<Parts = ($($y,)+)>, $($y: Tensor<Scalar = Y::Scalar>, $h: Head<$y>),+> Head<Y> for ($($h,)+) {
            #[inline(always)]
            fn activate<L: Level>(level: L, values: &mut [Y]) {
                for value in values {
                    let rest = value.as_flat_mut();
                    $(
                        let (part, rest) = rest.split_at_mut_checked($y::LEN).unwrap_or_default();
                        $h::activate(level, $y::batch_mut(part));
                    )+
                    let _ = rest;
                }
            }
            #[inline(always)]
            fn derive<L: Level>(level: L, outputs: &[Y], gradients: &mut [Y]) {
                for (output, gradient) in outputs.iter().zip(gradients) {
                    let (outputs, rest) = (output.as_flat(), gradient.as_flat_mut());
                    $(
                        let (output, outputs) = outputs.split_at_checked($y::LEN).unwrap_or_default();
                        let (part, rest) = rest.split_at_mut_checked($y::LEN).unwrap_or_default();
                        $h::derive(level, $y::batch(output), $y::batch_mut(part));
                    )+
                    let _ = (outputs, rest);
                }
            }
        }

        /// One loss for each output; the model's is their sum.
        impl<Y, $($y,)+ $($h,)+ $($c),+> Loss<Y, ($($h,)+)> for ($($c,)+)
        where
            Y: Record<Parts = ($($y,)+)>,
            $($y: Tensor<Scalar = Y::Scalar>, $h: Head<$y>, $c: Loss<$y, $h>,)+
        {
            type Target = ($($c::Target,)+);
            const ON_LOGITS: bool = true;

            #[inline(always)]
            fn evaluate<L: Level>(
                &self,
                level: L,
                logits: &Y,
                output: &Y,
                target: &Self::Target,
                mut gradient: Option<&mut Y>,
            ) -> Y::Scalar {
                let mut sum = Y::Scalar::ZERO;
                let (logits, outputs) = (logits.as_flat(), output.as_flat());
                let mut start = 0;
                $(
                    let (logit, logits) = cut::<$y>(logits);
                    let (output, outputs) = cut::<$y>(outputs);
                    let part = gradient.as_deref_mut().and_then(|gradient| gradient.as_flat_mut().get_mut(start..start + $y::LEN));
                    let part = part.and_then(|part| $y::batch_mut(part).first_mut());
                    start += $y::LEN;
                    match part {
                        None => sum += self.$place.evaluate(level, &logit, &output, &target.$place, None),
                        Some(part) => {
                            sum += self.$place.evaluate(level, &logit, &output, &target.$place, Some(part));
                            if !$c::ON_LOGITS {
                                $h::derive(level, &[output], core::slice::from_mut(part));
                            }
                        }
                    }
                )+
                let _ = (logits, outputs, start);
                sum
            }

            fn check(&self, target: &Self::Target) -> Result<(), TargetError> {
                $(self.$place.check(&target.$place)?;)+
                Ok(())
            }

            fn parts<L: Level>(
                &self,
                level: L,
                logits: &Y,
                output: &Y,
                target: &Self::Target,
                visit: &mut dyn FnMut(usize, &'static str, f64),
            ) {
                let (logits, outputs) = (logits.as_flat(), output.as_flat());
                $(
                    let (logit, logits) = cut::<$y>(logits);
                    let (output, outputs) = cut::<$y>(outputs);
                    let loss = self.$place.unweighted(level, &logit, &output, &target.$place);
                    visit($place, Y::NAMES.get($place).copied().unwrap_or_default(), loss.to_f64());
                )+
                let _ = (logits, outputs);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($c: Copy,)+ $($t: Target<$c>),+> Target<($($c,)+)> for ($($t,)+) {
            #[inline(always)]
            fn with<R>(&self, read: impl FnOnce(&($($c,)+)) -> R) -> R {
                read(&($(self.$place.with(|target| *target),)+))
            }
        }

        impl<Y, $($y,)+ $($t,)+ $($c),+> Metric<Y, ($($t,)+)> for PerOutput<($($c,)+)>
        where
            Y: Record<Parts = ($($y,)+)>,
            $($y: Tensor<Scalar = Y::Scalar>, $c: Metric<$y, $t>,)+
        {
            fn reset(&mut self) {
                $(self.0.$place.reset();)+
            }
            fn update(&mut self, output: &Y, target: &($($t,)+)) {
                let outputs = output.as_flat();
                $(
                    let (output, outputs) = cut::<$y>(outputs);
                    self.0.$place.update(&output, &target.$place);
                )+
                let _ = outputs;
            }
            fn report(&self, visit: &mut dyn FnMut(core::fmt::Arguments<'_>, f64)) {
                $(
                    let name = Y::NAMES.get($place).copied().unwrap_or_default();
                    self.0.$place.report(&mut |metric, value| visit(format_args!("{name}_{metric}"), value));
                )+
            }
        }
    };
}
several!(Y0 H0 C0 T0 0, Y1 H1 C1 T1 1);
several!(Y0 H0 C0 T0 0, Y1 H1 C1 T1 1, Y2 H2 C2 T2 2);
several!(Y0 H0 C0 T0 0, Y1 H1 C1 T1 1, Y2 H2 C2 T2 2, Y3 H3 C3 T3 3);
several!(Y0 H0 C0 T0 0, Y1 H1 C1 T1 1, Y2 H2 C2 T2 2, Y3 H3 C3 T3 3, Y4 H4 C4 T4 4);
several!(Y0 H0 C0 T0 0, Y1 H1 C1 T1 1, Y2 H2 C2 T2 2, Y3 H3 C3 T3 3, Y4 H4 C4 T4 4, Y5 H5 C5 T5 5);

impl<Y: Tensor, H: Head<Y>, C: Loss<Y, H>> Loss<Y, H> for Weighted<C> {
    type Target = C::Target;
    const ON_LOGITS: bool = C::ON_LOGITS;

    #[inline(always)]
    fn evaluate<L: Level>(
        &self,
        level: L,
        logits: &Y,
        output: &Y,
        target: &C::Target,
        gradient: Option<&mut Y>,
    ) -> Y::Scalar {
        let weight = Y::Scalar::from_f64(self.weight);
        match gradient {
            None => weight * self.loss.evaluate(level, logits, output, target, None),
            Some(gradient) => {
                let loss = self.loss.evaluate(level, logits, output, target, Some(gradient));
                for value in gradient.as_flat_mut() {
                    *value *= weight;
                }
                weight * loss
            }
        }
    }

    fn check(&self, target: &C::Target) -> Result<(), TargetError> {
        self.loss.check(target)
    }

    fn unweighted<L: Level>(&self, level: L, logits: &Y, output: &Y, target: &C::Target) -> Y::Scalar {
        self.loss.unweighted(level, logits, output, target)
    }
}
