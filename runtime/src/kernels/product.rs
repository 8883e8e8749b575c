//! One micro-kernel for all large products, with sizes known at run time, compiled once per level in this crate.
//!
//! ```text
//! c[m][n] = start[m][n] + Σ over o < outer, i < inner of a[m·a.row + o·a.outer + i·a.inner] · b[o·b.outer + i·b.inner + n]
//!
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
#![allow(
    unsafe_code,
    reason = "reads and writes through pointers, whose bounds are checked once per product"
)]
#![allow(unreachable_pub, reason = "an argument of a public trait's hidden method, which nobody should name")]

use crate::scalar::Scalar;
use crate::simd::{Level, Vector};

/// A product to be computed; see the module's formula.
#[derive(Debug)]
pub struct Product<'a, S> {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) outer: usize,
    pub(crate) inner: usize,
    pub(crate) a: Left<'a, S>,
    pub(crate) b: Right<'a, S>,
    pub(crate) start: Start<'a, S>,
    pub(crate) c: &'a mut [S],
    /// From one row of `c` to the next.
    pub(crate) c_row: usize,
    /// Whether the rows must have the bits that each has alone.
    pub(crate) reproducible: bool,
}

/// The left factor: where row m, count (o, i) is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left<'a, S> {
    pub(crate) values: &'a [S],
    pub(crate) row: usize,
    pub(crate) outer: usize,
    pub(crate) inner: usize,
}

/// The right factor: where count (o, i) begins; its columns are contiguous.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Right<'a, S> {
    pub(crate) values: &'a [S],
    pub(crate) outer: usize,
    pub(crate) inner: usize,
}

/// What the sums begin with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a, S> {
    Zero,
    /// The same in every row.
    Row(&'a [S]),
    /// What `c` holds.
    Result,
}

/// The last place that two or three counts and strides reach; the largest number if it is none. The counts are not 0.
#[inline(always)]
fn last(counts_and_strides: [(usize, usize); 3]) -> usize {
    let [(a, a_stride), (b, b_stride), (c, c_stride)] = counts_and_strides;
    let along = |count: usize, stride: usize| count.wrapping_sub(1).saturating_mul(stride);
    along(a, a_stride).saturating_add(along(b, b_stride)).saturating_add(along(c, c_stride))
}

