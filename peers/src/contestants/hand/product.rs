//! Matrix products by the crates matrixmultiply and gemm, all matrices row after row.
#![allow(unsafe_code, reason = "both crates take pointers")]

use std::hint::black_box;

use anyhow::Result;

use crate::contestant::{Entry, Local};
use crate::data::Data;
use crate::workload::Net;

/// Rows, what is summed over, columns.
pub type Size = (usize, usize, usize);

/// Where the next row and the next column of a matrix are.
type Strides = (usize, usize);

/// `c = a·b + scale·c`.
pub fn product(size: Size, a: &[f32], b: &[f32], scale: f32, c: &mut [f32]) {
    let (_, k, n) = size;
    multiply(size, (a, (k, 1)), (b, (n, 1)), scale, c);
}

/// `c = aᵀ·b`.
pub fn transposed_left(size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (m, _, n) = size;
    multiply(size, (a, (1, m)), (b, (n, 1)), 0.0, c);
}

/// `c = a·bᵀ`.
pub fn transposed_right(size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (_, k, _) = size;
    multiply(size, (a, (k, 1)), (b, (1, k)), 0.0, c);
}

fn multiply(
    (m, k, n): Size,
    (a, sa): (&[f32], Strides),
    (b, sb): (&[f32], Strides),
    scale: f32,
    c: &mut [f32],
) {
    assert!(a.len() >= m * k && b.len() >= k * n && c.len() >= m * n, "the matrices are as large as said");
    let signed = |stride: usize| stride as isize;
    // SAFETY: the strides are those of dense matrices, whose lengths were just checked.
    unsafe {
        matrixmultiply::sgemm(
            m,
            k,
            n,
            1.0,
            a.as_ptr(),
            signed(sa.0),
            signed(sa.1),
            b.as_ptr(),
            signed(sb.0),
            signed(sb.1),
            scale,
            c.as_mut_ptr(),
            n as isize,
            1,
        );
    }
}

/// `c = a·b` by the crate gemm, on one thread.
fn gemm_product((m, k, n): Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    assert!(a.len() >= m * k && b.len() >= k * n && c.len() >= m * n, "the matrices are as large as said");
    let (rows, depth) = (n as isize, k as isize);
    // SAFETY: the strides are those of dense matrices, whose lengths were just checked.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            1,
            rows,
            false,
            a.as_ptr(),
            1,
            depth,
            b.as_ptr(),
            1,
            rows,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// The product of the first layer of 784-256-10 alone, by both.
pub fn enter(batch: usize, data: &Data) -> Vec<Entry> {
    let alone = |multiply| Alone {
        size: (batch, 784, 256),
        a: data.samples(Net::Mlp).inputs[..784 * batch].to_vec(),
        b: data.parameters(Net::Mlp)[0].1.values.clone(),
        c: vec![0.0; 256 * batch],
        multiply,
    };
    vec![
        Entry::new("matrixmultiply", alone(|size, a, b, c| product(size, a, b, 0.0, c))),
        Entry::new("gemm", alone(gemm_product)),
    ]
}

struct Alone {
    size: Size,
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
    multiply: fn(Size, &[f32], &[f32], &mut [f32]),
}

impl Local for Alone {
    fn once(&mut self) -> Result<()> {
        (self.multiply)(self.size, black_box(&self.a), &self.b, &mut self.c);
        black_box(&mut self.c);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        self.once()?;
        Ok(self.c.clone())
    }
}
