//! What the examples show in the terminal: confusion matrices and images.

use std::fmt;

/// How often each class was taken for each other one.
#[derive(Clone, Debug)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// Counts pairs of the true and the predicted class, both below `classes`.
    pub fn count(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![vec![0; classes]; classes];
        for (truth, said) in pairs {
            counts[truth][said] += 1;
        }
        Self { counts }
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "true \\ said")?;
        (0..self.counts.len()).try_for_each(|class| write!(out, "{class:>6}"))?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(out, "\n{class:>11}")?;
            for &count in row {
                if count == 0 { write!(out, "     ·")? } else { write!(out, "{count:>6}")? }
            }
        }
        Ok(())
    }
}

/// Images side by side, each with a caption below; pixels from 0 (blank) to 1 (full), row by row, `width` in a row.
pub fn draw(images: &[(&[f32], String)], width: usize) -> String {
    let mut text = String::new();
    let rows = images.iter().map(|(pixels, _)| pixels.len() / width).max().unwrap_or(0);
    for row in 0..rows {
        for (pixels, _) in images {
            let pixels = pixels.iter().skip(row * width).take(width);
            text.extend(pixels.flat_map(|&pixel| [shade(pixel); 2]));
            text.push_str("  ");
        }
        text.push('\n');
    }
    for (_, caption) in images {
        text.push_str(&format!("{caption:<width$}  ", width = 2 * width));
    }
    text.push('\n');
    text
}

fn shade(pixel: f32) -> char {
    const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
    SHADES[((pixel.clamp(0.0, 1.0) * 4.0).round()) as usize]
}

/// The class with the largest probability.
pub fn argmax(probabilities: &[f32]) -> usize {
    let best = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(0, |(class, _)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_side_by_side() {
        let text = draw(&[(&[0.0, 1.0], "a".into()), (&[0.5, 0.0], "b".into())], 2);
        assert_eq!(text, "  ██  ▒▒    \na     b     \n");
    }

    #[test]
    fn rows_are_the_truth() {
        let confusion = Confusion::count(2, [(0, 0), (0, 1), (1, 1)]);
        assert_eq!(confusion.counts, [[1, 1], [0, 1]]);
    }
}
