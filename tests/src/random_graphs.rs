//! Runs a listing that was drawn at random, on parameters and inputs by formula.

use graven::Layer;

use crate::close::assert_close_in_scale;
use crate::layers::Pass;
use crate::models::tensors;

/// The numbers that the graphs are run on; the compiler's tests have the same formula.
fn numbers(count: usize, seed: f64) -> Vec<f64> {
    (0..count).map(|place| (seed + 2.3 * place as f64).cos()).collect()
}

/// The weight at a place of a layer, the bias behind the kernel; likewise.
fn weight(layer: &str, place: usize) -> f64 {
    let seed = layer.bytes().fold(7.0, |seed, byte| seed * 1.37 % 5.0 + f64::from(byte));
    (seed + place as f64 * 1.7).sin() * 0.7
}

/// Checks the model `X` against what it has to give, in inference and in training: its output, the gradient of its inputs, and
/// the projection of the gradient of each of its layers on `numbers`.
///
/// # Panics
/// If a number is too far away, or the model has other layers.
#[track_caller]
pub fn check<X: Layer<Scalar = f64>>(output: &[f64], inputs: &[f64], layers: &[(&str, f64)]) {
    let mut layer = X::zeroed_box();
    let ranges = ranges::<X>();
    for (name, range) in &ranges {
        for (place, parameter) in layer.as_mut_slice()[range.clone()].iter_mut().enumerate() {
            *parameter = weight(name, place);
        }
    }
    let (x, dy) = (numbers(inputs.len(), 0.4), numbers(output.len(), 0.9));
    let pass = Pass { layer, x, dy };
    for passed in pass.at_levels() {
        assert_close_in_scale(&passed.inferred, output, 1e-9, "at inference");
        assert_close_in_scale(&passed.y, output, 1e-9, "in training");
        assert_close_in_scale(&passed.dx, inputs, 1e-9, "inputs");
        assert_eq!(ranges.len(), layers.len());
        for (name, range) in &ranges {
            let gradient = &passed.gradient.as_slice()[range.clone()];
            let places = numbers(gradient.len(), 0.0);
            let projection: f64 = gradient.iter().zip(places).map(|(gradient, place)| gradient * place).sum();
            let wanted = layers.iter().find(|layer| layer.0 == name).map(|layer| layer.1);
            let scale = gradient.iter().fold(1.0, |sum: f64, gradient| sum + gradient.abs());
            assert!(
                wanted.is_some_and(|wanted| (projection - wanted).abs() < 1e-9 * scale),
                "{name}: {projection}, but slowly {wanted:?}"
            );
        }
    }
}

/// The parameters of each layer: kernel and bias.
fn ranges<X: Layer>() -> Vec<(String, std::ops::Range<usize>)> {
    let mut ranges: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for (name, range) in tensors::<X>() {
        let layer = name.split('/').next().unwrap_or_default();
        match ranges.last_mut() {
            Some(last) if last.0 == layer => last.1.end = range.end,
            _ => ranges.push((layer.to_owned(), range)),
        }
    }
    ranges
}
