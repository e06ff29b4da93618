//! The `Retry-After` field, as seconds or as a date.
//! How it bears on a wait is the machine's to say.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long the server asks to be left alone, from now.
///
/// Seconds or any form of HTTP date ([RFC 9110, 10.2.3 and 5.6.7]); a date in the past is no pause, and nonsense is
/// no wish. A date is taken against the server's own `Date` where there is one, so that a clock that is wrong here
/// does no harm.
///
/// [RFC 9110, 10.2.3 and 5.6.7]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is as long as can be.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    Some(until(then, date))
}

/// How long it is until then, by the clock of the server that said so, or else by the one here.
pub(super) fn until(then: SystemTime, date: Option<SystemTime>) -> Duration {
    then.duration_since(date.unwrap_or_else(now)).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a date can only be understood against the wall clock")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    const DATE_OF_ANSWER: &str = "Sun, 06 Nov 1994 08:49:07 GMT";

    fn parsed(value: &'static str, date: Option<&'static str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        retry_after(&headers).map(|pause| pause.as_secs())
    }

    #[test]
    fn seconds_are_seconds() {
        assert_eq!(parsed("0", None), Some(0));
        assert_eq!(parsed(" 120 ", None), Some(120));
        assert_eq!(parsed("99999999999999999999999", None), Some(u64::MAX));
    }

    #[test]
    fn each_form_of_an_http_date_is_understood_against_the_servers_own_date() {
        for date in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(parsed(date, Some(DATE_OF_ANSWER)), Some(30), "{date}");
        }
    }

    #[test]
    fn without_the_servers_date_the_clock_here_counts() {
        assert_eq!(parsed("Sun, 06 Nov 1994 08:49:37 GMT", None), Some(0));
        assert!(parsed("Fri, 01 Jan 2100 00:00:00 GMT", Some("nonsense")) > Some(60 * 60 * 24));
    }

    #[test]
    fn nonsense_is_no_wish() {
        for value in ["", "-1", "1.5", "soon", "1e3", "+5", "Sun, 99 Nov 1994 08:49:37 GMT", "\u{7f}"] {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(RETRY_AFTER, value);
            }
            assert_eq!(retry_after(&headers), None, "{value:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
