//! Text from a server, made fit for a terminal or a log of a build.
//! Nothing here knows where the text came from.

use std::borrow::Cow;

/// The same text on one line, without anything that would steer a terminal or whoever reads a log: control characters
/// become spaces, what would turn the direction of writing or hide text is left out, and what a build server would take
/// for a command in a log is broken by a space.
///
/// ```
/// use lro::http::printable;
///
/// assert_eq!(printable("no free line"), "no free line");
/// assert_eq!(printable("\u{1b}[2Jdone\r\nreally"), " [2Jdone really");
/// assert_eq!(printable("ok\u{202e}gpj.exe"), "okgpj.exe");
/// assert_eq!(printable("::error::no"), ": :error::no");
/// assert_eq!(printable("ok ##vso[task.complete]"), "ok # #vso[task.complete]");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return without_commands(Cow::Borrowed(text));
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_invisible(c)) {
        match c {
            c if !c.is_control() => clean.push(c),
            _ if clean.ends_with(' ') => {}
            _ => clean.push(' '),
        }
    }
    without_commands(Cow::Owned(clean))
}

/// The same without what a build server takes for a command where it finds it in a log. GitHub does so with a line that
/// begins with `::`, after white space too, and any word may come to begin a line where lines are broken; GitHub with
/// `##[`, Azure with `##vso[` and `TeamCity` with `##teamcity[` do so anywhere in a line.
fn without_commands(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.as_bytes().windows(2).any(|pair| matches!(pair, b"##" | b"::")) {
        return text;
    }
    let mut clean = String::with_capacity(text.len() + 8);
    let mut is_begin = true;
    for (at, c) in text.char_indices() {
        clean.push(c);
        let rest = &text[at..];
        let is_command = opens_command(rest) || is_begin && rest.starts_with("::");
        if is_command {
            clean.push(' ');
        }
        is_begin = is_command || c.is_whitespace();
    }
    Cow::Owned(clean)
}

/// Whether this begins with `##`, perhaps a word, and a bracket.
fn opens_command(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric();
    text.strip_prefix("##").is_some_and(|rest| rest.trim_start_matches(word).starts_with('['))
}

/// Marks and overrides of direction, zero-width characters, all else that Unicode says to show nothing for, and line
/// separators that are no control characters. Some compare text as if these were not there, so that a command with one
/// within it would still be one.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
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
    fn what_a_build_server_takes_for_a_command_is_broken() {
        for (text, clean) in [
            ("::error::no", ": :error::no"),
            (" \u{a0}::add-mask::a", " \u{a0}: :add-mask::a"),
            ("a\r\n::set-output name=a::b", "a : :set-output name=a::b"),
            (":::stop-commands::x", ": : :stop-commands::x"),
            (":\u{200b}:error::no", ": :error::no"),
            ("##[error]no", "# #[error]no"),
            ("a##vso[task.complete]", "a# #vso[task.complete]"),
            ("###vso[a.b]##vso[a.b]", "## #vso[a.b]# #vso[a.b]"),
            ("#\u{ad}#vso\u{fe0f}[a.b]", "# #vso[a.b]"),
            ("##teamcity[buildStatus text='']", "# #teamcity[buildStatus text='']"),
        ] {
            assert_eq!(printable(text), clean);
            assert_eq!(printable(clean), clean);
        }
        // Nobody's command.
        for text in
            ["a::b", "`::1` and [::1]", "## Title [a]", "#[a]", "##vso-[", "##", "::".trim_end_matches(':')]
        {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(shortened("größer", 3), "grö…");
        assert_eq!(shortened("größer", 6), "größer");
    }
}
