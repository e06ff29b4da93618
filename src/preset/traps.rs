//! Expressions that mean something else than their author does, each with what was probably meant.
//! Only the words are looked at: what an expression gives is not known here.

use std::ops::Range;

use serde_json::{Number, Value};

mod negation;
mod quotes;
#[cfg(test)]
mod tests;
mod tokens;

pub(super) use tokens::column;
use tokens::{Tokens, closes, content, is_comparator, is_name, is_number, is_order, opens};

/// What helps when a value is gone.
pub(super) const SHELL: &str = "a shell takes what is between backticks for a command: put the whole expression between single \
                     quotes, as in 'code == `1`'";

const MOST_FIXES: usize = 256;

/// Where an expression goes wrong.
pub(super) struct Trap {
    /// What is wrong, on one line.
    pub(super) problem: String,
    /// What helps when nobody can tell what was meant.
    pub(super) advice: Option<&'static str>,
    /// What was meant instead of a part of the text.
    fix: Option<(Range<usize>, String)>,
}

/// In this order, so that what ends the parsing is told before what only misleads.
const TRAPS: [fn(&Tokens<'_>, usize) -> Option<Trap>; 10] = [
    single_equals,
    missing_value,
    bare_number,
    bare_word,
    no_json,
    quotes::in_comparison,
    quotes::in_arguments,
    bare_text,
    negation::trap,
    order_of_texts,
];

/// The first thing in a text that does not mean what it looks like.
pub(super) fn first(text: &str) -> Option<Trap> {
    let tokens = Tokens::of(text);
    TRAPS.iter().find_map(|trap| tokens.indices().find_map(|index| trap(&tokens, index)))
}

/// The whole text without anything misleading in it; nothing when it cannot be said what was meant.
pub(super) fn corrected(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    // Each round removes one trap. Whoever has more of them will see by the first what is wrong.
    for _ in 0..MOST_FIXES {
        match first(&text) {
            None => return Some(text),
            Some(trap) => {
                let (place, meant) = trap.fix?;
                text.replace_range(place, &meant);
            }
        }
    }
    None
}

/// How many of its words may make the tree of an expression deeper.
pub(super) fn operators(text: &str) -> usize {
    let tokens = Tokens::of(text);
    let deepens = |word| {
        matches!(word, "." | "*" | "[" | "[?" | "[]" | "(" | "{" | "!" | "&" | "&&" | "||" | "|")
            || is_comparator(word)
    };
    tokens.indices().filter(|&index| deepens(tokens.word(index))).count()
}

/// A part of a text, as it may be told: not long, and on one line.
pub(super) fn excerpt(text: &str) -> String {
    const MOST: usize = 48;
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    if text.chars().count() > MOST { line.take(MOST).chain(['…']).collect() } else { line.collect() }
}

/// `a = b`.
fn single_equals(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    (tokens.word(index) == "=").then(|| Trap {
        problem: format!("{} compares nothing", tokens.told(index)),
        advice: None,
        fix: Some(tokens.replaced(index, "==".to_owned())),
    })
}

/// `code == ` and `[,]`: where a shell ran what was between backticks.
fn missing_value(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let (before, word, after) = (tokens.word(index - 1), tokens.word(index), tokens.word(index + 1));
    let (none_before, none_after) = match word {
        "," => (matches!(before, "(" | "[" | ","), matches!(after, ")" | "]" | "," | "")),
        _ if is_comparator(word) => (opens(before) || before == "!", closes(after)),
        _ => return None,
    };
    let side = if none_after { "after" } else { "before" };
    (none_before || none_after).then(|| Trap {
        problem: format!("a value is missing {side} {}", tokens.told(index)),
        advice: Some(SHELL),
        fix: None,
    })
}

/// `code == 1`, which is a number only as an index.
fn bare_number(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let word = tokens.word(index);
    let is_beside = |at: &usize| tokens.word(*at) != ":" && !is_number(tokens.word(*at));
    let before = (0..index).rev().find(is_beside).map(|at| tokens.word(at));
    let after = (index..=tokens.indices().end).find(is_beside).map(|at| tokens.word(at));
    (is_number(word) && (before, after) != (Some("["), Some("]"))).then(|| Trap {
        problem: format!("{} is a number only between backticks", tokens.told(index)),
        advice: None,
        fix: Some(tokens.replaced(index, format!("`{word}`"))),
    })
}

/// `done == true`, which is the field `true`.
fn bare_word(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let word = tokens.word(index);
    (matches!(word, "true" | "false" | "null") && tokens.is_alone(index)).then(|| Trap {
        problem: format!(
            "{} is the field of that name; the value stands between backticks",
            tokens.told(index)
        ),
        advice: None,
        fix: Some(tokens.replaced(index, format!("`{word}`"))),
    })
}

/// `status == DONE`: of an answer that has neither field both are null, and so equal. Whoever means a field writes
/// `@.DONE`.
fn bare_text(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let right = index + 1;
    let word = tokens.word(right);
    let is_comparison = matches!(tokens.word(index), "==" | "!=");
    (is_comparison && is_name(word) && tokens.is_alone(right) && is_path_before(tokens, index)).then(|| {
        Trap {
            problem: format!(
                "{} is the field of that name; a text stands between single quotes",
                tokens.told(right)
            ),
            advice: None,
            fix: Some(tokens.replaced(right, format!("'{word}'"))),
        }
    })
}

/// Whether all that stands on the left of a word is a path of fields and indices.
fn is_path_before(tokens: &Tokens<'_>, index: usize) -> bool {
    let is_field = |word: &str| is_name(word) || word.starts_with('"') || word == "@";
    let is_part = |word: &str| is_field(word) || is_number(word) || matches!(word, "." | "[" | "]");
    let start = (1..index).rev().take_while(|&at| is_part(tokens.word(at))).last();
    start.is_some_and(|start| {
        // The bracket of a list that the comparison stands in is no part of the path.
        let start = (start..index).find(|&at| is_field(tokens.word(at))).unwrap_or(index);
        start < index && opens(tokens.word(start - 1))
    })
}

/// ``status == `DONE` ``: between backticks stands JSON, and in that a text has double quotes.
fn no_json(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let text = content(tokens.word(index), '`')?;
    let is_plain =
        text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ':' | '/'));
    let is_word = text.starts_with(char::is_alphabetic);
    (is_word && is_plain && serde_json::from_str::<Value>(text).is_err()).then(|| Trap {
        problem: format!("{} is no JSON; a text stands between single quotes", tokens.told(index)),
        advice: None,
        fix: Some(tokens.replaced(index, format!("'{text}'"))),
    })
}

