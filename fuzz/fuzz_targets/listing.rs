//! Whatever is written between the braces of `model!`, the compiler neither panics nor loops: it gives Rust code that parses,
//! or reports. The input's first byte tells how the rest is meant: as text, or each byte as a word of the notation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proc_macro2::{Literal, TokenStream, TokenTree};

/// The words and signs that listings are made of, and some that have no place in one.
const WORDS: &[&str] = &[
    "pub",
    "Net",
    "[",
    "]",
    "const",
    "H",
    ":",
    "usize",
    "(",
    ")",
    "x",
    "y",
    "3",
    "as",
    "u8",
    "->",
    "a",
    "b",
    "<",
    ">",
    ",",
    "=",
    "Dense",
    "Dropout",
    "Flatten",
    "Activation",
    "Relu",
    "Softmax",
    "Residual",
    "Concat",
    "Add",
    "Subtract",
    "Multiply",
    "Average",
    "Maximum",
    "Minimum",
    "Dot",
    "Reshape",
    "Permute",
    "RepeatVector",
    "Conv2d",
    "MaxPool2d",
    "BatchNorm",
    "Lstm",
    "Gru",
    "Embedding",
    "Scale",
    "my",
    "::",
    "relu",
    "softmax",
    "leaky_relu",
    "use_bias",
    "kernel_initializer",
    "he_normal",
    "rate",
    "axis",
    "axes",
    "padding",
    "same",
    "strides",
    "units",
    "activation",
    "true",
    "false",
    "None",
    "_",
    "SIZE",
    "0",
    "1",
    "2",
    "4",
    "28x28x1",
    "5x5",
    "0.25",
    "-",
    "1e9",
    "18446744073709551615",
    "#[frozen]",
    "#[scalar(f64)]",
    "#[doc = \"d\"]",
    "{",
    "}",
    "=>",
    ".",
    "!",
    "'a",
    "\"text\"",
    "r#type",
    "crate",
    "self",
    "→",
    "×",
];

fn expand(tokens: TokenStream, text: &str) {
    let code = graven_compiler::expand(tokens);
    let printed = code.to_string();
    assert!(
        printed.contains("compile_error") || printed.contains("struct"),
        "neither a model nor an error: {text:?}"
    );
    let parses = syn::parse2::<syn::File>(code.clone()).is_ok() || syn::parse2::<syn::Expr>(code).is_ok();
    assert!(parses, "not Rust: {text:?} became {printed}");
}

fuzz_target!(|data: &[u8]| {
    let Some((how, rest)) = data.split_first() else { return };
    let text = if how % 2 == 0 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        rest.iter().map(|byte| WORDS[usize::from(*byte) % WORDS.len()]).collect::<Vec<_>>().join(" ")
    };
    if let Ok(tokens) = text.parse() {
        expand(tokens, &text);
    }
    expand(TokenTree::from(Literal::string(&text)).into(), &text);
});
