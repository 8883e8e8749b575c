//! Windows that move over one or two axes: the arguments that say how, and Keras' arithmetic of what comes out.

use super::argument::{CAUSAL, SAME};
use super::units::dim;
use super::{Call, Check, Condition, Generic, Value};
use crate::diagnostic::{Errors, Spot};
use crate::shape::{Dim, Match, Shape};

/// What goes into a layer: its axes but the last one, and that one.
pub(super) struct Image {
    pub(super) axes: Vec<Dim>,
    pub(super) channels: Dim,
}

/// How the axes are called, by their number.
const FORMS: [&str; 2] = ["steps x channels", "height x width x channels"];
/// What such an input may look like.
pub(super) const EXAMPLES: [&str; 2] = ["64x3", "28x28x3"];

/// Splits the shape, which must have as many axes as the layer moves over, and channels.
pub(super) fn image(call: &Call<'_>, rank: usize, input: &Value, errors: &mut Errors) -> Option<Image> {
    let form = FORMS[rank - 1];
    match &input.shape {
        Shape::Axes(axes) if axes.len() == rank + 1 => {
            let (channels, axes) = axes.split_last()?;
            Some(Image { axes: axes.to_vec(), channels: channels.clone() })
        }
        // What comes behind an error; its channels may be known.
        Shape::Axes(axes) if matches!(axes.as_slice(), [Dim::Unknown, _]) => {
            Some(Image { axes: vec![Dim::Unknown; rank], channels: axes[1].clone() })
        }
        Shape::Unknown => Some(Image { axes: vec![Dim::Unknown; rank], channels: Dim::Unknown }),
        Shape::Axes(axes) => {
            let message = format!("{} takes {form}, but {} {}", call.name(), input.origin, input.shape);
            let with_one = axes.iter().map(ToString::to_string).chain(["1".into()]).collect::<Vec<_>>();
            let help = if axes.len() == rank {
                format!("write `Reshape({})` before", with_one.join("x"))
            } else if axes.len() > rank {
                format!("write a layer for {} axes, or `Reshape` before", axes.len())
            } else {
                format!("write `Reshape` to {form} before")
            };
            errors.push(input.spot, message).help(help);
            None
        }
        Shape::Of(..) => {
            let message = format!("{} needs to know the sizes of what goes in", call.name());
            let help = format!("write `Reshape({})` with its {form} before", EXAMPLES[rank - 1]);
            errors.push(input.spot, message).help(help);
            None
        }
    }
}

/// The sizes of an argument, one for each axis; one alone is for all. `None` if it was not given or after an error.
pub(super) fn sizes(
    call: &Call<'_>,
    key: &str,
    rank: usize,
    checks: &mut Vec<Check>,
    errors: &mut Errors,
) -> Option<Vec<Dim>> {
    let (_, sizes) = call.values.flow(key)?;
    if sizes.len() != 1 && sizes.len() != rank {
        let spot = sizes[0].spot;
        let message = format!("`{key}` of {} has {} sizes", call.name(), sizes.len());
        let help =
            if rank == 1 { "write one" } else { "write one for each of the two axes, or one for both" };
        errors.push(spot, message).help(help);
        return None;
    }
    let before = errors.count();
    let mut dims = Vec::new();
    for size in sizes {
        let Some(dim) = dim(size) else {
            let message = format!("nothing tells the `{key}` of {}", call.name());
            errors.push(size.spot, message).help("write a number in place of `_`");
            continue;
        };
        let message = format!("`{key}` of {} is at least 1, found {dim}", call.name());
        match &dim {
            Dim::Known(0) => {
                errors.push(size.spot, message).help("write 1 or more");
            }
            Dim::Const(_) => {
                let condition = Condition::Positive(dim.clone());
                checks.push(Check { condition, message, spot: size.spot });
            }
            _ => {}
        }
        dims.push(dim);
    }
    if dims.len() == 1 {
        dims = vec![dims[0].clone(); rank];
    }
    (errors.count() == before).then_some(dims)
}

/// Whether all sizes of an argument are known to be 1, or it was not given.
pub(super) fn are_ones(call: &Call<'_>, key: &str) -> bool {
    let is_one = |size| dim(size).is_some_and(|dim| dim.known() == Some(1));
    call.values.flow(key).is_none_or(|(_, sizes)| sizes.iter().all(is_one))
}

/// Where an argument stands, or the layer's name.
pub(super) fn spot(call: &Call<'_>, key: &str) -> Spot {
    call.values.place(key).map_or(call.spot(), |place| call.layer.arguments[place].spot)
}

/// How a window moves over one axis.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) input: Dim,
    pub(super) window: Dim,
    pub(super) stride: Dim,
    pub(super) dilation: Dim,
}

/// What comes of it.
pub(super) struct Placed {
    pub(super) output: Dim,
    /// How many zeros stand before the input.
    pub(super) before: Dim,
    /// The input with all zeros around it.
    pub(super) padded: Dim,
}

