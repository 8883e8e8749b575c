//! `bench`: graven and its peers side by side in one run, on one thread, in turns of milliseconds; prints Markdown.
//!
//! Everybody starts from the same parameters and samples, and has to give graven's answer before it is timed.

mod child;
mod clock;
mod contestant;
mod contestants;
mod data;
mod flush;
mod machine;
mod report;
mod rounds;
mod workload;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;

use child::Program;
use contestant::Entry;
use data::Data;
use report::Row;
use rounds::Rounds;
use workload::{Task, Workload};

/// Runs graven and its peers in turn, and prints a table of ratios.
#[derive(Parser)]
struct Options {
    /// Only workloads with this in their name, such as `mlp`, `step 32`, `control predict`; may be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// How often everybody's turn comes.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// How long a turn takes, in milliseconds.
    #[arg(long, default_value_t = 2.0)]
    turn: f64,
    /// How often each trains for two epochs.
    #[arg(long, default_value_t = 3)]
    epochs: usize,
    /// The Python that has what requirements.txt lists; without it the peers in Python stay away.
    #[arg(long, value_name = "PROGRAM")]
    python: Option<String>,
    /// Another program that speaks the line protocol (see src/child.rs), with its arguments; may be given several times.
    #[arg(long, value_name = "COMMAND")]
    program: Vec<String>,
    /// Where parameters and samples are written.
    #[arg(long, default_value = "target/bench-data")]
    data: PathBuf,
}

/// The peers in Python: files of `python/`.
const PYTHON: &[&str] =
    &["torch_peer", "onnxruntime_peer", "litert_peer", "keras_jax_peer", "keras_tensorflow_peer"];

fn main() -> Result<()> {
    let options = Options::parse();
    one_thread();
    let data = Data::make(&options.data)?;
    let programs = programs(&options, &data);
    let limits = machine::limits();
    let mut rows = Vec::new();
    for workload in Workload::ALL.iter().filter(|workload| wanted(workload, &options.only)) {
        eprintln!("{}", workload.title);
        rows.extend(measure(workload, &options, &data, &programs)?);
    }
    println!("{}", report::markdown(&limits, &rows));
    Ok(())
}

fn wanted(workload: &Workload, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|text| workload.to_string().contains(text))
}

/// Says to every library in this process what its children are told, before any of them asks.
#[allow(unsafe_code, reason = "the environment is set before there is a second thread")]
fn one_thread() {
    for (name, value) in child::ONE_THREAD {
        // SAFETY: `main` has just begun; nobody else reads the environment.
        unsafe { std::env::set_var(name, value) };
    }
}

type Programs = Vec<Rc<RefCell<Program>>>;

fn programs(options: &Options, data: &Data) -> Programs {
    let mut commands = Vec::new();
    if let Some(python) = &options.python {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
        let script = |name: &&str| directory.join(name).with_extension("py").display().to_string();
        commands.extend(PYTHON.iter().map(|name| vec![python.clone(), script(name)]));
    }
    commands.extend(options.program.iter().map(|line| line.split_whitespace().map(str::to_owned).collect()));
    let start = |command: Vec<String>| match Program::start(&command, data) {
        Ok(program) => Some(program),
        Err(error) => {
            eprintln!("{}: {error:#}", command.join(" "));
            None
        }
    };
    commands.into_iter().filter_map(start).collect()
}

/// Everybody in one workload: one table, or two for an epoch and the next.
fn measure(workload: &Workload, options: &Options, data: &Data, programs: &Programs) -> Result<Vec<Row>> {
    let (entries, mut excluded) = enter(workload, data, programs)?;
    if let Task::Epoch(_) = workload.task {
        return epochs(workload, options.epochs, entries, excluded);
    }
    let (mut entries, wrong) = rounds::check(workload, entries);
    excluded.extend(wrong);
    let rounds = Rounds { count: options.rounds, turn: Duration::from_secs_f64(options.turn / 1e3) };
    let timings = rounds::race(workload, rounds, &mut entries)?;
    Ok(vec![Row { title: workload.title.to_owned(), task: workload.task, timings, excluded }])
}

fn enter(workload: &Workload, data: &Data, programs: &Programs) -> Result<(Vec<Entry>, Vec<String>)> {
    let (mut entries, mut excluded) = contestants::enter(workload, data)?;
    for program in programs {
        match child::enter(program, workload) {
            Ok(more) => entries.extend(more),
            Err(error) => excluded.push(format!("{error:#}")),
        }
    }
    Ok((entries, excluded))
}

/// Each shuffles in its own order, so the losses are compared, roughly, after the race.
fn epochs(
    workload: &Workload,
    count: usize,
    mut entries: Vec<Entry>,
    mut excluded: Vec<String>,
) -> Result<Vec<Row>> {
    let timings = rounds::race_epochs(count, &mut entries)?;
    excluded.extend(rounds::compare_after(workload, &mut entries).context("comparing the losses")?);
    let row = |(timings, which): (_, &str)| Row {
        title: format!("{}, {which}", workload.title),
        task: workload.task,
        timings,
        excluded: excluded.clone(),
    };
    Ok(timings.into_iter().zip(["first", "second"]).map(row).collect())
}
