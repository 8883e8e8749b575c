//! Keras' rule for the names of layers that were given none: the class in snake case, numbered from the second on.

use std::collections::{BTreeMap, BTreeSet};

/// Hands out names, none twice.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    counts: BTreeMap<String, usize>,
}

impl Names {
    /// Takes a name that the user chose; false if it was taken.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// The next free name of a class.
    pub(super) fn next(&mut self, class: &str) -> String {
        let base = snake(class);
        let count = self.counts.entry(base.clone()).or_default();
        loop {
            let name = if *count == 0 { base.clone() } else { format!("{base}_{count}") };
            *count += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// `LeakyReLU` is `leaky_re_lu`, `Conv2D` is `conv2d`: a break before each capital that begins a lower-case word, and
/// between lower case and a capital.
fn snake(class: &str) -> String {
    let chars: Vec<char> = class.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut name = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let next = chars.get(at + 1);
        let word = c.is_uppercase() && before.is_some() && next.is_some_and(|next| next.is_lowercase());
        let step = c.is_uppercase() && before.is_some_and(char::is_lowercase);
        if (word || step) && before != Some('_') {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_keras_gives_them() {
        let cases = [
            ("Dense", "dense"),
            ("LeakyReLU", "leaky_re_lu"),
            ("ReLU", "re_lu"),
            ("PReLU", "p_re_lu"),
            ("ELU", "elu"),
            ("Conv2D", "conv2d"),
            ("MaxPooling2D", "max_pooling2d"),
            ("Conv2DTranspose", "conv2d_transpose"),
            ("BatchNormalization", "batch_normalization"),
            ("SimpleRNN", "simple_rnn"),
            ("LSTM", "lstm"),
            ("RMSNormalization", "rms_normalization"),
        ];
        for (class, name) in cases {
            assert_eq!(snake(class), name);
        }
    }

    #[test]
    fn a_taken_name_is_passed_over() {
        let mut names = Names::default();
        assert!(names.take("dense_1"));
        assert!(!names.take("dense_1"));
        assert_eq!([names.next("Dense"), names.next("Dense")], ["dense", "dense_2"]);
    }
}
