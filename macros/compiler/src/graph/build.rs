//! A listing into a graph: which layer reads what, what each is called, and that nothing is named twice or left over.

use std::collections::BTreeMap;

use super::attributes::Meaning;
use super::names::Names;
use super::values::Values;
use super::{Graph, Node, NodeId, Reading, ValueId, attributes, generics};
use crate::diagnostic::Errors;
use crate::layers::{self, Arity, Kind};
use crate::suggest;
use crate::syntax::{self, Attribute, Form, Item, Layer, Listing, Name};

/// What the type of the expression form is called: as Keras calls a list of layers.
const NAMELESS: &str = "Sequential";

/// What could not be understood is reported, and its value [`ValueId::Lost`], of which nothing is said again.
pub(crate) fn build<'a>(listing: &'a Listing, errors: &mut Errors) -> Graph<'a> {
    let Meaning { scalar, batch, passing: attributes } = attributes::model(&listing.attributes, errors);
    let name = listing.name.as_ref().map_or(NAMELESS.to_owned(), |name| name.text.clone());
    let mut builder = Builder::default();
    let inputs = builder.inputs(listing, errors);
    builder.values.expect(&listing.items);
    for item in &listing.items {
        builder.item(item, errors);
    }
    let outputs = builder.finish(listing, &name, &inputs, errors);
    generics::check(listing, errors);
    let (nodes, broken) = (builder.nodes, !errors.is_empty());
    Graph { listing, name, attributes, scalar, batch, inputs, nodes, outputs, broken }
}

#[derive(Default)]
pub(super) struct Builder<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    names: Names,
    pub(super) values: Values<'a>,
    pub(super) declared: BTreeMap<&'a str, Declared<'a>>,
    pub(super) last: Last,
}

/// What an item reads that doesn't say.
#[derive(Clone, Copy, Default)]
pub(super) enum Last {
    /// There are several inputs, and no item before.
    #[default]
    Unclear,
    Value(ValueId),
}

/// A layer that is to be called by its name.
pub(super) struct Declared<'a> {
    pub(super) name: &'a Name,
    layer: &'a Layer,
    attributes: &'a [Attribute],
    pub(super) calls: usize,
    /// The node of the first call.
    first: Option<NodeId>,
}

/// A layer that is to become a node.
#[derive(Clone, Copy)]
struct Applied<'a, 'i> {
    layer: &'a Layer,
    attributes: &'a [Attribute],
    /// The name of the layer.
    name: Option<&'a Name>,
    /// The name of its value, if it is another one.
    label: Option<&'a Name>,
    /// The values in parentheses behind it.
    inputs: Option<&'i [&'a Name]>,
    shares: Option<NodeId>,
}

/// Items.
impl<'a> Builder<'a> {
    fn item(&mut self, item: &'a Item, errors: &mut Errors) {
        if let Some(name) = &item.name
            && (self.values.has(name) || self.declared.contains_key(name.text.as_str()))
        {
            twice(name, errors);
        }
        if let Some(name) = &item.name {
            self.values.begin(name);
        }
        match &item.form {
            Form::Declare(layer) => self.declare(item, layer),
            Form::Apply(layer, inputs) => {
                let inputs: Option<Vec<&Name>> = inputs.as_ref().map(|names| names.iter().collect());
                let (attributes, name) = (item.attributes.as_slice(), item.name.as_ref());
                let inputs = inputs.as_deref();
                let applied = Applied { layer, attributes, name, label: None, inputs, shares: None };
                let value = self.apply(applied, errors);
                self.define(name, value);
            }
            Form::Call(callee, inputs) => {
                let value = self.call(item, callee, inputs, errors);
                self.define(item.name.as_ref(), value);
            }
        }
    }

    fn declare(&mut self, item: &'a Item, layer: &'a Layer) {
        let Some(name) = &item.name else { return };
        let declared = Declared { name, layer, attributes: &item.attributes, calls: 0, first: None };
        self.declared.insert(&name.text, declared);
    }

