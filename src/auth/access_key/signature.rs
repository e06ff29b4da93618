//! The two forms that a signature has on the wire, and how a person says which.
//! How either is made is not known here.

use std::fmt;
use std::str::FromStr;

use crate::http::{printable, shortened};

/// How much is told of a text that is no form of a signature.
const LONGEST_TOLD: usize = 60;

/// The form of a signature on the wire. Both are called `SDK-HMAC-SHA256`.
///
/// The API reference of PLAS shows the one, the documents of the API Gateway of Open Telekom Cloud and of Huawei Cloud
/// the other. They are never tried in turn, because services lock a key after a few failures.
///
/// ```
/// use lro::auth::Signature;
///
/// assert_eq!("credential".parse(), Ok(Signature::default()));
/// assert_eq!("access".parse(), Ok(Signature::Access));
/// let signature: Signature = "credential/eu-de/plas".parse()?;
/// assert_eq!(signature.to_string(), "credential/eu-de/plas");
/// # Ok::<(), lro::auth::SignatureError>(())
/// ```
///
/// Sources: [Private Link Access Service API reference], [API Gateway user guide], [Huawei Cloud signing guide].
///
/// [Private Link Access Service API reference]: https://docs.otc.t-systems.com/private-link-access-service/api-ref/
/// [API Gateway user guide]: https://docs.otc.t-systems.com/api-gateway/umn/
/// [Huawei Cloud signing guide]: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// `Credential=KEY/DATE/REGION/SERVICE/sdk_request`. Region and service may be empty.
    Credential {
        /// The region that is signed.
        region: String,
        /// The service that is signed.
        service: String,
    },
    /// `Access=KEY`.
    Access,
}

/// [`Signature::Credential`] with neither region nor service.
impl Default for Signature {
    fn default() -> Self {
        Self::Credential { region: String::new(), service: String::new() }
    }
}

/// `credential`, `credential/REGION/SERVICE`, where each may be empty, or `access`.
impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        let is_fit = |part: &str| part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        match *text.split('/').collect::<Vec<_>>() {
            ["access"] => Ok(Self::Access),
            ["credential"] => Ok(Self::default()),
            ["credential", region, service] if is_fit(region) && is_fit(service) => {
                Ok(Self::Credential { region: region.to_owned(), service: service.to_owned() })
            }
            _ => Err(SignatureError(shortened(&printable(text), LONGEST_TOLD).into_owned())),
        }
    }
}

/// As it is read.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential { region, service } if region.is_empty() && service.is_empty() => {
                f.write_str("credential")
            }
            Self::Credential { region, service } => write!(f, "credential/{region}/{service}"),
            Self::Access => f.write_str("access"),
        }
    }
}

/// A text that is no form of a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no form of a signature: it is `credential`, `credential/REGION/SERVICE` or `access`")]
pub struct SignatureError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_is_told() {
        let credential = |region: &str, service: &str| Signature::Credential {
            region: region.into(),
            service: service.into(),
        };
        for (text, signature, told) in [
            ("credential", Signature::default(), "credential"),
            ("credential//", credential("", ""), "credential"),
            ("credential/eu-de/", credential("eu-de", ""), "credential/eu-de/"),
            ("credential//ec2", credential("", "ec2"), "credential//ec2"),
            ("credential/eu-de/plas", credential("eu-de", "plas"), "credential/eu-de/plas"),
            ("access", Signature::Access, "access"),
        ] {
            assert_eq!(text.parse(), Ok(signature.clone()), "{text}");
            assert_eq!(signature.to_string(), told);
        }
    }

    #[test]
    fn what_is_no_form_is_refused_with_those_there_are() {
        let long = "x".repeat(100);
        for text in [
            "",
            "Access",
            "access/",
            "credential/",
            "credential/eu-de",
            "credential/a/b/c",
            "credential/a b/c",
            "credential/a/b, c",
            "credential/a/b\r\nX: 1",
            "credential/ä/",
            "V11-HMAC-SHA256",
            &long,
        ] {
            let told = text.parse::<Signature>().unwrap_err().to_string();
            let expected =
                "` is no form of a signature: it is `credential`, `credential/REGION/SERVICE` or `access`";
            assert!(told.ends_with(expected), "{told}");
            assert!(told.len() < 170 && !told.contains('\n'), "{told}");
        }
        let told = "aces".parse::<Signature>().unwrap_err().to_string();
        assert!(told.starts_with("`aces` is no form"), "{told}");
    }
}
