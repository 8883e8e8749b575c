//! Values of arguments: numbers, words, shapes.

use super::super::lex::Kind;
use super::super::{Size, SizeForm, Value};
use super::{Broken, Parser, Read};

impl Parser<'_> {
    pub(super) fn value(&mut self) -> Read<Value> {
        if let Some(number) = self.number()? {
            return Ok(number);
        }
        if let Some(word) = self.word()? {
            return Ok(word);
        }
        let from = self.shape()?;
        if self.take("->") { Ok(Value::Flow(from, self.shape()?)) } else { Ok(Value::Shape(from)) }
    }

    /// A number that is no size: with a sign or a decimal point.
    fn number(&mut self) -> Read<Option<Value>> {
        let negative = self.at("-");
        let token = self.tokens.get(self.position + usize::from(negative));
        let written = match token.map(|token| &token.kind) {
            Some(Kind::Number(text)) => text.replace('_', ""),
            _ => String::new(),
        };
        let is_number = negative || written.contains(['.', 'e']);
        if !is_number {
            return Ok(None);
        }
        let spot = self.spot();
        self.position += usize::from(negative);
        let Ok(number) = written.parse::<f64>() else { return self.fail("a number such as `0.5`") };
        self.position += 1;
        let sign = if negative { "-" } else { "" };
        if self.at("->") {
            let message = format!("a size is a whole number, found `{sign}{written}`");
            self.errors.push(spot, message).help("write a whole number, or a constant");
            return Err(Broken);
        }
        Ok(Some(Value::Number(if negative { -number } else { number }, format!("{sign}{written}"))))
    }

    /// A word that is no path to a constant: an activation, an initializer, `true`.
    fn word(&mut self) -> Read<Option<Value>> {
        let Some(Kind::Word(word)) = self.peek() else { return Ok(None) };
        let constant = word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_');
        if constant || matches!(self.sign_at(1), Some("::" | "->")) {
            return Ok(None);
        }
        let name = self.name("a word")?;
        let arguments = if self.take("(") { self.arguments()? } else { Vec::new() };
        Ok(Some(Value::Word(name, arguments)))
    }

    /// `28x28x1`, `(H, W, 3)`, `SIZE`, `_`.
    pub(super) fn shape(&mut self) -> Read<Vec<Size>> {
        if self.take("(") {
            let axes = self.nested(|parser| parser.list(")", "a size", Self::shape))?;
            return Ok(axes.into_iter().flatten().collect());
        }
        let spot = self.spot();
        match self.peek() {
            Some(Kind::Number(text)) => {
                let Some(axes) = integers(text) else { return self.fail(SIZE) };
                self.position += 1;
                Ok(axes.into_iter().map(|size| Size { form: SizeForm::Integer(size), spot }).collect())
            }
            Some(Kind::Word(word)) if word == "_" => {
                self.position += 1;
                Ok(vec![Size { form: SizeForm::Infer, spot }])
            }
            Some(Kind::Word(_)) => {
                let path = self.path("a constant")?;
                Ok(vec![Size { spot: path.spot(), form: SizeForm::Path(path) }])
            }
            _ => self.fail(SIZE),
        }
    }
}

const SIZE: &str = "a size such as `32`, `28x28x1`, a constant or `_`";

/// The axes of `28x28x1`.
fn integers(written: &str) -> Option<Vec<usize>> {
    written.replace('_', "").split('x').map(|axis| axis.parse().ok()).collect()
}
