//! IDX files, the format of MNIST and its kin: plain, or compressed with gzip.
//!
//! A file is a big-endian header (two zero bytes, the type of the numbers, how many axes, their sizes) and then bytes.

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use core::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use std::io::BufRead;

use crate::data::Dataset;

/// Why an IDX file could not be read. Displays as the file and what is wrong with it.
#[derive(Debug)]
pub struct IdxError {
    /// The file, or the directory in which one was looked for.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with an IDX file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// It could not be read.
    Io(io::Error),
    /// None of these files is in the directory.
    Missing(Vec<String>),
    /// The first four bytes are others.
    Magic {
        /// The number of axes that were expected.
        axes: u8,
        /// The bytes found.
        found: [u8; 4],
    },
    /// The images have another size.
    ImageSize {
        /// Pixels of the type that is read into.
        expected: usize,
        /// Rows and columns in the file.
        found: (usize, usize),
    },
    /// The file ends early.
    Truncated {
        /// How many bytes should follow the header.
        expected: u64,
        /// How many do.
        found: u64,
    },
    /// There are bytes behind the last number.
    Trailing {
        /// How many bytes should follow the header.
        expected: u64,
    },
    /// There are not as many labels as images.
    Counts {
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
        /// The file of the labels.
        labels_path: PathBuf,
    },
}

impl fmt::Display for IdxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.path.display())?;
        match &self.problem {
            Problem::Io(error) => write!(out, "{error}"),
            Problem::Missing(names) => {
                write!(out, "the directory has none of the files {}", names.join(", "))
            }
            Problem::Magic { axes, found } => {
                let kind = if *axes == 1 { "labels" } else { "images" };
                let wanted = [0, 0, UNSIGNED_BYTES, *axes];
                write!(out, "not an IDX file of {kind}: it begins with {found:?}, not with {wanted:?}")?;
                match found {
                    [0, 0, UNSIGNED_BYTES, 1] => out.write_str(" (this is a file of labels)"),
                    [0, 0, UNSIGNED_BYTES, 3] => out.write_str(" (this is a file of images)"),
                    _ => Ok(()),
                }
            }
            Problem::ImageSize { expected, found: (rows, columns) } => {
                let pixels = rows.saturating_mul(*columns);
                write!(out, "its images are {rows}x{columns} = {pixels} pixels, but {expected} are asked for")
            }
            Problem::Truncated { expected, found } => {
                write!(
                    out,
                    "the header promises {expected} bytes but only {found} follow: copy the file again"
                )
            }
            Problem::Trailing { expected } => {
                write!(out, "more bytes follow than the {expected} that the header promises")
            }
            Problem::Counts { images, labels, labels_path } => {
                write!(out, "{images} images, but {labels} labels in {}", labels_path.display())
            }
        }
    }
}

impl core::error::Error for IdxError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// The code of the only type that image files use.
const UNSIGNED_BYTES: u8 = 8;

/// Reads the images of a file, each as `N` pixels row by row from 0 to 1 (the bytes divided by 255).
///
/// # Errors
/// [`IdxError`] if the file can't be read, is no file of images, has images of another size, or is not as long as it says.
pub fn images<const N: usize>(path: impl AsRef<Path>) -> Result<Vec<[f32; N]>, IdxError> {
    let path = path.as_ref();
    at(path, || {
        let mut file = open(path)?;
        let [count, rows, columns] = header::<3>(&mut file)?;
        if rows.checked_mul(columns) != Some(N) {
            return Err(Problem::ImageSize { expected: N, found: (rows, columns) });
        }
        let bytes = body(file, count as u64 * N as u64)?;
        Ok(bytes.as_chunks::<N>().0.iter().map(|image| image.map(|pixel| f32::from(pixel) / 255.0)).collect())
    })
}

