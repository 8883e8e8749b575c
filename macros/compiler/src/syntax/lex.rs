//! Tokens of a listing, from Rust's tokens or from printed text, so that one parser reads both.

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Punct, Span, TokenStream, TokenTree};
use std::iter::Peekable;

use crate::diagnostic::{Errors, Spot};

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) spot: Spot,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Word(String),
    /// A number as it is written, `28x28x1` too.
    Number(String),
    /// A string literal, unquoted.
    Text(String),
    /// `->`, `::`, a bracket or any other sign.
    Sign(&'static str),
    /// `#[...]`, whole.
    Attribute(TokenStream),
    /// What has no place in a listing.
    Other(String),
}

impl Token {
    fn new(kind: Kind, spot: impl Into<Spot>) -> Self {
        Self { kind, spot: spot.into() }
    }

    /// As it is called in messages.
    pub(super) fn describe(&self) -> String {
        match &self.kind {
            Kind::Word(text) | Kind::Number(text) | Kind::Other(text) => format!("`{text}`"),
            Kind::Text(text) => format!("the string {text:?}"),
            Kind::Sign(sign) => format!("`{sign}`"),
            Kind::Attribute(_) => "an attribute".into(),
        }
    }
}

/// Longer ones first, since text is matched from the left.
const SIGNS: [&str; 19] =
    ["->", "=>", "::", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", "=", "-", "+", "*", ".", "#"];

fn sign(text: &str) -> Option<&'static str> {
    SIGNS.into_iter().find(|sign| *sign == text)
}

/// Flattens a token stream; groups become their brackets.
pub(super) fn tokens(stream: TokenStream, out: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let span = tree.span();
        match tree {
            TokenTree::Ident(ident) => {
                let word = ident.to_string().trim_start_matches("r#").to_owned();
                out.push(Token::new(Kind::Word(word), span));
            }
            TokenTree::Literal(literal) => out.push(Token::new(self::literal(&literal.to_string()), span)),
            TokenTree::Punct(punct) => out.push(Token::new(self::punct(&punct, &mut trees), span)),
            TokenTree::Group(group) => self::group(&group, out),
        }
    }
}

fn literal(written: &str) -> Kind {
    match syn::parse_str::<syn::LitStr>(written) {
        Ok(text) => Kind::Text(text.value()),
        Err(_) if written.starts_with(|c: char| c.is_ascii_digit()) => Kind::Number(written.to_owned()),
        Err(_) => Kind::Other(written.to_owned()),
    }
}

/// A sign, with what follows it if they make one: `->`, `::`, `#[…]`.
fn punct(punct: &Punct, trees: &mut Peekable<IntoIter>) -> Kind {
    let mut text = punct.as_char().to_string();
    match (punct.as_char(), trees.peek()) {
        (first @ ('-' | '=' | ':'), Some(TokenTree::Punct(next)))
            if matches!((first, next.as_char()), ('-' | '=', '>') | (':', ':')) =>
        {
            text.push(next.as_char());
            trees.next();
        }
        ('#', Some(TokenTree::Group(group))) if group.delimiter() == Delimiter::Bracket => {
            let content = group.stream();
            trees.next();
            return Kind::Attribute(content);
        }
        _ => {}
    }
    sign(&text).map_or(Kind::Other(text), Kind::Sign)
}

fn group(group: &Group, out: &mut Vec<Token>) {
    let brackets = match group.delimiter() {
        Delimiter::Parenthesis => Some(("(", ")")),
        Delimiter::Bracket => Some(("[", "]")),
        Delimiter::Brace => Some(("{", "}")),
        Delimiter::None => None,
    };
    out.extend(brackets.map(|(open, _)| Token::new(Kind::Sign(open), group.span_open())));
    tokens(group.stream(), out);
    out.extend(brackets.map(|(_, close)| Token::new(Kind::Sign(close), group.span_close())));
}

/// The tokens of a printed listing; `→` is read as `->` and `×` as `x`.
pub(super) fn text(text: &str, span: Span, errors: &mut Errors) -> Vec<Token> {
    let mut out = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let (kind, length) = printed(&text[start..], first);
        let spot = Spot { span, text: Some((start, start + length)) };
        match kind {
            Some(Kind::Other(sign)) => {
                errors.push(spot, format!("`{sign}` has no place in a listing"));
            }
            Some(kind) => out.push(Token::new(kind, spot)),
            None => {}
        }
        start += length;
    }
    out
}

/// The first token of `rest` (`None` for space) and its length in bytes.
fn printed(rest: &str, first: char) -> (Option<Kind>, usize) {
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if first.is_ascii_digit() {
        let length = length(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '×'));
        return (Some(Kind::Number(rest[..length].replace('×', "x"))), length);
    }
    if unicode_ident::is_xid_start(first) || first == '_' {
        let length = length(rest, unicode_ident::is_xid_continue);
        return (Some(Kind::Word(rest[..length].to_owned())), length);
    }
    if first == '→' {
        return (Some(Kind::Sign("->")), first.len_utf8());
    }
    match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
        Some(sign) => (Some(Kind::Sign(sign)), sign.len()),
        None => {
            let length = length(rest, is_foreign);
            (Some(Kind::Other(rest[..length].to_owned())), length)
        }
    }
}

/// Whether no token begins with it.
fn is_foreign(c: char) -> bool {
    let begins =
        c.is_whitespace() || c.is_ascii_digit() || unicode_ident::is_xid_start(c) || matches!(c, '_' | '→');
    !begins && !SIGNS.iter().any(|sign| sign.starts_with(c))
}

/// How many bytes of the beginning satisfy `part`.
fn length(text: &str, part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !part(c)).unwrap_or(text.len())
}
