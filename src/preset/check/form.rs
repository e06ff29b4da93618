//! What each key of a preset file can hold by itself, before it is made a rule.
//! What the keys mean together is not known here.

use crate::preset::definition::Definition;
use crate::preset::error::{Key, Wrong};

/// Refuses what no answer could ever have, and what no request can carry.
pub(super) fn check(d: &Definition) -> Result<(), Wrong> {
    check_words(d)?;
    check_states(d)?;
    check_statuses(d)?;
    check_requests(d)?;
    check_locators(d)?;
    check_picks(d)
}

fn check_words(d: &Definition) -> Result<(), Wrong> {
    if d.title.trim().is_empty() {
        return Err(Key::of("title").wrong("is missing: say which API it is, in one line"));
    }
    for (key, text) in [("title", Some(&d.title)), ("source", d.source.as_ref())] {
        if text.is_some_and(|text| text.contains(char::is_control)) {
            return Err(Key::of(key).wrong("holds a line break or another control character"));
        }
    }
    Ok(())
}

/// A state is compared without the space around it, and an empty one is none: such a value would never be met.
fn check_states(d: &Definition) -> Result<(), Wrong> {
    let sets = [
        ("success", &d.success),
        ("failure", &d.failure),
        ("cancelled", &d.cancelled),
        ("blocked", &d.blocked),
        ("pending", &d.pending),
    ];
    for (key, values) in sets {
        if let Some(i) = values.iter().position(|value| value.is_empty() || value.trim() != value) {
            let problem = "is a value that no state has: it is empty, or has space around it";
            return Err(Key::of(key).at(i).wrong(problem));
        }
    }
    Ok(())
}

fn check_statuses(d: &Definition) -> Result<(), Wrong> {
    let http = &d.http;
    let lists = [
        ("pending", &http.pending),
        ("done", &http.done),
        ("see_other", &http.see_other),
        ("gone", &http.gone),
        ("failed", &http.failed),
    ];
    for (i, (key, statuses)) in lists.iter().enumerate() {
        let wrong = |problem: String| Err(Key::of("http").field(key).wrong(problem));
        for status in *statuses {
            if !(200..=599).contains(status) {
                return wrong(format!("{status} is no status of an answer"));
            }
            // These say that nothing was learned: they are never the end of an operation.
            if matches!(status, 401 | 403 | 407 | 408 | 425 | 429) || *status >= 500 {
                return wrong(format!(
                    "{status} says nothing about the operation: it is asked again, or not allowed"
                ));
            }
            if let Some(problem) = misplaced(key, *status) {
                return wrong(format!("{status} {problem}"));
            }
            if let Some((other, _)) = lists[..i].iter().find(|(_, others)| others.contains(status)) {
                return wrong(format!("{status} overlaps with `http.{other}`"));
            }
        }
    }
    Ok(())
}

/// Why a status can never be the word of the API that this list makes of it. What leads to a login, and what is said of
/// a wrong address, must not become a success.
fn misplaced(list: &str, status: u16) -> Option<&'static str> {
    match (list, status) {
        (_, 304) => Some("answers a question that is never asked"),
        ("see_other", 200..=399) => None,
        (_, 300..=399) => Some("leads elsewhere, which only `http.see_other` can mean"),
        ("done" | "see_other", 400..) => Some("is no success: for what is to go away there is `http.gone`"),
        ("gone", ..400) => Some("does not say that something is gone"),
        _ => None,
    }
}

/// What a request is made of. The client checks it once more, but only when it is sent.
fn check_requests(d: &Definition) -> Result<(), Wrong> {
    if let Some(method) = &d.method {
        if !is_token(method) {
            return Err(Key::of("method").wrong(format!("`{method}` is no method of HTTP")));
        }
        if method.eq_ignore_ascii_case("CONNECT") {
            return Err(Key::of("method").wrong(format!("`{method}` makes a tunnel and asks nothing")));
        }
    }
    for (name, value) in &d.headers {
        let key = || Key::of("headers").field(name);
        if !is_token(name) {
            return Err(key().wrong("is no name of a header"));
        }
        if !value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
            return Err(key().wrong("holds a character that no header can carry"));
        }
        if ["authorization", "cookie", "x-auth-token", "proxy-authorization"]
            .contains(&name.to_lowercase().as_str())
        {
            return Err(key().wrong("is a secret, which has no place in a preset"));
        }
    }
    for (i, [one, other]) in d.spellings.iter().enumerate() {
        if one.is_empty() || other.is_empty() || one == other {
            return Err(Key::of("spellings").at(i).wrong("are not two spellings of a part of a path"));
        }
    }
    Ok(())
}

/// Whether HTTP takes this for a method or for the name of a header.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn check_locators(d: &Definition) -> Result<(), Wrong> {
    for (name, locators) in [("next", &d.next), ("result", &d.result)] {
        if let Some(i) = locators.iter().position(|locator| locator.preset.is_some()) {
            let problem = "is only for a `handle`: once an operation is asked for, its preset stays";
            return Err(Key::of(name).at(i).field("preset").wrong(problem));
        }
    }
    Ok(())
}

/// Whoever leaves the judgment to others has none of its own: it would look as if it counted, and never would.
fn check_picks(d: &Definition) -> Result<(), Wrong> {
    let http = [&d.http.pending, &d.http.done, &d.http.see_other, &d.http.gone, &d.http.failed];
    let own = [
        ("expect", d.expect.is_some()),
        ("state", d.state.is_some()),
        ("success_when", d.success_when.is_some()),
        ("failure_when", d.failure_when.is_some()),
        ("cancelled_when", d.cancelled_when.is_some()),
        ("blocked_when", d.blocked_when.is_some()),
        ("pending_when", d.pending_when.is_some()),
        ("http", http.iter().any(|statuses| !statuses.is_empty())),
        ("next", !d.next.is_empty()),
        ("result", !d.result.is_empty()),
    ];
    match own.iter().find(|(_, is_said)| *is_said && !d.pick.is_empty()) {
        Some((key, _)) => Err(Key::of(key).wrong("is never looked at: `pick` leaves the judgment to others")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
