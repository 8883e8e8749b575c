//! Products of 1, 2 or 4 columns, as in the last layer of many networks: a tile would leave most lanes of its registers empty.
//!
//! ```text
//! for a row, a piece of its counts, and W columns:    sums[r] += [a0, a0, a1, a1, …] · [b00, b01, b10, b11, …]    (W = 2)
//! at the end:                                         c[n] = start[n] + Σ of the lanes n, n + W, n + 2·W, …
//! ```
#![allow(unsafe_code, reason = "reads and writes through pointers, whose bounds `Product` has checked")]

use super::tiles::{From, Tiles};
use crate::scalar::Scalar;
use crate::simd::Vector;

/// More lanes than any register has.
const LANES: usize = 16;

impl<S: Scalar, V: Vector<S>> Tiles<S, V> {
    /// Whether there are 1, 2 or 4 columns, and all that a row of the result is made of lies side by side.
    #[inline(always)]
    pub(super) fn is_narrow(&self) -> bool {
        let at = &self.at;
        matches!(at.columns, 1 | 2 | 4)
            && at.columns <= V::LANES
            && at.outer == 1
            && at.a_inner == 1
            && at.b_inner == at.columns
    }

    /// All rows.
    ///
    /// # Safety
    /// The product's bounds must have been checked, and it must be narrow.
    #[inline(always)]
    pub(super) unsafe fn narrow(self) {
        // SAFETY: the caller's.
        unsafe {
            match self.at.columns {
                1 => self.narrow_rows::<1>(),
                2 => self.narrow_rows::<2>(),
                _ => self.narrow_rows::<4>(),
            }
        }
    }

    /// The same for `W` columns.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn narrow_rows<const W: usize>(self) {
        let at = self.at;
        for row in 0..at.rows {
            // SAFETY: the caller's; rows of the start and of the result have `W` scalars.
            unsafe {
                let c = at.c.add(row * at.c_row).cast::<[S; W]>();
                let mut sums = match at.start {
                    From::Zero => [S::ZERO; W],
                    From::Row(start) => start.cast::<[S; W]>().read(),
                    From::Result => c.read(),
                };
                let lanes = Self::halved::<W>(self.narrow_row::<W>(at.a.add(row * at.a_row)));
                for n in 0..W {
                    sums[n] += lanes[n];
                }
                c.write(sums);
            }
        }
    }

    /// The sums of one row; those of a column are in every `W`th lane. Four registers of `b` in a row add to a sum each, which
    /// hides the latency of the additions.
    ///
    /// # Safety
    /// As above; the row of `a` must exist.
    #[inline(always)]
    unsafe fn narrow_row<const W: usize>(self, a: *const S) -> V {
        let (inner, mut i) = (self.at.inner, 0);
        let mut sums = [V::splat(S::ZERO); 4];
        // SAFETY: the caller's; only counts below `inner` are read.
        unsafe {
            while i + 4 / W * V::LANES <= inner {
                for part in 0..4 / W {
                    self.narrow_step::<W>(a, i, part * W, &mut sums);
                    i += V::LANES;
                }
            }
            for part in 0..4 / W - 1 {
                if i + V::LANES <= inner {
                    self.narrow_step::<W>(a, i, part * W, &mut sums);
                    i += V::LANES;
                }
            }
            if i < inner {
                self.narrow_rest::<W>(a, i, &mut sums);
            }
        }
        sums[0].add(sums[1]).add(sums[2].add(sums[3]))
    }

    /// As many counts from `i` on as a register has lanes; they add to `W` sums from the first on.
    ///
    /// # Safety
    /// As above; the counts must exist.
    #[inline(always)]
    unsafe fn narrow_step<const W: usize>(self, a: *const S, i: usize, first: usize, sums: &mut [V; 4]) {
        // SAFETY: the caller's.
        unsafe {
            let factors = Self::spread::<W>(V::load(a.add(i)));
            let b = self.at.b.add(i * W);
            for r in 0..W {
                sums[first + r] = factors[r].mul_add(V::load(b.add(r * V::LANES)), sums[first + r]);
            }
        }
    }

    /// The counts that are left, fewer than a register has lanes; they add to the last `W` sums.
    ///
    /// # Safety
    /// As above; there must be one.
    #[inline(always)]
    unsafe fn narrow_rest<const W: usize>(self, a: *const S, i: usize, sums: &mut [V; 4]) {
        let count = self.at.inner - i;
        // SAFETY: the caller's.
        unsafe {
            let factors = Self::spread::<W>(V::load_first(a.add(i), count));
            let b = self.at.b.add(i * W);
            for r in 0..W {
                let left = (count * W).saturating_sub(r * V::LANES);
                if left > 0 {
                    let weights = V::load_first(b.add(r * V::LANES), Ord::min(left, V::LANES));
                    sums[4 - W + r] = factors[r].mul_add(weights, sums[4 - W + r]);
                }
            }
        }
    }

    /// Each lane `W` times, in the first `W` registers.
    #[inline(always)]
    fn spread<const W: usize>(values: V) -> [V; 4] {
        if W == 1 {
            return [values; 4];
        }
        let [low, high] = values.twice();
        if W == 2 {
            return [low, high, low, high];
        }
        let ([a, b], [c, d]) = (low.twice(), high.twice());
        [a, b, c, d]
    }

    /// The sums of every `W`th lane, in the first `W` places.
    #[inline(always)]
    fn halved<const W: usize>(sums: V) -> [S; LANES] {
        let mut lanes = [S::ZERO; LANES];
        // SAFETY: no register has more lanes.
        unsafe { sums.store(lanes.as_mut_ptr()) };
        let mut width = V::LANES;
        while width > W {
            width /= 2;
            for lane in 0..width {
                lanes[lane] += lanes[lane + width];
            }
        }
        lanes
    }
}
