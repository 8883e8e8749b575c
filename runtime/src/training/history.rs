//! What training told: losses and metrics of every epoch, by Keras' names.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Loss and metrics of one pass over a data set.
///
/// Displays as Keras' log line: `loss: 0.1234 - accuracy: 0.9876`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The mean loss over all samples.
    pub loss: f64,
    metrics: Vec<(String, f64)>,
}

impl Report {
    pub(super) fn new(loss: f64) -> Self {
        Self { loss, metrics: Vec::new() }
    }

    /// Adds a value; a name that is taken gets `_1`, `_2`, … as in Keras.
    pub(super) fn push(&mut self, name: impl fmt::Display, value: f64) {
        let taken = |name: &str| name == "loss" || self.metrics.iter().any(|(other, _)| other == name);
        let mut unique = name.to_string();
        let mut count = 0;
        while taken(&unique) {
            count += 1;
            unique = format!("{name}_{count}");
        }
        self.metrics.push((unique, value));
    }

    /// The value by that name: `loss`, or a metric's.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.iter().find(|&(other, _)| other == name).map(|(_, value)| value)
    }

    /// Names and values, the loss first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        let metrics = self.metrics.iter().map(|(name, value)| (name.as_str(), *value));
        core::iter::once(("loss", self.loss)).chain(metrics)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            let dash = if index == 0 { "" } else { " - " };
            write!(out, "{dash}{name}: {}", Rounded(value))?;
        }
        Ok(())
    }
}

/// A value as Keras' progress bar prints it: four decimals, or in powers of ten when it is tiny.
struct Rounded(f64);

impl fmt::Display for Rounded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 != 0.0 && self.0.abs() <= 1e-3 {
            write!(out, "{:.4e}", self.0)
        } else {
            write!(out, "{:.4}", self.0)
        }
    }
}

/// The logs of `fit`: one value per epoch under each name (`loss`, `accuracy`, `val_loss`, …).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    columns: Vec<(String, Vec<f64>)>,
    epochs: usize,
}

impl History {
    pub(super) fn push(&mut self, train: &Report, validation: Option<&Report>) {
        for (name, value) in train.iter() {
            self.column(name.to_string()).push(value);
        }
        for (name, value) in validation.into_iter().flat_map(Report::iter) {
            self.column(format!("val_{name}")).push(value);
        }
        self.epochs += 1;
    }

    fn column(&mut self, name: String) -> &mut Vec<f64> {
        let place = self.columns.iter().position(|(other, _)| *other == name).unwrap_or_else(|| {
            self.columns.push((name, Vec::new()));
            self.columns.len() - 1
        });
        &mut self.columns[place].1
    }

    /// How many epochs there were.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The values of one column, an epoch each; `None` if there is none by that name.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.columns.iter().find(|(other, _)| other == name).map(|(_, values)| values.as_slice())
    }

    /// The value of the last epoch in one column.
    pub fn last(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(|values| values.last().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_names_are_numbered() {
        let mut report = Report::new(0.5);
        report.push("accuracy", 0.25);
        report.push("accuracy", 0.0004);
        assert_eq!(report.to_string(), "loss: 0.5000 - accuracy: 0.2500 - accuracy_1: 4.0000e-4");
    }

    #[test]
    fn a_column_per_name() {
        let mut history = History::default();
        history.push(&Report::new(2.0), Some(&Report::new(3.0)));
        history.push(&Report::new(1.0), Some(&Report::new(2.0)));
        assert_eq!(history.get("val_loss"), Some(&[3.0, 2.0][..]));
        assert_eq!(history.last("loss"), Some(1.0));
        assert_eq!((history.epochs(), history.get("accuracy")), (2, None));
    }
}
