//! What flags say in place of what a preset says, field by field, and what is wrong with them, told by the flag.
//! Whether all of it makes sense together is the library's to say.

use std::path::Path;

use lro::preset::{Definition, Locator, PresetError};

use super::LONGEST;
use crate::cli::args::Shape;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The statuses of what is no longer there: there is none, and there is none any more.
const GONE: [u16; 2] = [404, 410];

/// The status of an answer that never has a body.
const NO_CONTENT: u16 = 204;

/// The flag for each key of a preset that a flag can set.
const FLAGS: [(&str, &str); 11] = [
    ("state", "--state"),
    ("success", "--success"),
    ("failure", "--failure"),
    ("cancelled", "--cancelled"),
    ("blocked", "--blocked"),
    ("success_when", "--success-when"),
    ("failure_when", "--failure-when"),
    ("message", "--message"),
    ("progress", "--progress-from"),
    ("result", "--result"),
    ("method", "--method"),
];

/// What the preset says with what the flags say in its place.
pub(super) fn overlaid(base: Definition, shape: &Shape, data: Option<&String>) -> Definition {
    let mut d = base;
    if shape.state.is_some() && shape.state != d.state {
        // They are states of another kind.
        for states in [&mut d.success, &mut d.failure, &mut d.cancelled, &mut d.blocked, &mut d.pending] {
            states.clear();
        }
        d.state.clone_from(&shape.state);
    }
    if shape.until_gone {
        until_gone(&mut d);
    }
    let says_success = !shape.success.is_empty() || shape.success_when.is_some();
    if says_success {
        // Else it would not be asked. An answer without a body has nothing that it could be asked of.
        d.http.done.retain(|status| *status == NO_CONTENT);
    }
    states(&mut d, shape);
    conditions(&mut d, shape);
    if !shape.message.is_empty() {
        d.message.clone_from(&shape.message);
    }
    replace(&mut d.progress, shape.progress_from.as_ref());
    replace(&mut d.method, shape.method.as_ref());
    replace(&mut d.data, data);
    if let Some(result) = &shape.result {
        d.result = vec![locator(result)];
    }
    d
}

/// What is to go away may look well until it is gone, so nothing of that is a success any more; nor is it a surprise.
fn until_gone(d: &mut Definition) {
    for states in [&mut d.success, &mut d.cancelled, &mut d.pending] {
        states.clear();
    }
    for condition in [&mut d.success_when, &mut d.cancelled_when, &mut d.pending_when] {
        *condition = None;
    }
    d.http.done.clear();
    d.http.see_other.clear();
    for statuses in [&mut d.http.pending, &mut d.http.failed] {
        statuses.retain(|status| !GONE.contains(status));
    }
    d.http.gone = GONE.to_vec();
    d.result.clear();
}

/// A state that is given has this meaning and no other.
fn states(d: &mut Definition, shape: &Shape) {
    let given = [&shape.success, &shape.failure, &shape.cancelled, &shape.blocked];
    let is_given = |state: &String| {
        given.iter().any(|states| states.iter().any(|other| other.to_lowercase() == state.to_lowercase()))
    };
    d.pending.retain(|state| !is_given(state));
    let sets = [&mut d.success, &mut d.failure, &mut d.cancelled, &mut d.blocked];
    for (set, given) in sets.into_iter().zip(given) {
        if given.is_empty() {
            set.retain(|state| !is_given(state));
        } else {
            *set = given.iter().filter(|state| !state.is_empty()).cloned().collect();
        }
    }
}

/// Of states and a condition for the same verdict, the one that is given takes the place of the other.
fn conditions(d: &mut Definition, shape: &Shape) {
    let none = None;
    for (condition, when, set, states) in [
        (&mut d.success_when, &shape.success_when, &mut d.success, &shape.success),
        (&mut d.failure_when, &shape.failure_when, &mut d.failure, &shape.failure),
        (&mut d.cancelled_when, &none, &mut d.cancelled, &shape.cancelled),
        (&mut d.blocked_when, &none, &mut d.blocked, &shape.blocked),
    ] {
        if !states.is_empty() {
            *condition = None;
        } else if when.is_some() {
            condition.clone_from(when);
            set.clear();
        }
    }
}

