//! Tells the processor to treat subnormal numbers as zero, as some programs do; graven never does.
#![allow(unsafe_code, reason = "the control word is reached by instructions only")]

/// Subnormals are flushed until this is dropped.
pub struct Flushing(u32);

/// Flushes subnormals to zero, results and operands alike; does nothing but on x86-64.
pub fn on() -> Flushing {
    let before = control();
    set_control(before | FLUSH);
    Flushing(before)
}

impl Drop for Flushing {
    fn drop(&mut self) {
        set_control(self.0);
    }
}

/// "Flush to zero" and "denormals are zero".
const FLUSH: u32 = 0x8040;

#[cfg(target_arch = "x86_64")]
fn control() -> u32 {
    let mut word = 0u32;
    // SAFETY: stores the control word, which every x86-64 processor has, into four bytes that are ours.
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut word, options(nostack)) };
    word
}

#[cfg(target_arch = "x86_64")]
fn set_control(word: u32) {
    // SAFETY: a word that was read before, with the two bits that every x86-64 processor has; no exception is unmasked.
    unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const word, options(nostack, readonly)) };
}

#[cfg(not(target_arch = "x86_64"))]
fn control() -> u32 {
    0
}

#[cfg(not(target_arch = "x86_64"))]
fn set_control(_: u32) {}
