//! Items and layers.

use super::super::lex::{Kind, Token};
use super::super::{Argument, Form, Item, Layer, Path, Value};
use super::{Broken, Parser, Read};

impl Parser<'_> {
    /// Items up to and with `>`. A broken one is skipped to the comma behind it.
    pub(super) fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            if self.take(">") {
                return items;
            }
            if self.position >= self.tokens.len() {
                let _ = self.fail::<()>("`>` at the end of the layers");
                return items;
            }
            match self.item() {
                Ok(item) => items.push(item),
                Err(Broken) => self.skip(),
            }
            let over = self.at(">") || self.take(",") || self.position >= self.tokens.len();
            if !over {
                let _ = self.fail::<()>("`,` or `>` after a layer");
                // A layer right behind is read as if the comma stood there.
                if !matches!(self.peek(), Some(Kind::Word(_))) {
                    self.skip();
                    self.take(",");
                }
            }
        }
    }

    /// To the next comma, or `>`, that belongs to this list.
    fn skip(&mut self) {
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(self.position) {
            match token.kind {
                Kind::Sign("(" | "[" | "{" | "<") => depth += 1,
                Kind::Sign("," | ">") if depth == 0 => return,
                Kind::Sign(")" | "]" | "}" | ">") => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.position += 1;
        }
    }

    fn item(&mut self) -> Read<Item> {
        let attributes = self.attributes();
        let name = match (self.peek(), self.sign_at(1)) {
            (Some(Kind::Word(_)), Some("=" | ":")) => Some(self.name("a name")?),
            _ => None,
        };
        let declares = name.is_some() && self.take(":");
        self.take("=");
        let layer = self.layer()?;
        if let Some(Kind::Sign("{" | "[")) = self.peek() {
            return self.wrong_brackets(&layer);
        }
        if declares {
            return Ok(Item { attributes, name, form: Form::Declare(layer) });
        }
        if self.take("(") {
            let inputs =
                self.list(")", "the name of a value", |parser| parser.name("the name of a value"))?;
            return Ok(Item { attributes, name, form: Form::Apply(layer, Some(inputs)) });
        }
        Ok(Item { attributes, name, form: call_or_layer(layer) })
    }

    fn layer(&mut self) -> Read<Layer> {
        let kind = self.path("a layer such as `Dense(32, relu)`")?;
        let block = if self.take("<") { Some(self.block(&kind)?) } else { None };
        let arguments = if self.take("(") { self.arguments()? } else { Vec::new() };
        Ok(Layer { kind, arguments, block })
    }

    /// What stands between `<` and `>`.
    fn block(&mut self, kind: &Path) -> Read<Vec<Item>> {
        if let Some(Kind::Number(size)) = self.peek() {
            let message = format!("`{kind}<{size}>` is no name of a layer");
            let help = format!(
                "name the type before the listing, `type {kind}{size} = {kind}<{size}>;`, and write that"
            );
            self.errors.push(kind.spot(), message).help(help);
            self.skip();
            self.take(">");
            return Err(Broken);
        }
        self.nested(|parser| Ok(parser.items()))
    }

    /// `Dense{3 -> 2}` or `Mlp[8]`.
    fn wrong_brackets(&mut self, layer: &Layer) -> Read<Item> {
        let found = self.tokens.get(self.position).map_or_else(String::new, Token::describe);
        let message = format!("expected the arguments of {} in parentheses, found {found}", layer.kind);
        let help = format!("write `{}(…)`", layer.kind);
        self.errors.push(self.spot(), message).help(help);
        Err(Broken)
    }

    pub(super) fn arguments(&mut self) -> Read<Vec<Argument>> {
        self.nested(|parser| parser.list(")", "an argument", Self::argument))
    }

    fn argument(&mut self) -> Read<Argument> {
        let key = match (self.peek(), self.sign_at(1)) {
            (Some(Kind::Word(_)), Some("=")) => Some(self.name("a key")?),
            _ => None,
        };
        if key.is_some() {
            self.position += 1;
        }
        let spot = self.spot();
        if let (Some(key), true) = (&key, self.at(")") || self.at(",")) {
            return self.fail(&format!("a value for `{}`", key.text));
        }
        Ok(Argument { key, value: self.value()?, spot })
    }
}

/// `tower(user, item)`: in lower case, with nothing but names in parentheses, it is a call of a declared layer.
fn call_or_layer(layer: Layer) -> Form {
    let called =
        layer.kind.word().filter(|name| name.text.starts_with(|c: char| c.is_lowercase() || c == '_'));
    let Some(called) = called.filter(|_| layer.block.is_none() && !layer.arguments.is_empty()) else {
        return Form::Apply(layer, None);
    };
    let inputs = layer.arguments.iter().map(|argument| match (&argument.key, &argument.value) {
        (None, Value::Word(name, arguments)) if arguments.is_empty() => Some(name.clone()),
        _ => None,
    });
    match inputs.collect() {
        Some(inputs) => Form::Call(called.clone(), inputs),
        None => Form::Apply(layer, None),
    }
}
