//! One request and its answer: sent to one endpoint, read up to a bound, told without what is secret.
//! Who may ask, and what an answer means, is not known here.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_LENGTH, DATE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use tracing::Instrument;
use url::Url;

use super::body;
use super::clock_skew::ClockSkew;
use super::cookies;
use super::endpoint::{Endpoint, LocationError, shown, shown_text};
use super::error::HttpError;
use super::fault::Fault;
use super::forerunner::{self, Forerunners};
use super::outgoing::Outgoing;
use super::retry_after::{retry_after, until};
use super::secrets::Secrets;
use super::span;
use super::text::shortened;
use super::trace::Tracing;
use super::transport::{is_not_taken_up, transport_error};
use crate::auth::Request;
use crate::operation::PollError;

/// How much of the body of an error is read: more helps nobody, and all of it is parsed.
const FAULT_LIMIT: usize = 16 * 1024;

/// How many bytes of a location are followed. A server takes no longer line of a request.
const LOCATION_LIMIT: usize = 8 * 1024;

/// How many characters of a redirect's target are told.
const LONGEST_LOCATION: usize = 500;

/// A pool of connections, and the bound of a body.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(super) http: reqwest::Client,
    pub(super) body_limit: usize,
    pub(super) forerunners: Forerunners,
    /// Whether nothing is sent that can be read on the way.
    pub(super) is_https_required: bool,
    /// What a proxy is sent, whatever the request.
    pub(super) of_proxy: Arc<Secrets>,
    /// Which trace a request is part of, where whoever is asked is to know it.
    pub(super) tracing: Tracing,
}

/// What came back: a status that is an answer, and the body.
#[non_exhaustive]
pub struct Reply {
    /// The status: 200 to 299, or another one that the [`Call`](super::Call) takes for an answer.
    pub status: u16,
    /// The whole body, decompressed, without the secrets that were sent.
    pub body: Vec<u8>,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// The body as it came, where that is another one.
    secret_body: Option<Vec<u8>>,
    url: Url,
    headers: HeaderMap,
    secrets: Arc<Secrets>,
}

impl Reply {
    /// The whole URL that was asked.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The whole URL of a location in this answer, which may be relative to the URL that was asked.
    ///
    /// # Errors
    ///
    /// When it is no URL, is longer than 8 KiB, or holds a user name or a password. Where it leads is looked at when it
    /// is asked.
    pub fn join(&self, location: &str) -> Result<String, LocationError> {
        if location.len() > LOCATION_LIMIT {
            return Err(LocationError::TooLong { limit: LOCATION_LIMIT });
        }
        let invalid = |reason: url::ParseError| LocationError::Invalid {
            url: shown_text(location),
            reason: reason.to_string(),
        };
        let mut url = self.url.join(location).map_err(invalid)?;
        url.set_fragment(None);
        if url.username().is_empty() && url.password().is_none() {
            Ok(url.into())
        } else {
            Err(LocationError::Credentials)
        }
    }

