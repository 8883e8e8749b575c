//! The levels of x86-64 that are found at run time: AVX-512, AVX2 with FMA.
#![allow(
    unsafe_code,
    reason = "entry into `#[target_feature]` functions, each behind the detection of its features"
)]

use core::sync::atomic::{AtomicU8, Ordering};
use std::arch::is_x86_feature_detected as has;

use super::x86_registers::{Avx2F32, Avx2F64, Avx512F32, Avx512F64};
use super::{Baseline, Kind, Level, Task, sealed};
use crate::kernels::product::Product;
use crate::scalar::Scalar;

macro_rules! fused_level {
    ($level:ident, $name:literal, $features:literal, $single:ident, $double:ident,
     [$run:ident, $outline:ident, $product_f32:ident, $product_f64:ident], [$($tile:literal),+], $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $level(());

        impl sealed::Sealed for $level {}

        impl Level for $level {
            const NAME: &'static str = $name;
            type F32 = $single;
            type F64 = $double;

            #[inline(always)]
            fn mul_add<S: Scalar>(self, factor: S, value: S, addend: S) -> S {
                factor.fused_mul_add(value, addend)
            }
            #[inline(always)]
            fn outline<T: Task>(self, task: T) -> T::Output {
                // SAFETY: that there is a value of this level proves that the processor has its features.
                unsafe { $outline(task) }
            }
            #[inline(always)]
            fn product_f32(self, product: Product<'_, f32>) {
                // SAFETY: as above.
                unsafe { $product_f32(product) }
            }
            #[inline(always)]
            fn product_f64(self, product: Product<'_, f64>) {
                // SAFETY: as above.
                unsafe { $product_f64(product) }
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

        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $product_f32(product: Product<'_, f32>) {
            product.run::<$level, $($tile),+>($level(()));
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        fn $product_f64(product: Product<'_, f64>) {
            product.run::<$level, $($tile),+>($level(()));
        }
    };
}
fused_level!(
    Avx2,
    "avx2",
    "avx2,fma",
    Avx2F32,
    Avx2F64,
    [run_avx2, outline_avx2, product_f32_avx2, product_f64_avx2],
    [6, 2, 8, 2048],
    "256-bit registers and fused multiply-add."
);
fused_level!(
    Avx512,
    "avx512",
    "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma",
    Avx512F32,
    Avx512F64,
    [run_avx512, outline_avx512, product_f32_avx512, product_f64_avx512],
    [8, 3, 16, 0],
    "512-bit registers and fused multiply-add."
);

/// The level that was found, or 0.
static FOUND: AtomicU8 = AtomicU8::new(0);

#[inline(always)]
pub(super) fn best() -> Kind {
    match FOUND.load(Ordering::Relaxed) {
        1 => Kind::Baseline,
        2 => Kind::Avx2,
        3 => Kind::Avx512,
        _ => find(),
    }
}

#[cold]
#[inline(never)]
fn find() -> Kind {
    let best = all().filter(allowed).last().unwrap_or(Kind::Baseline);
    FOUND.store(best as u8, Ordering::Relaxed);
    best
}

/// Whether the environment lets this level be used: `GRAVEN_SIMD` names the highest one.
fn allowed(kind: &Kind) -> bool {
    let highest = match std::env::var("GRAVEN_SIMD").as_deref() {
        Ok("baseline") => Kind::Baseline,
        Ok("avx2") => Kind::Avx2,
        _ => Kind::Avx512,
    };
    *kind as u8 <= highest as u8
}

/// All levels that the processor has.
pub(super) fn all() -> impl Iterator<Item = Kind> {
    let avx2 = has!("avx2") && has!("fma");
    let avx512 = avx2 && has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl");
    let wider = [(Kind::Avx2, avx2), (Kind::Avx512, avx512)];
    core::iter::once(Kind::Baseline).chain(wider.into_iter().filter_map(|(kind, has)| has.then_some(kind)))
}

#[inline(always)]
pub(super) fn run<T: Task>(kind: Kind, task: T) -> T::Output {
    match kind {
        Kind::Baseline => task.run(Baseline),
        // SAFETY: a value of this kind is only made by `all`, which asked for the features.
        Kind::Avx2 => unsafe { run_avx2(task) },
        // SAFETY: as above.
        Kind::Avx512 => unsafe { run_avx512(task) },
    }
}
