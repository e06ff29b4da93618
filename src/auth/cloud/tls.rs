//! Which certificates are trusted and shown, by what is said about a cloud.
//! What is in them is not known here.

use std::path::{Path, PathBuf};

use super::error::CloudError;
use super::key::Key;
use super::origin::Said;
use super::settings::Reader;

/// How a cloud is to be spoken to with TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tls {
    /// Whether its certificate is checked, if that is said: `verify`, or the opposite of `insecure`. Default it is.
    pub verify: Option<Said<bool>>,
    /// A bundle of certificates that are trusted too: `cacert`.
    pub cacert: Option<Said<PathBuf>>,
    /// The certificate to show: `cert`. It may hold the key as well.
    pub cert: Option<Said<PathBuf>>,
    /// The key of that: `key`.
    pub key: Option<Said<PathBuf>>,
}

impl Tls {
    /// Whether the certificate of the server is checked.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verify.as_ref().is_none_or(|said| said.value)
    }

    pub(super) fn read(reader: &mut Reader<'_>, home: Option<&Path>) -> Result<Self, CloudError> {
        let verify = match flag(reader, Key::Insecure)? {
            Some(insecure) => Some(Said { value: !insecure.value, origin: insecure.origin }),
            None => flag(reader, Key::Verify)?,
        };
        let mut path = |key| {
            Ok::<_, CloudError>(
                reader.take(key)?.map(|said| Said { value: expanded(said.value, home), origin: said.origin }),
            )
        };
        let tls = Self {
            verify,
            cacert: path(Key::Cacert)?,
            cert: path(Key::Cert)?,
            key: path(Key::PrivateKeyFile)?,
        };
        match (&tls.cert, &tls.key) {
            (None, Some(key)) => Err(CloudError::Unusable {
                what: Key::PrivateKeyFile.name().to_owned(),
                origin: key.origin.clone(),
                reason: "a key needs its certificate, which is `cert` or OS_CERT".to_owned(),
            }),
            _ => Ok(tls),
        }
    }
}

#[cfg(feature = "rustls")]
impl Tls {
    /// A client that does so. The files are read.
    ///
    /// # Errors
    ///
    /// When a file cannot be read. What is in it is looked at when the client is built.
    pub fn apply(
        &self,
        mut http: crate::http::ClientBuilder,
    ) -> Result<crate::http::ClientBuilder, CloudError> {
        if let Some(cacert) = &self.cacert {
            http = http.ca_certificates(pem(&cacert.value)?);
        }
        if let Some(cert) = &self.cert {
            let key = self.key.as_ref().map(|key| pem(&key.value)).transpose()?.unwrap_or_default();
            http = http.client_certificate(&pem(&cert.value)?, &key);
        }
        Ok(http.insecure(!self.is_verified()))
    }
}

#[cfg(feature = "rustls")]
fn pem(path: &Path) -> Result<Vec<u8>, CloudError> {
    let unreadable = |source| CloudError::Unreadable { path: path.to_owned(), source };
    crate::http::read_file(path, crate::http::LONGEST_PEM).map_err(unreadable)
}

/// `~` at the beginning is the home.
fn expanded(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(path),
    }
}

fn flag(reader: &mut Reader<'_>, key: Key) -> Result<Option<Said<bool>>, CloudError> {
    let Some(said) = reader.take(key)? else { return Ok(None) };
    let value = match said.value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => true,
        "false" | "no" | "off" | "n" | "0" => false,
        _ => {
            return Err(CloudError::Unusable {
                what: key.name().to_owned(),
                origin: said.origin,
                reason: "expected is true or false".to_owned(),
            });
        }
    };
    Ok(Some(Said { value, origin: said.origin }))
}
