//! Faults of the body: lengths that lie, bodies without end, bombs, other types, and documents that are none.
//! Nothing is played or checked here.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::row::End::{self, Final, Harmless, Passing};
use super::super::row::Row;
use super::super::row::Way::Answer;
use crate::support::PENDING;
use crate::support::server::{Reply, Then};

const MIB: usize = 1024 * 1024;

const TOO_LONG: End = Passing("longer than 1048576 bytes");
const BROKE_OFF: End = Passing("broke off");
const NO_STATUS: End = Passing("the answer is not a status of an operation");

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("room");
    encoder.finish().expect("room")
}

/// So many MiB of nothing, compressed piece by piece, so that the test itself stays small.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let spaces = vec![b' '; MIB];
    (0..mebibytes).for_each(|_| encoder.write_all(&spaces).expect("room"));
    encoder.finish().expect("room")
}

fn filled(begin: &str, part: &str, end: &str) -> String {
    let times = (MIB - begin.len() - end.len()) / part.len();
    format!("{begin}{}{end}", part.repeat(times))
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = lengths();
    rows.extend(encodings());
    rows.extend(documents());
    rows
}

fn lengths() -> Vec<Row> {
    let of = |length: &str| Reply::json(200, PENDING).header("Content-Length", length);
    let chunked = |body: &str| Reply::json(200, body).header("Transfer-Encoding", "chunked");
    let until_the_end = |status| Reply::json(status, "").header("Connection", "close");
    let spaces: &'static str = format!("1000\r\n{}\r\n", " ".repeat(4096)).leak();
    [
        ("a length that is too short", of("10"), NO_STATUS),
        ("a length that is too long", of("99").then(Then::Hang), Passing("no answer within")),
        ("a length of zero", of("0"), NO_STATUS),
        ("a length of 3 GiB", of("3221225472").then(Then::Hang), TOO_LONG),
        ("a length of 2^64", of("18446744073709551616"), Passing("no answer from")),
        ("a body without end", until_the_end(200).then(Then::Endless("        ")), TOO_LONG),
        (
            "a body without end, of an error",
            until_the_end(503).then(Then::Endless("no! ")),
            Passing("HTTP 503"),
        ),
        ("chunks without end", chunked("").then(Then::Endless(spaces)), TOO_LONG),
        ("a chunk of 2^64", chunked("10000000000000000\r\n"), BROKE_OFF),
        ("a chunk without a size", chunked("zz\r\n{}\r\n0\r\n\r\n"), BROKE_OFF),
        ("a chunk that is longer than said", chunked("1\r\n{{{{\r\n0\r\n\r\n"), BROKE_OFF),
        ("a chunk with notes without end", chunked("1;").then(Then::Endless("note=yes")), BROKE_OFF),
        ("trailers without end", chunked("2\r\n{}\r\n0\r\n").then(Then::Endless("X-A: b\r\n")), BROKE_OFF),
        ("no body", Reply::json(200, ""), NO_STATUS),
        ("204", Reply::raw("HTTP/1.1 204 No Content\r\n\r\n"), NO_STATUS),
    ]
    .map(|(name, reply, end)| Row::new(name, Answer(reply), end))
    .to_vec()
}

fn encodings() -> Vec<Row> {
    let encoded = |name, status, body: Vec<u8>| Reply::json(status, body).header("Content-Encoding", name);
    let whole = gzip(PENDING.as_bytes());
    let half = whole[..whole.len() / 2].to_vec();
    let big = bomb(128);
    [
        ("compressed", encoded("gzip", 200, whole.clone()), Harmless),
        ("compressed, and cut", encoded("gzip", 200, half), BROKE_OFF),
        ("compressed, it says", encoded("gzip", 200, PENDING.into()), BROKE_OFF),
        ("compressed twice", encoded("gzip, gzip", 200, gzip(&whole)), NO_STATUS),
        ("compressed as nobody asked for", encoded("br", 200, vec![0x8b; 40]), NO_STATUS),
        ("a bomb of 128 MiB", encoded("gzip", 200, big.clone()), TOO_LONG),
        ("a bomb of 128 MiB, of an error", encoded("gzip", 500, big.clone()), Passing("HTTP 500")),
        ("a bomb of 128 MiB, of a refusal", encoded("gzip", 400, big), Final(3, "HTTP 400")),
    ]
    .map(|(name, reply, end)| Row::new(name, Answer(reply), end))
    .to_vec()
}

fn documents() -> Vec<Row> {
    let typed = |name| Reply::new(200, name, PENDING);
    let json = |body: &str| Reply::json(200, body);
    let wide: Vec<u8> = PENDING.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let unsure = r#"{"operationId":"o1","finished":true,"result":{"result":"perhaps"}}"#;
    [
        ("a type that is no JSON", typed("text/html"), Harmless),
        ("a type that is none", typed(";;;=\u{fc}"), Harmless),
        ("a page for a browser", Reply::new(200, "text/html", "<html>Please log in</html>"), NO_STATUS),
        ("another document", json(r#"{"status":"ok"}"#), NO_STATUS),
        ("a list", json("[]"), NO_STATUS),
        ("two documents", json(&PENDING.repeat(2)), NO_STATUS),
        ("half a document", json(&PENDING[..30]), NO_STATUS),
        ("a document in UTF-16", Reply::json(200, wide), NO_STATUS),
        ("a document that is no text", Reply::json(200, vec![0xff; 99]), NO_STATUS),
        ("1 MiB of open lists", json(&"[".repeat(MIB)), NO_STATUS),
        ("1 MiB of open objects", json(&filled("", "{\"a\":", "")), NO_STATUS),
        ("1 MiB of objects", json(&filled(r#"{"finished":false,"a":["#, "{},", "0]}")), NO_STATUS),
        (
            "1 MiB of objects, of an error",
            Reply::json(500, filled(r#"{"a":["#, "{},", "0]}")),
            Passing("HTTP 500"),
        ),
        ("1 MiB of a number", json(&filled(r#"{"finished":false,"a":"#, "9", "}")), NO_STATUS),
        ("an end that nobody knows", json(unsure), Final(3, "perhaps")),
    ]
    .map(|(name, reply, end)| Row::new(name, Answer(reply), end))
    .to_vec()
}
