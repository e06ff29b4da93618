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
                return Err(BuildError::CaCertificates(without_any(pem).to_owned()));
            }
            http = http.tls_certs_merge(certificates);
        }
        if let Some(pem) = self.identity.as_ref().filter(|_| is_known) {
            let pem = pem.expose_secret();
            let identity = Identity::from_pem(pem.as_bytes()).map_err(|error| {
                BuildError::ClientCertificate(
                    missing(pem).map_or_else(|| root_cause(&error), ToOwned::to_owned),
                )
            })?;
            http = http.identity(identity);
        }
        if !needed {
            // Reading the certificates of the system takes longer than asking over plain HTTP.
            http = http.tls_certs_only([]);
        }
        Ok(http.tls_danger_accept_invalid_certs(self.insecure))
    }
}

/// Why there is no certificate in this.
fn without_any(pem: &[u8]) -> &'static str {
    // A sequence of ASN.1 with a length of two bytes, as every certificate is one.
    if pem.starts_with(&[0x30, 0x82]) {
        "it is in DER, which `openssl x509 -inform DER` turns into PEM"
    } else {
        "there is none in it"
    }
}

/// What a certificate with its key lacks, if it is something that a person can see.
fn missing(pem: &str) -> Option<&'static str> {
    if !pem.contains("-----BEGIN CERTIFICATE-----") {
        Some("there is no certificate in it")
    } else if pem.contains("ENCRYPTED") {
        // A wait that begins at night has nobody to ask for it.
        Some("the key is under a passphrase, which `openssl pkey` takes off")
    } else if !pem.contains("PRIVATE KEY-----") {
        Some("there is no key in it")
    } else {
        None
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
