//! x86-64 with the levels found at run time: AVX-512, AVX2 with FMA, or what the target guarantees.
#![allow(
    unsafe_code,
    reason = "entry into `#[target_feature]` functions, each behind the detection of its features"
)]

use std::arch::is_x86_feature_detected;

use super::{Baseline, Level, Task, sealed};
use crate::scalar::Scalar;

macro_rules! fused_level {
    ($level:ident, $name:literal, $features:literal, $run:ident, $outline:ident, $doc:literal) => {
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
            #[inline(always)]
            fn outline<T: Task>(self, task: T) -> T::Output {
                // SAFETY: that there is a value of this level proves that the processor has its features.
                unsafe { $outline(task) }
            }
        }

        #[target_feature(enable = $features)]
        fn $run<T: Task>(task: T) -> T::Output {
            task.run($level(()))
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $outline<T: Task>(task: T) -> T::Output {
            task.run($level(()))
        }
    };
}
fused_level!(Avx2, "avx2", "avx2,fma", run_avx2, outline_avx2, "256-bit registers and fused multiply-add.");
fused_level!(
    Avx512,
    "avx512",
    "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma",
    run_avx512,
    outline_avx512,
    "512-bit registers and fused multiply-add."
);

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
