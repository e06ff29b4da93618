//! Names in double quotes that were meant as texts.
//!
//! `JMESPath` reads `"DONE"` as the field of that name, other languages as a text. It is taken for a text where it is
//! a whole side of `==` or `!=`, a whole argument of `contains`, `starts_with` or `ends_with`, or a whole element of a
//! list that is the first of these arguments, and
//!
//! * the other side is no constant: in `"status" == 'DONE'` and `contains(['A', 'B'], "status")` it can only be a
//!   field;
//! * on the left, it could as well stand without the quotes: in `"@odata.id" == x` they are needed. On the right and
//!   in a list a constant is expected, so that `x == "in progress"` is a text all the same.
//!
//! Whoever means a field writes `@."DONE"`. What the texts are compared with is not known here.

use std::ops::Range;

use super::Trap;
use super::tokens::{Tokens, content, is_name};

/// `status == "DONE"`.
pub(super) fn in_comparison(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let side = |at| if tokens.is_alone(at) { at..at + 1 } else { at..at };
    let is_comparison = matches!(tokens.word(index), "==" | "!=");
    is_comparison.then(|| trap(tokens, &side(index - 1), &side(index + 1)))?
}

/// `contains(["DONE"], status)`.
pub(super) fn in_arguments(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let is_call = matches!(tokens.word(index), "contains" | "starts_with" | "ends_with")
        && tokens.word(index + 1) == "(";
    match is_call.then(|| tokens.parts(index + 1)).as_deref() {
        Some([left, right]) => trap(tokens, left, right),
        _ => None,
    }
}

fn trap(tokens: &Tokens<'_>, left: &Range<usize>, right: &Range<usize>) -> Option<Trap> {
    let name = mistaken(tokens, left, right)?;
    // Not every text with a backslash can stand between single quotes.
    let text = serde_json::from_str::<String>(tokens.word(name)).ok().filter(|text| !text.contains('\\'));
    Some(Trap {
        problem: format!(
            "{} is the field of that name; a text stands between single quotes",
            tokens.told(name)
        ),
        advice: None,
        fix: text.map(|text| tokens.replaced(name, format!("'{}'", text.replace('\'', r"\'")))),
    })
}

/// Which name on two sides is meant as a text.
fn mistaken(tokens: &Tokens<'_>, left: &Range<usize>, right: &Range<usize>) -> Option<usize> {
    let (left_is_open, right_is_open) = (!is_constant(tokens, left), !is_constant(tokens, right));
    // The list comes first: once it is one of constants, what is on the right can be a field.
    let listed = || elements(tokens, left).iter().find_map(|element| quoted(tokens, element));
    let of_list = || listed().filter(|_| right_is_open);
    let of_right = || quoted(tokens, right).filter(|_| left_is_open);
    let of_left = || quoted(tokens, left).filter(|&name| right_is_open && is_plain(tokens.word(name)));
    of_list().or_else(of_right).or_else(of_left)
}

/// The elements, if these words are a list of values.
fn elements(tokens: &Tokens<'_>, words: &Range<usize>) -> Vec<Range<usize>> {
    let is_list = tokens.word(words.start) == "[" && tokens.after_closing(words.start) == words.end;
    if is_list { tokens.parts(words.start) } else { Vec::new() }
}

fn is_constant(tokens: &Tokens<'_>, words: &Range<usize>) -> bool {
    let is_text =
        |words: &Range<usize>| words.len() == 1 && tokens.word(words.start).starts_with(['\'', '`']);
    let elements = elements(tokens, words);
    is_text(words) || !elements.is_empty() && elements.iter().all(is_text)
}

/// The name in double quotes that is all of these words.
fn quoted(tokens: &Tokens<'_>, words: &Range<usize>) -> Option<usize> {
    (words.len() == 1 && tokens.word(words.start).starts_with('"')).then_some(words.start)
}

/// Whether a name in double quotes needs none.
fn is_plain(word: &str) -> bool {
    content(word, '"')
        .is_some_and(|name| is_name(name) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}
