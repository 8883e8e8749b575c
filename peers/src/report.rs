//! What was measured, as Markdown: one line for each workload against its best peer, then everybody.

use std::fmt::Write;

use crate::machine::Limits;
use crate::rounds::Timing;
use crate::workload::Task;

/// The timings of one workload; graven's comes first.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub title: String,
    /// The task.
    pub task: Task,
    /// Everybody who took part.
    pub timings: Vec<Timing>,
    /// Who did not, and why.
    pub excluded: Vec<String>,
}

/// The whole report.
pub fn markdown(limits: &Limits, rows: &[Row]) -> String {
    let mut text = machine(limits);
    text += "\n| workload | graven | best peer | | ahead |\n|---|---|---|---|---|\n";
    for row in rows {
        text += &summary(row);
    }
    for row in rows {
        text += &everybody(row, limits);
    }
    text
}

fn machine(limits: &Limits) -> String {
    let mut text = format!("One core: {:.1} GFLOP/s of multiply-adds ({})", limits.gflops, limits.level);
    for (kilobytes, rate) in &limits.reading {
        // Writing to a string does not fail.
        let _ = write!(text, ", {rate:.1} GB/s reading {kilobytes} KB");
    }
    text + ".\n"
}

fn summary(row: &Row) -> String {
    let [graven, peers @ ..] = &row.timings[..] else { return String::new() };
    let best = peers.iter().min_by(|a, b| a.minimum.total_cmp(&b.minimum));
    let Some(best) = best else {
        return format!("| {} | {} | | | |\n", row.title, time(graven.minimum));
    };
    let ahead = best.minimum / graven.minimum;
    let (title, graven, peer) = (&row.title, time(graven.minimum), time(best.minimum));
    format!("| {title} | {graven} | {} | {peer} | {ahead:.2}x |\n", best.name)
}

fn everybody(row: &Row, limits: &Limits) -> String {
    let share = matches!(row.task, Task::Product(_));
    let last = if share { " share of the peak |" } else { "" };
    let mut text = format!("\n### {}\n\n| | minimum | median | to graven |{last}\n", row.title);
    text += if share { "|---|---|---|---|---|\n" } else { "|---|---|---|---|\n" };
    let graven = row.timings.first().map_or(f64::NAN, |graven| graven.minimum);
    let mut timings: Vec<_> = row.timings.iter().collect();
    timings.sort_by(|a, b| a.minimum.total_cmp(&b.minimum));
    for timing in timings {
        let (minimum, median) = (time(timing.minimum), time(timing.median));
        let _ = write!(text, "| {} | {minimum} | {median} | {:.2} |", timing.name, timing.minimum / graven);
        if let Task::Product(batch) = row.task {
            let rate = (2 * 784 * 256 * batch) as f64 / timing.minimum;
            let _ = write!(text, " {:.0}% |", 100.0 * rate / limits.gflops);
        }
        text.push('\n');
    }
    for excluded in &row.excluded {
        let _ = write!(text, "\nLeft out: {excluded}.\n");
    }
    text
}

/// Nanoseconds as people write them.
fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits() {
        assert_eq!(
            [9.876, 98.76, 987.6, 9876.0, 9.876e9].map(time),
            ["9.88 ns", "98.8 ns", "988 ns", "9.88 µs", "9.88 s"]
        );
    }

    #[test]
    fn the_best_peer_stands_beside_graven() {
        let timing = |name: &str, minimum| Timing { name: name.to_owned(), minimum, median: minimum };
        let timings = vec![timing("graven", 10.0), timing("slow", 30.0), timing("fast", 20.0)];
        let row = Row { title: "w".to_owned(), task: Task::Predict, timings, excluded: vec![] };
        assert_eq!(summary(&row), "| w | 10.0 ns | fast | 20.0 ns | 2.00x |\n");
    }
}
