//! One micro-kernel for all large products, with sizes known at run time, compiled once per level in this crate.
//!
//! ```text
//! c[m][n] = start[m][n] + Σ over o < outer, i < inner of a[m·a.row + o·a.outer + i·a.inner] · b[o·b.outer + i·b.inner + n]
//! ```
//! Here is what a product is, and the check of its bounds; `tiles` and `narrow` are how it is computed.
#![allow(
    unsafe_code,
    reason = "calls what reads and writes through pointers, after checking the product's bounds"
)]
#![allow(unreachable_pub, reason = "an argument of a public trait's hidden method, which nobody should name")]

mod narrow;
mod tiles;

use crate::scalar::Scalar;
use crate::simd::{Level, Vector};
use tiles::{From, Pointers, Tiles};

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
        let tiles = Tiles::<S, S::Vector<L>>::new(self.pointers());
        // SAFETY: all places that the counts and strides reach were just checked.
        unsafe {
            match registers {
                _ if tiles.is_narrow() => tiles.narrow(),
                0..=3 if reproducible => tiles.all_rows::<1, N, N, 4>(),
                4..=7 if reproducible => tiles.all_rows::<2, N, 4, 2>(),
                _ if PACKED > 0 && tiles.conflict() => tiles.all_rows_packed::<M, N, PACKED>(),
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
        let tiles = Tiles::<S, S::Vector<L>>::new(self.pointers());
        // SAFETY: as above.
        unsafe {
            if const { COLUMNS <= 4 } && tiles.is_narrow() {
                tiles.narrow();
            } else if const { COLUMNS > 3 * <S::Vector<L>>::LANES && COLUMNS <= 7 * <S::Vector<L>>::LANES } {
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
            let inner = b.len() / columns;
            let left = Left { values: a, row: inner, outer: 0, inner: 1 };
            let right = Right { values: b, outer: 0, inner: columns };
            f32::product(
                level,
                Product {
                    rows,
                    columns,
                    outer: 1,
                    inner,
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
            for columns in [1, 2, 3, 4, 8, 10, 17, 32, 64, 100, 300] {
                let (a, b) = (draw::<f32>(random, 11 * 37), draw::<f32>(random, 37 * columns));
                let all = simd.run(Rows(11, columns, &a, &b));
                for (row, expected) in all.chunks(columns).enumerate() {
                    assert_eq!(simd.run(Rows(1, columns, &a[row * 37..][..37], &b)), expected);
                }
            }
        }
    }

    #[test]
    fn narrow_products_equal_the_sums_at_odd_sizes() {
        let random = &mut Random::new(7);
        for simd in Simd::all() {
            for columns in [1, 2, 4] {
                for inner in (1..70).chain([100, 257]) {
                    let (a, b) = (draw::<f32>(random, 3 * inner), draw::<f32>(random, inner * columns));
                    let found = simd.run(Rows(3, columns, &a, &b));
                    for (place, &found) in found.iter().enumerate() {
                        let (m, n) = (place / columns, place % columns);
                        let product = |i| f64::from(a[m * inner + i]) * f64::from(b[i * columns + n]);
                        let exact: f64 = (0..inner).map(product).sum();
                        assert!(
                            (f64::from(found) - exact).abs() < 1e-4,
                            "{m}, {n} of {columns}, {inner}, {simd:?}"
                        );
                    }
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
