//! A product cut into tiles of registers: the one micro-kernel of all large products.
//!
//! ```text
//! for a tile of M rows and N registers of columns:
//!     sums[m][n] = start;  for o, i:  sums[m][n] += a[m][o, i] (in all lanes) · b[o, i][n];  c = sums
//! ```
//! 1. M·N sums stay in registers and hide the latency of the additions; each read of `b` serves M rows, each of `a` N registers.
//! 2. The sum over `i` runs in two nested counts, so that the rows of a convolution's kernel need no copy of the image.
//! 3. Where there are few columns, there are too few sums to hide the latency: then each sum is split into 2 or 4, by i modulo 2
//!    or 4. The split depends on the columns alone, so one row and many give the same bits (where that is asked for).
//! 4. Rows of `b` that are a multiple of 256 bytes apart share few sets of the caches: they are copied, block by block. On a
//!    processor with AVX2 and 512 KB of second cache that saves 13 % of 784-256-10; processors with AVX-512 have 1 or 2 MB of it,
//!    and the copy gains nothing there.
//! 5. What remains of a row is read and written by masks.
#![allow(unsafe_code, reason = "reads and writes through pointers, whose bounds `Product` has checked")]

use core::marker::PhantomData;

use crate::scalar::Scalar;
use crate::simd::Vector;

/// A product whose bounds were checked.
#[derive(Clone, Copy)]
pub(super) struct Pointers<S> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) outer: usize,
    pub(super) inner: usize,
    pub(super) a: *const S,
    pub(super) a_row: usize,
    pub(super) a_outer: usize,
    pub(super) a_inner: usize,
    pub(super) b: *const S,
    pub(super) b_outer: usize,
    pub(super) b_inner: usize,
    pub(super) start: From<S>,
    pub(super) c: *mut S,
    pub(super) c_row: usize,
}

#[derive(Clone, Copy)]
pub(super) enum From<S> {
    Zero,
    Row(*const S),
    Result,
}

/// The product cut into tiles of registers `V`.
#[derive(Clone, Copy)]
pub(super) struct Tiles<S, V> {
    pub(super) at: Pointers<S>,
    lanes: PhantomData<V>,
}

impl<S: Scalar, V: Vector<S>> Tiles<S, V> {
    pub(super) fn new(at: Pointers<S>) -> Self {
        Self { at, lanes: PhantomData }
    }

    /// Whether the rows of `b` are so far apart that many of them share few places in the cache, and used often enough that
    /// a copy pays.
    pub(super) fn conflict(&self) -> bool {
        let Pointers { outer, rows, b_inner, .. } = self.at;
        let apart = b_inner * size_of::<S>();
        outer == 1 && rows >= 8 && apart >= 512 && apart.is_multiple_of(256)
    }

    /// Tiles of M rows and N registers; one row alone takes WIDE registers at once. Sums are split K ways.
    ///
    /// # Safety
    /// The product's bounds must have been checked.
    #[inline(always)]
    pub(super) unsafe fn all_rows<const M: usize, const N: usize, const WIDE: usize, const K: usize>(self) {
        // SAFETY: the caller's.
        unsafe {
            if self.at.rows == 1 {
                let column = self.columns::<1, WIDE, K>(0, 0);
                return self.rest::<1, K>(0, column);
            }
            let mut column = 0;
            while column < self.at.columns {
                let columns = Ord::min(N * V::LANES, self.at.columns - column);
                self.group_of_all_rows::<M, N, K>(column, columns);
                column += columns;
            }
        }
    }

