//! x86-64 with the levels found at run time: AVX-512, AVX2 with FMA, or what the target guarantees.
#![allow(
    unsafe_code,
    reason = "entry into `#[target_feature]` functions, each behind the detection of its features"
)]

use std::arch::is_x86_feature_detected;

use super::{Baseline, Level, Task, sealed};
use crate::scalar::Scalar;

macro_rules! fused_level {
    ($level:ident, $name:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $level(());

        impl sealed::Sealed for $level {}

        impl Level for $level {
            const NAME: &'static str = $name;

            #[inline(always)]
            fn mul_add<S: Scalar>(self, factor: S, value: S, addend: S) -> S {
                factor.fused_mul_add(value, addend)
            }
        }
    };
}
fused_level!(Avx2, "avx2", "256-bit registers and fused multiply-add.");
fused_level!(Avx512, "avx512", "512-bit registers and fused multiply-add.");

#[target_feature(enable = "avx2,fma")]
fn run_avx2<T: Task>(task: T) -> T::Output {
    task.run(Avx2(()))
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
fn run_avx512<T: Task>(task: T) -> T::Output {
    task.run(Avx512(()))
}

#[inline]
pub(super) fn dispatch<T: Task>(task: T) -> T::Output {
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
    {
        // SAFETY: the processor has all features of the function, as just asked (AVX-512 includes AVX2 and FMA).
        unsafe { run_avx512(task) }
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has both features, as just asked.
        unsafe { run_avx2(task) }
    } else {
        task.run(Baseline)
    }
}