    /// `tower(user)`.
    fn call(&mut self, item: &'a Item, callee: &'a Name, inputs: &'a [Name], errors: &mut Errors) -> ValueId {
        let Some(declared) = self.declared.get_mut(callee.text.as_str()) else {
            let help = match suggest::nearest(&callee.text, self.declared.keys().copied()) {
                Some(near) => format!("write `{near}`"),
                None => format!("declare it before: `{}: Dense(32)`", callee.text),
            };
            errors.push(callee.spot, format!("no layer is declared as `{}`", callee.text)).help(help);
            return ValueId::Lost;
        };
        declared.calls += 1;
        if declared.calls > 1 && declared.layer.block.is_some() {
            let message = format!("`{}` is called again, but its layers can't be shared", callee.text);
            let help = "make a model of the layers in `< … >`, and declare that";
            errors.push(callee.spot, message).help(help);
            return ValueId::Lost;
        }
        // What is wrong with the layer was said at its first call.
        if declared.calls > 1 && declared.first.is_none() {
            return ValueId::Lost;
        }
        let (layer, name, shares) = (declared.layer, Some(declared.name), declared.first);
        let (attributes, label) = (declared.attributes, item.name.as_ref());
        let inputs: Vec<&Name> = inputs.iter().collect();
        let value =
            self.apply(Applied { layer, attributes, name, label, inputs: Some(&inputs), shares }, errors);
        if let (ValueId::Node(node), Some(declared)) = (value, self.declared.get_mut(callee.text.as_str())) {
            declared.first = declared.first.or(Some(node));
        }
        value
    }

    /// Adds a node.
    fn apply(&mut self, applied: Applied<'a, '_>, errors: &mut Errors) -> ValueId {
        let Applied { layer, name, shares, .. } = applied;
        let (attributes, frozen) = attributes::item(applied.attributes, errors);
        if let Some(taken) = name.filter(|name| shares.is_none() && !self.names.take(&name.text))
            && !self.values.has(taken)
        {
            twice(taken, errors);
        }
        let Some(kind) = layers::find(&layer.kind, errors) else { return ValueId::Lost };
        let among = layers::value_names(kind, layer, |name| self.values.has(name));
        let inputs = self.readings(applied, &among, errors);
        let inputs = match &layer.block {
            Some(items) => self.block(kind, layer, items, inputs, errors),
            None => inputs,
        };
        let misplaced = layer.block.is_some() && !kind.has_block();
        let call = if misplaced { None } else { layers::call(kind, layer, &among, errors) };
        let (Some(inputs), Some(call)) = (self.counted(kind, layer, inputs, errors), call) else {
            return ValueId::Lost;
        };
        let class = if kind.class().is_empty() { &layer.kind.last().text } else { kind.class() };
        let name = name.map_or_else(|| self.names.next(class), |name| name.text.clone());
        if applied.name.is_none() {
            self.values.pass(&name, layer);
        }
        let label = applied.label.map_or_else(|| name.clone(), |label| label.text.clone());
        self.nodes.push(Node { name, label, attributes, kind, call, inputs, shares, frozen });
        ValueId::Node(NodeId(self.nodes.len() - 1))
    }

