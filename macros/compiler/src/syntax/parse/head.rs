//! What stands before the layers: attributes, name, inputs and outputs.

use proc_macro2::TokenStream;

use super::super::lex::Kind;
use super::super::{Attribute, Input, Listing, Name};
use super::{Parser, Read};

const CONSTANT: &str = "a constant such as `const H: usize`";

impl Parser<'_> {
    pub(super) fn listing(mut self) -> Option<Listing> {
        let attributes = self.attributes();
        let visibility = self.visibility();
        let named = matches!(self.peek(), Some(Kind::Word(_)));
        let name = if named { Some(self.name("the model's name").ok()?) } else { None };
        let open = self.spot();
        let (generics, inputs, outputs, items) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut listing = Listing { attributes, visibility, name, generics, inputs, outputs, items, open };
        // Whatever breaks from here on was reported; the name is known, and a stub of the model can be made.
        let _ = self.rest(&mut listing);
        let nothing = listing.name.is_none() && listing.items.is_empty() && !self.errors.is_empty();
        if nothing { None } else { Some(listing) }
    }

    fn rest(&mut self, listing: &mut Listing) -> Read<()> {
        if listing.name.is_some() && self.take("[") {
            listing.generics = self.list("]", CONSTANT, Self::generic)?;
        }
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

    pub(super) fn attributes(&mut self) -> Vec<Attribute> {
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

    /// `const H: usize`.
    fn generic(&mut self) -> Read<Name> {
        if !self.at_word("const") {
            return self.fail(CONSTANT);
        }
        self.position += 1;
        let name = self.name("the name of a constant, such as `H`")?;
        self.want(":", "`: usize` behind the name of a constant")?;
        if !self.at_word("usize") {
            return self.fail("`usize`, the type of sizes");
        }
        self.position += 1;
        Ok(name)
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
