//! The PLAS API of Open Telekom Cloud: its operations, asked for over HTTP and read as typed documents.
//! How long to wait and when to ask is not known here.
//!
//! ```no_run
//! use std::time::Duration;
//! use lro::auth::Token;
//! use lro::plas;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = plas::Client::builder("https://plas.eu-de.otc.t-systems.com")?
//!     .token(Token::command("vault read -field=token otc/plas"))
//!     .build()?;
//! let operation = client.operation("e7b778a7-5d94-4263-813f-4aec18473a5a", "95a44e38-5d61-44ca-a5c4-f241812fbd51")?;
//! let done = lro::wait_for_completion(operation).timeout(Duration::from_secs(20 * 60)).await?;
//! println!("finished at {:?}", done.status().finished_at);
//! # Ok(())
//! # }
//! ```
//!
//! Source: [Querying Asynchronous Operation Results], Private Link Access Service API reference.
//!
//! [Querying Asynchronous Operation Results]: https://docs.otc.t-systems.com/private-link-access-service/api-ref/

mod document;
#[cfg(all(any(fuzzing, test), feature = "clouds"))]
pub(crate) mod fuzzing;
mod reference;
#[cfg(feature = "clouds")]
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

#[cfg(feature = "clouds")]
use crate::auth::cloud::{Cloud, CloudError};
use crate::auth::{Credentials, Service, Token};
use crate::http::{self, Call, ClientBuilder, Endpoint, HttpError, LocationError, Place};
use crate::operation::{Answer, PollError, PollErrorKind};

pub use document::{OperationType, Status};
pub use reference::{Reference, ReferenceError};

/// The type of the PLAS API in the catalog of a Keystone.
pub const SERVICE: &str = "plas";

/// The PLAS API as it stands in the catalog of a Keystone.
#[must_use]
pub fn service() -> Service {
    Service::new(SERVICE)
}

/// Asks the PLAS API.
#[derive(Debug, Clone)]
pub struct Client {
    http: http::Client,
}

impl Client {
    /// A client for this endpoint, such as `https://plas.eu-de.otc.t-systems.com`, to be configured and
    /// [built](Builder::build).
    ///
    /// # Errors
    ///
    /// When the endpoint is not just a scheme, a host and a port.
    pub fn builder(endpoint: &str) -> Result<Builder, LocationError> {
        Ok(Self::builder_at(Endpoint::parse(endpoint)?))
    }

    /// A client for a place that is known in another way: an [`Endpoint`], or a [`Service`] in
    /// a catalog, as [`service`] is.
    pub fn builder_at(place: impl Into<Place>) -> Builder {
        Builder(http::Client::builder(place))
    }

    /// A client that asks over this HTTP client.
    #[must_use]
    pub fn new(http: http::Client) -> Self {
        Self { http }
    }

    /// The client that this API is asked with.
    #[must_use]
    pub fn http(&self) -> &http::Client {
        &self.http
    }

    /// Asks for the shortest list of connectors there is, to learn whether this client may ask at all.
    ///
    /// # Errors
    ///
    /// As [`http::Client::get`], and when what answers is no JSON object, so that it is something else than the API. It
    /// sets no limit of time.
    ///
    /// # Cancellation
    ///
    /// Dropping the future breaks the request off. Nothing is changed by it.
    pub async fn check(&self) -> Result<(), PollError> {
        let reply = self.http.get("/v1.0/plasconnector/connectors?pageSize=10&pageNum=1").await?;
        let list: Result<serde_json::Map<_, _>, _> = serde_json::from_slice(&reply.body);
        list.map_err(|error| HttpError::undecodable("a list of connectors", &error, &reply.body))?;
        Ok(())
    }

    /// The operation with this id of the connector with that id.
    ///
    /// # Errors
    ///
    /// When an id is not 1 to 36 characters long.
    pub fn operation(&self, connector_id: &str, operation_id: &str) -> Result<Operation, ReferenceError> {
        self.operation_of(Reference::from_ids(connector_id, operation_id)?)
    }

