//! A listing into a graph: which layer reads what, what each is called, and that nothing is named twice or left over.

use std::collections::BTreeMap;

use super::names::Names;
use super::values::Values;
use super::{Graph, Input, InputId, Node, NodeId, Output, Reading, ValueId, attributes};
use crate::diagnostic::Errors;
use crate::layers::{self, Arity, Kind};
use crate::shape::{Dim, Expression, Shape};
use crate::suggest;
use crate::syntax::{self, Attribute, Form, Item, Layer, Listing, Name, SizeForm};

/// What the type of the expression form is called: as Keras calls a list of layers.
const NAMELESS: &str = "Sequential";

/// What could not be understood is reported, and its value [`ValueId::Lost`], of which nothing is said again.
pub(crate) fn build<'a>(listing: &'a Listing, errors: &mut Errors) -> Graph<'a> {
    let before = errors.count();
    let (scalar, attributes) = attributes::model(&listing.attributes, errors);
    let name = listing.name.as_ref().map_or(NAMELESS.to_owned(), |name| name.text.clone());
    let mut builder = Builder::default();
    let inputs = builder.inputs(listing, errors);
    for item in &listing.items {
        builder.item(item, errors);
    }
    let outputs = builder.finish(listing, &name, &inputs, errors);
    let (nodes, broken) = (builder.nodes, errors.count() > before);
    Graph { listing, name, attributes, scalar, inputs, nodes, outputs, broken }
}

#[derive(Default)]
struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    names: Names,
    values: Values<'a>,
    declared: BTreeMap<&'a str, Declared<'a>>,
    last: Last,
}

/// What an item reads that doesn't say.
#[derive(Clone, Copy, Default)]
enum Last {
    /// There are several inputs, and no item before.
    #[default]
    Unclear,
    Value(ValueId),
}

/// A layer that is to be called by its name.
struct Declared<'a> {
    name: &'a Name,
    layer: &'a Layer,
    attributes: &'a [Attribute],
    calls: usize,
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

/// The model's inputs.
impl<'a> Builder<'a> {
    fn inputs(&mut self, listing: &'a Listing, errors: &mut Errors) -> Vec<Input<'a>> {
        let first = ValueId::Input(InputId(0));
        self.last = if listing.inputs.len() > 1 { Last::Unclear } else { Last::Value(first) };
        if listing.inputs.is_empty() {
            return vec![Input { name: "input".into(), shape: None, declared: None, integer: None }];
        }
        let inputs = listing.inputs.iter().enumerate();
        inputs.map(|(index, input)| self.input(InputId(index), input, errors)).collect()
    }

    fn input(&mut self, id: InputId, input: &'a syntax::Input, errors: &mut Errors) -> Input<'a> {
        if let Some(scalar) = &input.scalar {
            integer(scalar, errors);
        }
        if self.values.has(&input.name) {
            twice(&input.name, errors);
        }
        self.values.define(&input.name, ValueId::Input(id));
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
        let shape = Some(Shape::Axes(axes.collect()));
        let (name, integer) = (input.name.text.clone(), input.scalar.as_ref());
        Input { name, shape, declared: Some(&input.name), integer }
    }
}

/// The types in which an input can come, each of whose values is exact in `f32` or rounded to the nearest.
const INTEGERS: [&str; 6] = ["u8", "i8", "u16", "i16", "u32", "i32"];

fn integer(scalar: &Name, errors: &mut Errors) {
    if !INTEGERS.contains(&scalar.text.as_str()) {
        let message = format!("inputs can't come as `{}`", scalar.text);
        let help = match scalar.text.as_str() {
            "f32" | "f64" => {
                "write `#[scalar(f64)]` before the model's name to choose the model's scalar".into()
            }
            _ => format!("write {}", suggest::list(INTEGERS)),
        };
        errors.push(scalar.spot, message).help(help);
    }
}

/// Items.
impl<'a> Builder<'a> {
    fn item(&mut self, item: &'a Item, errors: &mut Errors) {
        if let Some(name) = &item.name
            && (self.values.has(name) || self.declared.contains_key(name.text.as_str()))
        {
            twice(name, errors);
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
                let help = format!("name one: `{}(…)`", syntax::print_layer(applied.layer, None));
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
            errors.push(spot, message).help(format!("write `{}`", kind.example()));
            return None;
        }
        let before = one(layer, inputs?, errors)?;
        if items.is_empty() {
            return Some(vec![before]);
        }
        let outside = std::mem::replace(&mut self.last, Last::Value(before.value));
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

/// The end: outputs, and what is left over.
impl<'a> Builder<'a> {
    fn finish(
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

/// The only value that is given to a layer that takes one.
fn one(layer: &Layer, inputs: Vec<Reading>, errors: &mut Errors) -> Option<Reading> {
    if let Some(second) = inputs.get(1) {
        let message = format!("{} takes one value, but is given {}", layer.kind, inputs.len());
        errors.push(second.spot, message).help("merge them before: `Concat(a, b)`");
        return None;
    }
    inputs.first().copied()
}

fn twice(name: &Name, errors: &mut Errors) {
    let message = format!("the name `{}` is taken already", name.text);
    errors.push(name.spot, message).help("choose another name");
}
