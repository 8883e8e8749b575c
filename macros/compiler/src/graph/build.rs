//! A listing into a graph: which layer reads what, what each is called, and that nothing is named twice or left over.

use std::collections::BTreeMap;

use super::names::Names;
use super::{Graph, Input, InputId, Node, NodeId, ValueId, attributes};
use crate::diagnostic::Errors;
use crate::layers;
use crate::shape::{Dim, Expression, Shape};
use crate::suggest;
use crate::syntax::{self, Attribute, Form, Item, Layer, Listing, Name, SizeForm};

/// What the type of the expression form is called: as Keras calls a list of layers.
const NAMELESS: &str = "Sequential";

pub(crate) fn build<'a>(listing: &'a Listing, errors: &mut Errors) -> Option<Graph<'a>> {
    let before = errors.count();
    let (scalar, attributes) = attributes::model(&listing.attributes, errors);
    let name = listing.name.as_ref().map_or(NAMELESS.to_owned(), |name| name.text.clone());
    let mut builder = Builder { names: Names::default(), values: BTreeMap::new(), ..Builder::default() };
    let inputs = builder.inputs(listing, errors);
    for item in &listing.items {
        builder.item(item, errors);
    }
    let output = builder.finish(listing, &name, errors)?;
    let nodes = builder.nodes;
    (errors.count() == before).then_some(Graph { listing, name, attributes, scalar, inputs, nodes, output })
}

#[derive(Default)]
struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    names: Names,
    /// Values by the names that the user gave them; `None` for one that an error left without.
    values: BTreeMap<&'a str, Option<ValueId>>,
    declared: BTreeMap<&'a str, Declared<'a>>,
    /// What the next item reads if it doesn't say.
    last: Option<ValueId>,
    /// Whether an item was lost to an error, so that what follows can't be judged.
    broken: bool,
}

/// A layer that is to be called by its name.
struct Declared<'a> {
    name: &'a Name,
    layer: &'a Layer,
    attributes: &'a [Attribute],
    calls: usize,
}