    /// The operation at the location that the starting call answered with, or any other
    /// [form of a reference](Reference#forms).
    ///
    /// # Errors
    ///
    /// When it is none of these forms, or on another origin than the endpoint.
    ///
    /// ```
    /// use lro::plas::Client;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::builder("http://127.0.0.1:8080")?.build()?;
    /// let operation = client.operation_at("/v1.0/plasconnector/connectors/c1/operations/o1")?;
    /// let the_same = client.operation("c1", "o1")?;
    /// assert_eq!(operation.reference(), the_same.reference());
    /// assert!(client.operation_at("https://elsewhere.example/v1.0/plasconnector/connectors/c1/operations/o1").is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn operation_at(&self, reference: &str) -> Result<Operation, ReferenceError> {
        self.operation_of(reference.parse()?)
    }

    /// The operation that is referred to.
    ///
    /// # Errors
    ///
    /// When it is on another origin than the endpoint.
    pub fn operation_of(&self, reference: Reference) -> Result<Operation, ReferenceError> {
        if let Some(endpoint) = self.http.endpoint().filter(|_| !reference.is_path_of_the_api()) {
            endpoint.resolve(reference.location())?;
        }
        Ok(Operation { http: self.http.clone(), reference, moved: None, require_result: false })
    }
}

#[cfg(feature = "clouds")]
impl Client {
    /// A client for what is on this machine: the cloud in `OS_CLOUD`, the variables, or the only cloud in
    /// `clouds.yaml`. See [`cloud`](crate::auth::cloud) for what is read in which order. The files are read blockingly.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = lro::plas::Client::from_env()?;
    /// let operation = client.operation("e7b778a7-5d94-4263-813f-4aec18473a5a", "95a44e38-5d61-44ca-a5c4-f241812fbd51")?;
    /// lro::wait_for_completion(operation).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Cloud::from_env`] and of [`builder_from`](Self::builder_from); and when a certificate is unusable.
    pub fn from_env() -> Result<Self, CloudError> {
        Ok(Self::builder_from(&Cloud::from_env()?)?.build()?)
    }

    /// A client for the cloud with this name in `clouds.yaml`. The files are read blockingly.
    ///
    /// # Errors
    ///
    /// Those of [`Cloud::named`] and of [`builder_from`](Self::builder_from); and when a certificate is unusable.
    pub fn from_cloud(name: &str) -> Result<Self, CloudError> {
        Ok(Self::builder_from(&Cloud::named(name)?)?.build()?)
    }

    /// A client for this cloud, to be configured further: with its credentials, if it has any, at its place, with its
    /// certificates, whose files are read here, blockingly.
    ///
    /// A cloud with `verify: false` (or `insecure: true`, or `OS_INSECURE`) makes a client that accepts every certificate:
    /// whoever is in between can read and change everything. [`Cloud::tls`] says whether it does.
    ///
    /// # Errors
    ///
    /// When nothing says where the API is, or when the file of a certificate cannot be read.
    pub fn builder_from(cloud: &Cloud) -> Result<Builder, CloudError> {
        let nowhere = || {
            let looked = Box::new(cloud.looked().clone());
            CloudError::NoPlace { service: SERVICE.to_owned(), looked }
        };
        let mut http = http::Client::builder(cloud.place(SERVICE).ok_or_else(nowhere)?);
        if let Some(credentials) = cloud.credentials() {
            http = http.credentials(credentials);
        }
        #[cfg(feature = "rustls")]
        {
            http = cloud.tls().apply(http)?;
        }
        Ok(Builder(http))
    }
}

/// A client that is not made yet; see [`Client::builder`].
#[derive(Debug)]
#[must_use]
pub struct Builder(ClientBuilder);