/// Reads the labels of a file.
///
/// # Errors
/// [`IdxError`] if the file can't be read, is no file of labels, or is not as long as it says.
pub fn labels(path: impl AsRef<Path>) -> Result<Vec<usize>, IdxError> {
    let path = path.as_ref();
    at(path, || {
        let mut file = open(path)?;
        let [count] = header::<1>(&mut file)?;
        Ok(body(file, count as u64)?.into_iter().map(usize::from).collect())
    })
}

/// Reads images and their labels.
///
/// ```no_run
/// let test = graven::datasets::idx::read::<784>("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")?;
/// # Ok::<(), graven::datasets::idx::IdxError>(())
/// ```
///
/// # Errors
/// As of [`images`] and [`labels`], and when there are not as many of each.
pub fn read<const N: usize>(
    images: impl AsRef<Path>,
    labels: impl AsRef<Path>,
) -> Result<Dataset<[f32; N], usize>, IdxError> {
    let (images_path, labels_path) = (images.as_ref(), labels.as_ref());
    let (images, labels) = (self::images(images_path)?, self::labels(labels_path)?);
    if images.len() != labels.len() {
        let (images, labels, labels_path) = (images.len(), labels.len(), labels_path.into());
        return Err(IdxError {
            path: images_path.into(),
            problem: Problem::Counts { images, labels, labels_path },
        });
    }
    Ok(images.into_iter().zip(labels).collect())
}

/// Which part of MNIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// 60,000 images to train with.
    Train,
    /// 10,000 images to test with.
    Test,
}

/// Reads a part of MNIST (or of a set in its form, such as Fashion-MNIST) from the directory that holds its files, under
/// their usual names, plain or `.gz`.
///
/// # Errors
/// [`IdxError`], with the names that were looked for if there is no such file.
pub fn mnist(directory: impl AsRef<Path>, part: Part) -> Result<Dataset<[f32; 784], usize>, IdxError> {
    let directory = directory.as_ref();
    let prefix = if part == Part::Train { "train" } else { "t10k" };
    let images = find(directory, &format!("{prefix}-images"), "idx3-ubyte")?;
    let labels = find(directory, &format!("{prefix}-labels"), "idx1-ubyte")?;
    read(images, labels)
}

fn find(directory: &Path, stem: &str, suffix: &str) -> Result<PathBuf, IdxError> {
    let names = ["-", "."].map(|join| [format!("{stem}{join}{suffix}"), format!("{stem}{join}{suffix}.gz")]);
    let names = names.concat();
    let there = names.iter().map(|name| directory.join(name)).find(|path| path.exists());
    there.ok_or_else(|| IdxError { path: directory.into(), problem: Problem::Missing(names) })
}

