//! Work cut into tiles whose sums fit the registers.

use crate::scalar::Scalar;
use crate::simd::{Level, Vector};

/// The register of a level.
pub(super) type Register<S, L> = <S as Scalar>::Vector<L>;

/// The tiles of `all` things in parts of `M`: where each begins, and how many of it are done already.
#[inline(always)]
fn tiles(all: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
    let last = all.saturating_sub(size);
    (0..all.div_ceil(size)).map(move |tile| {
        let first = tile * size;
        if first > last { (last, first - last) } else { (first, 0) }
    })
}

/// Columns of a tile: from this one on, in whole registers but for the last, which holds so many.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Columns {
    /// How many lanes of register `n` of `N` there are.
    #[inline(always)]
    pub(super) fn lanes<const N: usize>(self, n: usize, all: usize) -> usize {
        if n + 1 == N { self.last } else { all }
    }
}

/// Work on tiles of M things (pixels, weights) and N registers of columns.
pub(super) trait Tiled<S: Scalar, L: Level> {
    fn tile<const M: usize, const N: usize>(&mut self, first: usize, done: usize, columns: Columns);

    /// All tiles: `all` things, `width` columns.
    #[inline(always)]
    fn all(&mut self, all: usize, width: usize) {
        let lanes = Register::<S, L>::LANES;
        let mut first = 0;
        // Of few things, as in a step of a stream, many columns at a time hide the latency instead.
        while all < 4 && first + 8 * lanes <= width {
            self.each::<8>(all, Columns { first, last: lanes });
            first += 8 * lanes;
        }
        while all < 4 && first + 4 * lanes <= width {
            self.each::<4>(all, Columns { first, last: lanes });
            first += 4 * lanes;
        }
        while first + 2 * lanes <= width {
            self.pairs(all, Columns { first, last: lanes });
            first += 2 * lanes;
        }
        let rest = width - first;
        if rest > lanes {
            self.pairs(all, Columns { first, last: rest - lanes });
        } else if rest > 0 {
            self.singles(all, Columns { first, last: rest });
        }
    }

    /// One thing after another.
    #[inline(always)]
    fn each<const N: usize>(&mut self, all: usize, columns: Columns) {
        for first in 0..all {
            self.tile::<1, N>(first, 0, columns);
        }
    }

    #[inline(always)]
    fn pairs(&mut self, all: usize, columns: Columns) {
        if all < 4 {
            self.each::<2>(all, columns);
        } else {
            for (first, done) in tiles(all, 4) {
                self.tile::<4, 2>(first, done, columns);
            }
        }
    }

    #[inline(always)]
    fn singles(&mut self, all: usize, columns: Columns) {
        if all < 8 {
            self.each::<1>(all, columns);
        } else {
            for (first, done) in tiles(all, 8) {
                self.tile::<8, 1>(first, done, columns);
            }
        }
    }
}
