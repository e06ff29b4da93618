//! The signature of one request: a function of the request, the headers that are signed, the key and the date.
//! What time it is, and what is sent, is not known here.
//!
//! Sources: the [API Request Signing Guide] of Huawei Cloud for what both forms share and for `Access=`; the signers of
//! gophertelekomcloud and of Ademund.OTC.Utils for `Credential=`, which the [PLAS API reference] shows.
//!
//! [API Request Signing Guide]: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
//! [PLAS API reference]: https://docs.otc.t-systems.com/private-link-access-service/api-ref/

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use sha2::{Digest, Sha256};
use url::{Position, Url};

use super::signature::Signature;
use crate::auth::Request;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// What the scope of a [`Signature::Credential`] ends with.
const TERMINATOR: &str = "sdk_request";

/// What is not encoded: RFC 3986, unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same in a path.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The headers that are signed: names in lower case, each with its value.
pub(super) type Signed<'a> = BTreeMap<&'a str, &'a str>;

/// The value of `Authorization` for a request that carries these headers.
///
/// The date is that of `x-sdk-date`: `20191115T033655Z`.
pub(super) fn authorization(
    request: &Request<'_>,
    headers: &Signed<'_>,
    signature: &Signature,
    (key_id, secret): (&str, &str),
    date: &str,
) -> String {
    let text = string_to_sign(signature, date, &canonical_request(request, headers));
    let signed = hex(&hmac(&signing_key(signature, secret, date), &text));
    let key = match scope(signature, date) {
        Some(scope) => format!("Credential={key_id}/{scope}"),
        None => format!("Access={key_id}"),
    };
    format!("{ALGORITHM} {key}, SignedHeaders={}, Signature={signed}", names(headers))
}

/// The `Host` of a request to this URL: with the port, unless it is the default one.
pub(super) fn host(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

fn canonical_request(request: &Request<'_>, headers: &Signed<'_>) -> String {
    let mut fields = String::new();
    for (name, value) in headers {
        fields = fields + name + ":" + value.trim() + "\n";
    }
    [
        request.method,
        &canonical_path(request.url.path()),
        &canonical_query(request.url.query().unwrap_or_default()),
        &fields,
        &names(headers),
        &hex(&Sha256::digest(request.body)),
    ]
    .join("\n")
}

/// It is signed with a slash at its end, which it is not sent with. A slash that is encoded counts as one that is not,
/// as the SDKs for Go and Python have it.
fn canonical_path(path: &str) -> String {
    let decoded: Vec<u8> = percent_decode(path.as_bytes()).collect();
    let mut path = percent_encode(&decoded, RESERVED_IN_PATH).to_string();
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// Sorted by name, then by value, both as they are before they are encoded. A `+` is a space, as in a form.
fn canonical_query(query: &str) -> String {
    let decoded = |text: &str| percent_decode(text.replace('+', " ").as_bytes()).collect::<Vec<u8>>();
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    pairs.sort();
    let encoded = pairs.iter().map(|(name, value)| {
        format!("{}={}", percent_encode(name, RESERVED), percent_encode(value, RESERVED))
    });
    encoded.collect::<Vec<_>>().join("&")
}

fn names(headers: &Signed<'_>) -> String {
    headers.keys().copied().collect::<Vec<_>>().join(";")
}

fn string_to_sign(signature: &Signature, date: &str, canonical_request: &str) -> String {
    let hash = hex(&Sha256::digest(canonical_request));
    match scope(signature, date) {
        Some(scope) => [ALGORITHM, date, &scope, &hash].join("\n"),
        None => [ALGORITHM, date, &hash].join("\n"),
    }
}

fn scope(signature: &Signature, date: &str) -> Option<String> {
    match signature {
        Signature::Credential { region, service } => {
            Some(format!("{}/{region}/{service}/{TERMINATOR}", day(date)))
        }
        Signature::Access => None,
    }
}

fn signing_key(signature: &Signature, secret: &str, date: &str) -> Vec<u8> {
    match signature {
        Signature::Credential { region, service } => [day(date), region, service, TERMINATOR]
            .iter()
            .fold(format!("SDK{secret}").into_bytes(), |key, part| hmac(&key, part)),
        Signature::Access => secret.as_bytes().to_vec(),
    }
}

/// The day of a date: `20191115`.
fn day(date: &str) -> &str {
    date.split_once('T').map_or(date, |(day, _)| day)
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mac = mac.unwrap_or_else(|_| unreachable!("a key of any length will do"));
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