/// `progress >= '100'`, which is always null. A name in double quotes is a text here only when it looks like a number:
/// fields have an order, texts have none.
fn order_of_texts(tokens: &Tokens<'_>, index: usize) -> Option<Trap> {
    let sign = tokens.word(index);
    let mut sides =
        [index - 1, index + 1].into_iter().filter(|&side| is_order(sign) && tokens.is_alone(side));
    sides.find_map(|side| {
        let word = tokens.word(side);
        let quote = word.chars().next()?;
        let number = match (quote, content(word, quote)?) {
            ('\'' | '"', number) if is_json_number(number) => Some(number.to_owned()),
            ('\'', _) => None,
            ('`', literal) => match serde_json::from_str(literal).ok()? {
                Value::Number(_) => return None,
                Value::String(number) if is_json_number(&number) => Some(number),
                _ => None,
            },
            _ => return None,
        };
        Some(Trap {
            problem: format!("`{sign}` compares numbers, and {} is none", tokens.told(side)),
            advice: None,
            fix: number.map(|number| tokens.replaced(side, format!("`{number}`"))),
        })
    })
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<Number>(text).is_ok()
}

impl Tokens<'_> {
    /// A word with its place, as it is told.
    fn told(&self, index: usize) -> String {
        format!("`{}` (column {})", excerpt(self.word(index)), self.column(index))
    }

    /// Another word in the place of this one.
    fn replaced(&self, index: usize, meant: String) -> (Range<usize>, String) {
        (self.span(index..index + 1), meant)
    }
}
