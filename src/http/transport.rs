//! What a transport error of reqwest means: a passing fault, or a certificate that no retry mends.
//! Nothing here sends anything.

use std::error::Error;

use super::endpoint::Endpoint;
use super::error::HttpError;
use super::fault::Fault;
use super::text::printable;

/// What went wrong on the way, in the words of whoever noticed it first.
pub(super) fn transport_error(error: &reqwest::Error, endpoint: &Endpoint) -> HttpError {
    let cause = root_cause(error);
    // A name that is unknown, a port that is closed and TLS that fails are all told as a failure to connect.
    let may_have_arrived = !error.is_connect() && !error.is_builder();
    if is_certificate(error) {
        return HttpError::Certificate { origin: endpoint.to_string(), cause, may_have_arrived };
    }
    if is_proxy_refusal(error) {
        return HttpError::Status { status: 407, fault: Fault::default(), skew: None };
    }
    let what = if error.is_connect() {
        format!("could not connect to {endpoint}")
    } else if error.is_body() || error.is_decode() {
        format!("the answer of {endpoint} broke off")
    } else {
        format!("no answer from {endpoint}")
    };
    HttpError::Transport { what, cause, may_have_arrived }
}

/// The last cause in the chain: everything above it only says that something below went wrong.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(|cause| printable(&cause.to_string()).into_owned()).unwrap_or_default()
}

/// The error and its causes, also those that an `io::Error` wraps and does not name as its source.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

/// Whether a proxy wants credentials before it opens a tunnel. The error has no type that could be named, only a text.
fn is_proxy_refusal(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| cause.to_string() == "tunnel error: proxy authorization required")
}

#[cfg(feature = "rustls")]
fn is_certificate(error: &(dyn Error + 'static)) -> bool {
    use rustls::AlertDescription as Alert;
    causes(error).filter_map(|cause| cause.downcast_ref::<rustls::Error>()).any(|error| match error {
        rustls::Error::InvalidCertificate(_)
        | rustls::Error::InvalidCertRevocationList(_)
        | rustls::Error::NoCertificatesPresented => true,
        // What the server thinks of our certificate.
        rustls::Error::AlertReceived(alert) => matches!(
            alert,
            Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::CertificateRequired
                | Alert::UnknownCA
                | Alert::AccessDenied
                // Its signature is wrong, and in TLS 1.2 often: there is none.
                | Alert::DecryptError
                | Alert::HandshakeFailure
        ),
        _ => false,
    })
}

#[cfg(not(feature = "rustls"))]
fn is_certificate(_: &(dyn Error + 'static)) -> bool {
    false
}
