//! What the packings are measured with: the slow truth, and what no packing can beat.

use super::super::liveness::Lifetime;
use super::{Block, Packing, best, lower_bound, place, search};

/// A length and when it is in use.
pub(in crate::plan) type Region = (usize, Lifetime);

fn blocks(regions: &[Region]) -> Vec<Block> {
    regions.iter().map(|&(length, lifetime)| Block { length, lifetime }).collect()
}

/// What lives at one time, at most.
pub(in crate::plan) fn lower_bound_of(regions: &[Region]) -> usize {
    lower_bound(&blocks(regions))
}

/// The smallest size of all orders in which each block takes the lowest place that is free: one of them gives the best packing,
/// that from the bottom to the top of any best packing.
pub(in crate::plan) fn brute_force(regions: &[Region]) -> usize {
    let blocks = blocks(regions);
    let mut best = if blocks.is_empty() { 0 } else { usize::MAX };
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    permutations(&mut order, 0, &mut |order| best = best.min(place(&blocks, order, 0).size));
    best
}

/// Whether the search for the best packing of these comes to its end.
pub(in crate::plan) fn is_proven(regions: &[Region]) -> bool {
    let blocks = blocks(regions);
    let (_, whole) = search::smaller(&blocks, usize::MAX, lower_bound(&blocks));
    whole
}

/// Calls `visit` with every order of what is behind `fixed`.
fn permutations(order: &mut [usize], fixed: usize, visit: &mut dyn FnMut(&[usize])) {
    if fixed == order.len() {
        return visit(order);
    }
    for next in fixed..order.len() {
        order.swap(fixed, next);
        permutations(order, fixed + 1, visit);
        order.swap(fixed, next);
    }
}

fn region(length: usize, first: usize, last: usize) -> Region {
    (length, Lifetime { first, last })
}

/// A small generator of numbers below `limit`.
fn random(state: &mut u64, limit: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize % limit
}

fn random_regions(state: &mut u64, most: usize) -> Vec<Region> {
    let count = 1 + random(state, most);
    let region = |_| {
        let first = random(state, 8);
        region(1 + random(state, 9), first, first + random(state, 4))
    };
    (0..count).map(region).collect()
}

fn assert_valid(blocks: &[Block], packing: &Packing) {
    for (i, a) in blocks.iter().enumerate() {
        assert!(packing.offsets[i] + a.length <= packing.size);
        for (j, b) in blocks.iter().enumerate().skip(i + 1) {
            let (start, other) = (packing.offsets[i], packing.offsets[j]);
            let apart = start + a.length <= other || other + b.length <= start;
            assert!(apart || !a.lifetime.overlaps(b.lifetime), "{blocks:?} {packing:?}");
        }
    }
}

#[test]
fn packings_of_few_blocks_are_the_best() {
    let mut state = 1;
    for _ in 0..500 {
        let regions = random_regions(&mut state, 7);
        let packing = best(&blocks(&regions));
        assert_eq!(packing.size, brute_force(&regions), "{regions:?}");
        assert_valid(&blocks(&regions), &packing);
    }
}

#[test]
fn packings_of_many_blocks_are_valid() {
    let mut state = 2;
    let (mut size, mut bound) = (0, 0);
    for _ in 0..100 {
        let regions = random_regions(&mut state, 60);
        let packing = best(&blocks(&regions));
        assert_valid(&blocks(&regions), &packing);
        (size, bound) = (size + packing.size, bound + lower_bound_of(&regions));
    }
    assert!(size as f64 <= 1.05 * bound as f64, "{size} for {bound}");
}

#[test]
fn a_chain_needs_two_neighbours() {
    let chain: Vec<Region> = (0..50).map(|step| region(10 + step % 3, step, step + 1)).collect();
    assert_eq!(best(&blocks(&chain)).size, lower_bound_of(&chain));
}
