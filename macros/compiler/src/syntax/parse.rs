//! Tokens into a [`Listing`], item by item: a broken item is reported and left out, the next ones are still read.

use proc_macro2::{Span, TokenStream};

use super::lex::{self, Kind, Token};
use super::{Argument, Attribute, Form, Input, Item, Layer, Listing, Name, Path, Size, SizeForm, Value};
use crate::diagnostic::{Errors, Spot};

/// Blocks and argument lists may stand in one another this deep; more is no network but an attack on the stack.
const DEPTH: usize = 32;

/// Reads a listing, in tokens or in one string literal (perhaps with attributes before it).
///
/// What is broken is reported and left out. `None` if not even the listing's name can be told.
pub(crate) fn read(stream: TokenStream, errors: &mut Errors) -> Option<Listing> {
    let mut tokens = Vec::new();
    lex::tokens(stream, &mut tokens);
    let mut end = tokens.last().map_or_else(|| Spot::from(Span::call_site()), |token| token.spot);
    let head = tokens.iter().take_while(|token| matches!(token.kind, Kind::Attribute(_))).count();
    if let [Token { kind: Kind::Text(text), spot }] = &tokens[head..] {
        let (text, span) = (text.clone(), spot.span);
        tokens.truncate(head);
        tokens.extend(lex::text(&text, span, errors));
        end = Spot { span, text: Some((text.len(), text.len())) };
        errors.quote(text);
    }
    Parser { tokens: &tokens, position: 0, depth: 0, end, errors }.listing()
}

struct Parser<'a> {
    tokens: &'a [Token],
    position: usize,
    depth: usize,
    /// Where to point when the tokens are at an end.
    end: Spot,
    errors: &'a mut Errors,
}

/// A part could not be read; what is wrong was reported.
struct Broken;
type Read<T> = Result<T, Broken>;

/// What the parser reads with: look, take, fail.
impl Parser<'_> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.position).map(|token| &token.kind)
    }

    fn sign_at(&self, ahead: usize) -> Option<&'static str> {
        match self.tokens.get(self.position + ahead).map(|token| &token.kind) {
            Some(Kind::Sign(sign)) => Some(sign),
            _ => None,
        }
    }

    fn at(&self, sign: &str) -> bool {
        self.sign_at(0) == Some(sign)
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Kind::Word(text)) if text == word)
    }

    fn spot(&self) -> Spot {
        self.tokens.get(self.position).map_or(self.end, |token| token.spot)
    }

    fn take(&mut self, sign: &str) -> bool {
        let there = self.at(sign);
        self.position += usize::from(there);
        there
    }

    fn fail<T>(&mut self, wanted: &str) -> Read<T> {
        let found = self.tokens.get(self.position).map_or_else(|| "the end".into(), Token::describe);
        self.errors.push(self.spot(), format!("expected {wanted}, found {found}"));
        Err(Broken)
    }

    fn want(&mut self, sign: &str, wanted: &str) -> Read<()> {
        if self.take(sign) { Ok(()) } else { self.fail(wanted) }
    }

    fn name(&mut self, wanted: &str) -> Read<Name> {
        match self.peek() {
            Some(Kind::Word(text)) if text != "_" => {
                let name = Name { text: text.clone(), spot: self.spot() };
                self.position += 1;
                Ok(name)
            }
            _ => self.fail(wanted),
        }
    }

    fn path(&mut self, wanted: &str) -> Read<Path> {
        let mut segments = vec![self.name(wanted)?];
        while self.take("::") {
            segments.push(self.name("the rest of the path")?);
        }
        Ok(Path { segments })
    }

    /// Parts between commas, up to and with `close`.
    fn list<T>(
        &mut self,
        close: &str,
        wanted: &str,
        mut part: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let mut parts = Vec::new();
        loop {
            if self.take(close) {
                return Ok(parts);
            }
            if self.position >= self.tokens.len() {
                return self.fail(&format!("{wanted} or `{close}`"));
            }
            parts.push(part(self)?);
            if !self.at(close) {
                self.want(",", &format!("`,` or `{close}`"))?;
            }
        }
    }

    /// Reads a part that may hold others of its sort.
    fn nested<T>(&mut self, part: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEPTH {
            self.errors.push(self.spot(), format!("listings nest at most {DEPTH} deep"));
            return Err(Broken);
        }
        self.depth += 1;
        let read = part(self);
        self.depth -= 1;
        read
    }
}

