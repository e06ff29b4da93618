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
use tokens::{Tokens, closes, content, is_comparator, is_number, is_order, opens};

/// What helps when a value is gone.
const SHELL: &str = "a shell takes what is between backticks for a command: put the whole expression between single \
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
const TRAPS: [fn(&Tokens<'_>, usize) -> Option<Trap>; 8] = [
    single_equals,
    missing_value,
    bare_number,
    bare_word,
    quotes::in_comparison,
    quotes::in_arguments,
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
