//! The end of a listing: its outputs, and that nothing is left over.

use super::build::{Builder, Last};
use super::{Input, InputId, Node, NodeId, Output, ValueId};
use crate::diagnostic::Errors;
use crate::syntax::Listing;

impl<'a> Builder<'a> {
    pub(super) fn finish(
        &mut self,
        listing: &'a Listing,
        name: &str,
        inputs: &[Input<'a>],
        errors: &mut Errors,
    ) -> Vec<Output> {
        if listing.items.is_empty() && errors.is_empty() {
            let help = format!("write at least one: `{name} < Dense(64 -> 10) >`");
            errors.push(listing.open, format!("`{name}` has no layers")).help(help);
        }
        for declared in self.declared.values().filter(|declared| declared.calls == 0) {
            let message = format!("`{}` is declared but never called", declared.name.text);
            let help = format!("call it: `{}(…)`, or remove it", declared.name.text);
            errors.push(declared.name.spot, message).help(help);
        }
        let outputs = self.outputs(listing, errors);
        if errors.is_empty() {
            self.unused(inputs, &outputs, errors);
        }
        outputs
    }

    fn outputs(&self, listing: &'a Listing, errors: &mut Errors) -> Vec<Output> {
        if listing.outputs.is_empty() {
            let value = if let Last::Value(value) = self.last { value } else { ValueId::Lost };
            return vec![Output { name: "output".into(), value }];
        }
        let mut outputs: Vec<Output> = Vec::new();
        for name in &listing.outputs {
            if outputs.iter().any(|output| output.name == name.text) {
                let message = format!("the output `{}` is given twice", name.text);
                errors.push(name.spot, message).help("remove one of the two");
            }
            let value = if self.values.has(name) {
                self.values.find(name, errors)
            } else {
                // Where an item could not be read, its name may have been lost with it.
                if errors.is_empty() {
                    let message = format!("no item makes the output `{}`", name.text);
                    let help = format!("name the item that does: `{} = Dense(10)`", name.text);
                    errors.push(name.spot, message).help(help);
                }
                ValueId::Lost
            };
            outputs.push(Output { name: name.text.clone(), value });
        }
        outputs
    }

    fn unused(&self, inputs: &[Input<'a>], outputs: &[Output], errors: &mut Errors) {
        let read = |value: ValueId| {
            let by = |node: &Node<'_>| node.inputs.iter().any(|reading| reading.value == value);
            self.nodes.iter().any(by) || outputs.iter().any(|output| output.value == value)
        };
        for (index, input) in inputs.iter().enumerate() {
            if let Some(name) = input.declared.filter(|_| !read(ValueId::Input(InputId(index)))) {
                let message = format!("nothing reads the input `{}`", name.text);
                errors.push(name.spot, message).help("remove it, or use it");
            }
        }
        for (index, node) in self.nodes.iter().enumerate() {
            if !read(ValueId::Node(NodeId(index))) {
                let message = format!("nothing reads what `{}` gives", node.label);
                errors.push(node.call.spot(), message).help("remove it, or use its value");
            }
        }
    }
}
