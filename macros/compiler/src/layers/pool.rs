//! Pooling: the largest or the mean of every window, `MaxPool2d(2x2)`, or of all of the input, `GlobalAveragePool2d`.

use super::argument::{Argument, Default, SAME, VALID, Wants};
use super::window::{self, Axis, EXAMPLES};
use super::{Call, Generic, Kind, Operation, Runtime, Signature, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[
    &Pool {
        rank: 1,
        runtime: "MaxPool",
        names: &["MaxPool1d", "MaxPool1D", "MaxPooling1D"],
        class: "MaxPooling1D",
        example: "MaxPool1d(2)",
        arguments: &arguments(Default::Absent),
    },
    &Pool {
        rank: 2,
        runtime: "MaxPool",
        names: &["MaxPool2d", "MaxPool2D", "MaxPooling2D"],
        class: "MaxPooling2D",
        example: "MaxPool2d(2x2)",
        arguments: &arguments(Default::Absent),
    },
    &Pool {
        rank: 1,
        runtime: "AveragePool",
        names: &["AveragePool1d", "AveragePooling1D", "AvgPool1D"],
        class: "AveragePooling1D",
        example: "AveragePool1d(2)",
        arguments: &arguments(Default::Required),
    },
    &Pool {
        rank: 2,
        runtime: "AveragePool",
        names: &["AveragePool2d", "AveragePooling2D", "AvgPool2D"],
        class: "AveragePooling2D",
        example: "AveragePool2d(2x2)",
        arguments: &arguments(Default::Required),
    },
    &Global {
        rank: 1,
        runtime: "GlobalMaxPool",
        names: &["GlobalMaxPool1d", "GlobalMaxPool1D", "GlobalMaxPooling1D"],
        class: "GlobalMaxPooling1D",
    },
    &Global {
        rank: 2,
        runtime: "GlobalMaxPool",
        names: &["GlobalMaxPool2d", "GlobalMaxPool2D", "GlobalMaxPooling2D"],
        class: "GlobalMaxPooling2D",
    },
    &Global {
        rank: 1,
        runtime: "GlobalAveragePool",
        names: &["GlobalAveragePool1d", "GlobalAveragePooling1D", "GlobalAvgPool1D"],
        class: "GlobalAveragePooling1D",
    },
    &Global {
        rank: 2,
        runtime: "GlobalAveragePool",
        names: &["GlobalAveragePool2d", "GlobalAveragePooling2D", "GlobalAvgPool2D"],
        class: "GlobalAveragePooling2D",
    },
];

/// The largest or the mean of every window.
struct Pool {
    rank: usize,
    runtime: &'static str,
    names: &'static [&'static str],
    class: &'static str,
    example: &'static str,
    arguments: &'static [Argument],
}

const POOL_SIZE: &str = "pool_size";
const STRIDES: &str = "strides";
const PADDING: &str = "padding";
const KEEPDIMS: &str = "keepdims";

const fn arguments(size: Default) -> [Argument; 3] {
    [
        Argument { key: POOL_SIZE, wants: Wants::Shape, default: size },
        Argument { key: STRIDES, wants: Wants::Shape, default: Default::Absent },
        Argument { key: PADDING, wants: Wants::Padding(&[VALID, SAME]), default: Default::Absent },
    ]
}

impl Kind for Pool {
    from_fields!(names, class, example, arguments);

    fn input(&self, _: &Call<'_>) -> Told {
        Told::Nothing
    }

    fn input_example(&self) -> &'static str {
        EXAMPLES[self.rank - 1]
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], errors: &mut Errors) -> Option<Signature> {
        let [input] = inputs else { return None };
        let (mut checks, before) = (Vec::new(), errors.count());
        let image = window::image(call, self.rank, input, errors)?;
        let mut read = |key| window::sizes(call, key, self.rank, &mut checks, errors);
        // Keras' default, which the table allows for the maximum only.
        let windows = read(POOL_SIZE).unwrap_or_else(|| vec![Dim::Known(2); self.rank]);
        let strides = read(STRIDES).unwrap_or_else(|| windows.clone());
        if errors.count() > before {
            return None;
        }
        let axes: Vec<Axis> = (image.axes.iter().zip(&windows).zip(&strides))
            .map(|((input, window), stride)| {
                Axis { input: input.clone(), window: window.clone(), stride: stride.clone(), dilation: Dim::ONE }
            })
            .collect();
        checks.extend(window::fits(call, (POOL_SIZE, PADDING), &axes, input, errors));
        if errors.count() > before {
            return None;
        }
        let placed: Vec<_> = axes.iter().map(|axis| axis.place(call.values.padding(PADDING))).collect();
        let output = placed.iter().map(|placed| placed.output.clone()).chain([image.channels]).collect();
        let output = Shape::Axes(output);
        let mut generics = vec![Generic::Tensor(input.shape.clone()), Generic::Tensor(output.clone())];
        let zeros = placed.into_iter().map(|placed| placed.before).collect();
        generics.extend(window::generics(&[(windows, Dim::ONE), (strides, Dim::ONE), (zeros, Dim::ZERO)]));
        let runtime = Runtime { keeps_input: self.runtime == "MaxPool", ..Runtime::plain(self.runtime, generics) };
        let operations = vec![Operation::Layer(Box::new(runtime))];
        Some(Signature { output, operations, macs: Dim::ZERO, checks })
    }
}

/// The largest or the mean of each channel.
struct Global {
    rank: usize,
    runtime: &'static str,
    names: &'static [&'static str],
    class: &'static str,
}

impl Kind for Global {
    from_fields!(names, class);

    fn example(&self) -> &'static str {
        self.names[0]
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: KEEPDIMS, wants: Wants::Flag, default: Default::Flag(false) }]
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
        let kept = if call.values.flag(KEEPDIMS) { self.rank } else { 0 };
        let output = Shape::Axes(vec![Dim::ONE; kept].into_iter().chain([image.channels]).collect());
        let generics = vec![Generic::Tensor(input.shape.clone()), Generic::Tensor(output.clone())];
        let keeps_input = self.runtime == "GlobalMaxPool";
        let operations = vec![Operation::Layer(Box::new(Runtime { keeps_input, ..Runtime::plain(self.runtime, generics) }))];
        Some(Signature { output, operations, macs: Dim::ZERO, checks: Vec::new() })
    }
}
