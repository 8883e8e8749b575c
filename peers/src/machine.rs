//! The limits of this machine, measured in the same run: multiply-adds per second, and how fast weights can be read.
#![allow(unsafe_code, reason = "the limits are reached with instructions by name")]

use std::hint::black_box;

use crate::clock;

/// What one core can do.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The instructions that were used.
    pub level: &'static str,
    /// Floating point operations per nanosecond, in registers alone.
    pub gflops: f64,
    /// Bytes per nanosecond when reading so many kilobytes again and again.
    pub reading: Vec<(usize, f64)>,
}

/// How much is read: what fits the first cache, the second one, the weights of 784-256-10, and more than any cache.
const KILOBYTES: [usize; 4] = [24, 256, 795, 65_536];

/// Several short measurements, the best of each.
pub fn limits() -> Limits {
    let best = |measure: &dyn Fn() -> f64| (0..40).map(|_| measure()).fold(0.0, f64::max);
    let (level, fma) = multiply_adds();
    let memory = vec![Line([1.0; 16]); KILOBYTES[3] * 16];
    let reading = KILOBYTES.map(|size| (size, best(&|| read_rate(&memory[..size * 16]))));
    Limits { level, gflops: best(&fma), reading: reading.to_vec() }
}

/// What a cache hands over at once: reads that cross two of them are slow.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line([f32; 16]);

/// Operations per nanosecond of a loop of multiply-adds.
type Rate = fn() -> f64;

#[cfg(target_arch = "x86_64")]
fn multiply_adds() -> (&'static str, Rate) {
    // SAFETY: each is called only where its instructions were found.
    if is_x86_feature_detected!("avx512f") {
        ("AVX-512", || rate(16, |times| unsafe { x86::fma_512(times) }))
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        ("AVX2+FMA", || rate(8, |times| unsafe { x86::fma_256(times) }))
    } else {
        ("baseline", || rate(4, plain))
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn multiply_adds() -> (&'static str, Rate) {
    ("plain loops", || rate(4, plain))
}

/// Chains of multiply-adds that don't wait for each other; more than latency times units.
const CHAINS: usize = 12;

fn rate(lanes: usize, run: impl Fn(usize) -> f32) -> f64 {
    let times = 50_000;
    let start = clock::now();
    black_box(run(black_box(times)));
    (times * CHAINS * lanes * 2) as f64 / (clock::now() - start).as_nanos() as f64
}

fn plain(times: usize) -> f32 {
    let (factor, addend) = (black_box(0.999f32), black_box(0.001f32));
    let mut sums = [[1.0f32; 4]; CHAINS];
    for _ in 0..times {
        for sum in sums.as_flattened_mut() {
            *sum = *sum * factor + addend;
        }
    }
    sums.as_flattened().iter().sum()
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::CHAINS;
    use std::arch::x86_64::*;
    use std::hint::black_box;

    macro_rules! chains {
        ($name:ident, $feature:literal, $set:ident, $fma:ident, $lanes:literal) => {
            /// Twelve chains of multiply-adds in whole registers.
            #[target_feature(enable = $feature)]
            pub(super) fn $name(times: usize) -> f32 {
                let (factor, addend) = ($set(black_box(0.999)), $set(black_box(0.001)));
                let mut sums = [$set(black_box(1.0)); CHAINS];
                for _ in 0..times {
                    for sum in &mut sums {
                        *sum = $fma(*sum, factor, addend);
                    }
                }
                let sums = black_box(sums);
                // SAFETY: vectors are arrays of their lanes.
                let lanes: [[f32; $lanes]; CHAINS] = unsafe { core::mem::transmute(sums) };
                lanes.as_flattened().iter().sum()
            }
        };
    }
    chains!(fma_256, "avx2,fma", _mm256_set1_ps, _mm256_fmadd_ps, 8);
    chains!(fma_512, "avx512f", _mm512_set1_ps, _mm512_fmadd_ps, 16);
}

/// Bytes per nanosecond: sums that the compiler keeps in registers at the best level.
fn read_rate(memory: &[Line]) -> f64 {
    let times = (4_000_000 / (size_of_val(memory))).max(1);
    let start = clock::now();
    for _ in 0..times {
        black_box(sum(black_box(memory)));
    }
    (times * size_of_val(memory)) as f64 / (clock::now() - start).as_nanos() as f64
}

#[cfg(target_arch = "x86_64")]
fn sum(memory: &[Line]) -> f32 {
    #[target_feature(enable = "avx512f")]
    fn at_512(memory: &[Line]) -> f32 {
        lanes(memory)
    }
    #[target_feature(enable = "avx2,fma")]
    fn at_256(memory: &[Line]) -> f32 {
        lanes(memory)
    }
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: found.
        unsafe { at_512(memory) }
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: found.
        unsafe { at_256(memory) }
    } else {
        lanes(memory)
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn sum(memory: &[Line]) -> f32 {
    lanes(memory)
}

#[inline(always)]
fn lanes(memory: &[Line]) -> f32 {
    let mut sums = [[0.0f32; 16]; 4];
    for lines in memory.as_chunks::<4>().0 {
        for (sums, line) in sums.iter_mut().zip(lines) {
            for (sum, value) in sums.iter_mut().zip(&line.0) {
                *sum += value;
            }
        }
    }
    sums.as_flattened().iter().sum()
}
