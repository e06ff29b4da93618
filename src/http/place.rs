//! Where a client asks: at an endpoint that is given, or at one that a catalog names once it is asked for.
//! What is asked there is not known here.

use std::fmt;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::endpoint::Endpoint;
use crate::auth::{AuthError, Keystone, Service};

/// Where a client is to ask: at an endpoint, or wherever a catalog says.
#[derive(Debug, Clone)]
pub struct Place(pub(super) Said);

#[derive(Debug, Clone)]
pub(super) enum Said {
    Endpoint(Endpoint),
    Service(Service),
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
    endpoint: OnceCell<Endpoint>,
}

impl Site {
    pub(super) fn at(endpoint: Endpoint) -> Self {
        Self { catalog: None, endpoint: OnceCell::new_with(Some(endpoint)) }
    }

    pub(super) fn in_catalog(keystone: Arc<Keystone>, service: Service) -> Self {
        Self { catalog: Some((keystone, service)), endpoint: OnceCell::new() }
    }

    /// The endpoint, if it is known by now.
    pub(super) fn known(&self) -> Option<&Endpoint> {
        self.endpoint.get()
    }

    /// The endpoint. The catalog is asked once, however many want to know.
    pub(super) async fn endpoint(&self) -> Result<&Endpoint, AuthError> {
        match &self.catalog {
            Some((keystone, service)) => {
                self.endpoint.get_or_try_init(|| keystone.endpoint_of(service)).await
            }
            None => Ok(self.endpoint.get().unwrap_or_else(|| unreachable!("it is known or in a catalog"))),
        }
    }
}
