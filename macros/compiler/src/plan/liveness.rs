//! When each region is in use: from the first step that touches it to the last.

use super::{Memory, Planned, RegionId};
use crate::shape::Dim;

/// First and last step, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Lifetime {
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The moment of its first step.
    pub(super) fn at_first(self) -> Self {
        Self { first: self.first, last: self.first }
    }
}

pub(super) fn lifetimes(steps: &[Planned<'_>], count: usize) -> Vec<Lifetime> {
    let mut lifetimes = vec![Lifetime { first: usize::MAX, last: 0 }; count];
    for (time, step) in steps.iter().enumerate() {
        for memory in step.step.touches() {
            if let Memory::Arena(RegionId(region)) = memory {
                let lifetime = &mut lifetimes[region];
                lifetime.first = lifetime.first.min(time);
                lifetime.last = time;
            }
        }
    }
    lifetimes
}

/// Without the regions that no step touches, since their values went elsewhere.
pub(super) fn compact<'a>(mut steps: Vec<Planned<'a>>, lengths: Vec<Dim>) -> (Vec<Planned<'a>>, Vec<Dim>) {
    let lifetimes = lifetimes(&steps, lengths.len());
    let mut renumbered = Vec::new();
    let mut kept = Vec::new();
    for (length, lifetime) in lengths.into_iter().zip(lifetimes) {
        renumbered.push(RegionId(kept.len()));
        kept.extend((lifetime.first != usize::MAX).then_some(length));
    }
    for Planned { step, .. } in &mut steps {
        for memory in step.memories() {
            if let Memory::Arena(region) = memory {
                *region = renumbered[region.0];
            }
        }
        if let Some(tape) = step.tape() {
            *tape = renumbered[tape.0];
        }
    }
    (steps, kept)
}
