//! One request and its answer: sent to one endpoint, read up to a bound, told without what is secret.
//! Who may ask, and what an answer means, is not known here.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::body;
use super::clock_skew::ClockSkew;
use super::endpoint::{Endpoint, shown, shown_text};
use super::error::HttpError;
use super::fault::Fault;
use super::retry_after::retry_after;
use super::secrets::Secrets;
use super::text::{printable, shortened};
use super::transport::transport_error;
use crate::auth::{AuthError, AuthErrorKind, Headers, Request};
use crate::operation::PollError;

/// How much of the body of an error is read: more helps nobody, and all of it is parsed.
const FAULT_LIMIT: usize = 16 * 1024;

/// How many characters of a redirect's target are told.
const LONGEST_LOCATION: usize = 500;

/// A pool of connections, and the bound of a body.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(super) http: reqwest::Client,
    pub(super) body_limit: usize,
}

/// What came back: a status of success, and the body.
#[non_exhaustive]
pub struct Reply {
    /// The status, 200 to 299.
    pub status: u16,
    /// The whole body, decompressed, without the secrets that were sent.
    pub body: Vec<u8>,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    headers: HeaderMap,
    secrets: Secrets,
}

impl Reply {
    /// This text of the server, which may repeat what it was sent, without the secrets that were sent.
    pub(crate) fn redacted(&self, text: String) -> String {
        self.secrets.redacted(text)
    }

    /// What the server's clock says, if it told.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.header(DATE.as_str())?).ok()
    }

    /// The header with this name, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The same with the secrets that were sent blotted out of the body.
    pub(super) fn without_secrets(self) -> Self {
        Self { body: self.secrets.redacted_bytes(self.body), ..self }
    }
}

/// No usable answer, and the server's wish to be left alone.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: HttpError,
    pub(crate) retry_after: Option<Duration>,
    headers: Box<HeaderMap>,
}

impl Refusal {
    /// The header with this name, if there was an answer and it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl<E: Into<HttpError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self { error: error.into(), retry_after: None, headers: Box::default() }
    }
}

impl From<Refusal> for PollError {
    fn from(refusal: Refusal) -> Self {
        refusal.error.with_retry_after(refusal.retry_after)
    }
}

impl Wire {
    /// Sends one request with these headers, and reads what comes back. The URL is one at the endpoint; the secrets
    /// are those in the body. What a fault says is told without them; a body is left as it came, since a short secret
    /// may stand anywhere in it by chance.
    pub(crate) async fn exchange(
        &self,
        endpoint: &Endpoint,
        asked: &Request<'_>,
        headers: &Headers,
        secrets: &[&SecretString],
    ) -> Result<Reply, Refusal> {
        let method = Method::from_bytes(asked.method.as_bytes())
            .unwrap_or_else(|_| unreachable!("the methods are written in this crate"));
        let mut request = self.http.request(method, asked.url.clone()).headers(fields(headers)?);
        if !asked.body.is_empty() {
            request = request.body(asked.body.to_vec());
        }
        let secrets = Secrets::of(headers, secrets);
        let mut response = request.send().await.map_err(|error| transport_error(&error, endpoint))?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        if status.is_success() {
            let body = body::whole(&mut response, self.body_limit, endpoint).await?;
            let headers = std::mem::take(response.headers_mut());
            return Ok(Reply { status: status.as_u16(), body, retry_after, headers, secrets });
        }
        let error = if let Some(location) = redirect_target(&response, asked.url, &secrets) {
            HttpError::Redirect { status: status.as_u16(), location }
        } else {
            let body = secrets.redacted_bytes(body::beginning(&mut response, FAULT_LIMIT).await);
            let fault = Fault::of(response.headers(), &body).map(|text| secrets.redacted(text));
            // Only a request that says when it was signed is refused because of a clock.
            let is_signed = headers.get("X-Sdk-Date").is_some() && status == StatusCode::UNAUTHORIZED;
            let skew = is_signed.then(|| ClockSkew::of(response.headers())).flatten();
            HttpError::Status { status: status.as_u16(), fault, skew }
        };
        let headers = Box::new(std::mem::take(response.headers_mut()));
        Err(Refusal { error, retry_after, headers })
    }
}

/// The headers as they are sent. What makes no header never leaves this machine.
fn fields(headers: &Headers) -> Result<HeaderMap, HttpError> {
    let unusable = |name: &str| {
        let problem = format!("the header `{}` cannot be sent: it is not one", printable(name));
        HttpError::Credentials(AuthError::new(AuthErrorKind::Unusable, problem))
    };
    let mut fields = HeaderMap::new();
    for (name, value, is_secret) in headers.iter() {
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| unusable(name))?;
        value.set_sensitive(is_secret);
        fields.insert(HeaderName::try_from(name).map_err(|_| unusable(name))?, value);
    }
    Ok(fields)
}

fn redirect_target(response: &Response, url: &Url, secrets: &Secrets) -> Option<String> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    // Before it is made a URL, which would spell a secret in it in another way.
    let location = secrets.redacted(String::from_utf8_lossy(location.as_bytes()).into_owned());
    let target = url.join(&location).map_or_else(|_| shown_text(&location), |target| shown(&target));
    // A URL spells the blot as well.
    let target = target.replace("%E2%80%A6", "…");
    Some(shortened(&target, LONGEST_LOCATION).into_owned())
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A header may be a secret of the server, as a fresh token is.
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}
