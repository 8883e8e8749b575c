//! While a listing is half typed, what stands in for its type has all that the type will have: completion goes on working, and
//! one mistake makes one error.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// The public methods and constants in some code.
fn public_names(code: TokenStream, names: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = code.into_iter().collect();
    let word = |place: usize| trees.get(place).map(ToString::to_string).unwrap_or_default();
    for (place, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => public_names(group.stream(), names),
            TokenTree::Ident(ident) if ident == "pub" => {
                let kinds =
                    (place + 1..place + 3).take_while(|at| ["fn", "const"].contains(&word(*at).as_str()));
                if let count @ 1.. = kinds.count() {
                    names.insert(word(place + 1 + count));
                }
            }
            _ => {}
        }
    }
}

fn names(listing: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    public_names(graven_compiler::expand(listing.parse().expect("it lexes")), &mut names);
    names
}

#[test]
fn the_stub_has_what_the_type_has() {
    let listings = [
        "pub Net < Dense(4 -> 3, relu), Dense(2) >",
        "pub Net[const H: usize] < Dense(4 -> H, relu), Dense(2) >",
        "pub Net(x: 3, y: 3) -> (a, b) < a = Add(x, y), b = Dense(2)(a) >",
    ];
    for right in listings {
        let (whole, stub) = (names(right), names(&right.replace("Dense", "Dence")));
        // That of several outputs belongs to their struct, of which the stub makes a type that nobody knows.
        let missing = whole.difference(&stub).filter(|name| *name != "ZEROS");
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new(), "{right}");
        // Half typed: nothing behind a word in the middle of the listing.
        for (end, _) in right.match_indices(|c: char| !c.is_alphanumeric()).skip(3) {
            if let Ok(typed) = right[..end].parse::<TokenStream>() {
                let code = graven_compiler::expand(typed).to_string();
                assert!(code.contains("pub struct Net"), "{}", &right[..end]);
            }
        }
    }
}
