//! How a text looks on a terminal: its colors, and where its lines break.
//! Whether there are colors is not decided here.

use console::{Term, measure_text_width, truncate_str};
use lro::http::printable;

/// By how much the rest of a line that was broken is moved to the right.
const INDENT: usize = 2;

/// The text in this style of ECMA-48, as `1;31` for bold red, or as it is.
pub(crate) fn paint(style: &str, text: &str, color: bool) -> String {
    if color { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The width of the terminal on standard error, if there is one. A log has none: there a line is a line.
pub(crate) fn width() -> Option<usize> {
    Term::stderr().size_checked().map(|(_, columns)| usize::from(columns))
}

/// Whether a terminal shows something for this character, and does nothing else.
pub(crate) fn is_seen(c: char) -> bool {
    printable(c.encode_utf8(&mut [0; 4])).chars().eq([c])
}

/// At most so many columns of the text, with this mark where the rest was.
pub(crate) fn shortened(text: &str, columns: usize, mark: &str) -> String {
    truncate_str(text, columns, mark).into_owned()
}

/// The same line, broken between words where the terminal would break it anywhere.
pub(crate) fn folded(line: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return line.to_owned() };
    let margin = line.len() - line.trim_start_matches(' ').len();
    let mut text = line[..margin].to_owned();
    let mut column = margin;
    for (index, word) in line[margin..].split(' ').enumerate() {
        let length = measure_text_width(word);
        if index > 0 && column + 1 + length > width {
            text.push('\n');
            text.push_str(&" ".repeat(margin + INDENT));
            column = margin + INDENT;
        } else if index > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_between_words_and_only_for_a_terminal() {
        let line = "  hint: the operation may still be running";
        assert_eq!(folded(line, None), line);
        assert_eq!(folded(line, Some(42)), line);
        assert_eq!(folded(line, Some(20)), "  hint: the\n    operation may\n    still be running");
        assert_eq!(folded("a-word-too-long for it", Some(8)), "a-word-too-long\n  for it");
        assert_eq!(
            folded("\u{1b}[1;31merror:\u{1b}[0m it is", Some(12)),
            "\u{1b}[1;31merror:\u{1b}[0m it is"
        );
        assert_eq!(folded("", Some(0)), "");
        assert_eq!(folded("区域 已满 请稍后", Some(9)), "区域 已满\n  请稍后");
    }

    #[test]
    fn text_is_as_wide_as_a_terminal_shows_it() {
        // Two columns each, a mark above a letter none, and colors none.
        for (text, columns, expected) in [
            ("区域已满", 8, "区域已满"),
            ("区域已满", 7, "区域已…"),
            ("区域已满", 6, "区域…"),
            ("e\u{301}e\u{301}e\u{301}", 3, "e\u{301}e\u{301}e\u{301}"),
            ("🚀🚀🚀", 5, "🚀🚀…"),
            ("\u{1b}[1mab\u{1b}[0m", 2, "\u{1b}[1mab\u{1b}[0m"),
            ("ab", 0, "…"),
        ] {
            assert_eq!(shortened(text, columns, "…"), expected, "{text} {columns}");
        }
    }
}
