//! Weight files: chosen by extension, checked wholly before a single parameter is used, never left half written.

mod safetensors;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::memory::Parameters;
use crate::tensor::Shape;

/// Why weights could not be saved or loaded. Displays as file, tensor, what was expected and what was found.
#[derive(Debug)]
pub struct WeightsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a weight file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The name does not end in an extension of a known format.
    Extension,
    /// The file could not be read or written.
    Io(io::Error),
    /// The bytes are not in the format that the extension promises.
    Format(String),
    /// The model has a tensor that the file lacks.
    Missing {
        /// Its name, such as `dense.kernel`.
        tensor: String,
        /// The names that the file has.
        found: Vec<String>,
    },
    /// The file has tensors that the model lacks.
    Unknown {
        /// Their names.
        tensors: Vec<String>,
    },
    /// A tensor has another shape.
    Shape {
        /// Its name.
        tensor: String,
        /// The model's shape.
        expected: Vec<usize>,
        /// The file's shape.
        found: Vec<usize>,
    },
    /// A tensor consists of other numbers.
    Scalar {
        /// Its name.
        tensor: String,
        /// The model's type, such as `F32`.
        expected: &'static str,
        /// The file's type.
        found: String,
    },
}

impl fmt::Display for WeightsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.path.display())?;
        match &self.problem {
            Problem::Extension => out.write_str(
                "the extension tells the format, and this one is unknown: name it `….safetensors`",
            ),
            Problem::Io(error) => write!(out, "{error}"),
            Problem::Format(reason) => write!(out, "not a safetensors file: {reason}"),
            Problem::Missing { tensor, found } => {
                write!(out, "the model's `{tensor}` is not in the file, which has {}", Names(found))
            }
            Problem::Unknown { tensors } => write!(
                out,
                "the file has {} which the model lacks: it belongs to another model",
                Names(tensors)
            ),
            Problem::Shape { tensor, expected, found } => {
                write!(out, "`{tensor}` is {expected:?} in the model but {found:?} in the file")
            }
            Problem::Scalar { tensor, expected, found } => {
                write!(out, "`{tensor}` is {expected} in the model but {found} in the file")
            }
        }
    }
}

impl core::error::Error for WeightsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// Names in a sentence: at most five of them.
struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return out.write_str("no tensor");
        }
        let (shown, more) = self.0.split_at(self.0.len().min(5));
        for (index, name) in shown.iter().enumerate() {
            write!(out, "{}`{name}`", if index == 0 { "" } else { ", " })?;
        }
        if more.is_empty() { Ok(()) } else { write!(out, " and {} more", more.len()) }
    }
}

/// Writes a model's parameters to `path`, in the format of its extension. The file appears whole or not at all.
///
/// # Errors
/// [`WeightsError`] for an unknown extension, or what the file system says.
pub fn save<M: Parameters>(model: &M, path: impl AsRef<Path>) -> Result<(), WeightsError> {
    let path = path.as_ref();
    known(path)
        .and_then(|()| safetensors::write(model))
        .and_then(|bytes| replace(path, &bytes).map_err(Problem::Io))
        .map_err(|problem| WeightsError { path: path.to_path_buf(), problem })
}

/// Reads a model's parameters from `path`, in the format of its extension. Every name, shape and type must fit.
///
/// # Errors
/// [`WeightsError`] with the first thing that does not fit.
pub fn load<M: Parameters>(path: impl AsRef<Path>) -> Result<Box<M>, WeightsError> {
    let path = path.as_ref();
    known(path)
        .and_then(|()| fs::read(path).map_err(Problem::Io))
        .and_then(|bytes| safetensors::read(&bytes))
        .map_err(|problem| WeightsError { path: path.to_path_buf(), problem })
}

fn known(path: &Path) -> Result<(), Problem> {
    let safetensors = path.extension().is_some_and(|extension| extension == "safetensors");
    if safetensors { Ok(()) } else { Err(Problem::Extension) }
}

/// Writes beside `path`, then renames, so that a crash leaves the old file.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What failed is reported; that the remains can't be removed either adds nothing.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A tensor of a model: its name, its shape and where it begins.
struct Entry {
    name: String,
    shape: Shape,
    offset: usize,
}

fn entries<M: Parameters>() -> Vec<Entry> {
    let mut entries = Vec::new();
    M::describe(&crate::memory::Path::ROOT, 0, &mut |path, shape, offset| {
        entries.push(Entry { name: path.to_string(), shape, offset });
    });
    entries
}
