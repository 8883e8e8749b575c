//! Which instructions the processor has, asked once per call of a model; everything below is compiled once per level.
//!
//! A [`Task`] is generic code, all of it `#[inline(always)]`; [`dispatch`] runs it inside a function compiled for the
//! best [`Level`] of this machine, so that the compiler vectorises plain loops with that level's registers.
//!
//! | target | levels |
//! |---|---|
//! | x86-64 | baseline (SSE2), AVX2 with FMA, AVX-512: the best one is found at run time (`std`), or the one that the compilation guarantees |
//! | AArch64 | NEON |
//! | wasm with `simd128` | simd128 |
//! | any other | plain scalar code |
//!
//! The environment variable `GRAVEN_SIMD` holds x86-64 to a lower level: `baseline`, `avx2` or `avx512`. It is read once.

#[cfg(target_arch = "aarch64")]
mod neon;
mod vector;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_registers;

use core::fmt;

use crate::kernels::product::Product;
use crate::scalar::Scalar;
pub(crate) use vector::{Vector, read, write};

mod sealed {
    pub trait Sealed {}
}

/// A set of instructions that the running processor is known to have. Sealed; kernels are generic over it.
pub trait Level: sealed::Sealed + Copy + fmt::Debug + Send + Sync + 'static {
    /// What it is called in reports.
    const NAME: &'static str;
    /// A register of f32.
    #[doc(hidden)]
    type F32: Vector<f32>;
    /// A register of f64.
    #[doc(hidden)]
    type F64: Vector<f64>;

    /// `factor · value + addend`: rounded once where the level has that instruction, twice elsewhere.
    fn mul_add<S: Scalar>(self, factor: S, value: S, addend: S) -> S;

    /// Runs `task` in a function of its own, compiled for this level: where inlining it once more would cost more than a call.
    fn outline<T: Task>(self, task: T) -> T::Output;

    /// A product of f32, by code that is compiled once, in this crate.
    #[doc(hidden)]
    fn product_f32(self, product: Product<'_, f32>);
    /// A product of f64.
    #[doc(hidden)]
    fn product_f64(self, product: Product<'_, f64>);
}

/// What every processor of the compilation target has.
#[derive(Clone, Copy, Debug)]
pub struct Baseline;

impl sealed::Sealed for Baseline {}

impl Level for Baseline {
    const NAME: &'static str = "baseline";
    #[cfg(target_arch = "x86_64")]
    type F32 = x86_registers::Sse2F32;
    #[cfg(target_arch = "x86_64")]
    type F64 = x86_registers::Sse2F64;
    #[cfg(target_arch = "aarch64")]
    type F32 = neon::F32;
    #[cfg(target_arch = "aarch64")]
    type F64 = neon::F64;
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    type F32 = wasm::F32;
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    type F64 = wasm::F64;
    #[cfg(not(any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        all(target_arch = "wasm32", target_feature = "simd128")
    )))]
    type F32 = vector::Four<f32>;
    #[cfg(not(any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        all(target_arch = "wasm32", target_feature = "simd128")
    )))]
    type F64 = vector::Four<f64>;

    #[inline(always)]
    fn mul_add<S: Scalar>(self, factor: S, value: S, addend: S) -> S {
        // Every AArch64 has the instruction; without std there is no name for it.
        #[cfg(all(feature = "std", target_arch = "aarch64"))]
        return factor.fused_mul_add(value, addend);
        #[cfg(not(all(feature = "std", target_arch = "aarch64")))]
        return factor * value + addend;
    }

    #[inline(never)]
    fn outline<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }

    #[inline(never)]
    fn product_f32(self, product: Product<'_, f32>) {
        product.run::<Self, 4, 2, 4, 0>(self);
    }

    #[inline(never)]
    fn product_f64(self, product: Product<'_, f64>) {
        product.run::<Self, 4, 2, 4, 0>(self);
    }
}

/// Work to be compiled for every level.
pub trait Task {
    /// What it gives.
    type Output;
    /// Does it; must be `#[inline(always)]`, or the level's instructions are lost.
    fn run<L: Level>(self, level: L) -> Self::Output;
}

/// A level that this processor has.
///
/// ```
/// use graven::simd::Simd;
/// assert!(Simd::all().any(|simd| simd == Simd::best()));
/// assert_eq!(Simd::all().next().map(Simd::name), Some("baseline"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Simd(Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    Baseline = 1,
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx2 = 2,
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx512 = 3,
}

impl Simd {
    /// The best level of this processor, or the one that `GRAVEN_SIMD` asks for.
    #[inline(always)]
    pub fn best() -> Self {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        return Self(x86::best());
        #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
        Self(Kind::Baseline)
    }

    /// All levels of this processor, the best one last.
    pub fn all() -> impl Iterator<Item = Self> {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        return x86::all().map(Self);
        #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
        core::iter::once(Self(Kind::Baseline))
    }

    /// What it is called: `baseline`, `avx2`, `avx512`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Baseline => Baseline::NAME,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Kind::Avx2 => x86::Avx2::NAME,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Kind::Avx512 => x86::Avx512::NAME,
        }
    }

    /// Runs `task` at this level.
    #[inline(always)]
    pub fn run<T: Task>(self, task: T) -> T::Output {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        return x86::run(self.0, task);
        #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
        task.run(Baseline)
    }
}

impl fmt::Debug for Simd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Runs `task` at the best level of this processor.
#[inline(always)]
pub fn dispatch<T: Task>(task: T) -> T::Output {
    Simd::best().run(task)
}