impl Builder {
    /// Asks with these credentials: a token, an identity at a Keystone, an access key, or a way of your own. Default
    /// none.
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(credentials))
    }

    /// Sends this token; short for [`credentials`](Self::credentials).
    pub fn token(self, token: Token) -> Self {
        self.credentials(token)
    }

    /// Anything else about the HTTP client: certificates, a proxy, the bound of a body.
    pub fn http(self, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        Self(configure(self.0))
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`].
    pub fn build(self) -> Result<Client, http::BuildError> {
        Ok(Client { http: self.0.build()? })
    }
}

/// An operation of the PLAS API.
#[derive(Debug, Clone)]
pub struct Operation {
    http: http::Client,
    reference: Reference,
    /// Where it is asked for, once that is another place than the reference says.
    moved: Option<Arc<str>>,
    require_result: bool,
}

impl Operation {
    /// Takes an operation that is finished but has no result for not understood, instead of for a success.
    #[must_use]
    pub fn require_result(mut self, required: bool) -> Self {
        self.require_result = required;
        self
    }

    /// Where it is asked for. With an endpoint from a catalog that is known after the first poll.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.http.endpoint()?.resolve(self.location()).ok().map(String::from)
    }

    /// The client that it is asked with.
    #[must_use]
    pub fn http(&self) -> &http::Client {
        &self.http
    }

    /// Which operation it is.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    fn location(&self) -> &str {
        self.moved.as_deref().unwrap_or(self.reference.location())
    }

    async fn ask(&self, location: &str) -> Result<Answer<Status>, PollError> {
        let reply = self.http.exchange(&Call::new(location)).await?;
        let undecodable = |mut error: document::Undecodable| {
            error.redact(|text| reply.redacted(text));
            HttpError::from(error).with_retry_after(reply.retry_after)
        };
        let told = Status::from_json(&reply.body).map_err(undecodable);
        // What is told is what is meant, unless a secret that was sent is blotted out of it.
        let (verdict, mut status) = if reply.is_as_it_came() {
            let status = told?;
            (status.verdict(self.require_result), status)
        } else {
            let meant = match Status::from_json(reply.secret_body()) {
                Ok(meant) => meant,
                Err(error) => return Err(told.err().unwrap_or_else(|| undecodable(error))),
            };
            (meant.verdict(self.require_result), told.unwrap_or_else(|_| meant.without_texts()))
        };
        status.reason = status.reason.map(|reason| reply.redacted(reason.into()).into());
        let verdict = verdict.map_err(|text| {
            let text = status.verdict(self.require_result).err().unwrap_or(text);
            HttpError::NotUnderstood(reply.redacted(text))
        })?;
        let reason = status.reason.as_deref().unwrap_or_default().to_owned();
        Ok(Answer::new(verdict, status).reason(reason).retry_after(reply.retry_after))
    }
}

impl crate::Operation for Operation {
    type Status = Status;

    /// Asks once. The API spells its own locations in two ways, `/connector/` and `/connectors/`; the spelling at
    /// hand is followed, and when the server does not know it, the other one is tried and kept if that works.
    async fn poll(&mut self) -> Result<Answer<Status>, PollError> {
        let error = match self.ask(self.location()).await {
            Err(error) if error.kind() == PollErrorKind::NotFound => error,
            answer => return answer,
        };
        let Some(other) = reference::other_spelling(self.location()) else { return Err(error) };
        // Hardly ever needed, so no poll has to have room for it.
        match Box::pin(self.ask(&other)).await {
            Ok(answer) => {
                self.moved = Some(other.into());
                Ok(answer)
            }
            // It may be the right one, only not now.
            Err(passing) if passing.kind() == PollErrorKind::Transient => Err(passing),
            // What a server says to a path that it may not have at all is no word on the operation.
            Err(_) => Err(error),
        }
    }

    /// `CONNECTOR_ID/OPERATION_ID`.
    fn id(&self) -> Cow<'_, str> {
        Cow::Owned(self.reference.id())
    }

    fn origin(&self) -> Option<Cow<'_, str>> {
        self.http.origin_of(self.location())
    }
}
