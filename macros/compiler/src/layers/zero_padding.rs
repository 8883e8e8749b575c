//! `ZeroPadding1d`, `ZeroPadding2d`: zeros before and behind each axis but the channels.

use super::argument::{Argument, Default, Wants};
use super::units::dim;
use super::window::{self, EXAMPLES};
use super::{Call, Generic, Kind, Operation, Runtime, Signature, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[
    &ZeroPadding {
        rank: 1,
        names: &["ZeroPadding1d", "ZeroPadding1D"],
        class: "ZeroPadding1D",
        example: "ZeroPadding1d((2, 0))",
    },
    &ZeroPadding {
        rank: 2,
        names: &["ZeroPadding2d", "ZeroPadding2D"],
        class: "ZeroPadding2D",
        example: "ZeroPadding2d(((1, 1), (2, 0)))",
    },
];

struct ZeroPadding {
    rank: usize,
    names: &'static [&'static str],
    class: &'static str,
    example: &'static str,
}

const PADDING: &str = "padding";

impl Kind for ZeroPadding {
    from_fields!(names, class, example);

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: PADDING, wants: Wants::Shape, default: Default::Absent }]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn input_example(&self) -> &'static str {
        EXAMPLES[self.rank - 1]
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let [input] = inputs else { return None };
        let image = window::image(call, self.rank, input, errors)?;
        let zeros = self.zeros(call, errors)?;
        let padded = image.axes.iter().zip(&zeros).map(|(axis, [before, behind])| axis.plus(before).plus(behind));
        let output = Shape::Axes(padded.chain([image.channels]).collect());
        let mut generics = vec![Generic::Tensor(input.shape.clone()), Generic::Tensor(output.clone())];
        let before = zeros.into_iter().map(|[before, _]| before).collect();
        generics.extend(window::generics(&[(before, Dim::ZERO)]));
        let runtime = Runtime { keeps_input: false, ..Runtime::plain("ZeroPadding", generics) };
        let operations = vec![Operation::Layer(Box::new(runtime))];
        Some(Signature { output, operations, macs: Dim::ZERO, checks: Vec::new() })
    }
}

impl ZeroPadding {
    /// How many stand before and behind each axis: one number for all, one for each axis, or (before, behind) for each.
    fn zeros(&self, call: &Call<'_>, errors: &mut Errors) -> Option<Vec<[Dim; 2]>> {
        let Some((_, sizes)) = call.values.flow(PADDING) else { return Some(vec![[Dim::ONE, Dim::ONE]; self.rank]) };
        let dims: Option<Vec<Dim>> = sizes.iter().map(dim).collect();
        let both = |size: &Dim| [size.clone(), size.clone()];
        match dims.as_deref() {
            Some([all]) => Some(vec![both(all); self.rank]),
            Some([height, width]) if self.rank == 2 => Some(vec![both(height), both(width)]),
            Some([before, behind]) => Some(vec![[before.clone(), behind.clone()]]),
            Some([top, bottom, left, right]) if self.rank == 2 => {
                Some(vec![[top.clone(), bottom.clone()], [left.clone(), right.clone()]])
            }
            Some(others) => {
                let message = format!("`{PADDING}` of {} has {} sizes", call.name(), others.len());
                let help = format!("write one, or those before and behind: `{}`", self.example);
                errors.push(sizes[0].spot, message).help(help);
                None
            }
            None => {
                let message = format!("nothing tells the `{PADDING}` of {}", call.name());
                errors.push(sizes[0].spot, message).help("write a number in place of `_`");
                None
            }
        }
    }
}
