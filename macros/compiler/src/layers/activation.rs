//! `Activation(relu)`, and each activation as a layer by itself: `Relu`, `LeakyRelu(0.3)`, `Softmax`, …

use super::activations::{
    self, ALPHA, APPROXIMATION, Activation, LIMIT, NEGATIVE_SLOPE, THRESHOLD, any, positive,
};
use super::argument::{Argument, Default, Wants};
use super::{Call, Kind, Operation, Signature, Stepping, Told, Value};
use crate::diagnostic::Errors;
use crate::shape::{Dim, Shape};

pub(super) const KINDS: &[&dyn Kind] = &[
    &AnyFunction,
    // Keras' layer takes them in another order than its function does.
    &Function {
        word: "relu",
        names: &["Relu", "ReLU"],
        class: "ReLU",
        example: "Relu(max_value = 6)",
        arguments: &[LIMIT, positive(NEGATIVE_SLOPE, 0.0), positive(THRESHOLD, 0.0)],
    },
    // Keras' layer has another default than its function.
    &Function {
        word: "leaky_relu",
        names: &["LeakyRelu", "LeakyReLU"],
        class: "LeakyReLU",
        example: "LeakyRelu(negative_slope = 0.3)",
        arguments: &[positive(NEGATIVE_SLOPE, 0.3)],
    },
    &Function {
        word: "elu",
        names: &["Elu", "ELU"],
        class: "ELU",
        example: "Elu(alpha = 1.0)",
        arguments: &[any(ALPHA, 1.0)],
    },
    &Function {
        word: "celu",
        names: &["Celu"],
        class: "Celu",
        example: "Celu(alpha = 1.0)",
        arguments: &[any(ALPHA, 1.0)],
    },
    &Function {
        word: "gelu",
        names: &["Gelu"],
        class: "Gelu",
        example: "Gelu(approximate = true)",
        arguments: &[APPROXIMATION],
    },
    &plain("linear", &["Linear"]),
    &plain("relu6", &["Relu6", "ReLU6"]),
    &plain("selu", &["Selu", "SELU"]),
    &plain("silu", &["Silu", "SiLU", "Swish"]),
    &plain("mish", &["Mish"]),
    &plain("sigmoid", &["Sigmoid"]),
    &plain("hard_sigmoid", &["HardSigmoid"]),
    &plain("hard_silu", &["HardSilu", "HardSwish"]),
    &plain("hard_tanh", &["HardTanh"]),
    &plain("tanh", &["Tanh"]),
    &plain("softmax", &["Softmax"]),
    &plain("log_softmax", &["LogSoftmax"]),
    &plain("softplus", &["Softplus"]),
    &plain("log_sigmoid", &["LogSigmoid"]),
    &plain("softsign", &["Softsign"]),
    &plain("exponential", &["Exponential"]),
];

/// Any function, by its word.
struct AnyFunction;

const FUNCTION: &str = "activation";

impl Kind for AnyFunction {
    fn names(&self) -> &[&'static str] {
        &["Activation"]
    }

    fn class(&self) -> &'static str {
        "Activation"
    }

    fn example(&self) -> &'static str {
        "Activation(relu)"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[Argument { key: FUNCTION, wants: Wants::Activation, default: Default::Required }]
    }

    fn input(&self, _: &Call<'_>) -> Told {
        Told::AsNext
    }

    fn stepping(&self, _: &Call<'_>, _: &[&Shape]) -> Stepping {
        Stepping::Frames
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], _: &mut Errors) -> Option<Signature> {
        signature(call.values.activation(FUNCTION)?.clone(), inputs)
    }
}

/// One function as a layer.
struct Function {
    word: &'static str,
    names: &'static [&'static str],
    class: &'static str,
    example: &'static str,
    arguments: &'static [Argument],
}

const fn plain(word: &'static str, names: &'static [&'static str]) -> Function {
    Function { word, names, class: names[0], example: names[0], arguments: &[] }
}

impl Kind for Function {
    from_fields!(names, class, example, arguments);

    fn input(&self, _: &Call<'_>) -> Told {
        Told::AsNext
    }

    fn stepping(&self, _: &Call<'_>, _: &[&Shape]) -> Stepping {
        Stepping::Frames
    }

    fn infer(&self, call: &Call<'_>, inputs: &[Value], _: &mut Errors) -> Option<Signature> {
        signature(activations::find(self.word)?.make(&call.values), inputs)
    }
}

fn signature(function: Activation, inputs: &[Value]) -> Option<Signature> {
    let output = inputs.first()?.shape.clone();
    let width = output.width();
    let operations =
        if function.is_linear() { Vec::new() } else { vec![Operation::Activation(function, width)] };
    Some(Signature { output, operations, macs: Dim::ZERO, checks: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_names_a_function() {
        let words = ["relu", "leaky_relu", "elu", "celu", "gelu"];
        assert!(words.iter().all(|word| activations::find(word).is_some()));
        assert_eq!(KINDS.len(), 22);
    }
}