    /// What the layer reads: the values behind it, those among its arguments, or the item before. `None` if it has no
    /// way to tell.
    fn readings(
        &self,
        applied: Applied<'a, '_>,
        among: &[&Name],
        errors: &mut Errors,
    ) -> Option<Vec<Reading>> {
        let spot = applied.layer.kind.spot();
        match (applied.inputs, among, self.last) {
            (Some([]), ..) => {
                let message = format!("{} is called without a value", applied.layer.kind);
                errors.push(spot, message).help("name the values in the parentheses, or leave these out");
                None
            }
            (Some(_), [twice, ..], _) => {
                let message = format!("{} has its values twice", applied.layer.kind);
                errors.push(twice.spot, message).help("name them in one place only");
                None
            }
            (Some(names), ..) => Some(self.values.resolve(names, errors)),
            (None, [_, ..], _) => Some(self.values.resolve(among, errors)),
            (None, [], Last::Value(value)) => Some(vec![Reading { value, spot }]),
            (None, [], Last::Unclear) => {
                let message =
                    format!("{} stands first, but there are several inputs to read", applied.layer.kind);
                let layer = syntax::print_layer(applied.layer, None);
                let help = format!("name one: `{layer}({})`", self.values.first().unwrap_or("…"));
                errors.push(spot, message).help(help);
                None
            }
        }
    }

    /// The layers in `< … >`, which read what goes in; their value goes into the kind, and behind it what went in.
    fn block(
        &mut self,
        kind: &dyn Kind,
        layer: &'a Layer,
        items: &'a [Item],
        inputs: Option<Vec<Reading>>,
        errors: &mut Errors,
    ) -> Option<Vec<Reading>> {
        let spot = layer.kind.spot();
        if !kind.has_block() {
            let message = format!("{} does not stand around other layers", layer.kind);
            let help = match kind.names() {
                [] => format!(
                    "name the type with its sizes before the listing: `type My{0} = {0}<…>;`",
                    layer.kind
                ),
                _ => format!("write `{}`", kind.example()),
            };
            errors.push(spot, message).help(help);
            return None;
        }
        let before = one(layer, inputs?, errors)?;
        if items.is_empty() {
            return Some(vec![before]);
        }
        let outside = std::mem::replace(&mut self.last, Last::Value(before.value));
        self.values.expect(items);
        for item in items {
            self.item(item, errors);
        }
        match std::mem::replace(&mut self.last, outside) {
            Last::Value(value) => Some(vec![Reading { value, spot }, before]),
            Last::Unclear => None,
        }
    }

    /// The inputs, if they are as many as the kind takes.
    fn counted(
        &self,
        kind: &dyn Kind,
        layer: &Layer,
        inputs: Option<Vec<Reading>>,
        errors: &mut Errors,
    ) -> Option<Vec<Reading>> {
        let inputs = inputs?;
        let (given, spot) = (inputs.len(), layer.kind.spot());
        if kind.has_block() && given < 2 {
            let message = format!("{} has no layers", layer.kind);
            errors.push(spot, message).help(format!("write `{}`", kind.example()));
            return None;
        }
        let (most, wanted) = match kind.arity() {
            Arity::One => return one(layer, inputs, errors).map(|one| vec![one]),
            Arity::Any => return Some(inputs),
            Arity::Two => (2, "two values"),
            Arity::Several => (usize::MAX, "several values"),
        };
        if (2..=most).contains(&given) {
            return Some(inputs);
        }
        let spot = inputs.get(2).map_or(spot, |third| third.spot);
        let message = format!("{} merges {wanted}, but is given {given}", layer.kind);
        errors.push(spot, message).help(format!("write `{}`", kind.example()));
        None
    }

    /// The item's value is what the next one reads, and may have a name.
    fn define(&mut self, name: Option<&'a Name>, value: ValueId) {
        self.last = Last::Value(value);
        if let Some(name) = name {
            self.values.define(name, value);
        }
    }
}

/// The only value that is given to a layer that takes one.
fn one(layer: &Layer, inputs: Vec<Reading>, errors: &mut Errors) -> Option<Reading> {
    if let Some(second) = inputs.get(1) {
        let message = format!("{} takes one value, but is given {}", layer.kind, inputs.len());
        errors.push(second.spot, message).help("merge them before: `Concat(a, b)`");
        return None;
    }
    inputs.first().copied()
}

pub(super) fn twice(name: &Name, errors: &mut Errors) {
    let message = format!("the name `{}` is taken already", name.text);
    errors.push(name.spot, message).help("choose another name");
}
