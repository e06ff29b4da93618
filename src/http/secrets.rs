//! What must not come back: the secrets of one request, blotted out in everything that its answer says.
//! Where they come from is not known here.

use secrecy::{ExposeSecret, SecretString};

use super::spelling::without;
use crate::auth::Headers;

/// What stands in the place of a secret.
const BLOT: &str = "…";

/// How many characters of a header that is no credential, of a cookie, or of what a header says in another form, are
/// taken for a secret.
const SHORTEST: usize = 8;

/// What the name of a header has in it when its value is a secret however short it is.
const CREDENTIAL: [&str; 6] = ["auth", "token", "secret", "password", "api-key", "apikey"];

/// The secrets that went out with a request. Some servers answer with what they were sent.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    /// All of them, the longest ones first.
    all: Vec<SecretString>,
    /// Those that are no cookies: a server may name an operation in a cookie and in its location.
    keys: Vec<SecretString>,
}

impl Secrets {
    pub(super) fn of(headers: &Headers, others: &[&SecretString]) -> Self {
        let in_headers = || headers.iter().filter(|(_, _, is_secret)| *is_secret);
        let (cookies, sent): (Vec<_>, Vec<_>) = in_headers().partition(|(name, ..)| is_cookie(name));
        let sent = sent.into_iter().flat_map(|(name, value, _)| parts(name, value));
        let hidden = headers.hidden().filter(|secret| is_telling(secret.expose_secret())).cloned();
        let keys = sent.chain(hidden).chain(others.iter().copied().cloned());
        let keys = longest_first(keys.collect());
        let secrets = Self { all: keys.clone(), keys };
        secrets.and(cookies.into_iter().flat_map(|(_, value, _)| values(value)))
    }

    /// These and the values of cookies. What is too short to be told from chance is left out.
    pub(super) fn and(mut self, others: impl Iterator<Item = SecretString>) -> Self {
        let telling = others.filter(|secret| is_telling(secret.expose_secret()));
        self.all.extend(telling);
        Self { all: longest_first(self.all), ..self }
    }

