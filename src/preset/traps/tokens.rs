//! The words of an expression, cut as `JMESPath` cuts them, each with its place in the text.
//! What they mean together is not known here; any text has words, also one that is no expression.

use std::ops::Range;

/// The signs of more than one character; all others are words of one.
const SIGNS: [&str; 8] = ["==", "!=", "<=", ">=", "&&", "||", "[?", "[]"];

/// The words of a text. One empty word stands before the first of them and one after the last, so that each has
/// neighbors; beyond those all words are empty.
pub(super) struct Tokens<'a> {
    text: &'a str,
    places: Vec<Range<usize>>,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut places = Vec::new();
        let mut at = 0;
        places.push(at..at);
        while let Some(first) = text[at..].chars().next() {
            let end = at + length(&text[at..], first);
            if !matches!(first, ' ' | '\n' | '\t' | '\r') {
                places.push(at..end);
            }
            at = end;
        }
        places.push(at..at);
        Self { text, places }
    }

    /// Where the words are: all but the two empty ones.
    pub(super) fn indices(&self) -> Range<usize> {
        1..self.places.len() - 1
    }

    pub(super) fn word(&self, index: usize) -> &'a str {
        self.places.get(index).map_or("", |place| &self.text[place.clone()])
    }

    /// The bytes of the text from the first of these words to the last.
    pub(super) fn span(&self, words: Range<usize>) -> Range<usize> {
        let last = self.places.len() - 1;
        self.places[words.start.min(last)].start..self.places[(words.end - 1).min(last)].end
    }

    /// The text from the first of these words to the last.
    pub(super) fn text(&self, words: Range<usize>) -> &'a str {
        &self.text[self.span(words)]
    }

    /// Which column a word begins at, counted from one.
    pub(super) fn column(&self, index: usize) -> usize {
        column(self.text, self.span(index..index + 1).start)
    }

    /// The word after the bracket that closes the one at `index`; the end, when none does.
    pub(super) fn after_closing(&self, index: usize) -> usize {
        let mut depth = 0_usize;
        for at in index..self.indices().end {
            match self.word(at) {
                "(" | "[" | "[?" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.indices().end
    }

    /// Whether a word is a whole side of what stands beside it.
    pub(super) fn is_alone(&self, index: usize) -> bool {
        self.indices().contains(&index) && opens(self.word(index - 1)) && closes(self.word(index + 1))
    }

    /// What is between a bracket and the one that closes it, parted at the commas.
    pub(super) fn parts(&self, open: usize) -> Vec<Range<usize>> {
        let close = self.after_closing(open) - 1;
        let (mut start, mut at) = (open + 1, open + 1);
        let mut parts = Vec::new();
        while at < close {
            match self.word(at) {
                "(" | "[" | "[?" | "{" => at = self.after_closing(at),
                "," => {
                    parts.push(start..at);
                    at += 1;
                    start = at;
                }
                _ => at += 1,
            }
        }
        parts.push(start..close);
        parts
    }
}

pub(super) fn is_comparator(word: &str) -> bool {
    matches!(word, "==" | "!=") || is_order(word)
}

pub(super) fn is_order(word: &str) -> bool {
    matches!(word, "<" | "<=" | ">" | ">=")
}

/// Whether a value may begin after this word.
pub(super) fn opens(word: &str) -> bool {
    matches!(word, "" | "(" | "[" | "[?" | "," | ":" | "&&" | "||" | "|" | "&") || is_comparator(word)
}

/// Whether a value is over before this word.
pub(super) fn closes(word: &str) -> bool {
    matches!(word, "" | ")" | "]" | "}" | "," | "&&" | "||" | "|") || is_comparator(word)
}

pub(super) fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// What stands between these quotes.
pub(super) fn content(word: &str, quote: char) -> Option<&str> {
    word.strip_prefix(quote)?.strip_suffix(quote)
}

/// The column of a byte of a text, counted in characters from one.
pub(in crate::preset) fn column(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).chars().count() + 1
}

/// How many bytes the word takes that a text begins with.
fn length(text: &str, first: char) -> usize {
    let word = |is_part: fn(char) -> bool| text.find(|c| !is_part(c)).unwrap_or(text.len());
    match first {
        '"' | '\'' | '`' => quoted(text, first),
        'a'..='z' | 'A'..='Z' | '_' => word(|c| c.is_ascii_alphanumeric() || c == '_'),
        // A fraction is no number of JMESPath, but it is what people write.
        '0'..='9' | '-' => text
            .char_indices()
            .find(|&(at, c)| match c {
                '0'..='9' => false,
                '-' => at > 0,
                '.' => !text[at + 1..].starts_with(|c: char| c.is_ascii_digit()),
                _ => true,
            })
            .map_or(text.len(), |(end, _)| end),
        _ => SIGNS.iter().find(|sign| text.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len()),
    }
}

/// The length of what a text begins with, from one quote to the next that has no backslash before it.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == quote {
            return at + 1;
        } else {
            is_escaped = c == '\\';
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let tokens = Tokens::of(text);
        tokens.indices().map(|index| tokens.word(index)).collect()
    }

    #[test]
    fn a_text_is_cut_into_words_as_jmespath_cuts_it() {
        for (text, expected) in [
            ("a.b_1[0]", &["a", ".", "b_1", "[", "0", "]"][..]),
            ("!a&&b||c|d", &["!", "a", "&&", "b", "||", "c", "|", "d"]),
            ("a==b!=c<d<=e>f>=g", &["a", "==", "b", "!=", "c", "<", "d", "<=", "e", ">", "f", ">=", "g"]),
            ("a[?b][][*][-1:2]", &["a", "[?", "b", "]", "[]", "[", "*", "]", "[", "-1", ":", "2", "]"]),
            ("x == `1.5`", &["x", "==", "`1.5`"]),
            (r#"'it\'s' "a\"b" `"\``"#, &[r"'it\'s'", r#""a\"b""#, r#"`"\``"#]),
            (r"'\\' == a", &[r"'\\'", "==", "a"]),
            ("f(&a,\t@,\n*)", &["f", "(", "&", "a", ",", "@", ",", "*", ")"]),
            ("-1.5 1. 1-2", &["-1.5", "1", ".", "1", "-2"]),
            ("größe § 'offen", &["gr", "ö", "ß", "e", "§", "'offen"]),
            (" \r\n", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_has_a_place_and_neighbors() {
        let tokens = Tokens::of("ä == (b)");
        assert_eq!((tokens.word(0), tokens.word(6), tokens.word(99)), ("", "", ""));
        assert_eq!(tokens.text(3..6), "(b)");
        assert_eq!(tokens.column(2), 3);
        assert_eq!(tokens.column(6), 9);
    }

    #[test]
    fn a_bracket_ends_where_it_is_closed() {
        let tokens = Tokens::of("a[?(b)].c[");
        assert_eq!(tokens.word(tokens.after_closing(2)), ".");
        assert_eq!(tokens.after_closing(9), tokens.indices().end);
    }
}
