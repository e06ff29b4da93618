//! Faults of TLS: a handshake that breaks off, falls silent or is none, and answers that are cut behind it.
//! Nothing is played or checked here.

use super::super::row::End::{Final, Harmless, Passing};
use super::super::row::Way::{Handshake, Secret, Stranger};
use super::super::row::{Row, SILENCES, answer};
use crate::support::PENDING;
use crate::support::server::{Reply, Then};

/// The beginning of a record that announces more.
const HALF_A_RECORD: &[u8] = &[22, 3, 3, 0, 122, 2, 0, 0];

/// What ends a handshake for a reason that may pass, an error within the server; and for one that does not, a certificate
/// that it does not like (RFC 8446, 6).
const ALERT: &[u8] = &[21, 3, 3, 0, 2, 2, 80];
const ALERT_FOR_A_CERTIFICATE: &[u8] = &[21, 3, 3, 0, 2, 2, 42];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![Row::new("TLS: nothing is wrong", Secret(answer()), Harmless)];
    for (word, then, no_head, head) in SILENCES {
        let no_connection = if matches!(then, Then::Hang) { no_head } else { "could not connect" };
        // Behind TLS a reset may overtake the head.
        let cut_off = if matches!(then, Then::Reset) { "no usable answer" } else { head };
        let cut = Reply::json(200, &PENDING[..30]).header("Content-Length", "62");
        let phases = [
            ("upon the handshake", Handshake(Reply::nothing(then)), no_connection),
            ("within the handshake", Handshake(Reply::raw(HALF_A_RECORD).then(then)), no_connection),
            ("after the handshake", Secret(Reply::nothing(then)), no_head),
            ("within the body", Secret(cut.then(then)), cut_off),
        ];
        let row = |(phase, way, told)| Row::new(format!("TLS: {word} {phase}"), way, Passing(told));
        rows.extend(phases.map(row));
    }
    // Nothing but the end of TLS would say that this is the end, and that is not said: somebody may have cut it.
    let unsaid = answer().header("Connection", "close").then(Then::Close);
    let page = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    rows.extend([
        Row::new("TLS: the end is not said", Secret(unsaid), Passing("broke off")),
        Row::new(
            "TLS: garbage for a handshake",
            Handshake(Reply::raw([0; 64])),
            Passing("could not connect"),
        ),
        Row::new("TLS: HTTP for a handshake", Handshake(Reply::raw(page)), Passing("could not connect")),
        Row::new("TLS: an alert", Handshake(Reply::raw(ALERT)), Passing("could not connect")),
        Row::new(
            "TLS: an alert about a certificate",
            Handshake(Reply::raw(ALERT_FOR_A_CERTIFICATE)),
            Final(3, "no trusted connection"),
        ),
        Row::new("TLS: another's certificate", Stranger, Final(3, "nobody who is trusted here")),
    ]);
    rows
}