    /// The same for a `b` whose rows get in each other's way in the cache: as many of its rows as fit are copied, a group of
    /// columns at a time, to where they lie side by side, and serve all rows of the result. The part of `a` that belongs to them
    /// stays in the first cache meanwhile.
    ///
    /// # Safety
    /// As above; the outer count must be 1.
    #[inline(always)]
    pub(super) unsafe fn all_rows_packed<const M: usize, const N: usize, const PACKED: usize>(self) {
        let mut packed = [S::ZERO; PACKED];
        let (width, at) = (N * V::LANES, self.at);
        let mut first = 0;
        while first < at.inner {
            let inner = Ord::min(PACKED / width, at.inner - first);
            let mut column = 0;
            while column < at.columns {
                let columns = Ord::min(width, at.columns - column);
                // SAFETY: the caller's; `inner` rows of `width` fit into the copy. The block is the product of these columns.
                unsafe {
                    let start = match at.start {
                        _ if first > 0 => From::Result,
                        From::Row(row) => From::Row(row.add(column)),
                        start => start,
                    };
                    let (a, c) = (at.a.add(first * at.a_inner), at.c.add(column));
                    let b = at.b.add(first * at.b_inner + column);
                    let block = Self::new(Pointers { inner, a, b, start, c, columns, ..at });
                    block.copy_and_multiply::<M, N>(packed.as_mut_ptr());
                }
                column += columns;
            }
            first += inner;
        }
    }

    /// A block of at most N registers of columns, whose rows of `b` are copied to where they lie side by side: by the first tile,
    /// which has to read them anyhow and so waits less for memory, and read there by the others.
    ///
    /// # Safety
    /// As above; there must be M rows, and memory for the copy.
    #[inline(always)]
    unsafe fn copy_and_multiply<const M: usize, const N: usize>(self, copy: *mut S) {
        let (width, at) = (N * V::LANES, self.at);
        // SAFETY: the caller's.
        unsafe {
            let done = if at.columns == width {
                self.tile_with_copy::<M, N, 1, false, true>(0, 0, V::LANES, copy);
                M
            } else {
                for i in 0..at.inner {
                    core::ptr::copy_nonoverlapping(at.b.add(i * at.b_inner), copy.add(i * width), at.columns);
                }
                0
            };
            let (rows, a, c) = (at.rows - done, at.a.add(done * at.a_row), at.c.add(done * at.c_row));
            let rest = Pointers { rows, a, c, b: copy, b_inner: width, ..at };
            Self::new(rest).group_of_all_rows::<M, N, 1>(0, at.columns);
        }
    }

    /// At most N registers of columns, of all rows.
    ///
    /// # Safety
    /// As above; the columns must exist.
    #[inline(always)]
    unsafe fn group_of_all_rows<const M: usize, const N: usize, const K: usize>(
        self,
        column: usize,
        columns: usize,
    ) {
        let mut row = 0;
        // SAFETY: the caller's.
        unsafe {
            // Eight rows are better cut 4 + 4 than 6 + 2.
            while row + M <= self.at.rows && !(M == 6 && row + 8 == self.at.rows) {
                self.group::<M, N, K>(row, column, columns);
                row += M;
            }
            while M > 4 && row + 4 <= self.at.rows {
                self.group::<4, N, K>(row, column, columns);
                row += 4;
            }
            if M > 2 && row + 2 <= self.at.rows {
                self.group::<2, N, K>(row, column, columns);
                row += 2;
            }
            while M > 1 && row < self.at.rows {
                self.group::<1, N, K>(row, column, columns);
                row += 1;
            }
        }
    }