impl<'a> Builder<'a> {
    fn inputs(&mut self, listing: &'a Listing, errors: &mut Errors) -> Vec<Input<'a>> {
        if let Some(second) = listing.inputs.get(1) {
            let message = "a model with several inputs is not supported yet";
            errors.push(second.name.spot, message);
            self.broken = true;
        }
        let inputs: Vec<Input<'a>> = listing.inputs.iter().map(|input| self.input(input, errors)).collect();
        self.last = Some(ValueId::Input(InputId(0)));
        if inputs.is_empty() {
            vec![Input { name: "input".into(), shape: None, declared: None }]
        } else {
            inputs
        }
    }

    fn input(&mut self, input: &'a syntax::Input, errors: &mut Errors) -> Input<'a> {
        if let Some(scalar) = &input.scalar {
            errors.push(scalar.spot, format!("inputs of `{}` are not supported yet", scalar.text));
        }
        let index = self.values.len();
        if self.values.insert(&input.name.text, Some(ValueId::Input(InputId(index)))).is_some() {
            twice(&input.name, errors);
        }
        let axes = input.shape.iter().map(|size| match &size.form {
            SizeForm::Integer(0) => {
                let message = format!("an axis of the input `{}` has size 0", input.name.text);
                errors.push(size.spot, message).help("write sizes of at least 1");
                Dim::Unknown
            }
            SizeForm::Integer(size) => Dim::Known(*size),
            SizeForm::Path(path) => Expression::Path(path.clone()).into(),
            SizeForm::Infer => {
                let message = format!("nothing tells the size of the input `{}`", input.name.text);
                errors.push(size.spot, message).help("write it in place of `_`");
                Dim::Unknown
            }
        });
        let shape = Shape::Axes(axes.collect());
        Input { name: input.name.text.clone(), shape: Some(shape), declared: Some(&input.name) }
    }

    fn item(&mut self, item: &'a Item, errors: &mut Errors) {
        match &item.form {
            Form::Declare(layer) => self.declare(item, layer, errors),
            Form::Apply(layer, inputs) => {
                let inputs = match inputs {
                    Some(names) => self.resolve(names, errors),
                    None => self.last.map(|last| vec![last]),
                };
                let value = self.apply(layer, inputs, item.name.as_ref(), &item.attributes, errors);
                self.define(item.name.as_ref(), value);
            }
            Form::Call(callee, inputs) => self.call(item, callee, inputs, errors),
        }
    }

    fn declare(&mut self, item: &'a Item, layer: &'a Layer, errors: &mut Errors) {
        let Some(name) = &item.name else { return };
        let declared = Declared { name, layer, attributes: &item.attributes, calls: 0 };
        if self.values.contains_key(name.text.as_str()) || self.declared.contains_key(name.text.as_str()) {
            twice(name, errors);
        }
        self.declared.insert(&name.text, declared);
    }

    /// `tower(user)`.
    fn call(&mut self, item: &'a Item, callee: &'a Name, inputs: &'a [Name], errors: &mut Errors) {
        let Some(declared) = self.declared.get_mut(callee.text.as_str()) else {
            let names = self.declared.keys().copied().collect::<Vec<_>>();
            let help = match suggest::nearest(&callee.text, names) {
                Some(near) => format!("write `{near}`"),
                None => format!("declare it before: `{}: Dense(32)`", callee.text),
            };
            errors.push(callee.spot, format!("no layer is declared as `{}`", callee.text)).help(help);
            return self.define(item.name.as_ref(), None);
        };
        declared.calls += 1;
        let (layer, name, attributes) = (declared.layer, declared.name, declared.attributes);
        if declared.calls > 1 {
            errors.push(callee.spot, "calling a layer more than once is not supported yet");
            return self.define(item.name.as_ref(), None);
        }
        let inputs = self.resolve(inputs, errors);
        let value = self.apply(layer, inputs, Some(name), attributes, errors);
        self.define(item.name.as_ref(), value);
    }

    /// Values by their names; `None` after an error.
    fn resolve(&self, names: &'a [Name], errors: &mut Errors) -> Option<Vec<ValueId>> {
        let values: Vec<Option<ValueId>> = names.iter().map(|name| self.value(name, errors)).collect();
        if let Some(second) = names.get(1) {
            errors.push(second.spot, "a layer with several inputs is not supported yet");
            return None;
        }
        values.into_iter().collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())
    }

    fn value(&self, name: &Name, errors: &mut Errors) -> Option<ValueId> {
        if let Some(value) = self.values.get(name.text.as_str()) {
            return *value;
        }
        let help = match suggest::nearest(&name.text, self.values.keys().copied()) {
            Some(near) => format!("write `{near}`"),
            None if self.values.is_empty() => "name an item before it: `a = Dense(32)`".into(),
            None => format!("write {}", suggest::list(self.values.keys().copied())),
        };
        errors.push(name.spot, format!("there is no value `{}` before this", name.text)).help(help);
        None
    }

    /// Adds a node; `None` after an error.
    fn apply(
        &mut self,
        layer: &'a Layer,
        inputs: Option<Vec<ValueId>>,
        name: Option<&'a Name>,
        attributes: &'a [Attribute],
        errors: &mut Errors,
    ) -> Option<ValueId> {
        let attributes = attributes::item(attributes, errors);
        if let Some(taken) = name.filter(|name| !self.names.take(&name.text)) {
            twice(taken, errors);
        }
        if layer.block.is_some() {
            let message = format!("`{}< … >` is not supported yet", layer.kind);
            errors.push(layer.kind.spot(), message);
            return None;
        }
        let kind = layers::find(&layer.kind, errors)?;
        let call = layers::call(kind, layer, errors)?;
        let class = if kind.class().is_empty() { &layer.kind.last().text } else { kind.class() };
        let name = name.map_or_else(|| self.names.next(class), |name| name.text.clone());
        self.nodes.push(Node { name, attributes, kind, call, inputs: inputs? });
        Some(ValueId::Node(NodeId(self.nodes.len() - 1)))
    }

    /// The item's value is what the next one reads, and may have a name.
    fn define(&mut self, name: Option<&'a Name>, value: Option<ValueId>) {
        self.broken |= value.is_none();
        self.last = value.or(self.last);
        if let Some(name) = name {
            self.values.insert(&name.text, value);
        }
    }

    /// The output, after a look for what is left over.
    fn finish(&mut self, listing: &'a Listing, name: &str, errors: &mut Errors) -> Option<ValueId> {
        if listing.items.is_empty() && errors.is_empty() {
            let help = format!("write at least one: `{name} < Dense(64 -> 10) >`");
            errors.push(listing.open, format!("`{name}` has no layers")).help(help);
        }
        if let Some(second) = listing.outputs.get(1) {
            errors.push(second.spot, "a model with several outputs is not supported yet");
        }
        for declared in self.declared.values().filter(|declared| declared.calls == 0) {
            let message = format!("`{}` is declared but never called", declared.name.text);
            let help = format!("call it: `{}(…)`, or remove it", declared.name.text);
            errors.push(declared.name.spot, message).help(help);
        }
        let output = match listing.outputs.first() {
            Some(name) => self.value(name, errors)?,
            None => self.last?,
        };
        if !self.broken && errors.is_empty() {
            self.unused(output, errors);
        }
        Some(output)
    }

    fn unused(&self, output: ValueId, errors: &mut Errors) {
        let inputs = self.values.values().flatten().filter(|value| matches!(value, ValueId::Input(_)));
        let nodes = (0..self.nodes.len()).map(|node| ValueId::Node(NodeId(node)));
        for value in inputs.copied().chain(nodes) {
            let read = self.nodes.iter().any(|node| node.inputs.contains(&value));
            if read || value == output {
                continue;
            }
            if let ValueId::Node(NodeId(node)) = value {
                let node = &self.nodes[node];
                let message = format!("nothing reads what `{}` gives", node.name);
                errors.push(node.call.spot(), message).help("remove it, or use its value");
            }
        }
    }
}

fn twice(name: &Name, errors: &mut Errors) {
    let message = format!("the name `{}` is taken already", name.text);
    errors.push(name.spot, message).help("choose another name");
}
