//! How a token stands in a request: as it is, as a bearer, or as a user with a password.
//! Where the token comes from is not known here.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::headers::Headers;

/// The header that carries a token of `OpenStack` and of all that is made like it.
const TOKEN_HEADER: &str = "X-Auth-Token";

/// The header that carries everything else ([RFC 9110, 11.6.2]).
///
/// [RFC 9110, 11.6.2]: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2
const AUTHORIZATION: &str = "Authorization";

/// What carries a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// `X-Auth-Token: TOKEN`.
    AuthToken,
    /// `Authorization: Bearer TOKEN` ([RFC 6750, 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    Bearer,
    /// `Authorization: Basic …` ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)); the token is `user:password`.
    Basic,
}

impl Carrier {
    /// What is wrong with this token, if it cannot be carried like this.
    pub(super) fn problem(self, token: &SecretString) -> Option<&'static str> {
        let text = token.expose_secret();
        match self {
            _ if text.is_empty() => Some("is empty"),
            Self::AuthToken | Self::Bearer => (!text.bytes().all(|byte| byte.is_ascii_graphic()))
                .then_some("holds a space, a line break or another character that no token has"),
            Self::Basic if text.contains(char::is_control) => Some(
                "holds a line break or another control character, which no user name and no password has",
            ),
            Self::Basic => (!text.contains(':')).then_some("is not of the form `user:password`"),
        }
    }

    /// What carries this token.
    pub(super) fn headers(self, token: &SecretString) -> Headers {
        let text = token.expose_secret();
        match self {
            Self::AuthToken => Headers::new().secret(TOKEN_HEADER, token.clone()),
            Self::Bearer => Headers::new().secret(AUTHORIZATION, format!("Bearer {text}")),
            Self::Basic => {
                let value = format!("Basic {}", BASE64_STANDARD.encode(text));
                let password = text.split_once(':').map_or("", |(_, password)| password);
                Headers::new().secret(AUTHORIZATION, value).hide(token.clone()).hide(password)
            }
        }
    }

    /// The token that these headers carry.
    pub(super) fn token(self, headers: &Headers) -> Option<SecretString> {
        let scheme = match self {
            Self::AuthToken => return headers.get(TOKEN_HEADER).cloned(),
            Self::Bearer => "Bearer ",
            Self::Basic => "Basic ",
        };
        let carried = headers.get(AUTHORIZATION)?.expose_secret().strip_prefix(scheme)?;
        match self {
            Self::Basic => {
                String::from_utf8(BASE64_STANDARD.decode(carried).ok()?).ok().map(SecretString::from)
            }
            _ => Some(SecretString::from(carried)),
        }
    }
}

/// What carries a user and a password, as `user:password`.
pub(crate) fn basic(pair: &SecretString) -> Headers {
    Carrier::Basic.headers(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(carrier: Carrier, token: &str) -> Result<String, &'static str> {
        let token = SecretString::from(token);
        if let Some(problem) = carrier.problem(&token) {
            return Err(problem);
        }
        let headers = carrier.headers(&token);
        assert_eq!(carrier.token(&headers).expect("a token").expose_secret(), token.expose_secret());
        let (name, value, is_secret) = headers.iter().next().expect("a header");
        assert!(is_secret);
        Ok(format!("{name}: {}", value.expose_secret()))
    }

    #[test]
    fn a_token_is_carried_as_the_apis_want_it() {
        assert_eq!(carried(Carrier::AuthToken, "t0ken").unwrap(), "X-Auth-Token: t0ken");
        assert_eq!(carried(Carrier::Bearer, "t0ken").unwrap(), "Authorization: Bearer t0ken");
        // The examples of RFC 7617, 2 and 2.1.
        let basic = |token| carried(Carrier::Basic, token).unwrap();
        assert_eq!(basic("Aladdin:open sesame"), "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic("test:123\u{a3}"), "Authorization: Basic dGVzdDoxMjPCow==");
        assert_eq!(basic("key:"), "Authorization: Basic a2V5Og==");
        assert_eq!(basic(":a:b"), "Authorization: Basic OmE6Yg==");
    }

    #[test]
    fn what_cannot_be_carried_is_told_in_time() {
        for carrier in [Carrier::AuthToken, Carrier::Bearer, Carrier::Basic] {
            for token in ["", "a:b\r\nX-Evil: 1", "a:\u{7f}", "a:\t"] {
                assert!(carried(carrier, token).is_err(), "{carrier:?} {token:?}");
            }
        }
        assert!(carried(Carrier::Bearer, "a b").is_err() && carried(Carrier::Bearer, "\u{e4}").is_err());
        assert!(carried(Carrier::Basic, "a:\u{85}").is_err());
        assert_eq!(carried(Carrier::Basic, "user").unwrap_err(), "is not of the form `user:password`");
    }
}