    /// One row of a constant number of columns: tiles of eight registers, then what is left.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    pub(super) unsafe fn row<const COLUMNS: usize, const K: usize>(self) {
        // SAFETY: the caller's.
        unsafe {
            let mut column = 0;
            while const { COLUMNS >= 8 * V::LANES } && column + 8 * V::LANES <= COLUMNS {
                self.tile::<1, 8, K, false>(0, column, V::LANES);
                column += 8 * V::LANES;
                if const { COLUMNS > 8 * V::LANES } {
                    // The result goes to memory. Kept in registers it would drive the next tile's sums out of them.
                    core::hint::black_box(self.at.c);
                }
            }
            let last = COLUMNS % V::LANES;
            // Twice the whole registers, and 1 for a part of one.
            match const { 2 * (COLUMNS / V::LANES % 8) + !COLUMNS.is_multiple_of(V::LANES) as usize } {
                0 => {}
                2 => self.tile::<1, 1, K, false>(0, column, V::LANES),
                4 => self.tile::<1, 2, K, false>(0, column, V::LANES),
                6 => self.tile::<1, 3, K, false>(0, column, V::LANES),
                8 => self.tile::<1, 4, K, false>(0, column, V::LANES),
                10 => self.tile::<1, 5, K, false>(0, column, V::LANES),
                12 => self.tile::<1, 6, K, false>(0, column, V::LANES),
                14 => self.tile::<1, 7, K, false>(0, column, V::LANES),
                1 => self.tile::<1, 1, K, true>(0, column, last),
                3 => self.tile::<1, 2, K, true>(0, column, last),
                5 => self.tile::<1, 3, K, true>(0, column, last),
                7 => self.tile::<1, 4, K, true>(0, column, last),
                9 => self.tile::<1, 5, K, true>(0, column, last),
                11 => self.tile::<1, 6, K, true>(0, column, last),
                13 => self.tile::<1, 7, K, true>(0, column, last),
                _ => self.tile::<1, 8, K, true>(0, column, last),
            }
        }
    }

    /// The columns of one group, at most N registers, of M rows.
    ///
    /// # Safety
    /// As above; the rows and columns must exist.
    #[inline(always)]
    unsafe fn group<const M: usize, const N: usize, const K: usize>(
        self,
        row: usize,
        column: usize,
        columns: usize,
    ) {
        // SAFETY: the caller's.
        unsafe {
            if columns == N * V::LANES {
                self.tile::<M, N, K, false>(row, column, V::LANES);
            } else {
                self.part::<M, K>(row, column, columns);
            }
        }
    }

    /// Whole tiles of N registers from `column` on; gives the first column that is left.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn columns<const M: usize, const N: usize, const K: usize>(
        self,
        row: usize,
        mut column: usize,
    ) -> usize {
        while column + N * V::LANES <= self.at.columns {
            // SAFETY: the caller's; the columns exist.
            unsafe { self.tile::<M, N, K, false>(row, column, V::LANES) };
            column += N * V::LANES;
        }
        column
    }

    /// The columns that are left from `column` on.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn rest<const M: usize, const K: usize>(self, row: usize, column: usize) {
        // SAFETY: the caller's; no tile takes more columns than there are.
        unsafe {
            let column = self.columns::<M, 3, K>(row, column);
            self.part::<M, K>(row, column, self.at.columns - column);
        }
    }

    /// Less than three registers of columns.
    ///
    /// # Safety
    /// As above; the rows and columns must exist.
    #[inline(always)]
    unsafe fn part<const M: usize, const K: usize>(self, row: usize, column: usize, columns: usize) {
        let last = columns % V::LANES;
        // SAFETY: the caller's.
        unsafe {
            match (columns / V::LANES, last) {
                (0, 0) => {}
                (1, 0) => self.tile::<M, 1, K, false>(row, column, V::LANES),
                (2, 0) => self.tile::<M, 2, K, false>(row, column, V::LANES),
                (0, _) => self.tile::<M, 1, K, true>(row, column, last),
                (1, _) => self.tile::<M, 2, K, true>(row, column, last),
                _ => self.tile::<M, 3, K, true>(row, column, last),
            }
        }
    }

    /// M rows of N registers; of the last one, only `last` lanes if `MASKED`.
    ///
    /// # Safety
    /// As above; the rows and columns must exist.
    #[inline(always)]
    unsafe fn tile<const M: usize, const N: usize, const K: usize, const MASKED: bool>(
        self,
        row: usize,
        column: usize,
        last: usize,
    ) {
        // SAFETY: the caller's; nothing is copied.
        unsafe { self.tile_with_copy::<M, N, K, MASKED, false>(row, column, last, core::ptr::null_mut()) }
    }

    /// The same; with `COPY`, what is read of `b` is also written to `copy`, row after row.
    ///
    /// # Safety
    /// As above; with `COPY` there must be memory for N registers of each inner count, of one outer count.
    #[inline(always)]
    unsafe fn tile_with_copy<
        const M: usize,
        const N: usize,
        const K: usize,
        const MASKED: bool,
        const COPY: bool,
    >(
        self,
        row: usize,
        column: usize,
        last: usize,
        copy: *mut S,
    ) {
        let at = self.at;
        // SAFETY (all below): the caller's; every place is one that the counts and strides reach.
        unsafe {
            let c = at.c.add(row * at.c_row + column);
            let mut sums = [[[V::splat(S::ZERO); N]; M]; K];
            for m in 0..M {
                for n in 0..N {
                    let place = n * V::LANES;
                    sums[0][m][n] = match at.start {
                        From::Zero => continue,
                        From::Row(start) => Self::load::<MASKED>(start.add(column + place), n + 1 == N, last),
                        From::Result => Self::load::<MASKED>(c.add(m * at.c_row + place), n + 1 == N, last),
                    };
                }
            }
            for outer in 0..at.outer {
                let a = at.a.add(row * at.a_row + outer * at.a_outer);
                // A pointer for each row: from one row's to the next's would be a chain of additions.
                let mut a_rows = [a; M];
                for m in 1..M {
                    a_rows[m] = a.add(m * at.a_row);
                }
                let b = at.b.add(outer * at.b_outer + column);
                let mut i = 0;
                while i + K <= at.inner {
                    for k in 0..K {
                        let factors = self.factors::<N, MASKED>(b.add((i + k) * at.b_inner), last);
                        for n in 0..N {
                            if COPY {
                                factors[n].store(copy.add(((i + k) * N + n) * V::LANES));
                            }
                        }
                        self.step::<M, N>(&a_rows, i + k, factors, &mut sums[k]);
                    }
                    i += K;
                }
                while K > 1 && i < at.inner {
                    let factors = self.factors::<N, MASKED>(b.add(i * at.b_inner), last);
                    self.step::<M, N>(&a_rows, i, factors, &mut sums[0]);
                    i += 1;
                }
            }
            for m in 0..M {
                for n in 0..N {
                    let mut sum = sums[0][m][n];
                    if K == 2 {
                        sum = sum.add(sums[1][m][n]);
                    } else if K == 4 {
                        sum = sum.add(sums[1][m][n]).add(sums[2][m][n].add(sums[3][m][n]));
                    }
                    let to = c.add(m * at.c_row + n * V::LANES);
                    if MASKED && n + 1 == N { sum.store_first(to, last) } else { sum.store(to) }
                }
            }
        }
    }

    /// The registers of one row of `b`.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn factors<const N: usize, const MASKED: bool>(self, row: *const S, last: usize) -> [V; N] {
        let mut factors = [V::splat(S::ZERO); N];
        for n in 0..N {
            // SAFETY: the caller's.
            factors[n] = unsafe { Self::load::<MASKED>(row.add(n * V::LANES), n + 1 == N, last) };
        }
        factors
    }

    /// Adds the products of one count.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn step<const M: usize, const N: usize>(
        self,
        a_rows: &[*const S; M],
        i: usize,
        factors: [V; N],
        sums: &mut [[V; N]; M],
    ) {
        for m in 0..M {
            // SAFETY: the caller's.
            let factor = V::splat(unsafe { a_rows[m].add(i * self.at.a_inner).read() });
            for n in 0..N {
                sums[m][n] = factor.mul_add(factors[n], sums[m][n]);
            }
        }
    }

    /// A register; of the last one, only `count` lanes if `MASKED`.
    ///
    /// # Safety
    /// They must be readable.
    #[inline(always)]
    unsafe fn load<const MASKED: bool>(from: *const S, is_last: bool, count: usize) -> V {
        // SAFETY: the caller's.
        unsafe { if MASKED && is_last { V::load_first(from, count) } else { V::load(from) } }
    }
}
