//! The code that listings become, as a reader of `cargo expand` sees it. `UPDATE=1 cargo test -p graven-compiler` writes the
//! files anew; read them before you commit.

use std::path::PathBuf;

fn check(name: &str, listing: &str) {
    let code = graven_compiler::expand(listing.parse().expect("the listing lexes"));
    let file: syn::File = syn::parse2(code).expect("the expansion is a sequence of items");
    let code = prettyplease::unparse(&file);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/expansions/{name}.rs"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &code).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(code == expected, "the expansion differs from {}; UPDATE=1 writes it anew", path.display());
}

#[test]
fn chain() {
    check("chain", "pub Digits < Dense(64 -> 32, relu), Dropout(0.25), Dense(32 -> 10, softmax) >");
}

#[test]
fn graph() {
    check(
        "graph",
        "pub Ranker(user: 8, item: 8 as u8) -> (score, topic) <
            tower: Dense(6, relu), u = tower(user), v = tower(item), both = Concat(u, v),
            score = Dense(1, sigmoid)(both), topic = Dense(5, softmax)(both),
        >",
    );
}

#[test]
fn open_sizes() {
    check("open_sizes", "pub Mlp[const H: usize] < Dense(16 -> H, tanh), Dense(H -> OUTPUTS, softmax) >");
}

#[test]
fn stream() {
    check("stream", "pub Amp(x: 64x1) < Lstm(16, return_sequences = true), Dense(8, relu), Dense(1) >");
}
