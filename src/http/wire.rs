//! One request: sent to one endpoint over a pool of connections, and its answer read up to a bound.
//! Who may ask, and what an answer means, is not known here.

use std::sync::Arc;

use reqwest::header::{CONTENT_LENGTH, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use tracing::Instrument;
use url::Url;

use super::body;
use super::clock_skew::ClockSkew;
use super::cookies;
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::fault::Fault;
use super::forerunner::{self, Forerunners};
use super::location::{LocationError, shown, shown_text};
use super::outgoing::Outgoing;
use super::reply::{Refusal, Reply};
use super::retry_after::retry_after;
use super::secrets::Secrets;
use super::span;
use super::text::shortened;
use super::trace::Tracing;
use super::transport::{is_not_taken_up, transport_error};
use crate::auth::Request;

/// How much of the body of an error is read: more helps nobody, and all of it is parsed.
const FAULT_LIMIT: usize = 16 * 1024;

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
