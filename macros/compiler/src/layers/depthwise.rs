//! `DepthwiseConv1d`, `DepthwiseConv2d`: a convolution of each channel by itself, and an activation.

use super::argument::{Argument, CAUSAL, Default, SAME, VALID, Wants};
use super::conv::{
    ACTIVATION, BIAS_INITIALIZER, DILATION_RATE, KERNEL_SIZE, Moves, PADDING, STRIDES, USE_BIAS, initializers,
    stepping,
};
use super::window::{self, EXAMPLES};
use super::{Call, Kind, Signature, Stepping, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[
    &Depthwise {
        rank: 1,
        names: &["DepthwiseConv1d", "DepthwiseConv1D"],
        class: "DepthwiseConv1D",
        example: "DepthwiseConv1d(3, relu)",
        // Keras has no causal one; whoever wants to `step` does.
        arguments: &arguments(&[VALID, SAME, CAUSAL]),
    },
    &Depthwise {
        rank: 2,
        names: &["DepthwiseConv2d", "DepthwiseConv2D"],
        class: "DepthwiseConv2D",
        example: "DepthwiseConv2d(3x3, relu)",
        arguments: &arguments(&[VALID, SAME]),
    },
];

struct Depthwise {
    rank: usize,
    names: &'static [&'static str],
    class: &'static str,
    example: &'static str,
    arguments: &'static [Argument],
}

const DEPTH_MULTIPLIER: &str = "depth_multiplier";
const DEPTHWISE_INITIALIZER: &str = "depthwise_initializer";

const fn arguments(paddings: &'static [&'static str]) -> [Argument; 9] {
    [
        Argument { key: KERNEL_SIZE, wants: Wants::Shape, default: Default::Required },
        Argument { key: STRIDES, wants: Wants::Shape, default: Default::Absent },
        Argument { key: PADDING, wants: Wants::Padding(paddings), default: Default::Absent },
        Argument { key: DEPTH_MULTIPLIER, wants: Wants::Size, default: Default::Absent },
        Argument { key: DILATION_RATE, wants: Wants::Shape, default: Default::Absent },
        Argument { key: ACTIVATION, wants: Wants::Activation, default: Default::Absent },
        Argument { key: USE_BIAS, wants: Wants::Flag, default: Default::Flag(true) },
        Argument { key: DEPTHWISE_INITIALIZER, wants: Wants::Initializer, default: Default::Absent },
        Argument { key: BIAS_INITIALIZER, wants: Wants::Initializer, default: Default::Absent },
    ]
}

impl Kind for Depthwise {
    from_fields!(names, class, example, arguments);

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn input_example(&self) -> &'static str {
        EXAMPLES[self.rank - 1]
    }

    fn stepping(&self, call: &Call<'_>, _: &[&Shape]) -> Stepping {
        stepping(call, self.rank)
    }

    fn remembers(&self) -> bool {
        self.rank == 1
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let [input] = inputs else { return None };
        let mut checks = Vec::new();
        let before = errors.count();
        let image = window::image(call, self.rank, input, errors)?;
        let moves = Moves::read(call, &image, input, &mut checks, errors);
        let multiplier = window::sizes(call, DEPTH_MULTIPLIER, 1, &mut checks, errors);
        if errors.count() > before {
            return None;
        }
        let moves = moves?;
        let multiplier = multiplier.and_then(|sizes| sizes.into_iter().next()).unwrap_or(Dim::ONE);
        let filters = image.channels.times(&multiplier);
        let kernel = moves.kernel(image.channels.clone(), multiplier);
        let weights = kernel.count();
        let generics = moves.generics(input, filters.clone(), kernel, call);
        let initial = initializers(call, DEPTHWISE_INITIALIZER);
        Some(moves.signature((filters, weights), &image, (generics, initial), (call, checks)))
    }
}
