//! The values of a listing by the names that it gives them.

use std::collections::BTreeMap;

use super::{Reading, ValueId};
use crate::diagnostic::Errors;
use crate::suggest;
use crate::syntax::Name;

/// Names and what they mean.
#[derive(Default)]
pub(super) struct Values<'a>(BTreeMap<&'a str, ValueId>);

impl<'a> Values<'a> {
    pub(super) fn has(&self, name: &Name) -> bool {
        self.0.contains_key(name.text.as_str())
    }

    pub(super) fn define(&mut self, name: &'a Name, value: ValueId) {
        self.0.insert(&name.text, value);
    }

    /// Values by their names.
    pub(super) fn resolve(&self, names: &[&Name], errors: &mut Errors) -> Vec<Reading> {
        names.iter().map(|name| Reading { value: self.find(name, errors), spot: name.spot }).collect()
    }

    /// The value of a name, reported if there is none.
    pub(super) fn find(&self, name: &Name, errors: &mut Errors) -> ValueId {
        if let Some(value) = self.0.get(name.text.as_str()) {
            return *value;
        }
        let help = match suggest::nearest(&name.text, self.0.keys().copied()) {
            Some(near) => format!("write `{near}`"),
            None if self.0.is_empty() => "name an item before it: `a = Dense(32)`".into(),
            None => format!("write {}", suggest::list(self.0.keys().copied())),
        };
        errors.push(name.spot, format!("there is no value `{}` before this", name.text)).help(help);
        ValueId::Lost
    }
}
