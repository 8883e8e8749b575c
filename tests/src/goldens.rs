//! Reads the numbers that Keras gave, written by the programs in `tests/goldens`: named tensors, and arguments of cases.
#![expect(clippy::panic, reason = "for tests: a golden that is missing has to fail them and say which")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use graven::Scalar;
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

/// All cases of one family: `tests/goldens/<family>.safetensors`.
///
/// ```
/// use graven_tests::goldens::Golden;
///
/// let golden = Golden::load("activations");
/// let case = golden.case("relu/slope");
/// assert_eq!(case.number("negative_slope"), 0.25);
/// assert_eq!(case.values("y").len(), golden.case("elementwise").values("x").len());
/// ```
#[derive(Debug)]
pub struct Golden {
    family: String,
    tensors: BTreeMap<String, Array>,
    cases: serde_json::Map<String, Value>,
}

/// A tensor, widened to double precision.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The size of each axis; empty for a number.
    pub shape: Vec<usize>,
    /// The elements, the last axis the fastest.
    pub values: Vec<f64>,
}

/// One case of a family.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    golden: &'a Golden,
    name: &'a str,
}

impl Golden {
    /// Reads a family, such as `losses`, or `losses.f64` for what double precision gives.
    ///
    /// # Panics
    /// If the file is not there or not what the generators write.
    pub fn load(family: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("goldens/{family}.safetensors"));
        let fail = |reason: String| -> ! { panic!("goldens/{family}.safetensors: {reason}") };
        let bytes = std::fs::read(&path)
            .unwrap_or_else(|error| fail(format!("{error}; `python tests/goldens/generate.py` writes it")));
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap_or_else(|error| fail(error.to_string()));
        let about: Value = header
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get("goldens"))
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_else(|| fail("the metadata has no JSON under `goldens`".into()));
        let cases = about["cases"].as_object().cloned().unwrap_or_default();
        let file = SafeTensors::deserialize(&bytes).unwrap_or_else(|error| fail(error.to_string()));
        let tensors = file.tensors().into_iter().map(|(name, view)| {
            let values = widen(view.dtype(), view.data());
            let values = values.unwrap_or_else(|| fail(format!("`{name}` has type {:?}", view.dtype())));
            (name, Array { shape: view.shape().to_vec(), values })
        });
        Self { family: family.into(), tensors: tensors.collect(), cases }
    }

    /// The case of this name.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn case<'a>(&'a self, name: &'a str) -> Case<'a> {
        let Self { family, cases, .. } = self;
        let known = || cases.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        assert!(cases.contains_key(name), "goldens of {family} have no case `{name}`, but {}", known());
        Case { golden: self, name }
    }

    /// The cases whose name is `prefix` or begins with `prefix/`, in alphabetical order.
    ///
    /// # Panics
    /// If there is none: a test over no case can't fail.
    #[track_caller]
    pub fn cases(&self, prefix: &str) -> Vec<Case<'_>> {
        let below = |name: &str| {
            name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let names = self.cases.keys().filter(|name| below(name));
        let cases: Vec<_> = names.map(|name| Case { golden: self, name }).collect();
        assert!(!cases.is_empty(), "goldens of {} have no case below `{prefix}`", self.family);
        cases
    }
}

impl<'a> Case<'a> {
    /// The case's full name, such as `relu/slope`.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Whether the case has a tensor of this name.
    pub fn has(&self, tensor: &str) -> bool {
        self.golden.tensors.contains_key(&format!("{}/{tensor}", self.name))
    }

