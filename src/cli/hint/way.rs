//! What to try when something on the way bars it: a certificate, a proxy, or one side with TLS and the other without.
//! What was asked there is not known here.

use lro::http::{Distrust, HttpError, Obstacle, environment_names_http_proxy};

const PROXY: &str = "the proxy wants to know who asks: its user name and password go into the variable HTTPS_PROXY or \
                     HTTP_PROXY, as http://USER:PASSWORD@HOST:PORT or socks5h://USER:PASSWORD@HOST:PORT";

const SHOW: &str = "--cert FILE --key FILE shows a client certificate; it has to be signed by an authority that the \
                    server accepts";

/// What servers say in a page with status 400 that is about the connection.
const PAGES: [(&str, &str); 4] = [
    // nginx, without a client certificate and with one that it does not accept.
    ("No required SSL certificate was sent", SHOW),
    ("The SSL certificate error", SHOW),
    // nginx, and servers in Go.
    ("plain HTTP request was sent to HTTPS port", TLS),
    ("HTTP request to an HTTPS server", TLS),
];

const TLS: &str = "ask with https:// instead of http://";

/// What to try after this error, if the way is what is wrong.
pub(super) fn hint(error: &HttpError) -> Option<&'static str> {
    Some(match error {
        HttpError::Certificate { distrust, .. } => match distrust {
            Distrust::Authority => "--cacert FILE trusts the certificates of a private authority too",
            Distrust::Time => {
                "the server needs a new certificate, unless it is the clock of this machine that is wrong"
            }
            Distrust::Name => {
                "ask by a name that the certificate is for; or the server needs one for this name"
            }
            Distrust::Ours => SHOW,
            _ => {
                "the server needs another certificate: one of its own, signed by an authority that --cacert FILE trusts"
            }
        },
        HttpError::Proxy { .. } | HttpError::Status { status: 407, .. } => PROXY,
        HttpError::Status { status: 400, fault, .. } => {
            let said = fault.message.as_deref()?;
            PAGES.iter().find(|(words, _)| said.contains(words))?.1
        }
        HttpError::Transport { obstacle, .. } => match obstacle {
            Some(Obstacle::NoTls) => {
                "the endpoint may be one for http:// instead of https://; or something in between answers for it"
            }
            Some(Obstacle::NoTunnel) => {
                "the proxy may not reach it, or want another password, or not let anybody through to there"
            }
            _ => "check the endpoint and the way there: network, proxy, firewall",
        },
        _ => return None,
    })
}

/// What is worth knowing of a 401 from this place: some proxies answer so as well, if the password is wrong that the
/// environment has for them. Where the way is encrypted, they have no say.
pub(super) fn of_denial(place: &str) -> Option<String> {
    (place.starts_with("http://") && environment_names_http_proxy())
        .then(|| "a proxy was asked, whose refusal this may be: the environment names one".to_owned())
}

/// The same of an error that was met by whoever gives credentials; what only did not connect says nothing more.
pub(super) fn of(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let http = causes.into_iter().find_map(|cause| cause.downcast_ref::<HttpError>())?;
    if matches!(http, HttpError::Transport { .. }) { None } else { hint(http) }
}
