//! Which way requests go, and whom they trust.
//! Nothing is sent here.

use lro::auth::cloud::Cloud;
use lro::http::ClientBuilder;

use crate::cli::args::Network;
#[cfg(feature = "rustls")]
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The client with what the flags say, and for the rest the cloud.
pub(super) fn configured(
    mut http: ClientBuilder,
    network: &Network,
    cloud: Option<&Cloud>,
) -> Result<ClientBuilder, Failure> {
    if let Some(proxy) = &network.proxy {
        // The arguments of a process are there for everyone on the machine to read.
        if proxy.contains('@') {
            return Err(Failure::usage(
                "--proxy holds a password, which every user of this machine could read",
            )
            .hint("put it into the variable HTTPS_PROXY or HTTP_PROXY".to_owned()));
        }
        http = http.proxy(proxy);
    }
    http = http.require_https(network.require_https);
    #[cfg(feature = "rustls")]
    {
        let mut tls = cloud.map(|cloud| cloud.tls().clone()).unwrap_or_default();
        if network.cacert.is_some() {
            tls.cacert = None;
        }
        if network.cert.is_some() {
            (tls.cert, tls.key) = (None, None);
        }
        http = tls.apply(http).map_err(|error| Failure::of(Exit::Usage, &error))?;
        if let Some(file) = &network.cacert {
            http = http.ca_certificates(read("--cacert", file)?);
        }
        if let (Some(cert), Some(key)) = (&network.cert, &network.key) {
            http = http.client_certificate(&read("--cert", cert)?, &read("--key", key)?);
        }
        if network.insecure {
            http = http.insecure(true);
        }
    }
    #[cfg(not(feature = "rustls"))]
    if cloud.is_some_and(|cloud| *cloud.tls() != lro::auth::cloud::Tls::default())
        || network.cacert.is_some()
        || network.cert.is_some()
        || network.insecure
    {
        return Err(Failure::usage(
            "this build of lro has no TLS, so --cacert, --cert, --insecure and their like in a cloud do nothing",
        ));
    }
    Ok(http)
}

#[cfg(feature = "rustls")]
fn read(flag: &str, file: &std::path::Path) -> Result<Vec<u8>, Failure> {
    lro::http::read_file(file, lro::http::LONGEST_PEM).map_err(|error| {
        Failure::usage(format!("the file of {flag}, `{}`, cannot be read", file.display())).caused_by(error)
    })
}
