//! The constants that a listing leaves open: `[const H: usize]`.

use super::build::twice;
use crate::diagnostic::Errors;
use crate::syntax::{self, Listing, Name};

/// Each has a name of its own, in capitals as sizes are written, and stands somewhere in the listing.
pub(super) fn check(listing: &Listing, errors: &mut Errors) {
    for (place, constant) in listing.generics.iter().enumerate() {
        let is_same = |other: &Name| other.text == constant.text;
        if listing.generics[..place].iter().any(is_same) {
            twice(constant, errors);
        } else if constant.text.chars().any(char::is_lowercase) {
            let message = format!("`{}` does not read as a constant", constant.text);
            let help = format!("write it in capitals: `{}`", constant.text.to_uppercase());
            errors.push(constant.spot, message).help(help);
        } else if errors.is_empty() && mentions(listing, &constant.text) < 2 {
            let message = format!("nothing uses the constant `{}`", constant.text);
            errors.push(constant.spot, message).help("remove it, or use it as a size");
        }
    }
}

/// How often a word stands in the listing.
fn mentions(listing: &Listing, word: &str) -> usize {
    let text = syntax::print(listing);
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|found| *found == word).count()
}
