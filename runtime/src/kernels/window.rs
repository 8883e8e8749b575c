//! How a window moves over an input: the arithmetic of its two axes, constant for every layer.

use crate::tensor::Shape;

/// One axis, on which as many windows as there are outputs stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// How many cells a window has.
    pub(crate) window: usize,
    /// From one window to the next.
    pub(crate) stride: usize,
    /// From one cell of a window to the next.
    pub(crate) dilation: usize,
    /// How many cells before the input the first window begins.
    pub(crate) before: usize,
}

impl Axis {
    /// An axis that is one window of so many cells.
    pub(crate) const fn one(window: usize) -> Self {
        Self { inputs: window, outputs: 1, window, stride: 1, dilation: 1, before: 0 }
    }

    /// The input with all cells around it that windows reach.
    pub(crate) const fn padded(&self) -> usize {
        let reach = (self.outputs - 1) * self.stride + (self.window - 1) * self.dilation + 1;
        let inputs = self.before + self.inputs;
        if reach > inputs { reach } else { inputs }
    }

    /// Whether each cell of the input is in exactly one window.
    pub(crate) const fn covers(&self) -> bool {
        self.before == 0 && self.stride == self.window && self.outputs * self.window == self.inputs
    }

    /// Where in the input an output's window begins and ends, what lies outside left out; not for dilated windows.
    #[inline(always)]
    pub(crate) const fn cells(&self, output: usize) -> (usize, usize) {
        let start = output * self.stride;
        let end = (start + self.window).saturating_sub(self.before);
        let end = if end < self.inputs { end } else { self.inputs };
        (start.saturating_sub(self.before), end)
    }
}

/// Rows, columns and channels of a shape; what has no rows is one.
pub(crate) const fn image(shape: &Shape) -> [usize; 3] {
    match *shape.as_slice() {
        [columns, channels] => [1, columns, channels],
        [rows, columns, channels] => [rows, columns, channels],
        _ => [1, 1, shape.count()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_cut_at_the_edges() {
        let axis = Axis { inputs: 5, outputs: 3, window: 3, stride: 2, dilation: 1, before: 1 };
        assert_eq!(axis.padded(), 7);
        assert_eq!([0, 1, 2].map(|output| axis.cells(output)), [(0, 2), (1, 4), (3, 5)]);
    }
}
