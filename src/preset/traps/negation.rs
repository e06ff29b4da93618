//! `!a.b`, which `JMESPath` reads as `(!a).b`, and `!a == 'x'`, which is `(!a) == 'x'`.
//! What else there is in an expression is not known here.

use super::tokens::{Tokens, is_number};
use super::{Trap, excerpt};

pub(super) fn trap(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let start = index + 1;
    // Of several the last one is looked at.
    if tokens.word(index) != "!" || tokens.word(start) == "!" {
        return None;
    }
    let (read, end) = operand(tokens, start)?;
    // Neither true nor false is a text.
    let is_compared = matches!(tokens.word(end), "==" | "!=") && tokens.word(end + 1).starts_with('\'');
    let end = if is_compared { end + 2 } else { end };
    let (whole, part) = (tokens.text(index..end), tokens.text(index..read));
    (end > read).then(|| Trap {
        problem: format!(
            "`!` binds tighter than `{}`: `{}` is read as `({}){}`",
            tokens.word(read),
            excerpt(whole),
            excerpt(part),
            excerpt(&whole[part.len()..]),
        ),
        advice: None,
        fix: Some((tokens.span(start..end), format!("({})", tokens.text(start..end)))),
    })
}

/// Where the value that begins at a word is over: for the `!` before it, and for whoever wrote it. Two shapes are too
/// odd to be looked at: `![?a]…`, and `!a[*].[b].c`, where a list of one's own ends what is asked of each element.
fn operand(tokens: &Tokens<'_>, start: usize) -> Option<(usize, usize)> {
    let is_list = |at| {
        let next = (tokens.word(at + 1), tokens.word(at + 2));
        let is_slice = next.0 == ":" || is_number(next.0) && next.1 == ":";
        tokens.word(at) == "[" && (is_slice || next == ("*", "]"))
    };
    let mut is_of_each = matches!(tokens.word(start), "*" | "[]") || is_list(start);
    let mut end = match tokens.word(start) {
        "[?" => return None,
        "(" | "[" | "{" => tokens.after_closing(start),
        _ => start + 1,
    };
    let mut read = None;
    loop {
        match tokens.word(end) {
            "[" | "(" => is_of_each |= is_list(end),
            // What is asked of each element of a list belongs to the list, and so to what is negated.
            "." | "[?" if is_of_each => {}
            "." | "[?" | "[]" => _ = read.get_or_insert(end),
            _ => return Some((read.unwrap_or(end), end)),
        }
        end = match (tokens.word(end), tokens.word(end + 1)) {
            (".", "[" | "{") => tokens.after_closing(end + 1),
            (".", _) => end + 2,
            ("[]", _) => end + 1,
            _ => tokens.after_closing(end),
        };
    }
}
