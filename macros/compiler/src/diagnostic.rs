//! Errors: collected in all stages, rendered as `compile_error!` at the guilty token.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Where something stands: its span, and in a printed listing its place in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) span: Span,
    /// First and last byte (exclusive) in the text of a string listing, whose tokens all share one span.
    pub(crate) text: Option<(usize, usize)>,
}

impl From<Span> for Spot {
    fn from(span: Span) -> Self {
        Self { span, text: None }
    }
}

/// One mistake.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    spot: Spot,
    message: String,
    help: Option<String>,
}

impl Diagnostic {
    /// What to do, beginning with a verb.
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }
}

/// All mistakes of a listing.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    all: Vec<Diagnostic>,
    text: Option<String>,
}

impl Errors {
    /// The text that the spots of a string listing refer to.
    pub(crate) fn quote(&mut self, text: String) {
        self.text = Some(text);
    }

    pub(crate) fn push(&mut self, spot: Spot, message: impl Into<String>) -> &mut Diagnostic {
        self.all.push(Diagnostic { spot, message: message.into(), help: None });
        self.all.last_mut().expect("one was pushed just now")
    }

    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The whole text of every error, in the order in which they were found.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.all.iter().map(|diagnostic| self.render(diagnostic)).collect()
    }

    fn render(&self, diagnostic: &Diagnostic) -> String {
        let mut message = diagnostic.message.clone();
        if let (Some(text), Some((start, end))) = (&self.text, diagnostic.spot.text) {
            message += &fragment(text, start, end);
        }
        if let Some(help) = &diagnostic.help {
            message += &format!("\n  = help: {help}");
        }
        message
    }

    /// One `compile_error!` for each mistake, in the order in which they stand in the listing.
    pub(crate) fn into_tokens(mut self) -> Vec<TokenStream> {
        self.all.sort_by_key(|diagnostic| {
            let start = diagnostic.spot.span.start();
            (start.line, start.column, diagnostic.spot.text)
        });
        let reports = self.all.iter().zip(self.messages());
        reports.map(|(diagnostic, message)| quote_spanned!(diagnostic.spot.span=> ::core::compile_error! { #message })).collect()
    }
}

/// The line of `text` that holds `start..end`, with carets below.
fn fragment(text: &str, start: usize, end: usize) -> String {
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let line = &text[line_start..line_end];
    let indent = text[line_start..start].chars().count();
    let width = text[start..end.clamp(start, line_end)].chars().count().max(1);
    format!("\n  | {line}\n  | {}{}", " ".repeat(indent), "^".repeat(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_has_carets_under_the_guilty_part() {
        assert_eq!(fragment("Dense(64→x2)", 11, 13), "\n  | Dense(64→x2)\n  |          ^^");
    }
}