/// The head of a listing.
impl Parser<'_> {
    fn listing(mut self) -> Option<Listing> {
        let attributes = self.attributes();
        let visibility = self.visibility();
        let named = matches!(self.peek(), Some(Kind::Word(_)));
        let name = if named { self.name("the model's name").ok() } else { None };
        let open = self.spot();
        let (inputs, outputs, items) = (Vec::new(), Vec::new(), Vec::new());
        let mut listing = Listing { attributes, visibility, name, inputs, outputs, items, open };
        // Whatever breaks from here on was reported; the name is known, and a stub of the model can be made.
        let _ = self.rest(&mut listing);
        let nothing = listing.name.is_none() && listing.items.is_empty() && !self.errors.is_empty();
        if nothing { None } else { Some(listing) }
    }

    fn rest(&mut self, listing: &mut Listing) -> Read<()> {
        if self.take("(") {
            listing.inputs = self.list(")", "an input such as `image: 28x28x1`", Self::input)?;
        }
        if self.take("->") {
            let output = |parser: &mut Self| parser.name("the name of an output");
            listing.outputs = if self.take("(") {
                if self.at(")") {
                    return self.fail("the name of an output");
                }
                self.list(")", "the name of an output", output)?
            } else {
                vec![output(self)?]
            };
        }
        listing.open = self.spot();
        if listing.name.is_none() && !self.at("<") {
            return self.fail("the model's name and its layers, such as `pub Digits < Dense(64 -> 10) >`");
        }
        self.want("<", "`<` and the layers, such as `< Dense(64 -> 10) >`")?;
        listing.items = self.items();
        if self.position < self.tokens.len() { self.fail("nothing behind the closing `>`") } else { Ok(()) }
    }

    fn attributes(&mut self) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        while let Some(Kind::Attribute(content)) = self.peek() {
            attributes.push(Attribute { content: content.clone(), spot: self.spot() });
            self.position += 1;
        }
        attributes
    }

    fn visibility(&mut self) -> TokenStream {
        if !self.at_word("pub") {
            return TokenStream::new();
        }
        self.position += 1;
        let mut written = String::from("pub");
        // The model's name never stands in parentheses, so these belong to the visibility.
        if self.take("(") {
            written.push('(');
            while let Some(Kind::Word(_) | Kind::Sign("::")) = self.peek() {
                match self.peek() {
                    Some(Kind::Word(word)) => written = format!("{written}{word} "),
                    _ => written += "::",
                }
                self.position += 1;
            }
            self.take(")");
            written.push(')');
        }
        written.parse().unwrap_or_default()
    }

    /// `name: shape`, perhaps `as u8`.
    fn input(&mut self) -> Read<Input> {
        let name = self.name("the name of an input")?;
        self.want(":", "`:` and the input's shape, such as `image: 28x28x1`")?;
        let shape = self.shape()?;
        let scalar = if self.at_word("as") {
            self.position += 1;
            Some(self.name("an integer type")?)
        } else {
            None
        };
        Ok(Input { name, shape, scalar })
    }
}

/// Items and layers.
impl Parser<'_> {
    /// Items up to and with `>`. A broken one is skipped to the comma behind it.
    fn items(&mut self) -> Vec<Item> {
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
        let block = if self.take("<") { Some(self.nested(|parser| Ok(parser.items()))?) } else { None };
        let arguments = if self.take("(") { self.arguments()? } else { Vec::new() };
        Ok(Layer { kind, arguments, block })
    }

    fn arguments(&mut self) -> Read<Vec<Argument>> {
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
        Ok(Argument { key, value: self.value()?, spot })
    }
}

/// Values of arguments.
impl Parser<'_> {
    fn value(&mut self) -> Read<Value> {
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
        self.position += usize::from(negative);
        let Ok(number) = written.parse::<f64>() else { return self.fail("a number such as `0.5`") };
        self.position += 1;
        let sign = if negative { "-" } else { "" };
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
    fn shape(&mut self) -> Read<Vec<Size>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::print;

    fn messages(listing: &str) -> Vec<String> {
        let mut errors = Errors::default();
        read(listing.parse().expect("lexes"), &mut errors);
        errors.messages()
    }

    fn printed(listing: &str) -> String {
        let mut errors = Errors::default();
        let listing = read(listing.parse().expect("lexes"), &mut errors).expect("a listing");
        assert!(errors.is_empty(), "{:?}", errors.messages());
        print(&listing)
    }

    #[test]
    fn the_whole_grammar_is_read_and_printed() {
        let ranker = "Ranker(user: 32, item: (H, m::W) as u8) -> (score, topic) <
    tower: Dense(32 -> 16, relu),
    u = tower(user),
    both = Concat(u, v),
    Residual< Conv2d(16, 3x3, padding = same), Relu >(rate = -0.5),
    score = Dense(_ -> 1, leaky_relu(negative_slope = 0.1))(both),
    my::Scale(N -> 8x8),
>";
        assert_eq!(printed(ranker), ranker);
        assert_eq!(printed("pub(crate) A < Dense(1 -> 2), >"), "A <\n    Dense(1 -> 2),\n>");
        assert_eq!(printed("< Dense(1 -> 2) >"), "<\n    Dense(1 -> 2),\n>");
    }

    #[test]
    fn the_printed_form_reads_the_same() {
        assert_eq!(
            printed("\"pub M(x: 8×8) < Dense(8→32, relu), Flatten >\""),
            printed("pub M(x: 8x8) < Dense(8 -> 32, relu), Flatten >")
        );
    }

    #[test]
    fn a_broken_item_does_not_hide_the_next() {
        let found = messages("M < Dense(64 ->), Dense(=), 5, Dense(10) >");
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(
            messages("M < Dense(64 -> 32) Dense(10) >"),
            ["expected `,` or `>` after a layer, found `Dense`"]
        );
        assert_eq!(messages("M < Dense(64 -> 32)"), ["expected `>` at the end of the layers, found the end"]);
    }

    #[test]
    fn the_text_form_quotes_what_is_wrong() {
        let found = messages("\"M < Dense(64→!) >\"");
        assert!(found[0].ends_with("\n  | M < Dense(64→!) >\n  |              ^"), "{}", found[0]);
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let deep = format!("\"M < {}\"", "A< ".repeat(100_000));
        assert!(messages(&deep).iter().any(|message| message.contains("32 deep")));
    }
}
