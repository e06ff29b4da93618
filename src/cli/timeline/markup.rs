//! Writes HTML and XML so that nothing can be forgotten: tags and names are constants of this program, every other text
//! is escaped, and what is opened is closed.
//! What is written is not known here.

use std::fmt::{Display, Write};

use lro::http::printable;

/// Markup as it grows. Whatever came from elsewhere can get into it only as text.
#[derive(Debug, Default)]
pub(super) struct Markup {
    text: String,
    open: Vec<&'static str>,
}

/// An attribute of a tag.
pub(super) type Attribute<'a> = (&'static str, &'a dyn Display);

type Attributes<'a> = &'a [Attribute<'a>];

impl Markup {
    /// This as it is: a style sheet, a drawing, a declaration.
    pub(super) fn constant(&mut self, markup: &'static str) {
        self.text.push_str(markup);
    }

    pub(super) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.tag(tag, attributes);
        self.text.push('>');
        self.open.push(tag);
    }

    /// Closes what was opened last.
    pub(super) fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            let _ = write!(self.text, "</{tag}>");
        }
    }

    /// A tag that holds nothing.
    pub(super) fn single(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.tag(tag, attributes);
        self.text.push_str("/>");
    }

    /// A tag that holds this text.
    pub(super) fn with_text(&mut self, tag: &'static str, attributes: Attributes<'_>, text: impl Display) {
        self.open(tag, attributes);
        self.text(text);
        self.close();
    }

    pub(super) fn text(&mut self, text: impl Display) {
        escape(&mut self.text, &text.to_string());
    }

    /// Begins a new line, for whoever reads it in an editor.
    pub(super) fn line(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.line();
        self.text
    }

    fn tag(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"");
            escape(&mut self.text, &value.to_string());
            self.text.push('"');
        }
    }
}

/// A text as HTML and XML take it, wherever it stands. What steers a terminal is no good in a page either, and some
/// characters are forbidden in XML even when they are escaped.
fn escape(out: &mut String, text: &str) {
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}
