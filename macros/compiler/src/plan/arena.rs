//! Packs regions into one arena as small as possible: those that live at the same time must not overlap.
//!
//! Known sizes are placed at offsets, tried in several orders (in all, where there are few); the best wins. Sizes that only
//! Rust's compiler knows follow behind, in slots that are shared by regions of disjoint lifetimes.

use super::liveness::Lifetime;
use crate::shape::Dim;

/// The offset of each region, and the size of the arena.
pub(super) fn pack(lengths: &[Dim], lifetimes: &[Lifetime]) -> (Vec<Dim>, Dim) {
    let known: Vec<usize> = (0..lengths.len()).filter(|region| lengths[*region].known().is_some()).collect();
    let others: Vec<usize> = (0..lengths.len()).filter(|region| !known.contains(region)).collect();
    let blocks: Vec<Block> = known
        .iter()
        .map(|region| Block { length: lengths[*region].known().unwrap_or(0), lifetime: lifetimes[*region] })
        .collect();
    let packing = best(&blocks);
    let mut offsets = vec![Dim::ZERO; lengths.len()];
    for (region, offset) in known.into_iter().zip(packing.offsets) {
        offsets[region] = Dim::Known(offset);
    }
    let size = slots(&others, lengths, lifetimes, Dim::Known(packing.size), &mut offsets);
    (offsets, size)
}

/// A region of known size.
#[derive(Clone, Copy, Debug)]
struct Block {
    length: usize,
    lifetime: Lifetime,
}

#[derive(Clone, Debug)]
struct Packing {
    offsets: Vec<usize>,
    size: usize,
}

/// No packing is smaller than what lives at one time.
fn lower_bound(blocks: &[Block]) -> usize {
    let alive = |time: usize| {
        let at = Lifetime { first: time, last: time };
        blocks.iter().filter(|block| block.lifetime.overlaps(at)).map(|block| block.length).sum()
    };
    blocks.iter().map(|block| alive(block.lifetime.first)).max().unwrap_or(0)
}

/// So few that all orders can be tried: some order gives the best packing.
const FEW: usize = 7;

fn best(blocks: &[Block]) -> Packing {
    let bound = lower_bound(blocks);
    let mut best: Option<Packing> = None;
    let mut consider = |packing: Packing| {
        if best.as_ref().is_none_or(|best| packing.size < best.size) {
            best = Some(packing);
        }
        best.as_ref().is_some_and(|best| best.size == bound)
    };
    let optimal = orders(blocks)
        .into_iter()
        .any(|order| consider(place(blocks, &order)) || consider(place_at_both_ends(blocks, &order, bound)));
    if !optimal && blocks.len() <= FEW {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        permutations(&mut order, 0, &mut |order| consider(place(blocks, order)));
    }
    best.unwrap_or(Packing { offsets: Vec::new(), size: 0 })
}

/// Orders that often are good: by size, by lifetime, by both, by time.
fn orders(blocks: &[Block]) -> Vec<Vec<usize>> {
    let duration = |block: &Block| block.lifetime.last - block.lifetime.first + 1;
    type Key<'a> = &'a dyn Fn(&Block) -> (usize, usize);
    let keys: [Key<'_>; 5] = [
        &|block| (usize::MAX - block.length, usize::MAX - duration(block)),
        &|block| (usize::MAX - duration(block), usize::MAX - block.length),
        &|block| (usize::MAX - block.length.saturating_mul(duration(block)), block.lifetime.first),
        &|block| (block.lifetime.first, usize::MAX - block.length),
        &|block| (usize::MAX - block.lifetime.last, usize::MAX - block.length),
    ];
    let sorted = keys.iter().map(|key| {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by_key(|block| key(&blocks[*block]));
        order
    });
    sorted.collect()
}

/// Calls `visit` with every order of what is behind `fixed`, until it says true.
fn permutations(order: &mut [usize], fixed: usize, visit: &mut dyn FnMut(&[usize]) -> bool) -> bool {
    if fixed == order.len() {
        return visit(order);
    }
    for next in fixed..order.len() {
        order.swap(fixed, next);
        if permutations(order, fixed + 1, visit) {
            return true;
        }
        order.swap(fixed, next);
    }
    false
}

/// Each block in turn at the lowest offset where nothing of its time lies.
fn place(blocks: &[Block], order: &[usize]) -> Packing {
    let mut offsets: Vec<Option<usize>> = vec![None; blocks.len()];
    for &index in order {
        offsets[index] = Some(lowest(blocks[index].length, &taken(blocks, &offsets, index)));
    }
    packing(blocks, offsets)
}

