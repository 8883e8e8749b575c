//! One sample through layers of constant size: plain loops, and nalgebra's static matrices.

use std::hint::black_box;

use anyhow::Result;
use nalgebra::{SMatrix, SVector};

use crate::contestant::{Entry, Local};
use crate::contestants::graven::rows;
use crate::data::{Data, Tensor};
use crate::workload::{Net, Workload};

const LOOPS: &str = "hand, plain loops";
const NALGEBRA: &str = "hand, nalgebra";

/// Both, in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Vec<Entry> {
    let net = workload.net;
    match net {
        Net::Mlp => vec![
            Entry::new(LOOPS, mlp::<Loops<784, 256>, Loops<256, 10>>(data)),
            Entry::new(NALGEBRA, mlp::<Matrix<784, 256>, Matrix<256, 10>>(data)),
        ],
        Net::Control => vec![
            Entry::new(LOOPS, three::<4, 64, 2, Loops<4, 64>, Loops<64, 64>, Loops<64, 2>>(net, data)),
            Entry::new(NALGEBRA, three::<4, 64, 2, Matrix<4, 64>, Matrix<64, 64>, Matrix<64, 2>>(net, data)),
        ],
        Net::Curve => vec![
            Entry::new(LOOPS, three::<1, 8, 1, Loops<1, 8>, Loops<8, 8>, Loops<8, 1>>(net, data)),
            Entry::new(NALGEBRA, three::<1, 8, 1, Matrix<1, 8>, Matrix<8, 8>, Matrix<8, 1>>(net, data)),
        ],
        _ => Vec::new(),
    }
}

/// `x·W + b`.
trait Affine<const I: usize, const O: usize>: Sized {
    fn new(kernel: &Tensor, bias: &Tensor) -> Self;
    fn apply(&self, x: &[f32; I]) -> [f32; O];
}

struct Loops<const I: usize, const O: usize> {
    kernel: Vec<[f32; O]>,
    bias: [f32; O],
}

impl<const I: usize, const O: usize> Affine<I, O> for Loops<I, O> {
    fn new(kernel: &Tensor, bias: &Tensor) -> Self {
        Self { kernel: rows(&kernel.values), bias: rows(&bias.values)[0] }
    }

    #[inline]
    fn apply(&self, x: &[f32; I]) -> [f32; O] {
        let mut y = self.bias;
        for (x, weights) in x.iter().zip(&self.kernel) {
            for (y, weight) in y.iter_mut().zip(weights) {
                *y += x * weight;
            }
        }
        y
    }
}

struct Matrix<const I: usize, const O: usize> {
    kernel: Box<SMatrix<f32, O, I>>,
    bias: SVector<f32, O>,
}

impl<const I: usize, const O: usize> Affine<I, O> for Matrix<I, O> {
    fn new(kernel: &Tensor, bias: &Tensor) -> Self {
        let kernel = Box::new(SMatrix::from_column_slice(&kernel.values));
        Self { kernel, bias: SVector::from_column_slice(&bias.values) }
    }

    #[inline]
    fn apply(&self, x: &[f32; I]) -> [f32; O] {
        (self.kernel.as_ref() * SVector::from(*x) + self.bias).into()
    }
}

struct Mlp<A, B> {
    hidden: A,
    output: B,
    samples: Vec<[f32; 784]>,
}

fn mlp<A: Affine<784, 256>, B: Affine<256, 10>>(data: &Data) -> Mlp<A, B> {
    let [k0, b0, k1, b1] = &data.parameters(Net::Mlp)[..] else { unreachable!("two layers") };
    let samples = rows(&data.samples(Net::Mlp).inputs);
    Mlp { hidden: A::new(&k0.1, &b0.1), output: B::new(&k1.1, &b1.1), samples }
}

impl<A: Affine<784, 256>, B: Affine<256, 10>> Mlp<A, B> {
    #[inline]
    fn predict(&self, x: &[f32; 784]) -> [f32; 10] {
        let hidden = self.hidden.apply(x).map(|value| value.max(0.0));
        let logits = self.output.apply(&hidden);
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers = logits.map(|logit| (logit - largest).exp());
        let sum: f32 = powers.iter().sum();
        powers.map(|power| power / sum)
    }
}

impl<A: Affine<784, 256>, B: Affine<256, 10>> Local for Mlp<A, B> {
    fn once(&mut self) -> Result<()> {
        black_box(self.predict(black_box(&self.samples[0])));
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Ok(self.samples[..3].iter().flat_map(|sample| self.predict(sample)).collect())
    }
}

/// Its sizes stand in the type, as the three layers alone don't tell them.
struct Three<const I: usize, const H: usize, const O: usize, A, B, C> {
    first: A,
    second: B,
    third: C,
    samples: Vec<[f32; I]>,
}

fn three<const I: usize, const H: usize, const O: usize, A, B, C>(
    net: Net,
    data: &Data,
) -> Three<I, H, O, A, B, C>
where
    A: Affine<I, H>,
    B: Affine<H, H>,
    C: Affine<H, O>,
{
    let [k0, b0, k1, b1, k2, b2] = &data.parameters(net)[..] else { unreachable!("three layers") };
    let (first, second) = (A::new(&k0.1, &b0.1), B::new(&k1.1, &b1.1));
    let samples = rows(&data.samples(net).inputs);
    Three { first, second, third: C::new(&k2.1, &b2.1), samples }
}

impl<const I: usize, const H: usize, const O: usize, A, B, C> Three<I, H, O, A, B, C>
where
    A: Affine<I, H>,
    B: Affine<H, H>,
    C: Affine<H, O>,
{
    #[inline]
    fn predict(&self, x: &[f32; I]) -> [f32; O] {
        let hidden = self.first.apply(x).map(f32::tanh);
        self.third.apply(&self.second.apply(&hidden).map(f32::tanh))
    }
}

impl<const I: usize, const H: usize, const O: usize, A, B, C> Local for Three<I, H, O, A, B, C>
where
    A: Affine<I, H>,
    B: Affine<H, H>,
    C: Affine<H, O>,
{
    fn once(&mut self) -> Result<()> {
        black_box(self.predict(black_box(&self.samples[0])));
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        Ok(self.samples[..3].iter().flat_map(|sample| self.predict(sample)).collect())
    }
}
