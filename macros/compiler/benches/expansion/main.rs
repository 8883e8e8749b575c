//! What a listing costs while it is compiled: `cargo bench -p graven-compiler --bench expansion`.
//!
//! For networks of 10 to 200 layers it shows how long `model!` takes to expand (inside of rustc, with the compiler built as a
//! user's `cargo build` builds macros: not optimised), and the processor time of rustc for a release build of a program that
//! predicts, or trains too, against that of the same network written by hand with plain loops. All that is compiled is in
//! `target/expansion`.

mod network;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use network::{Network, Uses};

const EXPANDED: [usize; 5] = [10, 25, 50, 100, 200];
const COMPILED: [usize; 4] = [10, 50, 100, 200];

fn main() -> std::io::Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let project = Project::new(&repository)?;
    println!("| layers | expansion | µs per layer |\n|---:|---:|---:|");
    for layers in EXPANDED {
        let milliseconds = project.expansion(layers)?;
        println!("| {layers} | {milliseconds:.1} ms | {:.0} |", milliseconds * 1000.0 / layers as f64);
    }
    println!("\n| layers | program | `model!` | by hand | ratio |\n|---:|---|---:|---:|---:|");
    for layers in COMPILED {
        for uses in [Uses::Predict, Uses::Train] {
            let network = Network::new(layers);
            let listing = project.compile(&network.with_graven(uses))?;
            let loops = project.compile(&network.by_hand(uses))?;
            println!("| {layers} | {uses} | {listing:.2} s | {loops:.2} s | {:.1} |", listing / loops);
        }
    }
    Ok(())
}

/// A project as a user has one, with the macro and a copy of it that tells how long it takes.
struct Project {
    root: PathBuf,
}

impl Project {
    fn new(repository: &Path) -> std::io::Result<Self> {
        let root = repository.join("target/expansion");
        let graven = repository.join("runtime");
        let compiler = repository.join("macros/compiler");
        write(
            &root.join("Cargo.toml"),
            &format!(
                "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
                 [dependencies]\ngraven = {{ path = {graven:?} }}\ntimed = {{ path = \"timed\" }}\n"
            ),
        )?;
        write(
            &root.join("timed/Cargo.toml"),
            &format!(
                "[package]\nname = \"timed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n\
                 [dependencies]\ngraven-compiler = {{ path = {compiler:?} }}\n"
            ),
        )?;
        write(&root.join("timed/src/lib.rs"), TIMED)?;
        write(&root.join("src/main.rs"), "fn main() {}\n")?;
        let project = Self { root };
        // What all programs need is built before anything is measured.
        project.cargo(&["check"])?;
        project.cargo(&["build", "--release"])?;
        Ok(project)
    }

    /// Milliseconds of the fastest of some expansions.
    fn expansion(&self, layers: usize) -> std::io::Result<f64> {
        let listing = Network::new(layers).listing();
        let program = format!("mod a {{ timed::model! {{ {listing} }} }}\nfn main() {{}}\n");
        let mut best = f64::INFINITY;
        for round in 0..5 {
            write(&self.root.join("src/main.rs"), &format!("// {round}\n{program}"))?;
            let said = self.cargo(&["check"])?;
            let microseconds =
                said.lines().find_map(|line| line.strip_prefix("expanded in ")?.parse::<f64>().ok());
            best = best.min(microseconds.unwrap_or(f64::INFINITY) / 1000.0);
        }
        Ok(best)
    }

    /// Seconds that rustc takes for a release build of the program alone.
    fn compile(&self, program: &str) -> std::io::Result<f64> {
        write(&self.root.join("src/main.rs"), program)?;
        let before = children_seconds();
        let start = Instant::now();
        self.cargo(&["build", "--release"])?;
        Ok(match (before, children_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed().as_secs_f64(),
        })
    }

    /// What cargo said.
    fn cargo(&self, arguments: &[&str]) -> std::io::Result<String> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).current_dir(&self.root).stdout(Stdio::null());
        let output =
            cargo.env("CARGO_TARGET_DIR", self.root.join("target")).env_remove("RUSTFLAGS").output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(said) } else { Err(std::io::Error::other(said)) }
    }
}

/// The macro of `graven-macros`, with a clock.
const TIMED: &str = "\
use proc_macro::TokenStream;

#[proc_macro]
pub fn model(listing: TokenStream) -> TokenStream {
    let start = std::time::Instant::now();
    let code = graven_compiler::expand(listing.into()).into();
    eprintln!(\"expanded in {}\", start.elapsed().as_micros());
    code
}
";

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}

/// The processor time of all processes that this one has waited for, where Linux tells it: a busy machine doesn't change it.
fn children_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(13)? + ticks(14)?) / 100.0)
}