impl<S: Scalar> Product<'_, S> {
    /// Computes it, with tiles of at most M rows and N registers, or one row and WIDE registers; PACKED scalars of memory on the
    /// stack are for copies of `b`.
    #[inline(always)]
    pub(crate) fn run<L: Level, const M: usize, const N: usize, const WIDE: usize, const PACKED: usize>(
        self,
        _: L,
    ) {
        if self.is_empty() {
            return;
        }
        debug_assert!(self.is_within_bounds());
        if !self.is_within_bounds() {
            return;
        }
        let (registers, reproducible) = (self.columns.div_ceil(S::Vector::<L>::LANES), self.reproducible);
        let tiles = Tiles::<S, S::Vector<L>> { at: self.pointers(), lanes: core::marker::PhantomData };
        // SAFETY: all places that the counts and strides reach were just checked.
        unsafe {
            match registers {
                0..=3 if reproducible => tiles.all_rows::<1, N, N, 4>(),
                4..=7 if reproducible => tiles.all_rows::<2, N, 4, 2>(),
                _ if tiles.at.conflicts() && PACKED > 0 => tiles.all_rows_packed::<M, N, PACKED>(),
                _ => tiles.all_rows::<M, N, WIDE, 1>(),
            }
        }
    }

    /// The same for a single row of `COLUMNS`, to be inlined where the sizes are constants and small: only the tiles that these
    /// columns need become code.
    #[inline(always)]
    pub(crate) fn run_row<L: Level, const COLUMNS: usize>(self, _: L) {
        debug_assert!(
            self.rows == 1 && self.columns == COLUMNS && self.reproducible && self.is_within_bounds()
        );
        if self.rows != 1 || self.columns != COLUMNS || !self.is_within_bounds() {
            return;
        }
        let tiles = Tiles::<S, S::Vector<L>> { at: self.pointers(), lanes: core::marker::PhantomData };
        // SAFETY: as above.
        unsafe {
            if const { COLUMNS > 3 * <S::Vector<L>>::LANES && COLUMNS <= 7 * <S::Vector<L>>::LANES } {
                tiles.row::<COLUMNS, 2>();
            } else if const { COLUMNS <= 3 * <S::Vector<L>>::LANES } {
                tiles.row::<COLUMNS, 4>();
            } else {
                tiles.row::<COLUMNS, 1>();
            }
        }
    }

    #[inline(always)]
    fn is_empty(&self) -> bool {
        [self.rows, self.columns, self.outer, self.inner].contains(&0)
    }

    /// Whether everything that is read and written is there.
    #[inline(always)]
    fn is_within_bounds(&self) -> bool {
        let Self { rows, columns, outer, inner, a, b, .. } = *self;
        let left = last([(rows, a.row), (outer, a.outer), (inner, a.inner)]);
        let right = last([(columns, 1), (outer, b.outer), (inner, b.inner)]);
        let result = last([(columns, 1), (rows, self.c_row), (1, 0)]);
        let start = match self.start {
            Start::Row(row) => row.len() >= columns,
            Start::Zero | Start::Result => true,
        };
        start && left < a.values.len() && right < b.values.len() && result < self.c.len()
    }

    #[inline(always)]
    fn pointers(self) -> Pointers<S> {
        let start = match self.start {
            Start::Zero => From::Zero,
            Start::Row(row) => From::Row(row.as_ptr()),
            Start::Result => From::Result,
        };
        Pointers {
            rows: self.rows,
            columns: self.columns,
            outer: self.outer,
            inner: self.inner,
            a: self.a.values.as_ptr(),
            a_row: self.a.row,
            a_outer: self.a.outer,
            a_inner: self.a.inner,
            b: self.b.values.as_ptr(),
            b_outer: self.b.outer,
            b_inner: self.b.inner,
            start,
            c: self.c.as_mut_ptr(),
            c_row: self.c_row,
        }
    }
}

/// A product whose bounds were checked.
#[derive(Clone, Copy)]
struct Pointers<S> {
    rows: usize,
    columns: usize,
    outer: usize,
    inner: usize,
    a: *const S,
    a_row: usize,
    a_outer: usize,
    a_inner: usize,
    b: *const S,
    b_outer: usize,
    b_inner: usize,
    start: From<S>,
    c: *mut S,
    c_row: usize,
}

#[derive(Clone, Copy)]
enum From<S> {
    Zero,
    Row(*const S),
    Result,
}

impl<S> Pointers<S> {
    /// Whether the rows of `b` are so far apart that many of them share few places in the cache, and used often enough that
    /// a copy pays.
    fn conflicts(&self) -> bool {
        let apart = self.b_inner * size_of::<S>();
        self.outer == 1 && self.rows >= 8 && apart >= 512 && apart.is_multiple_of(256)
    }
}

/// The product cut into tiles of registers `V`.
#[derive(Clone, Copy)]
struct Tiles<S, V> {
    at: Pointers<S>,
    lanes: core::marker::PhantomData<V>,
}

