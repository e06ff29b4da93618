//! Which certificates are trusted, which one is shown, and whose cryptography does it.
//! When certificates are needed at all is not known here.

use reqwest::{Certificate, ClientBuilder, Identity};
use secrecy::{ExposeSecret, SecretString};

use super::builder::BuildError;
use super::transport::root_cause;

/// The longest file of certificates or of a key that is worth reading, in MiB. A bundle of all the world's authorities
/// takes a quarter of one.
pub const LONGEST_PEM: u64 = 16;

#[derive(Default)]
pub(super) struct Options {
    pub(super) ca_certificates: Option<Vec<u8>>,
    pub(super) identity: Option<SecretString>,
    pub(super) insecure: bool,
}

impl Options {
    /// The same client with these options. The certificate of our own is shown where it `is_known`.
    pub(super) fn apply(
        &self,
        mut http: ClientBuilder,
        needed: bool,
        is_known: bool,
    ) -> Result<ClientBuilder, BuildError> {
        use_ring();
        if let Some(pem) = &self.ca_certificates {
            let certificates = Certificate::from_pem_bundle(pem)
                .map_err(|error| BuildError::CaCertificates(root_cause(&error)))?;
            if certificates.is_empty() {
                return Err(BuildError::CaCertificates("there is none in it".to_owned()));
            }
            http = http.tls_certs_merge(certificates);
        }
        if let Some(pem) = self.identity.as_ref().filter(|_| is_known) {
            let identity = Identity::from_pem(pem.expose_secret().as_bytes())
                .map_err(|error| BuildError::ClientCertificate(root_cause(&error)))?;
            http = http.identity(identity);
        }
        if !needed {
            // Reading the certificates of the system takes longer than asking over plain HTTP.
            http = http.tls_certs_only([]);
        }
        Ok(http.tls_danger_accept_invalid_certs(self.insecure))
    }
}

/// Whether a client cannot be made because certificate and key do not belong together.
pub(super) fn is_foreign_key(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source())
        .any(|cause| matches!(cause.downcast_ref(), Some(rustls::Error::InconsistentKeys(_))))
}

/// The cryptography of this process, unless its program has chosen one.
fn use_ring() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // It fails only when another thread was faster, and then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
