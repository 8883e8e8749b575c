//! A slow interpreter of listings that knows neither plan nor arena: every value and every gradient has its own memory.

use std::collections::BTreeMap;

use super::listings::{INPUTS, Item, Layer};
use crate::layers::Merge;

/// The weight at a place of a layer, the bias behind the kernel.
fn weight(layer: &str, place: usize) -> f64 {
    let seed = layer.bytes().fold(7.0, |seed, byte| seed * 1.37 % 5.0 + f64::from(byte));
    (seed + place as f64 * 1.7).sin() * 0.7
}

/// Gradients of a layer's parameters by its name.
pub(super) type Gradients = BTreeMap<String, Vec<f64>>;

pub(super) fn dense(layer: &str, x: &[f64], units: usize) -> Vec<f64> {
    let row = |unit: usize| {
        let products = x.iter().enumerate().map(|(i, x)| x * weight(layer, i * units + unit));
        products.sum::<f64>() + weight(layer, x.len() * units + unit)
    };
    (0..units).map(row).collect()
}

/// Adds to the gradients of parameters, and gives that of what went in.
pub(super) fn dense_back(layer: &str, x: &[f64], dy: &[f64], gradients: &mut Gradients) -> Vec<f64> {
    let units = dy.len();
    let gradient = gradients.entry(layer.into()).or_insert_with(|| vec![0.0; (x.len() + 1) * units]);
    for (unit, dy) in dy.iter().enumerate() {
        for (i, x) in x.iter().enumerate() {
            gradient[i * units + unit] += x * dy;
        }
        gradient[x.len() * units + unit] += dy;
    }
    let column = |i| dy.iter().enumerate().map(|(unit, dy)| dy * weight(layer, i * units + unit)).sum();
    (0..x.len()).map(column).collect()
}

pub(super) fn merged(merge: Merge, a: f64, b: f64) -> f64 {
    match merge {
        Merge::Add | Merge::Average => a + b,
        Merge::Subtract => a - b,
        Merge::Multiply => a * b,
        Merge::Maximum => a.max(b),
        Merge::Minimum => a.min(b),
    }
}

/// The value of every input and item.
pub(super) fn slow_forward(items: &[Item], inputs: &[f64]) -> Vec<Vec<f64>> {
    let mut values = vec![inputs[..INPUTS[0]].to_vec(), inputs[INPUTS[0]..].to_vec()];
    for item in items {
        let reads: Vec<&Vec<f64>> = item.reads.iter().map(|value| &values[*value]).collect();
        let first = reads[0];
        let value = match &item.layer {
            Layer::Dense(layer, tanh) => {
                let linear = dense(layer, first, item.width);
                if *tanh { linear.into_iter().map(f64::tanh).collect() } else { linear }
            }
            Layer::Merge(merge) => {
                let at = |place: usize| {
                    reads[1..].iter().fold(first[place], |sum, read| merged(*merge, sum, read[place]))
                };
                let count = if *merge == Merge::Average { reads.len() as f64 } else { 1.0 };
                (0..item.width).map(|place| at(place) / count).collect()
            }
            Layer::Concat => reads.into_iter().flatten().copied().collect(),
            Layer::Residual(layer) => {
                let inner = dense(&format!("{layer}inner"), first, item.width);
                inner.iter().zip(first).map(|(inner, x)| inner.tanh() + x).collect()
            }
        };
        values.push(value);
    }
    values
}

/// The gradients of all parameters and of the inputs, from that of the last item.
pub(super) fn slow_backward(items: &[Item], values: &[Vec<f64>], seed: &[f64]) -> (Gradients, Vec<f64>) {
    let mut gradients = Gradients::new();
    let mut adjoints: Vec<Vec<f64>> = values.iter().map(|value| vec![0.0; value.len()]).collect();
    if let Some(last) = adjoints.last_mut() {
        *last = seed.to_vec();
    }
    for (number, item) in items.iter().enumerate().rev() {
        let (value, dy) = (&values[number + 2], adjoints[number + 2].clone());
        let mut give = |to: usize, from: usize, gradient: &[f64]| {
            adjoints[to].iter_mut().zip(&gradient[from..]).for_each(|(sum, gradient)| *sum += gradient);
        };
        let first = item.reads[0];
        match &item.layer {
            Layer::Dense(layer, tanh) => {
                let slope = |y: &f64| if *tanh { 1.0 - y * y } else { 1.0 };
                let dy: Vec<f64> = dy.iter().zip(value).map(|(dy, y)| dy * slope(y)).collect();
                give(first, 0, &dense_back(layer, &values[first], &dy, &mut gradients));
            }
            Layer::Residual(layer) => {
                let layer = format!("{layer}inner");
                let inner = dense(&layer, &values[first], item.width);
                let inner: Vec<f64> = dy
                    .iter()
                    .zip(inner)
                    .map(|(dy, inner)| dy * (1.0 - inner.tanh() * inner.tanh()))
                    .collect();
                give(first, 0, &dy);
                give(first, 0, &dense_back(&layer, &values[first], &inner, &mut gradients));
            }
            Layer::Concat => {
                let mut from = 0;
                for read in &item.reads {
                    give(*read, from, &dy);
                    from += values[*read].len();
                }
            }
            Layer::Merge(merge) => {
                for place in 0..item.width {
                    let reads: Vec<f64> = item.reads.iter().map(|read| values[*read][place]).collect();
                    for (read, slope) in item.reads.iter().zip(slopes(*merge, &reads)) {
                        adjoints[*read][place] += slope * dy[place];
                    }
                }
            }
        }
    }
    (gradients, [adjoints[0].clone(), adjoints[1].clone()].concat())
}

/// The derivatives of a merge with respect to each of its values.
pub(super) fn slopes(merge: Merge, values: &[f64]) -> Vec<f64> {
    let mut slopes = vec![1.0];
    let mut sum = values[0];
    for value in &values[1..] {
        let half = |first: bool| if sum == *value { 0.5 } else { f64::from(u8::from(first)) };
        let (left, right) = match merge {
            Merge::Add | Merge::Average => (1.0, 1.0),
            Merge::Subtract => (1.0, -1.0),
            Merge::Multiply => (*value, sum),
            Merge::Maximum => (half(sum > *value), half(*value > sum)),
            Merge::Minimum => (half(sum < *value), half(*value < sum)),
        };
        slopes.iter_mut().for_each(|slope| *slope *= left);
        slopes.push(right);
        sum = merged(merge, sum, *value);
    }
    let count = if merge == Merge::Average { values.len() as f64 } else { 1.0 };
    slopes.into_iter().map(|slope| slope / count).collect()
}