    /// These and those.
    pub(super) fn joined(mut self, others: &Self) -> Self {
        self.all.extend_from_slice(&others.all);
        self.keys.extend_from_slice(&others.keys);
        Self { all: longest_first(self.all), keys: longest_first(self.keys) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The same text without them.
    pub(super) fn redacted(&self, text: String) -> String {
        blotted(&self.all, text)
    }

    /// The same location without those that are no cookies.
    pub(super) fn redacted_location(&self, location: &str) -> String {
        blotted(&self.keys, location.to_owned())
    }

    /// The same for a body as it came, before any part of it is cut out. None when there is nothing to blot out.
    pub(super) fn redacted_bytes(&self, body: &[u8]) -> Option<Vec<u8>> {
        blotted_bytes(&self.all, body)
    }

    /// The same without those that are no cookies.
    pub(super) fn redacted_bytes_but_cookies(&self, body: &[u8]) -> Option<Vec<u8>> {
        blotted_bytes(&self.keys, body)
    }
}

/// What holds another one goes first, so that nothing of it is left over.
fn longest_first(mut secrets: Vec<SecretString>) -> Vec<SecretString> {
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
    secrets
}

fn blotted(secrets: &[SecretString], text: String) -> String {
    match blotted_bytes(secrets, text.as_bytes()) {
        Some(clean) => String::from_utf8_lossy(&clean).into_owned(),
        None => text,
    }
}

fn blotted_bytes(secrets: &[SecretString], body: &[u8]) -> Option<Vec<u8>> {
    secrets.iter().fold(None, |clean, secret| {
        without(clean.as_deref().unwrap_or(body), secret.expose_secret(), BLOT).or(clean)
    })
}

fn is_cookie(name: &str) -> bool {
    name.eq_ignore_ascii_case("cookie")
}

/// The values of cookies; the names are everybody's.
fn values(cookies: &SecretString) -> Vec<SecretString> {
    let cookies = cookies.expose_secret().split(';').filter_map(|cookie| cookie.split_once('='));
    cookies.map(|(_, value)| SecretString::from(value.trim())).collect()
}

/// What is secret in a secret header: its value, and what stands in that beside the name of a scheme. In a file of
/// headers every line counts as a secret, also `X-Version: 2`.
fn parts(name: &str, value: &SecretString) -> Vec<SecretString> {
    let text = value.expose_secret();
    let is_scheme =
        ["authorization", "proxy-authorization"].iter().any(|known| name.eq_ignore_ascii_case(known));
    let lower = name.to_lowercase();
    if !CREDENTIAL.iter().any(|word| lower.contains(word)) && !is_telling(text) {
        return Vec::new();
    }
    let beside = text.split_once(' ').filter(|_| is_scheme).map(|(_, rest)| SecretString::from(rest.trim()));
    [value.clone()].into_iter().chain(beside).collect()
}

/// Whether a text is long enough that it stands nowhere by chance. A cookie may be `1` or `en`, and to blot that out
/// would make nonsense of what the server said.
fn is_telling(text: &str) -> bool {
    text.chars().count() >= SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_does_not_come_back_in_any_spelling() {
        let password = SecretString::from("pa\"ss");
        let headers = Headers::new().secret("X-Auth-Token", "t0ken").plain("X-Sdk-Date", "2015");
        let secrets = Secrets::of(&headers, &[&password, &SecretString::from(String::new())]);
        let said = r#"t0ken, pa"ss, "pa\"ss", pa%22ss of 2015"#;
        let left = r#"…, …, "…", … of 2015"#;
        assert_eq!(secrets.redacted(said.to_owned()), left);
        assert_eq!(secrets.redacted_bytes(said.as_bytes()), Some(left.as_bytes().to_vec()));
        assert_eq!(secrets.redacted_bytes(left.as_bytes()), None);
    }

    #[test]
    fn a_secret_is_known_without_the_scheme_that_it_stands_behind() {
        let headers = Headers::new().secret("authorization", "Bearer t0ken").secret("X-Other", "two words");
        let secrets = Secrets::of(&headers, &[]);
        let said = "t0ken and Bearer t0ken, words and two words";
        assert_eq!(secrets.redacted(said.to_owned()), "… and …, words and …");
    }

    #[test]
    fn what_is_hidden_in_headers_is_a_secret_unless_it_may_stand_there_by_chance() {
        let headers = Headers::new().secret("Authorization", "Basic bTpw").hide("password").hide("passwor");
        let secrets = Secrets::of(&headers, &[]);
        assert_eq!(secrets.redacted("bTpw password passwor".to_owned()), "… … passwor");
    }

    #[test]
    fn of_cookies_the_values_are_secret_that_do_not_stand_there_by_chance() {
        let headers = Headers::new().secret("Cookie", "session=abcdefgh; lang=en; session2=ab=cdefg");
        let secrets = Secrets::of(&headers, &[]).and([SecretString::from("12345678")].into_iter());
        let said = "session abcdefgh, open, ab=cdefg, 12345678";
        assert_eq!(secrets.redacted(said.to_owned()), "session …, open, …, …");
    }

    #[test]
    fn a_secret_in_another_one_leaves_nothing_over() {
        let headers = Headers::new().secret("X-Auth-Token", "abc").secret("B", "abcdefgh");
        assert_eq!(Secrets::of(&headers, &[]).redacted("abcdefgh abc".to_owned()), "… …");
    }

    #[test]
    fn what_may_stand_there_by_chance_is_no_secret_but_of_credentials() {
        let headers = Headers::new().secret("X-Version", "2").secret("X-Api-Key", "12345678");
        let secrets = Secrets::of(&headers, &[]);
        assert_eq!(secrets.redacted("2 12345678".to_owned()), "2 …");
        assert_eq!(
            Secrets::of(&Headers::new().secret("x-auth-token", "2"), &[]).redacted("2".to_owned()),
            "…"
        );
    }

    #[test]
    fn a_location_keeps_what_is_in_a_cookie() {
        let headers = Headers::new().secret("Cookie", "op=0123456789").secret("X-Auth-Token", "t0ken");
        let secrets = Secrets::of(&headers, &[]);
        assert_eq!(secrets.redacted_location("/ops/0123456789?t0ken"), "/ops/0123456789?…");
        assert_eq!(secrets.redacted("/ops/0123456789?t0ken".to_owned()), "/ops/…?…");
    }
}
