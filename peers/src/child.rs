//! A contestant in another process, which answers line by line: so that programs in any language are interleaved too.
//!
//! ```text
//! hello            ->  ok                         once it is ready
//! enter NET TASK   ->  ok NAME; NAME; …           the ways in which it takes part, perhaps none
//! select NUMBER    ->  ok                         the way that the next lines mean
//! reset            ->  ok
//! run TIMES        ->  ok NANOSECONDS             of processor time
//! answer           ->  ok NUMBER NUMBER …
//! ```
//! Anything else that it says is an error, and stands in the report.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::contestant::{Contestant, Entry};
use crate::data::Data;
use crate::workload::Workload;

/// A running program.
pub struct Program {
    name: String,
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    selected: usize,
}

/// What keeps every library at one thread.
pub const ONE_THREAD: &[(&str, &str)] = &[
    ("OMP_NUM_THREADS", "1"),
    ("MKL_NUM_THREADS", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("RAYON_NUM_THREADS", "1"),
    ("TF_NUM_INTRAOP_THREADS", "1"),
    ("TF_NUM_INTEROP_THREADS", "1"),
    ("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"),
    ("TF_CPP_MIN_LOG_LEVEL", "3"),
    ("CUDA_VISIBLE_DEVICES", ""),
];

impl Program {
    /// Starts `command`, which gets the directory of the data as its last argument.
    pub fn start(command: &[String], data: &Data) -> Result<Rc<RefCell<Self>>> {
        let [program, arguments @ ..] = command else { bail!("an empty command") };
        let mut process = Command::new(program)
            .args(arguments)
            .arg(data.directory())
            .envs(ONE_THREAD.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {program}"))?;
        let to = process.stdin.take().context("its input is piped")?;
        let from = BufReader::new(process.stdout.take().context("its output is piped")?);
        let mut program = Self { name: command.join(" "), process, to, from, selected: 0 };
        program.ask("hello")?;
        Ok(Rc::new(RefCell::new(program)))
    }

    fn ask(&mut self, line: &str) -> Result<String> {
        writeln!(self.to, "{line}")?;
        self.to.flush()?;
        self.line().with_context(|| format!("{} was told: {line}", self.name))
    }

    /// The next line, without its `ok`.
    fn line(&mut self) -> Result<String> {
        let mut answer = String::new();
        if self.from.read_line(&mut answer)? == 0 {
            bail!("it has ended");
        }
        match answer.trim_end().strip_prefix("ok") {
            Some(rest) => Ok(rest.trim_start().to_owned()),
            None => bail!("it says: {}", answer.trim_end()),
        }
    }

    fn ask_way(&mut self, way: usize, line: &str) -> Result<String> {
        if self.selected != way {
            self.ask(&format!("select {way}"))?;
            self.selected = way;
        }
        self.ask(line)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It ends when its input does; whether it has already is all the same.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The ways in which a program takes part in a workload.
pub fn enter(program: &Rc<RefCell<Program>>, workload: &Workload) -> Result<Vec<Entry>> {
    let mut running = program.borrow_mut();
    let names = running.ask(&format!("enter {} {}", workload.net.name(), workload.task))?;
    running.selected = usize::MAX;
    let ways = names.split(';').map(str::trim).filter(|name| !name.is_empty()).enumerate();
    Ok(ways.map(|(way, name)| Entry::new(name, Way { program: Rc::clone(program), way })).collect())
}

struct Way {
    program: Rc<RefCell<Program>>,
    way: usize,
}

impl Contestant for Way {
    fn reset(&mut self) -> Result<()> {
        self.program.borrow_mut().ask_way(self.way, "reset").map(drop)
    }

    fn run(&mut self, times: u32) -> Result<Duration> {
        let time = self.program.borrow_mut().ask_way(self.way, &format!("run {times}"))?;
        Ok(Duration::from_nanos(time.parse().with_context(|| format!("nanoseconds, not {time}"))?))
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let numbers = self.program.borrow_mut().ask_way(self.way, "answer")?;
        numbers.split_whitespace().map(|number| Ok(number.parse()?)).collect()
    }
}