impl<S: Scalar, V: Vector<S>> Tiles<S, V> {
    /// Tiles of M rows and N registers; one row alone takes WIDE registers at once. Sums are split K ways.
    ///
    /// # Safety
    /// The product's bounds must have been checked.
    #[inline(always)]
    unsafe fn all_rows<const M: usize, const N: usize, const WIDE: usize, const K: usize>(self) {
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
    unsafe fn all_rows_packed<const M: usize, const N: usize, const PACKED: usize>(self) {
        let mut packed = [S::ZERO; PACKED];
        let (width, at) = (N * V::LANES, self.at);
        let mut first = 0;
        while first < at.inner {
            let inner = Ord::min(PACKED / width, at.inner - first);
            let mut column = 0;
            while column < at.columns {
                let columns = Ord::min(width, at.columns - column);
                // SAFETY: the caller's; `inner` rows of `width` fit into the copy, of whose columns the tiles see those from
                // `column` on.
                unsafe {
                    self.pack::<N>(first, inner, column, columns, packed.as_mut_ptr());
                    let block = Pointers {
                        inner,
                        a: at.a.add(first * at.a_inner),
                        b: packed.as_ptr().wrapping_sub(column),
                        b_inner: width,
                        start: if first == 0 { at.start } else { From::Result },
                        ..at
                    };
                    Self { at: block, ..self }.group_of_all_rows::<M, N, 1>(column, columns);
                }
                column += columns;
            }
            first += inner;
        }
    }

    /// Copies some rows of `b`, at most N registers of each, one after another.
    ///
    /// # Safety
    /// As above; `to` must have memory for `inner` rows of N registers.
    #[inline(always)]
    unsafe fn pack<const N: usize>(
        self,
        first: usize,
        inner: usize,
        column: usize,
        columns: usize,
        to: *mut S,
    ) {
        let width = N * V::LANES;
        for i in 0..inner {
            // SAFETY: the caller's.
            unsafe {
                let (from, to) = (self.at.b.add((first + i) * self.at.b_inner + column), to.add(i * width));
                if columns == width {
                    for n in 0..N {
                        V::load(from.add(n * V::LANES)).store(to.add(n * V::LANES));
                    }
                } else {
                    core::ptr::copy_nonoverlapping(from, to, columns);
                }
            }
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
    unsafe fn row<const COLUMNS: usize, const K: usize>(self) {
        // SAFETY: the caller's.
        unsafe {
            let mut column = 0;
            if const { COLUMNS >= 8 * V::LANES } {
                column = self.columns::<1, 8, K>(0, 0);
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
                        self.step::<M, N, MASKED>(&a_rows, b, i + k, last, &mut sums[k]);
                    }
                    i += K;
                }
                while K > 1 && i < at.inner {
                    self.step::<M, N, MASKED>(&a_rows, b, i, last, &mut sums[0]);
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

    /// Adds the products of one count.
    ///
    /// # Safety
    /// As above.
    #[inline(always)]
    unsafe fn step<const M: usize, const N: usize, const MASKED: bool>(
        self,
        a_rows: &[*const S; M],
        b: *const S,
        i: usize,
        last: usize,
        sums: &mut [[V; N]; M],
    ) {
        let at = self.at;
        // SAFETY: the caller's.
        unsafe {
            let b = b.add(i * at.b_inner);
            let mut factors = [V::splat(S::ZERO); N];
            for n in 0..N {
                factors[n] = Self::load::<MASKED>(b.add(n * V::LANES), n + 1 == N, last);
            }
            for m in 0..M {
                let factor = V::splat(a_rows[m].add(i * at.a_inner).read());
                for n in 0..N {
                    sums[m][n] = factor.mul_add(factors[n], sums[m][n]);
                }
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

#[cfg(test)]
mod tests {
    use std::{vec, vec::Vec};

    use super::*;
    use crate::random::Random;
    use crate::simd::{Simd, Task};

    /// The counts of one product.
    #[derive(Clone, Copy, Debug)]
    struct Sizes {
        rows: usize,
        columns: usize,
        outer: usize,
        inner: usize,
    }

    /// Computes with odd strides, and compares with the formula, number by number.
    struct Compare<S>(Sizes, core::marker::PhantomData<S>);

    fn draw<S: Scalar>(random: &mut Random, count: usize) -> Vec<S> {
        (0..count).map(|_| S::from_f64(random.normal())).collect()
    }

    impl<S: Scalar> Task for Compare<S> {
        type Output = ();
        #[inline(always)]
        fn run<L: Level>(self, level: L) {
            let Sizes { rows, columns, outer, inner } = self.0;
            let random = &mut Random::new(3);
            let (a_inner, b_inner, c_row) = (rows + 1, columns + 3, columns + 2);
            let (a_outer, b_outer) = (inner * a_inner + 5, inner * b_inner + 1);
            let a = draw::<S>(random, outer * a_outer);
            let b = draw::<S>(random, outer * b_outer);
            let (bias, before) = (draw::<S>(random, columns), draw::<S>(random, rows * c_row));
            for start in [Start::Zero, Start::Row(&bias), Start::Result] {
                let mut c = before.clone();
                let left = Left { values: &a, row: 1, outer: a_outer, inner: a_inner };
                let right = Right { values: &b, outer: b_outer, inner: b_inner };
                S::product(
                    level,
                    Product {
                        rows,
                        columns,
                        outer,
                        inner,
                        a: left,
                        b: right,
                        start,
                        c: &mut c,
                        c_row,
                        reproducible: true,
                    },
                );
                for (place, (&found, &before)) in c.iter().zip(&before).enumerate() {
                    let (m, n) = (place / c_row, place % c_row);
                    if n >= columns {
                        assert_eq!(found, before, "written beyond the row, {:?}", self.0);
                        continue;
                    }
                    let begin = match start {
                        Start::Zero => 0.0,
                        Start::Row(row) => row[n].to_f64(),
                        Start::Result => before.to_f64(),
                    };
                    let counts = (0..outer).flat_map(|o| (0..inner).map(move |i| (o, i)));
                    let exact: f64 = counts
                        .map(|(o, i)| {
                            a[m + o * a_outer + i * a_inner].to_f64()
                                * b[o * b_outer + i * b_inner + n].to_f64()
                        })
                        .sum();
                    let error = (found.to_f64() - begin - exact).abs();
                    let bound = if S::SAFETENSORS == "F32" { 1e-4 } else { 1e-12 };
                    assert!(error < bound, "{error} at {m}, {n}, {:?}, {}", self.0, L::NAME);
                }
            }
        }
    }

    #[test]
    fn equals_the_sums_at_odd_sizes() {
        for simd in Simd::all() {
            for columns in [1, 2, 3, 5, 7, 8, 10, 13, 16, 17, 24, 31, 33, 48, 50, 64, 67, 100, 131, 256, 259]
            {
                for rows in [1, 2, 3, 4, 5, 7, 8, 9, 13] {
                    for (outer, inner) in [(1, 1), (1, 7), (3, 5), (2, 12)] {
                        let sizes = Sizes { rows, columns, outer, inner };
                        simd.run(Compare::<f32>(sizes, core::marker::PhantomData));
                        simd.run(Compare::<f64>(sizes, core::marker::PhantomData));
                    }
                }
            }
        }
    }

    struct Rows<'a>(usize, usize, &'a [f32], &'a [f32]);

    impl Task for Rows<'_> {
        type Output = Vec<f32>;
        #[inline(always)]
        fn run<L: Level>(self, level: L) -> Vec<f32> {
            let Self(rows, columns, a, b) = self;
            let mut c = vec![0.0; rows * columns];
            let left = Left { values: a, row: 37, outer: 0, inner: 1 };
            let right = Right { values: b, outer: 0, inner: columns };
            f32::product(
                level,
                Product {
                    rows,
                    columns,
                    outer: 1,
                    inner: 37,
                    a: left,
                    b: right,
                    start: Start::Zero,
                    c: &mut c,
                    c_row: columns,
                    reproducible: true,
                },
            );
            c
        }
    }

    #[test]
    fn one_row_and_many_give_the_same_bits() {
        let random = &mut Random::new(5);
        for simd in Simd::all() {
            for columns in [1, 8, 10, 17, 32, 64, 100, 300] {
                let (a, b) = (draw::<f32>(random, 11 * 37), draw::<f32>(random, 37 * columns));
                let all = simd.run(Rows(11, columns, &a, &b));
                for (row, expected) in all.chunks(columns).enumerate() {
                    assert_eq!(simd.run(Rows(1, columns, &a[row * 37..][..37], &b)), expected);
                }
            }
        }
    }

    #[test]
    #[cfg_attr(debug_assertions, should_panic = "is_within_bounds")]
    fn what_is_out_of_bounds_is_not_touched() {
        let mut c = [7.0f32; 4];
        let left = Left { values: &[1.0], row: 1, outer: 0, inner: 1 };
        let right = Right { values: &[1.0], outer: 0, inner: 1 };
        f32::product(
            crate::simd::Baseline,
            Product {
                rows: 2,
                columns: 2,
                outer: 1,
                inner: 1,
                a: left,
                b: right,
                start: Start::Zero,
                c: &mut c,
                c_row: 2,
                reproducible: false,
            },
        );
        assert_eq!(c, [7.0; 4]);
    }
}
