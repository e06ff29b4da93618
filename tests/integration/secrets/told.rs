//! Whether something that is told has a secret in it, and whether that secret was in use at all.

use super::forms::found;
use super::situation::{COOKIE, ISSUED};
use super::way::Way;
use crate::support::server::Hit;

/// All that a person can ask for to be told more.
pub(super) const LOUD: [(&str, &str); 3] =
    [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full"), ("LRO_LOG", "trace")];

/// What the headers of these requests hold that nobody must see, a signature included.
pub(super) fn shown_to(hits: &[Hit]) -> Vec<String> {
    let is_secret = |name: &str| {
        ["auth", "token", "cookie", "key"].iter().any(|word| name.contains(word)) && name != "x-sdk-date"
    };
    let values = hits.iter().flat_map(|hit| &hit.headers).filter(|(name, _)| is_secret(name));
    values
        .flat_map(|(_, value)| {
            [value.clone(), value.rsplit(['=', ' ']).next().unwrap_or_default().to_owned()]
        })
        .filter(|value| value.len() >= 8)
        .collect()
}

#[track_caller]
pub(super) fn assert_untold(case: &str, told: &str, way: &Way, hits: &[Hit]) {
    let secrets = way.secrets.iter().chain(&[COOKIE, ISSUED]).map(|secret| (*secret).to_owned());
    for secret in secrets.chain(shown_to(hits)) {
        if let Some(form) = found(told, &secret) {
            panic!("{case}: `{secret}` is told as `{form}` in\n{told}");
        }
    }
}

#[track_caller]
pub(super) fn assert_sent(case: &str, told: &str, way: &Way, hits: &[Hit]) {
    let all: Vec<_> = hits.iter().map(|hit| format!("{:?} {}", hit.headers, hit.body)).collect();
    let all = all.concat();
    for sent in &way.sent {
        // As `Debug` spells it.
        let in_header = format!("{sent:?}");
        let is_sent = all.contains(in_header.trim_matches('"')) || all.contains(sent);
        assert!(is_sent, "{case}: `{sent}` was never sent\n{told}\n{all}");
    }
}
