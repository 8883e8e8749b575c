//! Packs regions into one arena as small as possible: those that live at the same time must not overlap.
//!
//! Known sizes are placed at offsets, tried in several orders, and where that does not give the least that is possible, by a
//! search. Sizes that only Rust's compiler knows follow behind, in slots that are shared by regions of disjoint lifetimes.

mod search;

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

/// The best packing of those that are tried; where blocks are few, the best of all.
fn best(blocks: &[Block]) -> Packing {
    let bound = lower_bound(blocks);
    let mut best: Option<Packing> = None;
    for order in orders(blocks) {
        for all in [place_at_both_ends, place] {
            let packing = all(blocks, &order, bound);
            if packing.size == bound {
                return packing;
            }
            if best.as_ref().is_none_or(|best| packing.size < best.size) {
                best = Some(packing);
            }
        }
    }
    let best = best.unwrap_or(Packing { offsets: Vec::new(), size: 0 });
    let (smaller, _) = search::smaller(blocks, best.size, bound);
    smaller.unwrap_or(best)
}

/// Orders that often are good: by size, by lifetime, by both, by time.
fn orders(blocks: &[Block]) -> Vec<Vec<usize>> {
    let duration = |block: &Block| block.lifetime.last - block.lifetime.first + 1;
    type Key<'a> = &'a dyn Fn(&Block) -> (usize, usize);
    let keys: [Key<'_>; 5] = [
        // Of chains, which are what most models are, the first gives the best packing.
        &|block| (block.lifetime.first, usize::MAX - block.length),
        &|block| (usize::MAX - block.length, usize::MAX - duration(block)),
        &|block| (usize::MAX - duration(block), usize::MAX - block.length),
        &|block| (usize::MAX - block.length.saturating_mul(duration(block)), block.lifetime.first),
        &|block| (usize::MAX - block.lifetime.last, usize::MAX - block.length),
    ];
    let sorted = keys.iter().map(|key| {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by_key(|block| key(&blocks[*block]));
        order
    });
    sorted.collect()
}

/// Each block in turn at the lowest offset where nothing of its time lies.
fn place(blocks: &[Block], order: &[usize], _: usize) -> Packing {
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
pub(super) mod oracle;
