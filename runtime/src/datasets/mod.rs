//! Data sets that ship with the crate, and readers for those that don't.

pub mod idx;

use alloc::vec::Vec;
use std::io::Read;

use flate2::read::GzDecoder;

use crate::data::Dataset;

const DIGITS: &[u8] = include_bytes!("digits/digits.gz");
const PIXELS: usize = 64;

/// UCI's handwritten digits: 1,797 images of 8×8 pixels, row by row, from 0 (white) to 1 (black) in steps of 1/16, and the
/// digit that each shows.
///
/// E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, 1998, UCI Machine Learning Repository,
/// <https://doi.org/10.24432/C50P49>, CC BY 4.0; the part that scikit-learn ships.
///
/// ```
/// let digits = graven::datasets::digits();
/// assert_eq!(digits.len(), 1797);
/// assert_eq!(digits.targets()[..5], [0, 1, 2, 3, 4]);
/// ```
pub fn digits() -> Dataset<[f32; PIXELS], usize> {
    let mut bytes = Vec::new();
    GzDecoder::new(DIGITS)
        .read_to_end(&mut bytes)
        .expect("a test reads the whole file, which is part of the program");
    let (rows, _) = bytes.as_chunks::<{ PIXELS + 1 }>();
    let sample = |row: &[u8; PIXELS + 1]| {
        let [pixels @ .., digit] = row;
        (pixels.map(|pixel| f32::from(pixel) / 16.0), usize::from(*digit))
    };
    rows.iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_whole() {
        let digits = digits();
        assert_eq!(digits.len(), 1797);
        assert!(digits.inputs().as_flattened().iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        let mut counts = [0; 10];
        digits.targets().iter().for_each(|&digit| counts[digit] += 1);
        // The counts that scikit-learn states for its copy.
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }
}
