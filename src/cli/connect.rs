//! From arguments to an operation that can be asked: the endpoint, the reference, the token, the network.
//! Nothing is sent here.

use std::io::Read;

use lro::auth::Token;
use lro::http::{self, Endpoint};
use lro::plas::{self, Reference, ReferenceError};

use super::args::{At, Network};
use super::failure::Failure;

/// How much of standard input is read. A location has at most 255 characters.
const LONGEST_INPUT: u64 = 64 * 1024;

/// The operation that the arguments speak of, ready to be asked, and whether a token will be sent.
pub(crate) fn operation(at: &At) -> Result<(plas::Operation, bool), Failure> {
    let (reference, from_server) = reference(&at.operation)?;
    let endpoint = endpoint(at.endpoint.as_deref(), &reference, from_server)?;
    let mut http = configured(http::Client::builder(endpoint), &at.network)?;
    let token = token(at)?;
    let has_token = token.is_some();
    if let Some(token) = token {
        http = http.token(token);
    }
    let http = http.build().map_err(|error| {
        let hint = matches!(error, http::BuildError::Client(_))
            .then(|| "install the system's CA certificates (package ca-certificates)".to_owned());
        Failure::usage(error.to_string()).hint(hint)
    })?;
    let operation = plas::Client::new(http).operation_of(reference);
    Ok((operation.map_err(|error| wrong_reference(&error))?, has_token))
}

/// The reference, and whether it may be a server's word rather than the user's.
fn reference(text: &str) -> Result<(Reference, bool), Failure> {
    if text != "-" {
        return text.parse().map(|reference| (reference, false)).map_err(|error| wrong_reference(&error));
    }
    let mut input = Vec::new();
    let cannot_read = |why: &dyn std::fmt::Display| {
        Failure::usage("the operation cannot be read from standard input").caused_by(why)
    };
    std::io::stdin()
        .lock()
        .take(LONGEST_INPUT + 1)
        .read_to_end(&mut input)
        .map_err(|error| cannot_read(&error))?;
    if input.len() as u64 > LONGEST_INPUT {
        return Err(cannot_read(&"it is longer than 64 KiB, which no answer with a location is"));
    }
    let input = String::from_utf8(input).map_err(|_| cannot_read(&"it is not text"))?;
    from_input(&input).map(|reference| (reference, true)).map_err(|failure| {
        failure.hint(
            "expected is {\"location\": \"…\"}, as the call that starts an operation answers".to_owned(),
        )
    })
}

fn from_input(input: &str) -> Result<Reference, Failure> {
    // Some programs begin a text with a byte-order mark.
    let input = input.strip_prefix('\u{feff}').unwrap_or(input).trim();
    if input.is_empty() {
        return Err(Failure::usage("there is no operation on standard input: it is empty"));
    }
    if input.starts_with(['{', '[', '<']) {
        return Reference::from_accepted(input)
            .map_err(|error| Failure::usage("there is no operation on standard input").caused_by(error));
    }
    let mut lines = input.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) => line.parse().map_err(|error| wrong_reference(&error)),
        _ => Err(Failure::usage("there are several operations on standard input, and lro waits for one")),
    }
}

fn wrong_reference(error: &ReferenceError) -> Failure {
    let hint = match error {
        ReferenceError::Location(http::LocationError::Elsewhere { .. }) => {
            Some("leave --endpoint out, or give the one that the operation is at".to_owned())
        }
        _ => None,
    };
    Failure::usage(error.to_string()).hint(hint)
}

fn endpoint(given: Option<&str>, reference: &Reference, from_server: bool) -> Result<Endpoint, Failure> {
    let wrong = |error: &http::LocationError| Failure::usage(format!("the endpoint cannot be used: {error}"));
    match given.filter(|endpoint| !endpoint.is_empty()) {
        Some(endpoint) => Endpoint::parse(endpoint).map_err(|error| {
            let hint = match &error {
                // A host, perhaps with a port, but nothing that says what to speak with it.
                http::LocationError::NotHttp { url }
                    if url.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok()) =>
                {
                    Some(format!("perhaps https://{url}"))
                }
                http::LocationError::MoreThanOrigin { origin, .. } => Some(format!("write {origin}")),
                http::LocationError::Credentials => {
                    Some("the token is given with LRO_TOKEN, --token-file or --token-command".to_owned())
                }
                _ => None,
            };
            wrong(&error).hint(hint)
        }),
        // Where a token goes is for the user to say, never for a server.
        None if reference.is_url() && !from_server => {
            Endpoint::of(reference.location()).map_err(|error| wrong(&error))
        }
        None => Err(Failure::usage("it is not said where the API is").hint(
            "give --endpoint URL or set LRO_ENDPOINT, as in https://plas.eu-de.otc.t-systems.com".to_owned(),
        )),
    }
}

fn token(at: &At) -> Result<Option<Token>, Failure> {
    if let Some(file) = &at.token_file {
        return Ok(Some(Token::file(file)));
    }
    if let Some(command) = &at.token_command {
        return Ok(Some(Token::command(command)));
    }
    for name in ["LRO_TOKEN", "OS_TOKEN"] {
        if let Some(token) = std::env::var_os(name) {
            let wrong = || Failure::usage(format!("the variable {name} cannot be used"));
            let token = token.into_string().map_err(|_| wrong().caused_by("the token is not text"))?;
            return Token::given(token.trim()).map(Some).map_err(|error| wrong().caused_by(error));
        }
    }
    Ok(None)
}

fn configured(mut http: http::ClientBuilder, network: &Network) -> Result<http::ClientBuilder, Failure> {
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
    #[cfg(feature = "rustls")]
    {
        if let Some(file) = &network.cacert {
            http = http.ca_certificates(read("--cacert", file)?);
        }
        if let (Some(cert), Some(key)) = (&network.cert, &network.key) {
            http = http.client_certificate(&read("--cert", cert)?, &read("--key", key)?);
        }
        http = http.insecure(network.insecure);
    }
    #[cfg(not(feature = "rustls"))]
    if network.cacert.is_some() || network.cert.is_some() || network.insecure {
        return Err(Failure::usage(
            "this build of lro has no TLS, so --cacert, --cert and --insecure do nothing",
        ));
    }
    Ok(http)
}

#[cfg(feature = "rustls")]
fn read(flag: &str, file: &std::path::Path) -> Result<Vec<u8>, Failure> {
    /// A bundle of all the world's authorities takes a quarter of a megabyte.
    const LONGEST_PEM: u64 = 16 * 1024 * 1024;

    let unreadable = |error: std::io::Error| {
        Failure::usage(format!("the file of {flag}, `{}`, cannot be read", file.display())).caused_by(error)
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(file).map_err(unreadable)?;
    file.take(LONGEST_PEM).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
