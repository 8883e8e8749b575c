//! The values of a listing by the names that it gives them.

use std::collections::BTreeMap;

use super::{Reading, ValueId};
use crate::diagnostic::Errors;
use crate::suggest;
use crate::syntax::{self, Layer, Name};

/// Names and what they mean.
#[derive(Default)]
pub(super) struct Values<'a> {
    named: BTreeMap<&'a str, ValueId>,
    /// Layers that the listing gives no name, by the one that they get.
    passed: BTreeMap<String, &'a Layer>,
}

impl<'a> Values<'a> {
    pub(super) fn has(&self, name: &Name) -> bool {
        self.named.contains_key(name.text.as_str())
    }

    pub(super) fn define(&mut self, name: &'a Name, value: ValueId) {
        self.named.insert(&name.text, value);
    }

    /// Remembers a layer without a name of its own, whose value can't be asked for.
    pub(super) fn pass(&mut self, name: &str, layer: &'a Layer) {
        self.passed.insert(name.into(), layer);
    }

    /// Values by their names.
    pub(super) fn resolve(&self, names: &[&Name], errors: &mut Errors) -> Vec<Reading> {
        names.iter().map(|name| Reading { value: self.find(name, errors), spot: name.spot }).collect()
    }

    /// The value of a name, reported if there is none.
    pub(super) fn find(&self, name: &Name, errors: &mut Errors) -> ValueId {
        if let Some(value) = self.named.get(name.text.as_str()) {
            return *value;
        }
        let help = match suggest::nearest(&name.text, self.named.keys().copied()) {
            _ if self.passed.contains_key(&name.text) => {
                let layer = syntax::print_layer(self.passed[&name.text], None);
                format!("a value has a name where the listing gives it one: write `{} = {layer}`", name.text)
            }
            Some(near) => format!("write `{near}`"),
            None if self.named.is_empty() => "name an item before it: `a = Dense(32)`".into(),
            None => format!("write {}", suggest::list(self.named.keys().copied())),
        };
        errors.push(name.spot, format!("there is no value `{}` before this", name.text)).help(help);
        ValueId::Lost
    }
}
