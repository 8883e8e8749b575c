//! The initializers: their words, arguments with Keras' names and defaults, and the runtime's values of them.

use super::activations::{any, positive};
use super::argument::{Argument, Owner, Values, read as read_arguments};
use crate::diagnostic::Errors;
use crate::suggest;
use crate::syntax::{self, Name};

/// An initializer with its arguments settled: a value of a type of the runtime.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Initializer {
    /// The type in `graven::initializers`.
    pub(crate) kind: &'static str,
    pub(crate) fields: Fields,
}

/// How the type's value is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fields {
    /// `GlorotUniform`
    None,
    /// `Constant(0.1)`
    One(f64),
    /// `RandomNormal { mean: 0.0, standard_deviation: 0.05 }`
    Named(Vec<(&'static str, f64)>),
}

struct Word {
    words: &'static [&'static str],
    arguments: &'static [Argument],
    make: fn(&Values) -> Initializer,
}

impl Word {
    const fn plain(words: &'static [&'static str], make: fn(&Values) -> Initializer) -> Self {
        Self { words, arguments: &[], make }
    }
}

const MINVAL: &str = "minval";
const MAXVAL: &str = "maxval";
const MEAN: &str = "mean";
const STDDEV: &str = "stddev";
const VALUE: &str = "value";
const GAIN: &str = "gain";

const NORMAL: &[Argument] = &[any(MEAN, 0.0), positive(STDDEV, 0.05)];

const WORDS: &[Word] = &[
    Word::plain(&["zeros"], |_| plain("Zeros")),
    Word::plain(&["ones"], |_| plain("Ones")),
    Word {
        words: &["constant"],
        arguments: &[any(VALUE, 0.0)],
        make: |values| Initializer { kind: "Constant", fields: Fields::One(values.number(VALUE)) },
    },
    Word {
        words: &["random_uniform", "uniform"],
        arguments: &[any(MINVAL, -0.05), any(MAXVAL, 0.05)],
        make: |values| {
            named("RandomUniform", [("minimum", values.number(MINVAL)), ("maximum", values.number(MAXVAL))])
        },
    },
    Word {
        words: &["random_normal", "normal"],
        arguments: NORMAL,
        make: |values| normal("RandomNormal", values),
    },
    Word {
        words: &["truncated_normal"],
        arguments: NORMAL,
        make: |values| normal("TruncatedNormal", values),
    },
    Word::plain(&["glorot_uniform"], |_| plain("GlorotUniform")),
    Word::plain(&["glorot_normal"], |_| plain("GlorotNormal")),
    Word::plain(&["he_uniform"], |_| plain("HeUniform")),
    Word::plain(&["he_normal"], |_| plain("HeNormal")),
    Word::plain(&["lecun_uniform"], |_| plain("LecunUniform")),
    Word::plain(&["lecun_normal"], |_| plain("LecunNormal")),
    Word {
        words: &["orthogonal"],
        arguments: &[any(GAIN, 1.0)],
        make: |values| named("Orthogonal", [("gain", values.number(GAIN))]),
    },
];

fn plain(kind: &'static str) -> Initializer {
    Initializer { kind, fields: Fields::None }
}

fn named<const N: usize>(kind: &'static str, fields: [(&'static str, f64); N]) -> Initializer {
    Initializer { kind, fields: Fields::Named(fields.into()) }
}

fn normal(kind: &'static str, values: &Values) -> Initializer {
    named(kind, [("mean", values.number(MEAN)), ("standard_deviation", values.number(STDDEV))])
}

/// What a layer starts from when its argument is not given.
pub(crate) const GLOROT_UNIFORM: Initializer = Initializer { kind: "GlorotUniform", fields: Fields::None };
pub(crate) const ZEROS: Initializer = Initializer { kind: "Zeros", fields: Fields::None };
pub(crate) const ONES: Initializer = Initializer { kind: "Ones", fields: Fields::None };

/// What a recurrent kernel starts from when its argument is not given.
pub(crate) fn orthogonal() -> Initializer {
    named("Orthogonal", [("gain", 1.0)])
}

/// The initializer that was written, `he_normal` or `constant(0.1)`; `None` after an error.
pub(crate) fn read(name: &Name, arguments: &[syntax::Argument], errors: &mut Errors) -> Option<Initializer> {
    let Some(word) = WORDS.iter().find(|word| word.words.contains(&name.text.as_str())) else {
        let words = WORDS.iter().flat_map(|word| word.words.iter().copied());
        let help = match suggest::nearest(&name.text, words) {
            Some(near) => format!("write `{near}`"),
            None => format!("write one of {}", suggest::list(WORDS.iter().map(|word| word.words[0]))),
        };
        errors.push(name.spot, format!("there is no initializer `{}`", name.text)).help(help);
        return None;
    };
    let example = match word.arguments {
        [] => name.text.clone(),
        [first, ..] => format!("{}({} = 0.1)", name.text, first.key),
    };
    let owner = Owner { name: &name.text, spot: name.spot, example: &example };
    read_arguments(owner, word.arguments, arguments.iter().enumerate(), errors)
        .map(|values| (word.make)(&values))
}
