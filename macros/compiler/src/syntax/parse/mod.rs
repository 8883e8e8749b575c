//! Tokens into a [`Listing`], item by item: a broken item is reported and left out, the next ones are still read.

mod head;
mod items;
mod values;

use proc_macro2::{Span, TokenStream, TokenTree};

use super::lex::{self, Kind, Token};
use super::{Listing, Name, Path};
use crate::diagnostic::{Errors, Spot};

/// Blocks and argument lists may stand in one another this deep; more is no network but an attack on the stack.
const DEPTH: usize = 32;

/// Reads a listing, in tokens or in one string literal (perhaps with attributes before it).
///
/// What is broken is reported and left out. `None` if not even the listing's name can be told.
pub(crate) fn read(stream: TokenStream, errors: &mut Errors) -> Option<Listing> {
    if nests_deeper(&stream, 2 * DEPTH) {
        errors.push(Span::call_site().into(), format!("listings nest at most {DEPTH} deep"));
        return None;
    }
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

/// Whether brackets stand in one another more than so deep.
fn nests_deeper(stream: &TokenStream, depth: usize) -> bool {
    stream.clone().into_iter().any(|tree| match tree {
        TokenTree::Group(group) => depth == 0 || nests_deeper(&group.stream(), depth - 1),
        _ => false,
    })
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
        let (spot, hint) = (self.spot(), self.hint(wanted));
        let error = self.errors.push(spot, format!("expected {wanted}, found {found}"));
        if let Some(hint) = hint {
            error.help(hint);
        }
        Err(Broken)
    }

    /// What to type where another sign stands.
    fn hint(&self, wanted: &str) -> Option<&'static str> {
        match self.peek() {
            Some(Kind::Sign("=>")) => Some("write `->`"),
            Some(Kind::Word(_) | Kind::Number(_)) if wanted.starts_with("`,`") => {
                Some("write a comma before it")
            }
            Some(Kind::Sign("{" | "[")) if wanted.starts_with("`<`") => {
                Some("write `<` before the layers, and `>` behind them")
            }
            None if wanted.starts_with("`>`") => Some("write `>` behind the last layer"),
            _ => None,
        }
    }

    fn want(&mut self, sign: &str, wanted: &str) -> Read<()> {
        if self.take(sign) { Ok(()) } else { self.fail(wanted) }
    }

    /// A word that can name something.
    fn name(&mut self, wanted: &str) -> Read<Name> {
        match self.peek() {
            Some(Kind::Word(text)) if matches!(text.as_str(), "self" | "Self" | "super" | "crate") => {
                self.fail(&format!("{wanted}, which is no word of Rust's own"))
            }
            _ => self.segment(wanted),
        }
    }

    /// A word in a path.
    fn segment(&mut self, wanted: &str) -> Read<Name> {
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
        let mut segments = vec![self.segment(wanted)?];
        while self.take("::") {
            segments.push(self.segment("the rest of the path")?);
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
        let generic = "Mlp[const H: usize, const OUT: usize](x: (H, 3)) <\n    Flatten,\n>";
        assert_eq!(printed(generic), generic);
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
            ["expected `,` or `>` after a layer, found `Dense`\n  = help: write a comma before it"]
        );
        let found = messages("M < Dense(64 -> 32)");
        assert!(
            found.len() == 1 && found[0].starts_with("expected `>` at the end of the layers, found the end")
        );
    }

    #[test]
    fn the_text_form_quotes_what_is_wrong() {
        let found = messages("\"M < Dense(64→!) >\"");
        assert!(found[0].ends_with("\n  | M < Dense(64→!) >\n  |              ^"), "{}", found[0]);
    }

    #[test]
    fn words_of_rusts_own_name_nothing() {
        for listing in
            ["Self < Relu >", "M < self = Relu >", "M(crate: 3) < Relu >", "M(x: 3) -> super < Relu >"]
        {
            let found = messages(listing);
            assert!(found.len() == 1 && found[0].contains("no word of Rust's own"), "{listing}: {found:?}");
        }
        assert_eq!(
            printed("M < self::Scale(crate::SIZE -> 3) >"),
            "M <\n    self::Scale(crate::SIZE -> 3),\n>"
        );
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let deep = format!("\"M < {}\"", "A< ".repeat(100_000));
        assert!(messages(&deep).iter().any(|message| message.contains("32 deep")));
        let brackets = format!("M < Dense{}{} >", "(".repeat(10_000), ")".repeat(10_000));
        assert!(messages(&brackets).iter().any(|message| message.contains("32 deep")));
    }
}