    /// The names of the case's tensors below `prefix`, without it: `below("start")` gives `dense/kernel`, ….
    pub fn below(&self, prefix: &str) -> Vec<&'a str> {
        let prefix = format!("{}/{prefix}/", self.name);
        self.golden.tensors.keys().filter_map(|name| name.strip_prefix(&prefix)).collect()
    }

    /// A tensor of the case.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn array(&self, tensor: &str) -> &'a Array {
        let name = format!("{}/{tensor}", self.name);
        let Golden { family, tensors, .. } = self.golden;
        tensors.get(&name).unwrap_or_else(|| {
            let there: Vec<_> =
                tensors.keys().filter_map(|key| key.strip_prefix(self.name)?.strip_prefix('/')).collect();
            panic!("case `{}` of {family} has no tensor `{tensor}`, but {}", self.name, there.join(", "))
        })
    }

    /// The elements of a tensor.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn values(&self, tensor: &str) -> &'a [f64] {
        &self.array(tensor).values
    }

    /// The elements of a tensor in the precision of a test.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn scalars<S: Scalar>(&self, tensor: &str) -> Vec<S> {
        self.values(tensor).iter().map(|&value| S::from_f64(value)).collect()
    }

    /// The elements of a tensor of class indices.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn indices(&self, tensor: &str) -> Vec<usize> {
        self.values(tensor).iter().map(|&value| value as usize).collect()
    }

    /// An argument that is a number.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn number(&self, argument: &str) -> f64 {
        self.argument(argument, Value::as_f64)
    }

    /// An argument that is true or false.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn flag(&self, argument: &str) -> bool {
        self.argument(argument, Value::as_bool)
    }

    /// An argument that is a word.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn text(&self, argument: &str) -> &'a str {
        self.argument(argument, Value::as_str)
    }

    /// An argument that is a list of sizes.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn sizes(&self, argument: &str) -> Vec<usize> {
        let list = self.argument(argument, Value::as_array);
        list.iter().map(|size| size.as_u64().unwrap_or_default() as usize).collect()
    }

    #[track_caller]
    fn argument<T>(&self, argument: &str, read: impl Fn(&'a Value) -> Option<T>) -> T {
        let arguments = &self.golden.cases[self.name];
        let value = arguments.get(argument).and_then(read);
        value.unwrap_or_else(|| {
            panic!(
                "case `{}` of {} has no such argument `{argument}`: {arguments}",
                self.name, self.golden.family
            )
        })
    }
}

/// Little-endian elements as `f64`; `None` for a type that the generators do not write.
fn widen(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f64>> {
    match dtype {
        Dtype::F32 => {
            Some(bytes.as_chunks().0.iter().map(|&four| f64::from(f32::from_le_bytes(four))).collect())
        }
        Dtype::F64 => Some(bytes.as_chunks().0.iter().map(|&eight| f64::from_le_bytes(eight)).collect()),
        Dtype::I64 => {
            Some(bytes.as_chunks().0.iter().map(|&eight| i64::from_le_bytes(eight) as f64).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_precisions_have_the_same_inputs() {
        for family in ["activations", "losses", "dense", "batch_norm", "optimizers", "training"] {
            let (single, double) = (Golden::load(family), Golden::load(&format!("{family}.f64")));
            assert_eq!(single.cases, double.cases, "{family}");
            assert!(single.tensors.keys().eq(double.tensors.keys()), "{family}");
            let inputs = ["x", "dy", "target", "prediction", "kernel", "start"];
            for (name, array) in &single.tensors {
                if inputs.iter().any(|input| {
                    name.ends_with(&format!("/{input}"))
                        && !name.contains("gradient")
                        && !name.contains("end/")
                        && !name.contains("step")
                }) {
                    assert_eq!(array, &double.tensors[name], "{family}: {name}");
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "goldens of metrics have no case `mode`, but binary_accuracy/0.25, ")]
    fn a_missing_case_is_named() {
        Golden::load("metrics").case("mode");
    }

    #[test]
    #[should_panic(
        expected = "case `mean` of metrics has no tensor `x`, but count, result, total, values0, "
    )]
    fn a_missing_tensor_is_named() {
        Golden::load("metrics").case("mean").values("x");
    }

    #[test]
    #[should_panic(expected = "goldens/nothing.safetensors: ")]
    fn a_missing_file_is_named() {
        Golden::load("nothing");
    }
}
