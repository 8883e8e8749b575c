//! Whatever is written, the compiler neither panics nor loops: it expands or reports.

use proptest::collection::vec;
use proptest::prelude::*;

/// The words that listings are made of, and some that have no place in one.
const WORDS: &[&str] = &[
    "pub",
    "crate",
    "Net",
    "x",
    "image",
    "u",
    "Dense",
    "Dropout",
    "Flatten",
    "Activation",
    "Relu",
    "Softmax",
    "Residual",
    "Concat",
    "Conv2d",
    "Scale",
    "relu",
    "softmax",
    "leaky_relu",
    "use_bias",
    "kernel_initializer",
    "zeros",
    "rate",
    "as",
    "u8",
    "true",
    "None",
    "_",
    "SIZE",
    "r#type",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "::",
    "=",
    "->",
    "-",
    "=>",
    ".",
    "#",
    "#[frozen]",
    "#[scalar(f64)]",
    "#[doc = \"d\"]",
    "0",
    "1",
    "32",
    "64",
    "5x5",
    "28x28x1",
    "0.25",
    "1e9",
    "1e999",
    "18446744073709551615",
    "18446744073709551616",
    "\"text\"",
    "'c'",
    "b\"b\"",
    "!",
    "@",
    "'a",
    "→",
    "×",
];

/// The same text through both doors: as tokens, if Rust can lex it, and as a printed listing.
fn expand_both(text: &str) {
    let mut inputs: Vec<proc_macro2::TokenStream> = text.parse().into_iter().collect();
    inputs.push(proc_macro2::Literal::string(text).into_token_stream());
    for tokens in inputs {
        let code = graven_compiler::expand(tokens).to_string();
        let reported = code.contains("compile_error");
        assert!(reported || code.contains("struct"), "neither a model nor an error for {text:?}: {code}");
    }
}

trait IntoTokenStream {
    fn into_token_stream(self) -> proc_macro2::TokenStream;
}

impl IntoTokenStream for proc_macro2::Literal {
    fn into_token_stream(self) -> proc_macro2::TokenStream {
        proc_macro2::TokenTree::from(self).into()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn words_in_any_order(words in vec(proptest::sample::select(WORDS), 0..40)) {
        expand_both(&words.join(" "));
    }

    /// A right listing with some of its words replaced, lost or doubled.
    #[test]
    fn nearly_right(edits in vec((0usize..40, proptest::sample::select(WORDS), 0u8..3), 1..4)) {
        let right = "pub Net ( image : 8x8 ) < Flatten , hidden = Dense ( 64 -> 32 , relu , use_bias = false ) , Dropout ( 0.25 ) , \
                     Activation ( leaky_relu ( 0.1 ) ) , Dense ( 10 , softmax ) >";
        let mut words: Vec<&str> = right.split(' ').collect();
        for (place, word, how) in edits {
            let place = place % words.len();
            match how {
                0 => words[place] = word,
                1 => drop(words.remove(place)),
                _ => words.insert(place, word),
            }
        }
        expand_both(&words.join(" "));
    }

    #[test]
    fn any_text(text in "\\PC{0,60}") {
        expand_both(&text);
    }
}