    /// The header with this name, in capitals or not, if it is text; the first one of several. The secrets that were
    /// sent are blotted out.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Each header that is text: its name in lower case, and its value without the secrets that were sent. Cookies are
    /// not among them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, String)> {
        self.secret_headers().map(|(name, value)| (name, self.redacted(value.to_owned())))
    }

    /// The same headers as they came, to go by: what they say is not to be told.
    pub(super) fn secret_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter().filter(|(name, _)| *name != SET_COOKIE);
        headers.filter_map(|(name, value)| Some((name.as_str(), str::from_utf8(value.as_bytes()).ok()?)))
    }

    /// What the body says went wrong. `None` after a status of success, and when it says nothing.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let is_success = (200..300).contains(&self.status);
        let fault = (!is_success).then(|| Fault::of(&self.headers, &self.body))?;
        fault.has_words().then(|| fault.map(|text| self.redacted(text)))
    }

    /// This text of the server, which may repeat what it was sent, without the secrets that were sent.
    pub(crate) fn redacted(&self, text: String) -> String {
        self.secrets.redacted(text)
    }

    /// This value of the server in the same way, in all its texts.
    pub(super) fn redacted_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redacted(text)),
            Value::Array(values) => values.into_iter().map(|value| self.redacted_value(value)).collect(),
            Value::Object(fields) => {
                let told = |(name, value)| (self.redacted(name), self.redacted_value(value));
                fields.into_iter().map(told).collect()
            }
            Value::Number(number) => {
                let text = number.to_string();
                let told = self.redacted(text.clone());
                if told == text { Value::Number(number) } else { Value::String(told) }
            }
            Value::Null | Value::Bool(_) => value,
        }
    }

    /// A location of this answer without the secrets that were sent; cookies are left in it.
    pub(super) fn redacted_location(&self, location: &str) -> String {
        self.secrets.redacted_location(location)
    }

    /// The body as it came, to be judged: what is blotted out would mean something else. It is not to be told.
    pub(crate) fn secret_body(&self) -> &[u8] {
        self.secret_body.as_deref().unwrap_or(&self.body)
    }

    /// Whether the body is told as it came: no secret that was sent stands in it.
    pub(crate) fn is_as_it_came(&self) -> bool {
        self.secret_body.is_none()
    }

    /// The body without the secrets that were sent, cookies excepted.
    pub(super) fn body_with_cookies(&self) -> Vec<u8> {
        let body = self.secret_body();
        self.secrets.redacted_bytes_but_cookies(body).unwrap_or_else(|| body.to_vec())
    }

    /// How long it is until then, by the server's own clock where it told.
    pub(super) fn until(&self, then: SystemTime) -> Duration {
        until(then, self.date())
    }

    /// What the server's clock says, if it told.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.secret_header(DATE.as_str())?).ok()
    }

    /// The header with this name as it came, if it is text.
    pub(crate) fn secret_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers as they came.
    pub(super) fn fields(&self) -> &HeaderMap {
        &self.headers
    }

    /// The same with the secrets that were sent blotted out of the body.
    pub(super) fn without_secrets(self) -> Self {
        match self.secrets.redacted_bytes(&self.body) {
            Some(body) => Self { body, secret_body: Some(self.body), ..self },
            None => self,
        }
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
    /// All headers as they came; none without an answer.
    pub(super) fn fields(&self) -> &HeaderMap {
        &self.headers
    }

    /// The header with this name, if there was an answer and it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Refusal {
    /// The same with this wish of the server, instead of one that was told with it.
    pub(super) fn after(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
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
    /// Refuses what must not be asked.
    pub(crate) fn check(&self, endpoint: &Endpoint) -> Result<(), LocationError> {
        if self.is_https_required && !endpoint.is_private() {
            return Err(LocationError::Unencrypted { url: endpoint.to_string() });
        }
        Ok(())
    }

    async fn send(&self, request: reqwest::Request, endpoint: &Endpoint) -> reqwest::Result<Response> {
        // Only with TLS it is agreed on HTTP/2, and only that can share a connection.
        if !endpoint.is_https() {
            return self.http.execute(request).await;
        }
        let forerunner = self.forerunners.to(endpoint);
        let mut may_be_sent_again = request.method().is_idempotent();
        loop {
            let errand = forerunner.follow().await;
            let copy = request.try_clone().unwrap_or_else(|| unreachable!("a body is in memory"));
            match errand.send(self.http.execute(copy)).await {
                Ok(response) => {
                    errand.answered();
                    return Ok(response);
                }
                Err(error) if forerunner::is_held_back(&error) => errand.held_back(),
                Err(error) => {
                    errand.failed();
                    // That a connection ends before it has taken up a request is no fault, but not every server is right
                    // in that: so it is once, and for what may be sent twice.
                    if !is_not_taken_up(&error) || !std::mem::take(&mut may_be_sent_again) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Sends one request, and reads what comes back: a success, or one of these other statuses that are answers. The URL
    /// is one at the endpoint. What a fault says is told without the secrets that went out; a body is left as it came,
    /// since a short secret may stand anywhere in it by chance.
    pub(crate) async fn exchange(
        &self,
        endpoint: &Endpoint,
        asked: &Request<'_>,
        outgoing: &Outgoing,
        answers: &[u16],
    ) -> Result<Reply, Refusal> {
        let span = span::of_request(asked, &outgoing.secrets);
        let exchanged = self.exchanged(endpoint, asked, outgoing, answers).instrument(span.clone()).await;
        span::answered(&span, exchanged.as_ref().map(|reply| reply.status).map_err(|refusal| &refusal.error));
        exchanged
    }

    async fn exchanged(
        &self,
        endpoint: &Endpoint,
        asked: &Request<'_>,
        outgoing: &Outgoing,
        answers: &[u16],
    ) -> Result<Reply, Refusal> {
        // Whatever led here: the API, an identity service, a catalog, a location.
        self.check(endpoint)?;
        let method = Method::from_bytes(asked.method.as_bytes())
            .unwrap_or_else(|_| unreachable!("a method is checked where it is set"));
        let mut request = reqwest::Request::new(method, asked.url.clone());
        *request.headers_mut() = outgoing.fields.clone();
        self.tracing.write(request.headers_mut());
        if !asked.body.is_empty() {
            *request.body_mut() = Some(asked.body.to_vec().into());
        } else if matches!(asked.method, "POST" | "PUT" | "PATCH") {
            // Where a body is to be expected, some servers want to hear that there is none (RFC 9110, 8.6).
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let sent = self.send(request, endpoint).await;
        let mut response = sent.map_err(|error| transport_error(&error, endpoint))?;
        let sets_cookie = response.headers().contains_key(SET_COOKIE);
        let secrets = if sets_cookie || !self.of_proxy.is_empty() {
            let sent = Secrets::clone(&outgoing.secrets).joined(&self.of_proxy);
            Arc::new(sent.and(cookies::values(response.headers())))
        } else {
            Arc::clone(&outgoing.secrets)
        };
        let status = response.status();
        let retry_after = retry_after(response.headers());
        if status.is_success() || answers.contains(&status.as_u16()) {
            let body = body::whole(&mut response, self.body_limit, endpoint).await?;
            let headers = std::mem::take(response.headers_mut());
            let url = asked.url.clone();
            return Ok(Reply {
                status: status.as_u16(),
                body,
                retry_after,
                secret_body: None,
                url,
                headers,
                secrets,
            });
        }
        let error = if let Some(location) = redirect_target(&response, asked.url, &secrets) {
            HttpError::Redirect { status: status.as_u16(), location }
        } else {
            let body = body::beginning(&mut response, FAULT_LIMIT).await;
            let body = secrets.redacted_bytes(&body).unwrap_or(body);
            let fault = Fault::of(response.headers(), &body).map(|text| secrets.redacted(text));
            // Only a request that says when it was signed is refused because of a clock.
            let is_signed = outgoing.fields.contains_key("x-sdk-date") && status == StatusCode::UNAUTHORIZED;
            let skew = is_signed.then(|| ClockSkew::of(response.headers())).flatten();
            HttpError::Status { status: status.as_u16(), fault, skew }
        };
        let headers = Box::new(std::mem::take(response.headers_mut()));
        Err(Refusal { error, retry_after, headers })
    }
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
            .field("url", &shown(&self.url))
            .field("status", &self.status)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}