fn at<T>(path: &Path, read: impl FnOnce() -> Result<T, Problem>) -> Result<T, IdxError> {
    read().map_err(|problem| IdxError { path: path.into(), problem })
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens a file; whether it is compressed is told by its first bytes, not by its name.
fn open(path: &Path) -> Result<impl Read, Problem> {
    let mut file = BufReader::new(File::open(path)?);
    let compressed = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let reader: alloc::boxed::Box<dyn Read> =
        if compressed { alloc::boxed::Box::new(GzDecoder::new(file)) } else { alloc::boxed::Box::new(file) };
    Ok(reader)
}

/// The sizes of the axes.
fn header<const AXES: usize>(file: &mut impl Read) -> Result<[usize; AXES], Problem> {
    let mut magic = [0; 4];
    exactly(file, &mut magic)?;
    let axes = AXES as u8;
    if magic != [0, 0, UNSIGNED_BYTES, axes] {
        return Err(Problem::Magic { axes, found: magic });
    }
    let mut sizes = [[0; 4]; AXES];
    exactly(file, sizes.as_flattened_mut())?;
    Ok(sizes.map(|size| u32::from_be_bytes(size) as usize))
}

fn exactly(file: &mut impl Read, bytes: &mut [u8]) -> Result<(), Problem> {
    let expected = bytes.len() as u64;
    let mut found = vec![];
    file.take(expected).read_to_end(&mut found)?;
    if found.len() < bytes.len() {
        return Err(Problem::Truncated { expected, found: found.len() as u64 });
    }
    bytes.copy_from_slice(&found);
    Ok(())
}

/// The bytes behind the header. Memory grows with what is read, so a header that lies costs nothing.
fn body(mut file: impl Read, expected: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    file.by_ref().take(expected).read_to_end(&mut bytes)?;
    let found = bytes.len() as u64;
    if found < expected {
        return Err(Problem::Truncated { expected, found });
    }
    if file.read(&mut [0])? > 0 {
        return Err(Problem::Trailing { expected });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::fs;
    use std::io::Write;

    /// A directory of its own for each test, removed at its end.
    struct Directory(PathBuf);

    impl Directory {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("graven_idx_{name}_{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, bytes).unwrap();
            path
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn image_file(count: u8, pixels: &[u8]) -> Vec<u8> {
        [&[0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3], pixels].concat()
    }

    fn label_file(count: u8, labels: &[u8]) -> Vec<u8> {
        [&[0, 0, 8, 1, 0, 0, 0, count], labels].concat()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_and_compressed() {
        let directory = Directory::new("plain");
        let bytes = image_file(2, &[0, 51, 102, 153, 204, 255, 255, 0, 0, 0, 0, 0]);
        let images = directory.write("images", &bytes);
        let packed = directory.write("packed", &gzip(&bytes));
        let labels = directory.write("labels", &label_file(2, &[7, 3]));
        let data = read::<6>(&images, &labels).unwrap();
        assert_eq!(data.inputs()[0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(data.targets(), [7, 3]);
        assert_eq!(read::<6>(packed, labels).unwrap(), data);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let directory = Directory::new("wrong");
        let images = directory.write("images", &image_file(1, &[0; 6]));
        let labels = directory.write("labels", &label_file(2, &[7, 3]));
        let short = directory.write("short", &image_file(2, &[0; 7]));
        let long = directory.write("long", &label_file(1, &[0; 2]));
        let empty = directory.write("empty", &[0, 0]);
        let broken = directory.write("broken", &gzip(&image_file(1, &[0; 6]))[..20]);
        let huge = directory.write("huge", &[0, 0, 8, 1, 255, 255, 255, 255, 1]);
        let says = |error: IdxError, part: &str| {
            let message = error.to_string();
            assert!(message.contains(part), "{message}");
        };
        says(
            self::images::<6>(&labels).unwrap_err(),
            "begins with [0, 0, 8, 1], not with [0, 0, 8, 3] (this is a file of labels)",
        );
        says(self::images::<4>(&images).unwrap_err(), "2x3 = 6 pixels, but 4 are asked for");
        says(self::images::<6>(short).unwrap_err(), "promises 12 bytes but only 7 follow");
        says(self::labels(long).unwrap_err(), "more bytes follow than the 1");
        says(self::labels(empty).unwrap_err(), "promises 4 bytes but only 2 follow");
        says(self::labels(huge).unwrap_err(), "promises 4294967295 bytes but only 1 follow");
        says(self::images::<6>(broken).unwrap_err(), "broken: ");
        says(read::<6>(&images, &labels).unwrap_err(), "1 images, but 2 labels in ");
        says(mnist(&directory.0, Part::Test).unwrap_err(), "none of the files t10k-images-idx3-ubyte, ");
        says(self::labels(directory.0.join("none")).unwrap_err(), "none: ");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_a_result(bytes: Vec<u8>, axes in 0..4u8) {
            let directory = Directory::new("any");
            let bytes = [&[0, 0, 8, axes], bytes.as_slice()].concat();
            let path = directory.write("any", &bytes);
            let _ = (images::<6>(&path), labels(&path));
        }
    }
}
