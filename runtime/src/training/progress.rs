//! What `fit` shows while it runs: a bar with the time left on a terminal, a line per epoch everywhere.

use alloc::format;
use std::println;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::history::Report;

/// What `fit` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbose {
    /// A line per epoch, and while it runs a bar if standard error is a terminal.
    #[default]
    Auto,
    /// A line per epoch.
    Lines,
    /// Nothing.
    Silent,
}

/// The bar's text is written anew at most this often.
const REFRESH: Duration = Duration::from_millis(100);

pub(super) struct Progress {
    verbose: Verbose,
    bar: ProgressBar,
    start: Instant,
    written: Instant,
    title: alloc::string::String,
}

impl Progress {
    /// Begins epoch `epoch` (from 0) of `epochs`.
    pub(super) fn start(verbose: Verbose, epoch: usize, epochs: usize, batches: usize) -> Self {
        let bar = match verbose {
            // indicatif draws nothing where standard error is no terminal.
            Verbose::Auto => ProgressBar::new(batches as u64),
            Verbose::Lines | Verbose::Silent => ProgressBar::hidden(),
        };
        let title = format!("Epoch {}/{epochs}", epoch + 1);
        let template = "{prefix} {wide_bar} {pos}/{len} ETA {eta} - {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.set_prefix(title.clone());
        let now = Instant::now();
        Self { verbose, bar, start: now, written: now, title }
    }

    /// One batch more is done.
    pub(super) fn advance(&mut self, report: impl FnOnce() -> Report) {
        self.bar.inc(1);
        if !self.bar.is_hidden() && self.written.elapsed() >= REFRESH {
            self.written = Instant::now();
            self.bar.set_message(format!("{}", report()));
        }
    }

    /// The epoch is over: the bar gives way to a line that stays.
    pub(super) fn finish(self, train: &Report, validation: Option<&Report>) {
        self.bar.finish_and_clear();
        if self.verbose == Verbose::Silent {
            return;
        }
        let mut line = format!("{} - {:.1}s - {train}", self.title, self.start.elapsed().as_secs_f64());
        for (name, value) in validation.into_iter().flat_map(Report::iter) {
            line += &format!(" - val_{name}: {value:.4}");
        }
        println!("{line}");
    }
}
