//! The best packing of few blocks: a search through all that are worth a look.
//!
//! Take the best packing whose offsets have the least sum, and its blocks from the bottom to the top: each lies right above
//! what is below it at its time, or it could sink. So it is enough to try orders in which each block comes to lie on those that
//! were placed before, none lower than the one before it. A branch ends where what is left can't fit any more.

use super::{Block, Packing};

/// How much the search may compute, in visits of a block by a block, so that listings expand fast whatever they are: what is
/// best by then is taken.
const WORK: usize = 1 << 18;

/// A packing smaller than `known`, if there is one, and the search has found it; and whether it has seen them all.
pub(super) fn smaller(blocks: &[Block], known: usize, bound: usize) -> (Option<Packing>, bool) {
    let offsets = vec![None; blocks.len()];
    let mut search = Search { blocks, bound, size: known, best: None, offsets, work: WORK };
    search.above(0, 0);
    let (best, size) = (search.best, search.size);
    (best.map(|offsets| Packing { offsets, size }), search.work > 0)
}

struct Search<'b> {
    blocks: &'b [Block],
    bound: usize,
    /// Of the best packing so far.
    size: usize,
    best: Option<Vec<usize>>,
    offsets: Vec<Option<usize>>,
    work: usize,
}

impl Search<'_> {
    /// Places what is left, nothing below `floor`, nor at `floor` a block before the one numbered `next`.
    fn above(&mut self, floor: usize, next: usize) {
        let left: Vec<usize> =
            (0..self.blocks.len()).filter(|block| self.offsets[*block].is_none()).collect();
        if left.is_empty() {
            return self.found();
        }
        self.work = self.work.saturating_sub((left.len() + 1) * self.blocks.len());
        let lowest: Vec<usize> = left.iter().map(|block| self.top(*block)).collect();
        if !self.hopeful(&left, floor) {
            return;
        }
        let mut branches: Vec<(usize, usize)> = lowest.into_iter().zip(left).collect();
        branches.sort_unstable();
        for (offset, block) in branches {
            if self.size == self.bound || self.work == 0 {
                return;
            }
            if (offset, block) >= (floor, next) {
                self.offsets[block] = Some(offset);
                self.above(offset, block + 1);
                self.offsets[block] = None;
            }
        }
    }

    fn found(&mut self) {
        let ends =
            self.offsets.iter().zip(self.blocks).map(|(offset, block)| offset.unwrap_or(0) + block.length);
        let size = ends.max().unwrap_or(0);
        if size < self.size {
            self.size = size;
            self.best = Some(self.offsets.iter().map(|offset| offset.unwrap_or(0)).collect());
        }
    }

    /// Where what is placed at the block's time ends.
    fn top(&self, block: usize) -> usize {
        let lifetime = self.blocks[block].lifetime;
        let others =
            self.blocks.iter().zip(&self.offsets).filter(|(other, _)| other.lifetime.overlaps(lifetime));
        others.filter_map(|(other, offset)| Some((*offset)? + other.length)).max().unwrap_or(0)
    }

    /// Whether at every time there is room for what is left, below the best size so far.
    fn hopeful(&self, left: &[usize], floor: usize) -> bool {
        left.iter().all(|block| {
            let now = self.blocks[*block].lifetime.at_first();
            let mut level = floor;
            let mut to_come = 0;
            for (other, offset) in
                self.blocks.iter().zip(&self.offsets).filter(|(other, _)| other.lifetime.overlaps(now))
            {
                match offset {
                    Some(offset) => level = level.max(offset + other.length),
                    None => to_come += other.length,
                }
            }
            level + to_come < self.size
        })
    }
}
