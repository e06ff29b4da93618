//! Why a server is not trusted, or does not trust us, and what failed in a handshake: in words for a person.
//! What that means for a wait, and how the error came to light, is not known here.

/// What stands between two sides over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Distrust {
    /// Nobody who is trusted here has signed the server's certificate.
    Authority,
    /// The server's certificate has expired, or is not valid yet.
    Time,
    /// The server's certificate is for other names.
    Name,
    /// The server's certificate is none that a server may show, or it is broken.
    Form,
    /// The server wants to see a certificate of ours, or another one.
    Ours,
}

/// What a client can know to be in the way of its connection, besides distrust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// What answers there does not speak TLS.
    NoTls,
    /// The proxy opens no tunnel to there.
    NoTunnel,
}

/// What a connection failed for.
#[cfg_attr(not(feature = "rustls"), expect(dead_code, reason = "without TLS nobody distrusts"))]
pub(super) enum Trouble {
    Distrust(Distrust),
    Obstacle(Obstacle),
    Other,
}

#[cfg(feature = "rustls")]
pub(super) use words::told;

#[cfg(feature = "rustls")]
mod words {
    use std::time::{Duration, SystemTime};

    use rustls::pki_types::UnixTime;
    use rustls::{AlertDescription as Alert, CertificateError, Error, InvalidMessage};

    use super::{Distrust, Obstacle, Trouble};

    /// What this error is about, and what it says.
    pub(in crate::http) fn told(error: &Error) -> (Trouble, String) {
        match error {
            Error::InvalidCertificate(error) => {
                let (distrust, words) = of_certificate(error);
                (Trouble::Distrust(distrust), words)
            }
            Error::InvalidCertRevocationList(_) | Error::NoCertificatesPresented => {
                (Trouble::Distrust(Distrust::Form), error.to_string())
            }
            Error::AlertReceived(alert) => of_alert(*alert),
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                (Trouble::Obstacle(Obstacle::NoTls), "what answers there does not speak TLS".to_owned())
            }
            _ => (Trouble::Other, error.to_string()),
        }
    }

    fn of_certificate(error: &CertificateError) -> (Distrust, String) {
        use CertificateError as C;
        match error {
            C::UnknownIssuer => {
                (Distrust::Authority, "nobody who is trusted here has signed its certificate".to_owned())
            }
            C::Expired => (Distrust::Time, "its certificate has expired".to_owned()),
            C::ExpiredContext { not_after, .. } => (
                Distrust::Time,
                format!("its certificate has expired: it was valid until {}", date(*not_after)),
            ),
            C::NotValidYet => (Distrust::Time, "its certificate is not valid yet".to_owned()),
            C::NotValidYetContext { not_before, .. } => (
                Distrust::Time,
                format!("its certificate is not valid yet: it will be from {}", date(*not_before)),
            ),
            C::NotValidForNameContext { expected, presented } if presented.is_empty() => (
                Distrust::Name,
                format!(
                    "its certificate is not for {}: it has no alternative names, and no other one counts",
                    expected.to_str()
                ),
            ),
            C::NotValidForNameContext { expected, presented } => {
                let presented: Vec<_> = presented.iter().map(|name| bare(name)).collect();
                let words = format!(
                    "its certificate is not for {}, but for {}",
                    expected.to_str(),
                    presented.join(", ")
                );
                (Distrust::Name, words)
            }
            C::NotValidForName => (Distrust::Name, "its certificate is not for this name".to_owned()),
            // What is wrapped is of a crate that need not be known for this alone.
            C::Other(other) if other.to_string() == "CaUsedAsEndEntity" => (
                Distrust::Form,
                "its certificate is that of an authority, and no server may show such a one".to_owned(),
            ),
            _ => (Distrust::Form, format!("its certificate is not acceptable: {error}")),
        }
    }

    /// What the server says it does not like.
    fn of_alert(alert: Alert) -> (Trouble, String) {
        let ours = Trouble::Distrust(Distrust::Ours);
        let (trouble, words) = match alert {
            Alert::CertificateRequired => (ours, "the server wants to see a client certificate"),
            Alert::UnknownCA => (ours, "the server does not trust who has signed the client certificate"),
            Alert::CertificateExpired => (ours, "to the server, the client certificate has expired"),
            Alert::CertificateRevoked => (ours, "to the server, the client certificate is revoked"),
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateUnknown
            | Alert::AccessDenied
            | Alert::DecryptError => (ours, "the server does not accept the client certificate"),
            // In TLS 1.2 it is often for want of a certificate.
            Alert::HandshakeFailure => (
                ours,
                "the server accepts nothing of what it is offered, or wants to see a client certificate",
            ),
            Alert::ProtocolVersion => (Trouble::Other, "the server speaks neither TLS 1.2 nor TLS 1.3"),
            _ => return (Trouble::Other, format!("received fatal alert: {alert:?}")),
        };
        (trouble, format!("{words} (alert {alert:?})"))
    }

    fn date(time: UnixTime) -> String {
        // A date that no calendar has is as good as the last one.
        let last = Duration::from_secs(253_402_300_799);
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs()).min(last))
    }

    /// The name in `DnsName("host")`.
    fn bare(presented: &str) -> &str {
        let inner = presented.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inner.unwrap_or(presented).trim_matches('"')
    }
}
