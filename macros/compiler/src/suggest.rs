//! The nearest name among those that exist.

/// The candidate most like `name`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let wanted = plain(name);
    let distance = |candidate: &str| strsim::damerau_levenshtein(&wanted, &plain(candidate));
    let limit = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // Words of another length are another word; and this keeps a very long one from taking long.
        .filter(|candidate| plain(candidate).chars().count().abs_diff(wanted.chars().count()) <= limit)
        // Among equals, the one that begins alike: the first letter is seldom mistyped.
        .map(|candidate| (distance(candidate), candidate.chars().next() != name.chars().next(), candidate))
        .filter(|(distance, ..)| *distance <= limit)
        .min()
        .map(|(.., candidate)| candidate)
}

/// Names in a sentence: `a`, `b` or `c`.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        assert_eq!(nearest("Desne", ["Dense", "Dropout"]), Some("Dense"));
        assert_eq!(nearest("leakyrelu", ["relu", "leaky_relu"]), Some("leaky_relu"));
        assert_eq!(nearest("Attention", ["Dense", "Dropout"]), None);
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
