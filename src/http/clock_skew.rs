//! How far the clock of this machine is from the server's. A signature carries a date, and a wrong one is refused.
//! What to do about it is not known here.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};

/// Less than this is on the way, and no reason to refuse anything: services allow 15 minutes.
const NEGLIGIBLE: Duration = Duration::from_secs(5 * 60);

/// How far the clock of this machine is from the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    /// By how much.
    pub by: Duration,
    /// Whether this machine's clock is ahead of the server's.
    pub ahead: bool,
}

impl ClockSkew {
    /// The skew that an answer with these headers shows, unless it is negligible.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let theirs = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        Self::between(now(), theirs)
    }

    fn between(ours: SystemTime, theirs: SystemTime) -> Option<Self> {
        let skew = match ours.duration_since(theirs) {
            Ok(by) => Self { by, ahead: true },
            Err(error) => Self { by: error.duration(), ahead: false },
        };
        (skew.by >= NEGLIGIBLE).then_some(skew)
    }
}

#[expect(clippy::disallowed_methods, reason = "it is the wall clock that is asked about")]
fn now() -> SystemTime {
    SystemTime::now()
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.ahead { "ahead of" } else { "behind" };
        let minutes = self.by.as_secs() / 60;
        write!(f, "this machine's clock is {minutes} minutes {direction} the server's")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_told_and_a_slow_answer_is_not() {
        let theirs = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let told = |ours| ClockSkew::between(ours, theirs).map(|skew| skew.to_string());
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        assert_eq!(told(theirs + minutes(4)), None);
        assert_eq!(told(theirs - minutes(4)), None);
        assert_eq!(
            told(theirs + minutes(22)).unwrap(),
            "this machine's clock is 22 minutes ahead of the server's"
        );
        assert_eq!(
            told(theirs - minutes(16)).unwrap(),
            "this machine's clock is 16 minutes behind the server's"
        );
    }
}
