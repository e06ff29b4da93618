//! What a request is given so that it is allowed: headers, and which of them nobody must see.
//! Who asks, and by which way, is not known here.

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Headers that make a request an allowed one.
#[derive(Clone, Default)]
pub struct Headers {
    sent: Vec<Header>,
    hidden: Vec<SecretString>,
}

#[derive(Clone)]
struct Header {
    name: Cow<'static, str>,
    value: SecretString,
    is_secret: bool,
}

impl Header {
    fn parts(&self) -> (&str, &str, bool) {
        (&self.name, self.value.expose_secret(), self.is_secret)
    }
}

impl Headers {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These and one more that nobody must see. If the server says its value back, it is blotted out.
    #[must_use]
    pub fn secret(self, name: impl Into<Cow<'static, str>>, value: impl Into<SecretString>) -> Self {
        self.with(name.into(), value.into(), true)
    }

    /// These and one more that everyone may see.
    #[must_use]
    pub fn plain(self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.with(name.into(), SecretString::from(value.into()), false)
    }

    /// These, which say this secret in another form, as `Basic` does with a password. If the server says it back, it is
    /// blotted out like them, unless it has less than 8 characters: then it may stand anywhere by chance.
    #[must_use]
    pub fn hide(mut self, secret: impl Into<SecretString>) -> Self {
        self.hidden.push(secret.into());
        self
    }

    fn with(mut self, name: Cow<'static, str>, value: SecretString, is_secret: bool) -> Self {
        self.sent.push(Header { name, value, is_secret });
        self
    }

    /// These and those. Where a name is in both, what is sent is the value of those.
    #[must_use]
    pub(crate) fn and(mut self, others: &Self) -> Self {
        self.sent.extend_from_slice(&others.sent);
        self.hidden.extend_from_slice(&others.hidden);
        self
    }

    /// Whether these are all of those, one after the other.
    pub(crate) fn is_all_of(&self, others: &[&Self]) -> bool {
        let sent = others.iter().flat_map(|headers| &headers.sent);
        let hidden = others.iter().flat_map(|headers| &headers.hidden).map(SecretString::expose_secret);
        self.sent.iter().map(Header::parts).eq(sent.map(Header::parts))
            && self.hidden.iter().map(SecretString::expose_secret).eq(hidden)
    }

    /// Those of them that everyone may see.
    pub(crate) fn without_secrets(&self) -> Self {
        let sent = self.sent.iter().filter(|header| !header.is_secret).cloned().collect();
        Self { sent, hidden: Vec::new() }
    }

    /// The value of the header with this name, in capitals or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.sent.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| &header.value)
    }

    /// The secrets that they say in another form.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = &SecretString> {
        self.hidden.iter()
    }

    /// Each name with its value, and whether that is secret.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &SecretString, bool)> {
        self.sent.iter().map(|header| (&*header.name, &header.value, header.is_secret))
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |header: &Header| {
            if header.is_secret { "…".to_owned() } else { header.value.expose_secret().to_owned() }
        };
        f.debug_map().entries(self.sent.iter().map(|header| (&header.name, shown(header)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret_header() {
        let headers = Headers::new().secret("X-Auth-Token", "s3cret").plain("X-Sdk-Date", "20191115T033655Z");
        assert_eq!(format!("{headers:?}"), r#"{"X-Auth-Token": "…", "X-Sdk-Date": "20191115T033655Z"}"#);
        assert_eq!(headers.get("x-auth-token").unwrap().expose_secret(), "s3cret");
    }
}
