//! Whom to ask, and as whom: a client for one place, made by hand or of what is on this machine.
//! How an operation is asked, and what its answers mean, is not known here.

#[cfg(feature = "clouds")]
use super::SERVICE;
use super::{Operation, Reference, ReferenceError};
#[cfg(feature = "clouds")]
use crate::auth::cloud::{Cloud, CloudError};
use crate::auth::{Credentials, Token};
use crate::http::{self, ClientBuilder, Endpoint, HttpError, LocationError, Place};
use crate::operation::PollError;

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

    /// A client for a place that is known in another way: an [`Endpoint`], or a [`Service`](crate::auth::Service) in
    /// a catalog, as [`service`](super::service) is.
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
        Ok(Operation::new(self.http.clone(), reference))
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

#[cfg(feature = "clouds")]
#[cfg(test)]
mod tests;
