//! The race: every contestant in turn, for a moment each, round after round, so that a busy machine slows down all alike.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::contestant::Entry;
use crate::workload::{Task, Workload};

/// What a contestant needed for doing the workload once, in nanoseconds.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Who.
    pub name: String,
    /// The best round.
    pub minimum: f64,
    /// The round in the middle.
    pub median: f64,
}

/// How long a race is.
#[derive(Clone, Copy, Debug)]
pub struct Rounds {
    /// How often everybody's turn comes.
    pub count: usize,
    /// How long a turn takes.
    pub turn: Duration,
}

/// At most so many steps from the start, so that gradients stay as they are in a training's beginning.
const STEPS: u32 = 200;

/// Those whose answer is graven's, and why others may not take part.
pub fn check(workload: &Workload, entries: Vec<Entry>) -> (Vec<Entry>, Vec<String>) {
    let (mut fit, mut excluded) = (Vec::new(), Vec::new());
    let mut expected: Option<Vec<f32>> = None;
    for mut entry in entries {
        let answer = entry.contestant.reset().and_then(|()| entry.contestant.answer());
        let verdict = answer.and_then(|answer| match &expected {
            None => {
                expected = Some(answer);
                Ok(())
            }
            Some(expected) => compare(expected, &answer, workload.tolerance()),
        });
        match verdict {
            Ok(()) => fit.push(entry),
            Err(error) => excluded.push(format!("{}: {error:#}", entry.name)),
        }
    }
    (fit, excluded)
}

/// Those whose answer is not graven's after a race.
pub fn compare_after(workload: &Workload, entries: &mut [Entry]) -> Result<Vec<String>> {
    let [graven, peers @ ..] = entries else { return Ok(Vec::new()) };
    let expected = graven.contestant.answer()?;
    let mut wrong = Vec::new();
    for peer in peers {
        if let Err(error) = compare(&expected, &peer.contestant.answer()?, workload.tolerance()) {
            wrong.push(format!("{} (but it stands in the table): {error:#}", peer.name));
        }
    }
    Ok(wrong)
}

fn compare(expected: &[f32], answer: &[f32], tolerance: f32) -> Result<()> {
    if expected.len() != answer.len() {
        bail!("{} numbers, not {}", answer.len(), expected.len());
    }
    let largest = expected.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    for (place, (&expected, &answer)) in expected.iter().zip(answer).enumerate() {
        let near = (expected - answer).abs() <= tolerance * largest;
        // Not "far": NaN is neither, and refused.
        if !near {
            bail!("its answer {place} is {answer}, not {expected}");
        }
    }
    Ok(())
}

/// Lets everybody run the workload in turn.
pub fn race(workload: &Workload, rounds: Rounds, entries: &mut [Entry]) -> Result<Vec<Timing>> {
    let times = entries
        .iter_mut()
        .map(|entry| calibrate(workload, rounds.turn, entry))
        .collect::<Result<Vec<_>>>()?;
    let mut samples = vec![Vec::new(); entries.len()];
    for round in 0..rounds.count {
        for turn in 0..entries.len() {
            // Nobody always follows the same one.
            let index = (turn + round) % entries.len();
            samples[index].push(take_turn(workload, &mut entries[index], times[index])?);
        }
    }
    Ok(entries.iter().zip(samples).map(|(entry, samples)| Timing::new(&entry.name, samples)).collect())
}

impl Timing {
    /// From what each round needed.
    pub fn new(name: &str, mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let minimum = samples.first().copied().unwrap_or(f64::NAN);
        let median = samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN);
        Self { name: name.to_owned(), minimum, median }
    }
}

/// How often the workload fits into a turn.
fn calibrate(workload: &Workload, turn: Duration, entry: &mut Entry) -> Result<u32> {
    let mut times = 1;
    loop {
        entry.contestant.reset()?;
        let time = entry.contestant.run(times)?;
        if time * 2 > turn {
            let fitting = f64::from(times) * turn.as_secs_f64() / time.as_secs_f64();
            return Ok((fitting as u32).clamp(1, limit(workload)));
        }
        if times >= limit(workload) {
            return Ok(times);
        }
        times = (times * 2).min(limit(workload));
    }
}

fn limit(workload: &Workload) -> u32 {
    if matches!(workload.task, Task::Step(_)) { STEPS } else { u32::MAX / 2 }
}

/// A short run to wake up caches and predictors, then the one that counts; nanoseconds for the workload once.
fn take_turn(workload: &Workload, entry: &mut Entry, times: u32) -> Result<f64> {
    if matches!(workload.task, Task::Step(_)) {
        entry.contestant.reset()?;
    }
    entry.contestant.run(times.div_ceil(8))?;
    Ok(entry.contestant.run(times)?.as_nanos() as f64 / f64::from(times))
}

/// Two epochs from the start, round after round: everybody's first, and everybody's second.
pub fn race_epochs(rounds: usize, entries: &mut [Entry]) -> Result<[Vec<Timing>; 2]> {
    let mut samples = [vec![Vec::new(); entries.len()], vec![Vec::new(); entries.len()]];
    for _ in 0..rounds {
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.contestant.reset()?;
            for samples in &mut samples {
                samples[index].push(entry.contestant.run(1)?.as_nanos() as f64);
            }
        }
    }
    let timings = |samples: Vec<Vec<f64>>| {
        entries.iter().zip(samples).map(|(entry, samples)| Timing::new(&entry.name, samples)).collect()
    };
    Ok(samples.map(timings))
}
