//! Where a client asks: at an endpoint that is given, or at one that a catalog names once it is asked for.
//! What is asked there is not known here.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::client::Client;
use super::endpoint::Endpoint;
use super::error::HttpError;
use crate::auth::{Keystone, Located, Service};

/// Where a client is to ask: at an endpoint, or wherever a catalog says.
#[derive(Debug, Clone)]
pub struct Place(pub(super) Said);

#[derive(Debug, Clone)]
pub(super) enum Said {
    Endpoint(Endpoint),
    Service(Service),
}

impl Place {
    /// The endpoint, if that is what was given.
    #[must_use]
    pub fn endpoint(&self) -> Option<&Endpoint> {
        match &self.0 {
            Said::Endpoint(endpoint) => Some(endpoint),
            Said::Service(_) => None,
        }
    }
}

impl From<Endpoint> for Place {
    fn from(endpoint: Endpoint) -> Self {
        Self(Said::Endpoint(endpoint))
    }
}

/// To be found in the catalog of the [`Identity`](crate::auth::Identity) that the client asks with.
impl From<Service> for Place {
    fn from(service: Service) -> Self {
        Self(Said::Service(service))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Said::Endpoint(endpoint) => endpoint.fmt(f),
            Said::Service(service) => {
                write!(f, "the {service} that the catalog names")?;
                service.elsewhere().map_or(Ok(()), |endpoint| write!(f, ", or else {endpoint}"))
            }
        }
    }
}

/// A place, and what is known of it by now.
pub(super) struct Site {
    catalog: Option<(Arc<Keystone>, Service)>,
    located: OnceLock<Located>,
}

impl Site {
    pub(super) fn at(endpoint: Endpoint) -> Self {
        Self { catalog: None, located: OnceLock::from(Located { endpoint, is_listed: false }) }
    }

    pub(super) fn in_catalog(keystone: Arc<Keystone>, service: Service) -> Self {
        Self { catalog: Some((keystone, service)), located: OnceLock::new() }
    }

    /// The endpoint, if it is known by now.
    pub(super) fn known(&self) -> Option<&Endpoint> {
        self.located.get().map(|located| &located.endpoint)
    }

    /// Whose catalog it is in.
    pub(super) fn identity_service(&self) -> Option<&Endpoint> {
        self.catalog.as_ref().map(|(keystone, _)| keystone.endpoint())
    }

    /// The endpoint. The catalog is asked once, however many want to know; also when that comes to nothing.
    pub(super) async fn endpoint(&self) -> Result<&Endpoint, HttpError> {
        let located = match (self.located.get(), &self.catalog) {
            (Some(located), _) => located,
            (None, Some((keystone, service))) => {
                // The catalog comes with a token, which is had once for all who ask at the same time.
                keystone.log_in().await.map_err(HttpError::Credentials)?;
                let located = keystone.locate(service).map_err(HttpError::Nowhere)?;
                self.located.get_or_init(|| located)
            }
            (None, None) => unreachable!("it is known or in a catalog"),
        };
        Ok(&located.endpoint)
    }
}

impl Client {
    /// Whether the [`endpoint`](Self::endpoint) is known from the catalog: not while it is not known, not when it was
    /// given, and not when the catalog did not have the service, so that it is asked where it is
    /// [otherwise](Service::otherwise).
    #[must_use]
    pub fn is_endpoint_from_catalog(&self) -> bool {
        self.0.site.located.get().is_some_and(|located| located.is_listed)
    }
}