/// Each block in turn as low or as high as it can be within `size`, in alternation: so the values of a chain, of which two
/// live at a time, never leave a gap.
fn place_at_both_ends(blocks: &[Block], order: &[usize], size: usize) -> Packing {
    let mut offsets: Vec<Option<usize>> = vec![None; blocks.len()];
    for (turn, &index) in order.iter().enumerate() {
        let length = blocks[index].length;
        let taken = taken(blocks, &offsets, index);
        let mirrored = || {
            let mut mirror: Vec<(usize, usize)> = taken
                .iter()
                .map(|(start, end)| (size.saturating_sub(*end), size.saturating_sub(*start)))
                .collect();
            mirror.sort_unstable();
            (lowest(length, &mirror) + length).le(&size).then(|| size - length - lowest(length, &mirror))
        };
        let high = if turn % 2 == 1 { mirrored() } else { None };
        offsets[index] = Some(high.unwrap_or_else(|| lowest(length, &taken)));
    }
    packing(blocks, offsets)
}

/// What is placed already and lives at the same time: starts and ends, in order.
fn taken(blocks: &[Block], offsets: &[Option<usize>], index: usize) -> Vec<(usize, usize)> {
    let mut taken: Vec<(usize, usize)> = blocks
        .iter()
        .zip(offsets)
        .filter(|(other, _)| other.lifetime.overlaps(blocks[index].lifetime))
        .filter_map(|(other, offset)| offset.map(|start| (start, start + other.length)))
        .collect();
    taken.sort_unstable();
    taken
}

/// The lowest offset where `length` scalars are free.
fn lowest(length: usize, taken: &[(usize, usize)]) -> usize {
    let mut offset = 0;
    for &(start, end) in taken {
        if start >= offset + length {
            break;
        }
        offset = offset.max(end);
    }
    offset
}

fn packing(blocks: &[Block], offsets: Vec<Option<usize>>) -> Packing {
    let offsets: Vec<usize> = offsets.into_iter().map(|offset| offset.unwrap_or(0)).collect();
    let size = offsets.iter().zip(blocks).map(|(offset, block)| offset + block.length).max().unwrap_or(0);
    Packing { offsets, size }
}

/// Gives each region of unknown size a slot behind `start`; a slot is as large as the largest of its regions. Returns where
/// the slots end.
fn slots(regions: &[usize], lengths: &[Dim], lifetimes: &[Lifetime], start: Dim, offsets: &mut [Dim]) -> Dim {
    let mut slots: Vec<Vec<usize>> = Vec::new();
    for &region in regions {
        let free = slots.iter().position(|slot: &Vec<usize>| {
            slot.iter().all(|other| !lifetimes[*other].overlaps(lifetimes[region]))
        });
        match free {
            Some(slot) => slots[slot].push(region),
            None => slots.push(vec![region]),
        }
    }
    slots.iter().fold(start, |start, slot| {
        for region in slot {
            offsets[*region] = start.clone();
        }
        let size = slot.iter().fold(Dim::ZERO, |size, region| size.max(&lengths[*region]));
        start.plus(&size)
    })
}

#[cfg(test)]
fn blocks(regions: &[(usize, Lifetime)]) -> Vec<Block> {
    regions.iter().map(|&(length, lifetime)| Block { length, lifetime }).collect()
}

#[cfg(test)]
pub(super) fn lower_bound_of(regions: &[(usize, Lifetime)]) -> usize {
    lower_bound(&blocks(regions))
}

/// The best of all orders: the slow truth.
#[cfg(test)]
pub(super) fn brute_force(regions: &[(usize, Lifetime)]) -> usize {
    let blocks = blocks(regions);
    let mut best = if blocks.is_empty() { 0 } else { usize::MAX };
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    permutations(&mut order, 0, &mut |order| {
        best = best.min(place(&blocks, order).size);
        false
    });
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(length: usize, first: usize, last: usize) -> Block {
        Block { length, lifetime: Lifetime { first, last } }
    }

    /// A small generator of numbers below `limit`.
    fn random(state: &mut u64, limit: usize) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % limit
    }

    #[test]
    fn random_packings_are_valid_and_the_best() {
        let mut state = 1;
        for _ in 0..300 {
            let count = 1 + random(&mut state, 6);
            let blocks: Vec<Block> = (0..count)
                .map(|_| {
                    let first = random(&mut state, 8);
                    block(1 + random(&mut state, 9), first, first + random(&mut state, 4))
                })
                .collect();
            let packing = best(&blocks);
            let regions: Vec<_> = blocks.iter().map(|block| (block.length, block.lifetime)).collect();
            assert_eq!(packing.size, brute_force(&regions), "{blocks:?}");
            for (i, a) in blocks.iter().enumerate() {
                for (j, b) in blocks.iter().enumerate().skip(i + 1) {
                    let (start, other) = (packing.offsets[i], packing.offsets[j]);
                    let apart = start + a.length <= other || other + b.length <= start;
                    assert!(apart || !a.lifetime.overlaps(b.lifetime), "{blocks:?} {packing:?}");
                }
            }
        }
    }

    #[test]
    fn a_chain_needs_two_neighbours() {
        let chain: Vec<Block> = (0..50).map(|step| block(10 + step % 3, step, step + 1)).collect();
        assert_eq!(best(&chain).size, lower_bound(&chain));
    }
}
