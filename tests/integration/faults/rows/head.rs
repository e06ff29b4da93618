//! Faults of the head: no HTTP at all, fields without end, fields that contradict each other, 1xx.
//! Nothing is played or checked here.

use super::super::row::End::{self, Harmless, Passing};
use super::super::row::Way::{Answer, Kept};
use super::super::row::{DRIP, Row, answer, bytes};
use crate::support::server::{Reply, Then};
use crate::support::{PENDING, SUCCESS};

const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n";

pub(super) fn rows() -> Vec<Row> {
    let pending = bytes("", PENDING);
    let with = |field: &str| bytes(field, PENDING);
    let garbage = Passing("no answer from");
    let raw: [(&str, String, End); 21] = [
        ("SSH for HTTP", "SSH-2.0-OpenSSH_9.6\r\n".to_owned(), garbage),
        ("control characters for HTTP", "\u{1b}[2J\0\0\0\u{7}".repeat(99), garbage),
        ("a document without a head", PENDING.to_owned(), garbage),
        ("an unknown version", with("").replace("/1.1", "/9.9"), garbage),
        ("a status of two digits", with("").replace("200", "20"), garbage),
        ("a status of four digits", with("").replace("200", "2000"), garbage),
        ("a field without a colon", with("oops\r\n"), garbage),
        ("a field that is folded", with("X-A: b\r\n c\r\n"), garbage),
        ("a field with a NUL", with("X-A: \0\r\n"), garbage),
        ("2,000 fields", with(&"X-A: b\r\n".repeat(2000)), garbage),
        ("a field of 1 MiB", with(&format!("X-A: {}\r\n", "b".repeat(1024 * 1024))), garbage),
        ("two lengths", with("Content-Length: 5\r\n"), garbage),
        ("a length below zero", with("Content-Length: -1\r\n"), garbage),
        ("a length in words", with("Content-Length: five\r\n"), garbage),
        ("an encoding nobody knows", with("Transfer-Encoding: magic\r\n"), Harmless),
        ("chunks, and a length too", with("Transfer-Encoding: chunked\r\n"), Passing("broke off")),
        ("100 before the answer", format!("{CONTINUE}{pending}"), Harmless),
        ("103 before the answer", format!("{HINTS}{HINTS}{pending}"), Harmless),
        ("100 a thousand times", CONTINUE.repeat(1000), garbage),
        (
            "101 that nobody asked for",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n".to_owned(),
            End::Final(3, "HTTP 101"),
        ),
        ("103 for the answer", HINTS.to_owned(), garbage),
    ];
    let mut rows: Vec<_> =
        raw.into_iter().map(|(name, bytes, end)| Row::new(name, Answer(Reply::raw(bytes)), end)).collect();
    for (name, begin, filler) in [
        ("fields without end", "HTTP/1.1 200 OK\r\n", "X-A: b\r\n"),
        ("a field without end", "HTTP/1.1 200 OK\r\nX-A: ", "bbbbbbbb"),
        ("a status line without end", "HTTP/1.1 200 ", "OK OK OK"),
        ("empty lines without end", "", "\r\n"),
    ] {
        let way = Answer(Reply::raw(begin).then(Then::Endless(filler)));
        rows.push(Row::new(name, way, Passing("no answer")));
    }
    // What came unasked must not be taken for the answer to the next poll.
    let twice = |second| Kept(Reply::raw(format!("{pending}{}", bytes("", second))).then(Then::Keep));
    rows.extend([
        Row::new("dripped", Answer(answer().then(DRIP)), Passing("no answer within")),
        Row::new("sent twice", twice(PENDING), Harmless),
        Row::new("a success that nobody asked for", twice(SUCCESS), Harmless),
    ]);
    rows
}
