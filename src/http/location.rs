//! Why a URL is refused, and how one is told: without what may be secret in it.
//! Which URLs are asked is not known here.

use url::Url;

use super::text::{printable, shortened};

/// How many characters of a URL are told.
const LONGEST_SHOWN: usize = 1000;

/// Why a URL is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocationError {
    /// It is no URL.
    #[error("`{url}` is not a URL: {reason}")]
    Invalid {
        /// The text.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is longer than any that is followed. The text is not repeated here.
    #[error("the URL is longer than {limit} bytes")]
    TooLong {
        /// The bound.
        limit: usize,
    },
    /// It is a URL of something else than HTTP.
    #[error("`{url}` is not a URL that starts with http:// or https://")]
    NotHttp {
        /// The text.
        url: String,
    },
    /// It holds a user name or a password. The text is not repeated here.
    #[error("the URL holds a user name or a password")]
    Credentials,
    /// An endpoint is an origin; this is more.
    #[error("the endpoint `{url}` must be only scheme, host and port: {origin}")]
    MoreThanOrigin {
        /// The URL.
        url: String,
        /// Its origin.
        origin: String,
    },
    /// It is on another origin than the endpoint, so nothing is sent there.
    #[error("`{url}` is not at the endpoint {endpoint}, and credentials are sent nowhere else")]
    Elsewhere {
        /// The URL.
        url: String,
        /// The endpoint.
        endpoint: String,
    },
    /// It is on a host that is [allowed](super::ClientBuilder::allow_host), but would be asked without the encryption
    /// that the endpoint is asked with.
    #[error("`{url}` would be asked without encryption, and the endpoint {endpoint} is not")]
    Unprotected {
        /// The URL.
        url: String,
        /// The endpoint.
        endpoint: String,
    },
    /// It would be asked without encryption, although that is [required](super::ClientBuilder::require_https), so
    /// nothing is sent there.
    #[error("`{url}` would be asked without encryption, and that is not to be")]
    Unencrypted {
        /// The URL.
        url: String,
    },
}

pub(crate) fn parse_http(text: &str) -> Result<Url, LocationError> {
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
        Err(reason) if text.contains("://") => {
            return Err(LocationError::Invalid { url: shown_text(text), reason: reason.to_string() });
        }
        Ok(_) | Err(_) => return Err(LocationError::NotHttp { url: shown_text(text) }),
    };
    if url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err(LocationError::Credentials)
    }
}

/// A text that may be a URL, as it may be told: without what stands before an `@` or after a `?`, where secrets are.
pub(crate) fn shown_text(text: &str) -> String {
    let (text, query) = text.split_once('?').map_or((text, ""), |(text, _)| (text, "?…"));
    let told = |text: &str| shortened(&printable(text), LONGEST_SHOWN).into_owned();
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{}{query}", told(host)),
        None => format!("{}{query}", told(text)),
    }
}

/// A URL as it may be told: without credentials, and without the query, which may hold some too.
pub(super) fn shown(url: &Url) -> String {
    let origin = url.origin();
    // What is not asked over a network has none.
    let begin = if origin.is_tuple() { origin.ascii_serialization() } else { format!("{}:", url.scheme()) };
    shortened(&format!("{begin}{}", printable(url.path())), LONGEST_SHOWN).into_owned()
}
