//! Parameters by name: from a golden into a model, and out of it again.

use graven::Parameters;

use crate::goldens::Case;

/// Names, places and sizes of a model's tensors, in Keras' spelling: `dense/kernel`.
pub(crate) fn tensors<P: Parameters>() -> Vec<(String, std::ops::Range<usize>)> {
    let mut tensors: Vec<(String, usize)> = Vec::new();
    P::describe(&graven::Path::ROOT, 0, &mut |path, _, offset| {
        tensors.push((path.to_string().replace('.', "/"), offset));
    });
    let ends = tensors.iter().skip(1).map(|tensor| tensor.1).chain([P::COUNT]).collect::<Vec<_>>();
    tensors.into_iter().zip(ends).map(|((name, start), end)| (name, start..end)).collect()
}

/// Parameters as the case has them below `prefix` (`start`, say), or directly with `prefix` empty.
///
/// # Panics
/// If a tensor is missing or of another size.
#[track_caller]
pub fn parameters<P: Parameters>(case: Case<'_>, prefix: &str) -> Box<P> {
    let mut parameters = P::zeroed_box();
    for (name, range) in tensors::<P>() {
        let values = case.scalars::<P::Scalar>(&stored(case, prefix, &name));
        assert_eq!(values.len(), range.len(), "{}/{prefix}: size of {name}", case.name());
        parameters.as_mut_slice()[range].copy_from_slice(&values);
    }
    parameters
}

/// Hands name, values and expected values of each tensor to `compare`.
///
/// # Panics
/// If the case lacks a tensor of the model.
#[track_caller]
pub fn for_each_tensor<P: Parameters>(
    actual: &P,
    case: Case<'_>,
    prefix: &str,
    mut compare: impl FnMut(&str, &[P::Scalar], &[f64]),
) {
    for (name, range) in tensors::<P>() {
        let name = stored(case, prefix, &name);
        compare(&format!("{} {name}", case.name()), &actual.as_slice()[range], case.values(&name));
    }
}

/// A tensor's name in the case. Where the case is one layer and the model a net of that layer alone, its name is left out.
fn stored(case: Case<'_>, prefix: &str, name: &str) -> String {
    let join = |name: &str| match prefix {
        "" => name.into(),
        // `d_` goes directly before the name, `start` is a level of its own.
        "d_" => format!("d_{name}"),
        _ => format!("{prefix}/{name}"),
    };
    match name.split_once('/') {
        Some((_, alone)) if case.has(&join(alone)) => join(alone),
        _ => join(name),
    }
}
