//! Keras' summary table as text.

use core::fmt;
use core::mem::size_of;

use super::{LayerInfo, Model};
use crate::memory::Parameters;

/// The table of a model's layers, to be displayed: `println!("{}", Digits::summary())`.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    name: &'static str,
    layers: &'static [LayerInfo],
    parameters: usize,
    trainable: fn() -> usize,
    scalar: usize,
}

/// How many parameters training changes.
fn trainable<M: Model>() -> usize {
    let mut count = 0;
    M::trainable(0, &mut |range| count += range.len());
    count
}

impl Summary {
    /// The summary of `M`.
    pub const fn of<M: Model>() -> Self {
        let scalar = size_of::<<M as Parameters>::Scalar>();
        Self { name: M::NAME, layers: M::LAYERS, parameters: M::COUNT, trainable: trainable::<M>, scalar }
    }
}

/// The least width of the three columns.
const WIDTHS: [usize; 3] = [30, 22, 13];

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = ["Layer (type)", "Output Shape", "Param #"];
        let mut widths = WIDTHS;
        for layer in self.layers {
            let cells = cells(layer);
            for (width, cell) in
                widths.iter_mut().zip([Length::of(&cells.0), Length::of(&cells.1), Length::of(&cells.2)])
            {
                *width = (*width).max(cell + 2);
            }
        }
        writeln!(out, "Model: \"{}\"", self.name)?;
        rule(out, widths, ["┏", "┳", "┓"], "━")?;
        row(out, widths, "┃", (&titles[0], &titles[1], &titles[2]))?;
        rule(out, widths, ["┡", "╇", "┩"], "━")?;
        for (index, layer) in self.layers.iter().enumerate() {
            if index > 0 {
                rule(out, widths, ["├", "┼", "┤"], "─")?;
            }
            let (name, shape, count) = cells(layer);
            row(out, widths, "│", (&name, &shape, &count))?;
        }
        rule(out, widths, ["└", "┴", "┘"], "─")?;
        let trainable = (self.trainable)();
        let total = |count| (Thousands(count), Bytes(count * self.scalar));
        let (count, bytes) = total(self.parameters);
        writeln!(out, " Total params: {count} ({bytes})")?;
        let (count, bytes) = total(trainable);
        writeln!(out, " Trainable params: {count} ({bytes})")?;
        let (count, bytes) = total(self.parameters - trainable);
        write!(out, " Non-trainable params: {count} ({bytes})")
    }
}

fn cells(layer: &LayerInfo) -> (Name<'_>, BatchShape<'_>, Thousands) {
    (Name(layer), BatchShape(layer.output), Thousands(layer.parameters))
}

fn rule(out: &mut fmt::Formatter<'_>, widths: [usize; 3], corners: [&str; 3], line: &str) -> fmt::Result {
    let [left, cross, right] = corners;
    for (column, width) in widths.into_iter().enumerate() {
        out.write_str(if column == 0 { left } else { cross })?;
        for _ in 0..width {
            out.write_str(line)?;
        }
    }
    writeln!(out, "{right}")
}

type Cells<'a> = (&'a dyn fmt::Display, &'a dyn fmt::Display, &'a dyn fmt::Display);

fn row(
    out: &mut fmt::Formatter<'_>,
    widths: [usize; 3],
    bar: &str,
    (name, shape, count): Cells<'_>,
) -> fmt::Result {
    out.write_str(bar)?;
    cell(out, name, widths[0], false)?;
    out.write_str(bar)?;
    cell(out, shape, widths[1], false)?;
    out.write_str(bar)?;
    cell(out, count, widths[2], true)?;
    writeln!(out, "{bar}")
}

fn cell(out: &mut fmt::Formatter<'_>, content: &dyn fmt::Display, width: usize, right: bool) -> fmt::Result {
    let fill = width.saturating_sub(Length::of(content) + 2);
    let (before, behind) = if right { (fill, 0) } else { (0, fill) };
    write!(out, " {:before$}{content}{:behind$} ", "", "")
}

/// Counts the characters that a value displays as, without memory to write them to.
struct Length(usize);

impl Length {
    fn of(content: &dyn fmt::Display) -> usize {
        let mut length = Self(0);
        // Counting can't fail, and a failing `Display` only makes a narrower column.
        let _ = fmt::Write::write_fmt(&mut length, format_args!("{content}"));
        length.0
    }
}

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().count();
        Ok(())
    }
}

struct Name<'a>(&'a LayerInfo);

impl fmt::Display for Name<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.0.name, self.0.kind)
    }
}

struct BatchShape<'a>(&'a [usize]);

impl fmt::Display for BatchShape<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("(None")?;
        self.0.iter().try_for_each(|size| write!(out, ", {size}"))?;
        out.write_str(")")
    }
}

/// A count with commas between groups of three digits.
struct Thousands(usize);

impl fmt::Display for Thousands {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1000 {
            return write!(out, "{}", self.0);
        }
        write!(out, "{},{:03}", Thousands(self.0 / 1000), self.0 % 1000)
    }
}

/// A size as Keras prints it: two decimals and the largest unit that leaves at least 1.
struct Bytes(usize);

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut size = self.0 as f64;
        for unit in ["B", "KB", "MB"] {
            if size < 1024.0 {
                return write!(out, "{size:.2} {unit}");
            }
            size /= 1024.0;
        }
        write!(out, "{size:.2} GB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_keras_prints_them() {
        extern crate std;
        use std::string::ToString;
        assert_eq!(Thousands(1_203_000).to_string(), "1,203,000");
        assert_eq!(Thousands(999).to_string(), "999");
        assert_eq!(Bytes(8812).to_string(), "8.61 KB");
        assert_eq!(Bytes(100).to_string(), "100.00 B");
    }
}
