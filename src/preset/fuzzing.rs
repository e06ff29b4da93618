//! What holds of a preset and of its judgment, whatever stands in its file and in an answer.
//! Where the made-up input comes from is not known here.

use super::answered::{Answered, Started};
use super::definition::Scheme;
use super::{Found, Misfit, Preset, Ruling};
use crate::fuzzing::{headers_and_body, parts};
use crate::operation::Verdict;

/// How much may be told of what is wrong with a preset.
const LONGEST_PROBLEM: usize = 5001 * 2 + 200;

/// How much a ruling may hold, however small the answer is that it was made of. An expression can repeat what it finds.
const MOST: usize = 16 * 1024 * 1024;

/// A preset file, or the name of a built-in preset behind `=`; then an answer; then the call that started the operation:
/// its method and URL in the first line, and its answer. An answer is its status in a line, and the rest as in HTTP.
pub(crate) fn judge(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let [file, answer, start] = parts(&input);
    let preset = match file.strip_prefix('=').map(|name| Preset::builtin(name.trim())) {
        Some(None) => return,
        Some(Some(preset)) => preset,
        None => match Preset::from_toml("made-up", file) {
            Ok(preset) => preset,
            Err(error) => {
                let told = error.to_string();
                assert!(
                    !told.contains(char::is_control) && told.chars().count() <= LONGEST_PROBLEM,
                    "{told}"
                );
                assert!(error.line.is_none_or(|line| line <= file.split('\n').count()));
                assert!(error.hint.is_none_or(|hint| !hint.contains(char::is_control)));
                return;
            }
        },
    };
    assert_preset(&preset);
    let started = started(start);
    let answered = answered(answer);
    if let Some((location, judge)) = started.as_ref().and_then(|started| preset.handle(started)) {
        assert!(!location.is_empty() && !judge.name().is_empty());
    }
    let ruling = preset.judge(&answered, started.as_ref());
    assert_eq!(ruling, preset.judge(&answered, started.as_ref()), "the same answer means the same");
    match &ruling {
        Ok(ruling) => assert_ruling(&preset, answered.status, ruling),
        Err(Misfit::Status(status)) => assert_eq!(*status, answered.status),
        Err(misfit) => assert!(!misfit.to_string().is_empty()),
    }
}

fn assert_preset(preset: &Preset) {
    let definition = preset.definition();
    assert!(!definition.title.is_empty() && !definition.title.contains(char::is_control));
    let secrets = ["authorization", "cookie", "x-auth-token", "proxy-authorization"];
    let is_secret = |name: &String| secrets.contains(&name.to_lowercase().as_str());
    assert!(!definition.headers.keys().any(is_secret), "a preset holds no credentials");
    assert!(matches!(definition.auth, Scheme::Openstack | Scheme::Bearer | Scheme::Basic | Scheme::None));
    for status in preset.statuses() {
        let is_silent = matches!(status, 401 | 403 | 407 | 408 | 425 | 429) || status >= 500;
        assert!((200..500).contains(&status) && !is_silent, "HTTP {status} says nothing of an operation");
    }
    if let Some(form) = preset.reference_form() {
        assert!(!form.is_empty());
    }
}

fn assert_ruling(preset: &Preset, status: u16, ruling: &Ruling) {
    let Ruling { verdict, progress, next, result, .. } = ruling;
    assert!(
        (200..300).contains(&status) || preset.statuses().contains(&status),
        "HTTP {status} is no answer"
    );
    assert!(progress.is_none_or(|percent| (0.0..=100.0).contains(&percent)), "{progress:?}");
    assert!(next.is_none() || !verdict.is_terminal(), "after an end nothing is asked");
    assert!(result.is_none() || *verdict == Verdict::Succeeded, "only a success has a result");
    assert!(!ruling.rule.is_empty(), "a verdict has a reason");
    let texts = [&ruling.state, &ruling.kind, &ruling.message, next];
    let found = match result {
        Some(Found::Value(value)) => value.to_string().len(),
        Some(Found::At(location)) => location.len(),
        None => 0,
    };
    let told: usize = texts.into_iter().flatten().chain(&ruling.problems).map(String::len).sum();
    assert!(told + found <= MOST, "{told} and {found} bytes were made of an answer");
}

fn answered(text: &str) -> Answered<'static> {
    let (status, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (headers, body) = headers_and_body(rest.as_bytes());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let answered = Answered::new(status.trim().parse().unwrap_or(200), body);
    headers.into_iter().fold(answered, |answered, (name, value)| answered.header(text(name), text(value)))
}

fn started(text: &str) -> Option<Started> {
    let (call, answer) = text.split_once('\n')?;
    let (method, url) = call.split_once(' ')?;
    Some(Started::new(method, url, answered(answer)))
}
