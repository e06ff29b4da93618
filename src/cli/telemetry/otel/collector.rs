//! The way to the collector: a client of the library, so that TLS and proxies are one mechanism, on the runtime of the
//! command.
//! What is sent, and when, is not known here.

use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use lro::auth::Headers;
use lro::http::{Call, Client, Endpoint, LONGEST_PEM, read_file};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use crate::cli::failure::causes;

/// How long the collector may take over what it is sent, where nobody says it. Whoever gives it more waits for its answer,
/// and only so much is kept meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends what it is given; clones are one.
#[derive(Debug, Clone)]
pub(super) struct Collector(Arc<Way>);

#[derive(Debug)]
struct Way {
    /// Whoever sends does so from a thread of its own, which no runtime drives.
    runtime: Handle,
    client: OnceLock<Client>,
    patience: Duration,
    failure: Mutex<Option<String>>,
}

impl Collector {
    /// One that sends from the runtime that this is called in.
    pub(super) fn new() -> Self {
        Self(Arc::new(Way {
            runtime: Handle::current(),
            client: OnceLock::new(),
            patience: patience(|name| env::var(name).ok()),
            failure: Mutex::default(),
        }))
    }

    /// Why not everything has arrived, if it has not.
    pub(super) fn failure(&self, is_late: bool) -> Option<String> {
        let failure = self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        failure.or_else(|| is_late.then(|| LATE.to_owned()))
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let way = Arc::clone(&self.0);
        // Of what is sent here nothing is told: it would have to be sent in its turn.
        let sending = async move {
            // What is sent next waits for this.
            tokio::time::timeout(way.patience, way.send(request)).await.unwrap_or_else(|_| Err(LATE.into()))
        };
        let sending = sending.with_subscriber(NoSubscriber::default());
        let sent = self.0.runtime.spawn(sending).await.map_err(HttpError::from).flatten();
        if let Err(error) = &sent {
            let error: &(dyn Error + 'static) = &**error;
            let why = causes(error).collect::<Vec<_>>().join(": ");
            *self.0.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
        }
        sent
    }
}

impl Way {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let url = head.uri.to_string();
        if self.client.get().is_none() {
            let _ = self.client.set(client(&url)?);
        }
        let client = self.client.get().ok_or("there is no client")?;
        // Whoever pays for a collector is known there by a header.
        let headers = head.headers.iter().filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
        let headers = headers.fold(Headers::new(), |headers, (name, value)| match name.as_str() {
            "content-type" => headers.plain(name.to_string(), value),
            _ => headers.secret(name.to_string(), value),
        });
        let call = Call::new(url).method(head.method.as_str())?.headers(headers).body(body.to_vec());
        let reply = client.send(&call).await?;
        Ok(Response::builder().status(reply.status).body(Bytes::from(reply.body))?)
    }
}

/// What is told of a collector that does not answer.
const LATE: &str = "it did not answer in time";

/// How long the collector may take, in milliseconds, as for other programs.
fn patience(variable: impl Fn(&str) -> Option<String>) -> Duration {
    let names = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];
    let said = names.into_iter().find_map(|name| variable(name)?.parse().ok());
    said.map_or(PATIENCE, Duration::from_millis)
}

/// The client for a collector with this URL. Which authority it is trusted by is said as for other programs.
fn client(url: &str) -> Result<Client, HttpError> {
    let origin = url.split_inclusive('/').take(3).collect::<String>();
    let client = Client::builder(Endpoint::parse(origin.trim_end_matches('/'))?);
    let names = ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"];
    let file = names.into_iter().filter_map(env::var_os).find(|file| !file.is_empty());
    let client = match file {
        Some(file) => client.ca_certificates(read_file(file.as_ref(), LONGEST_PEM)?),
        None => client,
    };
    Ok(client.build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_may_take_as_long_as_the_variables_say() {
        let taken = |said: &[(&str, &str)]| {
            patience(|name| {
                said.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let (of_all, of_traces) = ("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT");
        assert_eq!(taken(&[]), PATIENCE);
        assert_eq!(taken(&[(of_all, "250")]), Duration::from_millis(250));
        assert_eq!(taken(&[(of_all, "250"), (of_traces, "500")]), Duration::from_millis(500));
        assert_eq!(taken(&[(of_all, "250"), (of_traces, "")]), Duration::from_millis(250));
        assert_eq!(taken(&[(of_all, "soon")]), PATIENCE);
    }
}
