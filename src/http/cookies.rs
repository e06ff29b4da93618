//! The cookies that a server sets, kept for as long as there is a client and sent back to whoever set them.
//! Which requests carry them is not decided here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{Cookie, CookieStore};
use reqwest::header::{HeaderMap, SET_COOKIE};
use secrecy::SecretString;
use url::Url;

use crate::auth::Headers;

/// How many cookies are kept, which is what a browser has to keep of a host ([RFC 6265, 6.1]), and how many bytes of
/// them.
///
/// [RFC 6265, 6.1]: https://www.rfc-editor.org/rfc/rfc6265#section-6.1
const MOST: usize = 50;
const MOST_BYTES: usize = 64 * 1024;

/// The cookies of one origin.
#[derive(Default)]
pub(super) struct Cookies(Mutex<CookieStore>);

impl Cookies {
    /// Keeps what an answer to this URL sets, and forgets what it takes back. What is beyond the bounds is dropped.
    pub(super) fn keep(&self, url: &Url, headers: &HeaderMap) {
        let mut set = set(headers).peekable();
        // Most answers set none.
        if set.peek().is_none() {
            return;
        }
        let mut store = self.store();
        for text in set {
            // Not by the method for a whole answer, which logs what it keeps.
            let Ok(cookie) = Cookie::parse(text.to_owned(), url) else { continue };
            let key = Key::of(&cookie);
            if store.insert(cookie, url).is_ok() {
                forget_expired(&mut store);
                if store.iter_any().count() > MOST || store.iter_any().map(bytes).sum::<usize>() > MOST_BYTES
                {
                    key.forget(&mut store);
                }
            }
        }
    }

    /// What carries the cookies for this URL; nothing when there are none.
    pub(super) fn headers(&self, url: &Url) -> Headers {
        let store = self.store();
        let mut cookies = store.matches(url);
        if cookies.is_empty() {
            return Headers::new();
        }
        // Where a name is there twice, a server takes the first one (RFC 6265, 5.4).
        cookies.sort_by_key(|cookie| (std::cmp::Reverse(cookie.path.len()), cookie.name().to_owned()));
        let pairs: Vec<_> =
            cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        Headers::new().secret("Cookie", pairs.join("; "))
    }

    fn store(&self) -> MutexGuard<'_, CookieStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The values of the cookies that an answer sets.
pub(super) fn values(headers: &HeaderMap) -> impl Iterator<Item = SecretString> {
    set(headers).filter_map(|text| {
        let (_, value) = text.split(';').next()?.split_once('=')?;
        Some(SecretString::from(value.trim()))
    })
}

/// What an answer says of cookies, as far as it is text that can be sent back.
fn set(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok())
}

fn bytes(cookie: &Cookie<'_>) -> usize {
    cookie.name().len() + cookie.value().len() + cookie.path.len()
}

/// What makes a cookie another one.
struct Key {
    domain: String,
    path: String,
    name: String,
}

impl Key {
    fn of(cookie: &Cookie<'_>) -> Self {
        Self {
            domain: String::from(&cookie.domain),
            path: String::from(&cookie.path),
            name: cookie.name().to_owned(),
        }
    }

    fn forget(&self, store: &mut CookieStore) {
        store.remove(&self.domain, &self.path, &self.name);
    }
}

fn forget_expired(store: &mut CookieStore) {
    let expired: Vec<_> = store.iter_any().filter(|cookie| cookie.is_expired()).map(Key::of).collect();
    for key in expired {
        key.forget(store);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;
    use secrecy::ExposeSecret;

    /// What is sent to a URL after these cookies were set there.
    fn sent(cookies: &Cookies, url: &str) -> String {
        let headers = cookies.headers(&Url::parse(url).expect("a URL"));
        headers.get("cookie").map(|value| value.expose_secret().to_owned()).unwrap_or_default()
    }

    fn set_by<'a>(url: &str, texts: impl IntoIterator<Item = &'a str>) -> Cookies {
        let cookies = Cookies::default();
        set(&cookies, url, texts);
        cookies
    }

    fn set<'a>(cookies: &Cookies, url: &str, texts: impl IntoIterator<Item = &'a str>) {
        let values =
            texts.into_iter().map(|text| (SET_COOKIE, HeaderValue::from_str(text).expect("a value")));
        cookies.keep(&Url::parse(url).expect("a URL"), &values.collect());
    }

    #[test]
    fn a_cookie_goes_where_its_path_and_its_protection_say() {
        let cookies = set_by(
            "https://a.example/x/y",
            ["a=1; Path=/", "b=2", "c=3; Path=/z", "d=4; Path=/; Secure; HttpOnly", "a=5; Path=/x"],
        );
        assert_eq!(sent(&cookies, "https://a.example/"), "a=1; d=4");
        assert_eq!(sent(&cookies, "https://a.example/x/y"), "a=5; b=2; a=1; d=4");
        assert_eq!(sent(&cookies, "https://a.example/z"), "c=3; a=1; d=4");
        assert_eq!(sent(&cookies, "http://a.example/"), "a=1");
        assert_eq!(sent(&cookies, "https://b.example/"), "");
    }

    #[test]
    fn a_cookie_ends_when_it_says_so_or_when_it_is_taken_back() {
        let url = "https://a.example/";
        let past = "c=3; Expires=Sun, 06 Nov 1994 08:49:37 GMT";
        let cookies = set_by(url, ["a=1; Max-Age=100", "b=2; Max-Age=0", past, "d=4"]);
        assert_eq!(sent(&cookies, url), "a=1; d=4");
        set(&cookies, url, ["a=; Max-Age=0", "d=5"]);
        assert_eq!(sent(&cookies, url), "d=5");
        assert_eq!(cookies.store().iter_any().count(), 1);
    }

    #[test]
    fn a_cookie_for_somebody_else_is_not_kept() {
        let cookies = set_by("https://a.example/", ["a=1; Domain=b.example", "nothing", ""]);
        assert_eq!(cookies.store().iter_any().count(), 0);
    }

    #[test]
    fn what_is_beyond_the_bounds_is_dropped() {
        let url = "https://a.example/";
        let many: Vec<_> = (0..60).map(|number| format!("c{number}=x")).collect();
        let cookies = set_by(url, many.iter().map(String::as_str));
        assert_eq!(sent(&cookies, url).split("; ").count(), MOST);
        assert!(sent(&cookies, url).contains("c49=x") && !sent(&cookies, url).contains("c50=x"));
        // One that is known already is still renewed.
        set(&cookies, url, ["c3=y"]);
        assert!(sent(&cookies, url).contains("c3=y"));

        let half = format!("a={}", "x".repeat(MOST_BYTES / 2));
        let cookies = set_by(url, [&*half, &*half.replace("a=", "b="), "c=1"]);
        assert_eq!(sent(&cookies, url), format!("{half}; c=1"));
    }

    #[test]
    fn the_values_that_are_set_are_known() {
        let texts = ["a=1; Path=/", "b", "c = d=e "].map(|text| (SET_COOKIE, HeaderValue::from_static(text)));
        let known: Vec<_> =
            values(&texts.into_iter().collect()).map(|value| value.expose_secret().to_owned()).collect();
        assert_eq!(known, ["1", "d=e"]);
    }
}
