//! The safetensors format: a JSON header of names, types and shapes, then the numbers, little-endian.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use safetensors::{Dtype, SafeTensors, View};

use super::{Entry, Problem, entries};
use crate::memory::Parameters;
use crate::scalar::Scalar;

/// The bytes of a file with all of a model's tensors.
pub(super) fn write<M: Parameters>(model: &M) -> Result<Vec<u8>, Problem> {
    let flat = model.as_slice();
    let entries = entries::<M>();
    let tensors = entries.iter().map(|entry| {
        let values = &flat[entry.offset..entry.offset + entry.shape.count()];
        (entry.name.as_str(), Values { shape: entry.shape.as_slice(), values })
    });
    safetensors::serialize(tensors, None).map_err(|error| Problem::Format(error.to_string()))
}

/// A model from the bytes of a file.
pub(super) fn read<M: Parameters>(bytes: &[u8]) -> Result<Box<M>, Problem> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| Problem::Format(error.to_string()))?;
    let entries = entries::<M>();
    let names = || file.names().into_iter().map(String::from);
    let mut model = M::zeroed_box();
    for entry in &entries {
        let Ok(tensor) = file.tensor(&entry.name) else {
            let mut found: Vec<String> = names().collect();
            found.sort();
            return Err(Problem::Missing { tensor: entry.name.clone(), found });
        };
        fits::<M::Scalar>(entry, tensor.shape(), tensor.dtype())?;
        let target = &mut model.as_mut_slice()[entry.offset..entry.offset + entry.shape.count()];
        for (value, bytes) in target.iter_mut().zip(tensor.data().chunks_exact(size_of::<M::Scalar>())) {
            *value = M::Scalar::from_le_bytes(bytes).expect("the chunk is as long as the scalar");
        }
    }
    let mut unknown: Vec<String> =
        names().filter(|name| entries.iter().all(|entry| entry.name != *name)).collect();
    unknown.sort();
    if unknown.is_empty() { Ok(model) } else { Err(Problem::Unknown { tensors: unknown }) }
}

fn fits<S: Scalar>(entry: &Entry, shape: &[usize], dtype: Dtype) -> Result<(), Problem> {
    if dtype != of::<S>() {
        return Err(Problem::Scalar {
            tensor: entry.name.clone(),
            expected: S::SAFETENSORS,
            found: dtype.to_string(),
        });
    }
    if shape != entry.shape.as_slice() {
        return Err(Problem::Shape {
            tensor: entry.name.clone(),
            expected: entry.shape.as_slice().to_vec(),
            found: shape.to_vec(),
        });
    }
    Ok(())
}

fn of<S: Scalar>() -> Dtype {
    if size_of::<S>() == 8 { Dtype::F64 } else { Dtype::F32 }
}

/// A tensor as the crate wants to see it.
struct Values<'a, S> {
    shape: &'a [usize],
    values: &'a [S],
}

impl<S: Scalar> View for Values<'_, S> {
    fn dtype(&self) -> Dtype {
        of::<S>()
    }
    fn shape(&self) -> &[usize] {
        self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        let mut bytes = Vec::with_capacity(self.data_len());
        for value in self.values {
            value.write_le_bytes(&mut |part| bytes.extend_from_slice(part));
        }
        bytes.into()
    }
    fn data_len(&self) -> usize {
        size_of_val(self.values)
    }
}
