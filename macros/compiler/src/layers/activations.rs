//! The activation functions: their words, arguments with Keras' defaults, and the runtime's types of them.

use super::argument::{Argument, Default, Owner, Values, Wants, read as read_arguments};
use crate::diagnostic::Errors;
use crate::suggest;
use crate::syntax::{self, Name};

/// A function with its arguments settled: a type of the runtime.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Activation {
    /// The type in `graven::activations`.
    pub(crate) function: &'static str,
    /// Its constant arguments.
    pub(crate) arguments: Vec<f64>,
    /// Whether its derivative follows from its value; else from its argument.
    pub(crate) from_output: bool,
}

impl Activation {
    pub(crate) const LINEAR: Self = Self { function: "Linear", arguments: Vec::new(), from_output: true };

    /// Does nothing.
    pub(crate) fn is_linear(&self) -> bool {
        self.function == "Linear"
    }
}

/// One function of the table.
pub(crate) struct Function {
    /// How it is written; aliases after the first.
    words: &'static [&'static str],
    arguments: &'static [Argument],
    make: fn(&Values) -> Activation,
}

impl Function {
    const fn plain(words: &'static [&'static str], make: fn(&Values) -> Activation) -> Self {
        Self { words, arguments: &[], make }
    }

    /// The function with these arguments, which may come from a layer's table instead of its own.
    pub(crate) fn make(&self, values: &Values) -> Activation {
        (self.make)(values)
    }
}

pub(crate) const ALPHA: &str = "alpha";
pub(crate) const APPROXIMATE: &str = "approximate";
pub(crate) const MAX_VALUE: &str = "max_value";
pub(crate) const NEGATIVE_SLOPE: &str = "negative_slope";
pub(crate) const THRESHOLD: &str = "threshold";

/// A row of a table that wants a number of at least 0.
pub(crate) const fn positive(key: &'static str, default: f64) -> Argument {
    Argument { key, wants: Wants::Number(0.0, f64::INFINITY), default: Default::Number(default) }
}

/// A row of a table that wants any number.
pub(crate) const fn any(key: &'static str, default: f64) -> Argument {
    Argument {
        key,
        wants: Wants::Number(f64::NEG_INFINITY, f64::INFINITY),
        default: Default::Number(default),
    }
}

/// The largest value of `relu`.
pub(crate) const LIMIT: Argument =
    Argument { key: MAX_VALUE, wants: Wants::Limit(0.0, f64::INFINITY), default: Default::Absent };

/// Whether `gelu` takes the formula with tanh.
pub(crate) const APPROXIMATION: Argument =
    Argument { key: APPROXIMATE, wants: Wants::Flag, default: Default::Flag(false) };

const FUNCTIONS: &[Function] = &[
    Function::plain(&["linear"], |_| output("Linear")),
    Function {
        words: &["relu"],
        arguments: &[positive(NEGATIVE_SLOPE, 0.0), LIMIT, positive(THRESHOLD, 0.0)],
        make: relu,
    },
    Function::plain(&["relu6"], |_| output("Relu6")),
    Function {
        words: &["leaky_relu"],
        arguments: &[positive(NEGATIVE_SLOPE, 0.2)],
        make: |values| input("LeakyRelu", &[values.number(NEGATIVE_SLOPE)]),
    },
    Function {
        words: &["elu"],
        arguments: &[any(ALPHA, 1.0)],
        make: |values| input("Elu", &[values.number(ALPHA)]),
    },
    Function {
        words: &["celu"],
        arguments: &[any(ALPHA, 1.0)],
        make: |values| input("Celu", &[values.number(ALPHA)]),
    },
    Function::plain(&["selu"], |_| output("Selu")),
    Function { words: &["gelu"], arguments: &[APPROXIMATION], make: gelu },
    Function::plain(&["silu", "swish"], |_| input("Silu", &[])),
    Function::plain(&["mish"], |_| input("Mish", &[])),
    Function::plain(&["sigmoid"], |_| output("Sigmoid")),
    Function::plain(&["hard_sigmoid"], |_| output("HardSigmoid")),
    Function::plain(&["hard_silu", "hard_swish"], |_| input("HardSilu", &[])),
    Function::plain(&["hard_tanh"], |_| input("HardTanh", &[])),
    Function::plain(&["tanh"], |_| output("Tanh")),
    Function::plain(&["softmax"], |_| output("Softmax")),
    Function::plain(&["log_softmax"], |_| output("LogSoftmax")),
    Function::plain(&["softplus"], |_| input("Softplus", &[])),
    Function::plain(&["log_sigmoid"], |_| input("LogSigmoid", &[])),
    Function::plain(&["softsign"], |_| output("Softsign")),
    Function::plain(&["exponential"], |_| output("Exponential")),
];

fn output(function: &'static str) -> Activation {
    Activation { function, arguments: Vec::new(), from_output: true }
}

fn input(function: &'static str, arguments: &[f64]) -> Activation {
    Activation { function, arguments: arguments.to_vec(), from_output: false }
}

fn relu(values: &Values) -> Activation {
    let arguments = [values.number(NEGATIVE_SLOPE), values.number(MAX_VALUE), values.number(THRESHOLD)];
    if arguments == [0.0, f64::INFINITY, 0.0] { output("Relu") } else { input("ReluWith", &arguments) }
}

fn gelu(values: &Values) -> Activation {
    if values.flag(APPROXIMATE) { input("GeluApproximate", &[]) } else { input("Gelu", &[]) }
}

/// The function of this word.
pub(crate) fn find(word: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.words.contains(&word))
}

/// The word that was meant by one that is none.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    let words = FUNCTIONS.iter().flat_map(|function| function.words.iter().copied());
    if find(word).is_none() { suggest::nearest(word, words) } else { None }
}

/// The function that was written, `relu` or `leaky_relu(0.1)`; `None` after an error.
pub(crate) fn read(name: &Name, arguments: &[syntax::Argument], errors: &mut Errors) -> Option<Activation> {
    let Some(function) = find(&name.text) else {
        let help = match meant(&name.text) {
            Some(near) => format!("write `{near}`"),
            None => {
                format!("write one of {}", suggest::list(FUNCTIONS.iter().map(|function| function.words[0])))
            }
        };
        errors.push(name.spot, format!("there is no activation `{}`", name.text)).help(help);
        return None;
    };
    let example = match function.arguments {
        [] => name.text.clone(),
        [first, ..] if matches!(first.wants, Wants::Flag) => format!("{}({} = true)", name.text, first.key),
        [first, ..] => format!("{}({} = 0.1)", name.text, first.key),
    };
    let owner = Owner { name: &name.text, spot: name.spot, example: &example };
    read_arguments(owner, function.arguments, arguments.iter().enumerate(), errors)
        .map(|values| function.make(&values))
}
