//! Text from a server, made fit for a terminal or a log.
//! Nothing here knows where the text came from.

use std::borrow::Cow;

/// The same text on one line, without anything that would steer a terminal: control characters become spaces, and
/// what would turn the direction of writing or hide text is left out.
///
/// ```
/// use lro::http::printable;
///
/// assert_eq!(printable("no free line"), "no free line");
/// assert_eq!(printable("\u{1b}[2Jdone\r\nreally"), " [2Jdone really");
/// assert_eq!(printable("ok\u{202e}gpj.exe"), "okgpj.exe");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_invisible(c)) {
        match c {
            c if !c.is_control() => clean.push(c),
            _ if clean.ends_with(' ') => {}
            _ => clean.push(' '),
        }
    }
    Cow::Owned(clean)
}

/// Marks and overrides of direction, zero-width characters, and line separators that are no control characters.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// At most so many characters, with a mark where the rest was.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    // Of most texts nothing has to be counted.
    let end = if text.len() > most { text.char_indices().nth(most) } else { None };
    match end {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_survives() {
        for c in (0..=0x9f).filter_map(char::from_u32).filter(|c| c.is_control()) {
            assert_eq!(printable(&format!("a{c}b")), "a b", "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn what_hides_or_turns_text_is_left_out() {
        for c in ['\u{202e}', '\u{2066}', '\u{200f}', '\u{200b}', '\u{feff}', '\u{2028}', '\u{e0041}'] {
            assert_eq!(printable(&format!("a{c}b")), "ab", "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(shortened("größer", 3), "grö…");
        assert_eq!(shortened("größer", 6), "größer");
    }
}
