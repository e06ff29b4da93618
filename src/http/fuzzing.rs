//! What holds of the body of an error and of `Retry-After`, whatever a server makes of them.
//! Where the made-up input comes from is not known here.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::error::HttpError;
use super::fault::Fault;
use super::retry_after::retry_after as parsed;
use crate::fuzzing::{assert_fit_for_a_person, headers_and_body};
use crate::machine::{End, Happened, Machine, Step};
use crate::policy::{LONGEST_TIMEOUT, Policy};
use crate::schedule::Fixed;
use crate::{Hints, Limit, PollErrorKind, Verdict};

/// How many characters of each of its texts a fault tells, with the mark of what is left out.
const LONGEST_TEXT: usize = 501;

/// The furthest that two dates of HTTP can be apart: its years have four digits.
const LONGEST_PAUSE_OF_DATES: Duration = Duration::from_secs(10_000 * 366 * 24 * 60 * 60);

/// The body of an error and its headers: an answer as it stands in HTTP.
pub(crate) fn error_body(input: &[u8]) {
    let (fields, body) = headers_and_body(input);
    let headers: HeaderMap = fields
        .into_iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
        })
        .collect();
    let fault = Fault::of(&headers, body);
    assert_eq!(fault, Fault::of(&headers, body));
    for text in [&fault.code, &fault.message, &fault.request_id].into_iter().flatten() {
        assert_fit_for_a_person(text, LONGEST_TEXT);
        assert!(!text.is_empty() && text.trim() == text, "{text:?}");
    }
    assert_fit_for_a_person(&fault.to_string(), 3 * LONGEST_TEXT + 20);
    let told = HttpError::Status { status: 503, fault: fault.clone(), skew: None }.to_string();
    assert_fit_for_a_person(&told, 3 * LONGEST_TEXT + 60);
    // What a body says of itself is kept: with words in it, something is told.
    if headers.is_empty() && body.iter().any(u8::is_ascii_alphanumeric) && body.is_ascii() {
        let text = String::from_utf8_lossy(body);
        let is_plain = !text.contains(['<', '{']) && !text.contains("encoded_authorization_message");
        assert!(!is_plain || fault.message.is_some(), "nothing is told");
    }
    assert_undecodable(body);
}

/// What is told of a body that is not what was expected.
fn assert_undecodable(body: &[u8]) {
    if let Err(error) = serde_json::from_slice::<serde_json::Map<_, _>>(body) {
        assert_fit_for_a_person(&HttpError::undecodable("an object", &error, body).to_string(), 700);
    }
}

/// `Retry-After` in the first line, and the server's `Date` in the second.
pub(crate) fn retry_after(input: &[u8]) {
    let mut lines = input.split(|byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [RETRY_AFTER, DATE] {
        let value = lines.next().and_then(|line| HeaderValue::from_bytes(line).ok());
        value.map(|value| headers.insert(name, value));
    }
    let Some(pause) = parsed(&headers) else {
        return assert!(headers.get(RETRY_AFTER).is_none_or(|value| !is_digits(value)), "a number is a wish");
    };
    let value = &headers[RETRY_AFTER];
    if is_digits(value) {
        assert_eq!(pause.subsec_nanos(), 0);
        let least = value.to_str().unwrap_or_default().trim().parse().unwrap_or(u64::MAX);
        assert_eq!(pause.as_secs(), least);
    } else {
        assert!(pause <= LONGEST_PAUSE_OF_DATES, "{pause:?}");
    }
    for timeout in [None, Some(Duration::from_secs(60)), Some(LONGEST_TIMEOUT)] {
        assert_wait_is_bounded(pause, timeout);
    }
}

fn is_digits(value: &HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default().trim();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// However long a server asks to be left alone, the wait pauses so long, or ends and says why.
fn assert_wait_is_bounded(asked: Duration, timeout: Option<Duration>) {
    let second = Duration::from_secs(1);
    for happened in [
        Happened::Answered { verdict: Verdict::Pending, hints: Hints::none().retry_after(asked) },
        Happened::Erred { kind: PollErrorKind::Transient, retry_after: Some(asked) },
    ] {
        let schedule = Box::new(Fixed::new(second).expect("a schedule"));
        let mut wait = Machine::new(Policy { timeout, ..Policy::default() }, schedule, 0).expect("a policy");
        wait.on(Happened::Started, Duration::ZERO);
        match (wait.on(happened, second), timeout) {
            (Step::Sleep(pause), None) => {
                assert!(pause >= asked.min(LONGEST_TIMEOUT) && pause <= LONGEST_TIMEOUT);
            }
            (Step::Sleep(pause), Some(timeout)) => assert!(pause >= asked && second + pause <= timeout),
            (Step::Finish(End::OutOfTime(Limit::RetryAfter { pause, timeout: limit })), Some(timeout)) => {
                assert!(pause == asked && limit == timeout && second.saturating_add(pause) >= timeout);
            }
            (step, _) => panic!("{step:?} after a wish for {asked:?}"),
        }
    }
}