impl Axis {
    /// From the first to the last tap.
    fn span(&self) -> Dim {
        if self.dilation.known() == Some(1) {
            return self.window.clone();
        }
        self.window.minus(&Dim::ONE).times(&self.dilation).plus(&Dim::ONE)
    }

    pub(super) fn place(&self, padding: &str) -> Placed {
        let span = self.span();
        let output = match padding {
            SAME | CAUSAL => self.input.plus(&self.stride.minus(&Dim::ONE)).over(&self.stride),
            _ => self.input.minus(&span).over(&self.stride).plus(&Dim::ONE),
        };
        let reach = output.minus(&Dim::ONE).times(&self.stride).plus(&span);
        let before = match padding {
            SAME => reach.minus(&self.input).over(&Dim::Known(2)),
            CAUSAL => span.minus(&Dim::ONE),
            _ => Dim::ZERO,
        };
        let padded = match padding {
            SAME | CAUSAL => reach.max(&before.plus(&self.input)),
            _ => self.input.clone(),
        };
        Placed { output, before, padded }
    }
}

/// Without padding, a window must fit into the input.
pub(super) fn fits(
    call: &Call<'_>,
    (key, padding_key): (&str, &str),
    axes: &[Axis],
    input: &Value,
    errors: &mut Errors,
) -> Vec<Check> {
    if matches!(call.values.padding(padding_key), SAME | CAUSAL) {
        return Vec::new();
    }
    let joined = |sizes: Vec<Dim>| Shape::Axes(sizes).to_string();
    let window = joined(axes.iter().map(|axis| axis.window.clone()).collect());
    let span = joined(axes.iter().map(Axis::span).collect());
    let (dilated, smaller) = if span == window {
        let most = joined(axes.iter().map(|axis| axis.input.clone()).collect());
        (String::new(), format!("at most `{most}`"))
    } else {
        (format!(", dilated to {span},"), "a smaller kernel or dilation".into())
    };
    let (name, spot) = (call.name(), spot(call, key));
    let message = format!(
        "a window of {window}{dilated} does not fit into what goes into {name}: {} {}",
        input.origin, input.shape
    );
    let excess = |axis: &Axis| axis.span().minus(&axis.input).matches(&Dim::ZERO);
    if axes.iter().any(|axis| excess(axis) == Match::No) {
        errors.push(spot, message).help(format!("write {smaller}, or `padding = same`"));
        return Vec::new();
    }
    let check = |axis: &Axis| Check {
        condition: Condition::AtMost(axis.span(), axis.input.clone()),
        message: message.clone(),
        spot,
    };
    axes.iter().filter(|axis| excess(axis) == Match::Ask).map(check).collect()
}

/// Generic arguments that count rows first, where a layer over one axis has one row; `alone` is that row's. What the type has
/// as its defaults anyway is left out at the end.
pub(super) fn generics(rows: &[(Vec<Dim>, Dim)]) -> Vec<Generic> {
    let mut dims: Vec<(Dim, &Dim)> = Vec::new();
    for (sizes, alone) in rows {
        if sizes.len() == 1 {
            dims.push((alone.clone(), alone));
        }
        dims.extend(sizes.iter().map(|size| (size.clone(), alone)));
    }
    while dims.last().is_some_and(|(size, default)| size.known().is_some() && size.known() == default.known())
    {
        dims.pop();
    }
    dims.into_iter().map(|(size, _)| Generic::Dim(size)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Input, window, stride, dilation; output, before, padded.
    type Case = ([usize; 4], [usize; 3]);

    fn check(padding: &str, cases: &[Case]) {
        for ([input, window, stride, dilation], expected) in cases {
            let [input, window, stride, dilation] =
                [input, window, stride, dilation].map(|size| Dim::Known(*size));
            let axis = Axis { input, window, stride, dilation };
            let Placed { output, before, padded } = axis.place(padding);
            let found = [output, before, padded].map(|dim| dim.known());
            assert_eq!(found, expected.map(Some), "{padding} {axis:?}");
        }
    }

    #[test]
    fn outputs_and_zeros_as_keras_has_them() {
        check("valid", &[([28, 5, 1, 1], [24, 0, 28]), ([9, 2, 2, 1], [4, 0, 9]), ([9, 3, 1, 3], [3, 0, 9])]);
        check("same", &[([8, 3, 1, 1], [8, 1, 10]), ([8, 2, 1, 1], [8, 0, 9]), ([8, 3, 2, 1], [4, 0, 9])]);
        check("same", &[([7, 3, 2, 1], [4, 1, 9]), ([5, 1, 2, 1], [3, 0, 5]), ([3, 9, 1, 1], [3, 4, 11])]);
        check("causal", &[([8, 3, 1, 2], [8, 4, 12]), ([7, 2, 3, 1], [3, 1, 8])]);
    }
}
