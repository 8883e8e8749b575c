//! The values of a listing by the names that it gives them.

use std::collections::BTreeMap;

use super::{Reading, ValueId};
use crate::diagnostic::Errors;
use crate::suggest;
use crate::syntax::{self, Form, Item, Layer, Name};

/// Names and what they mean.
#[derive(Default)]
pub(super) struct Values<'a> {
    named: BTreeMap<&'a str, ValueId>,
    /// Layers that the listing gives no name, by the one that they get.
    passed: BTreeMap<String, &'a Layer>,
    /// What items give that are still to come.
    coming: Vec<&'a str>,
}

impl<'a> Values<'a> {
    pub(super) fn has(&self, name: &Name) -> bool {
        self.named.contains_key(name.text.as_str())
    }

    /// The name of one of them.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.named.keys().next().copied()
    }

    /// Remembers the names that these items will define.
    pub(super) fn expect(&mut self, items: &'a [Item]) {
        let named = items.iter().filter(|item| !matches!(item.form, Form::Declare(_)));
        self.coming.extend(named.filter_map(|item| item.name.as_ref()).map(|name| name.text.as_str()));
    }

    /// From here on, the name is not to come any more.
    pub(super) fn begin(&mut self, name: &Name) {
        self.coming.retain(|coming| *coming != name.text);
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
            _ if self.coming.contains(&name.text.as_str()) => {
                format!("move the item `{} = …` before this one", name.text)
            }
            Some(near) => format!("write `{near}`"),
            None if self.named.is_empty() => "name an item before it: `a = Dense(32)`".into(),
            None => format!("write {}", suggest::list(self.named.keys().copied())),
        };
        errors.push(name.spot, format!("there is no value `{}` before this", name.text)).help(help);
        ValueId::Lost
    }
}