fn replace(field: &mut Option<String>, given: Option<&String>) {
    if let Some(given) = given {
        *field = Some(given.clone());
    }
}

/// Where the result is.
fn locator(result: &str) -> Locator {
    let mut locator = Locator::default();
    match result.strip_prefix("header:") {
        Some(header) => locator.header = Some(header.trim().to_owned()),
        None => locator.body = Some(result.to_owned()),
    }
    locator
}

/// The body of a poll: as it is given, or what is in a file.
pub(super) fn body(data: &str) -> Result<String, Failure> {
    let Some(file) = data.strip_prefix('@') else { return Ok(data.to_owned()) };
    let unreadable = || Failure::usage(format!("the file of --data, `{file}`, cannot be read"));
    let bytes =
        crate::cli::file::read(Path::new(file), LONGEST).map_err(|error| unreadable().caused_by(error))?;
    String::from_utf8(bytes).map_err(|_| unreadable().caused_by("it is not text"))
}

/// What is wrong with this definition, which the flags have made, perhaps over a preset.
pub(super) fn refused(error: &PresetError, changed: &Definition, base: Option<&Definition>) -> Failure {
    let Some(key) = &error.key else { return endless(changed, base) };
    let key = key.split(['.', '[']).next().unwrap_or_default();
    let flag = |key: &str| FLAGS.iter().find(|(known, _)| *known == key).map(|(_, flag)| *flag);
    let Some(named) = flag(key) else { return Failure::of(Exit::Usage, error).hint(error.hint.clone()) };
    let is_set = matches!(key, "success" | "failure" | "cancelled" | "blocked");
    if is_set && changed.state.is_none() {
        return Failure::usage(format!("{named} gives states, but nothing says where the state is"))
            .hint("give --state EXPR too".to_owned());
    }
    // What is said of states names the other key last; what is said of an expression may hold anything.
    let other = error.problem.rsplit_once(" in `").filter(|_| is_set);
    let problem = match other.and_then(|(before, key)| Some((before, flag(key.trim_end_matches('`'))?))) {
        Some((before, flag)) => format!("{before} in {flag}"),
        None => error.problem.clone(),
    };
    // What was meant is told as it is typed.
    let meant = error.hint.as_deref().and_then(|hint| hint.strip_prefix("write "));
    let hint = meant.map(|meant| format!("write {named} {}", typed(meant))).or_else(|| error.hint.clone());
    let over =
        "what the preset says of states counts too: name each state in full, or give the other flag as well";
    Failure::usage(format!("{named} cannot be used: {problem}"))
        .hint(hint)
        .or_hint(base.filter(|_| is_set).map(|_| over))
}

/// An expression as it is typed into a shell, with as few marks as will do. Between double quotes some characters are
/// the shell's.
fn typed(expression: &str) -> String {
    match expression {
        plain if !plain.contains('\'') => format!("'{plain}'"),
        text if !text.contains(['"', '$', '`', '\\', '!']) => format!("\"{text}\""),
        mixed => format!("'{}'", mixed.replace('\'', r"'\''")),
    }
}

/// When nothing would be a success.
fn endless(changed: &Definition, base: Option<&Definition>) -> Failure {
    let failure = Failure::usage("the flags do not say what a success is");
    let hint = if base.is_some_and(|base| base.state != changed.state) {
        "the states of the preset belong to its own --state: give --success A,B too, or --success-when EXPR"
    } else {
        "give --state EXPR with --success A,B, or --success-when EXPR, or --until-gone; or a preset, with --preset NAME"
    };
    failure.hint(hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_told_as_a_shell_takes_it() {
        for (expression, expected) in [
            ("!(a.b)", "'!(a.b)'"),
            ("code == `1`", "'code == `1`'"),
            ("status == 'DONE'", "\"status == 'DONE'\""),
            ("!a && b == 'C'", r"'!a && b == '\''C'\'''"),
        ] {
            assert_eq!(typed(expression), expected);
        }
    }
}
