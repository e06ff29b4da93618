//! Faults of HTTP/2: streams that are refused, reset or silent, connections that are given up, and frames that lie.
//! Nothing is played or checked here.

use h2::Reason;

use super::super::row::End::{Final, Harmless, Lasting, Passing};
use super::super::row::Row;
use super::super::row::Way::{Frames, Stream};
use crate::support::PENDING;
use crate::support::http2::Turn;
use crate::support::server::{Reply, Then};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:status: 200`, and a field of the length of a body, as HPACK has them.
const OK: &[u8] = &[0x88];
const OK_OF_LENGTH_5: &[u8] = b"\x88\x0f\x0d\x015";

/// A field without the end of the fields; settings, none of them; a wish for a sign of life.
const CONTINUATION: &str = "\0\0\x07\x09\0\0\0\0\x01\0\x03x-a\x01b";
const SETTINGS: &str = "\0\0\0\x04\0\0\0\0\0";
const PING: &str = "\0\0\x08\x06\0\0\0\0\0????????";

/// On the first stream, where the request is.
fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame").to_be_bytes();
    let stream = u8::from(kind != GOAWAY);
    [&length[1..], &[kind, flags, 0, 0, 0, stream], payload].concat()
}

fn frames(frames: &[Vec<u8>], then: Then) -> super::super::row::Way {
    Frames(Reply::raw(frames.concat()).then(then))
}

pub(super) fn rows() -> Vec<Row> {
    let head = || frame(HEADERS, END_HEADERS, OK);
    let half = || frame(DATA, 0, &PENDING.as_bytes()[..30]);
    let reset = |reason: u8| frame(RST_STREAM, 0, &[0, 0, 0, reason]);
    let unended = || frame(HEADERS, 0, OK);
    let calm = [&[0; 7], &[11][..], &b"calm down ".repeat(1000)].concat();
    let lie = frame(HEADERS, END_HEADERS, OK_OF_LENGTH_5);
    let whole = || frame(DATA, END_STREAM, PENDING.as_bytes());
    let streams = [
        ("nothing is wrong", Turn::Answer(PENDING), Harmless),
        ("GOAWAY with the answer", Turn::LastCall(PENDING), Harmless),
        ("GOAWAY without an answer", Turn::Goodbye, Passing("no answer from")),
        ("RST_STREAM: refused", Turn::Reset(Reason::REFUSED_STREAM), Passing("no answer from")),
        ("RST_STREAM: internal error", Turn::Reset(Reason::INTERNAL_ERROR), Passing("no answer from")),
        ("RST_STREAM: cancel", Turn::Reset(Reason::CANCEL), Passing("no answer from")),
        ("RST_STREAM: no error", Turn::Reset(Reason::NO_ERROR), Passing("no answer from")),
        ("RST_STREAM: HTTP/1.1 wanted", Turn::Reset(Reason::HTTP_1_1_REQUIRED), Passing("no answer from")),
        ("a silent stream", Turn::Silence, Passing("no answer within")),
        ("a deaf connection", Turn::Deaf, Lasting("no answer")),
        ("a document that is none", Turn::Answer("<html>"), Passing("not a status of an operation")),
        ("nothing in the answer", Turn::Answer(""), Passing("not a status of an operation")),
        (
            "no word that is known",
            Turn::Answer(r#"{"finished":true,"result":{"result":"so"}}"#),
            Final(3, "so"),
        ),
    ];
    let raw = [
        ("nothing is wrong in frames", frames(&[head(), whole()], Then::Close), Harmless),
        ("reset within the body", frames(&[head(), half(), reset(2)], Then::Close), Passing("broke off")),
        (
            "reset, no error, in the body",
            frames(&[head(), half(), reset(0)], Then::Close),
            Passing("not a status of an operation"),
        ),
        ("closed within the body", frames(&[head(), half()], Then::Close), Passing("broke off")),
        ("stalled after the head", frames(&[head()], Then::Keep), Passing("no answer within")),
        ("stalled within the body", frames(&[head(), half()], Then::Keep), Passing("no answer within")),
        (
            "ended within the body",
            frames(&[head(), frame(DATA, END_STREAM, b"{\"o")], Then::Close),
            Passing("not a status of an operation"),
        ),
        ("a longer body than said", frames(&[lie, whole()], Then::Close), Passing("broke off")),
        ("a body without a head", frames(&[whole()], Then::Close), Passing("no answer from")),
        ("GOAWAY: calm down", frames(&[frame(GOAWAY, 0, &calm)], Then::Close), Passing("no answer from")),
        ("fields without end", frames(&[unended()], Then::Endless(CONTINUATION)), Passing("no answer")),
        ("fields that stall", frames(&[unended()], Then::Keep), Passing("no answer within")),
        (
            "fields that are garbage",
            frames(&[frame(HEADERS, END_HEADERS, &[0xff; 40])], Then::Close),
            Passing("no answer from"),
        ),
        ("SETTINGS without end", frames(&[], Then::Endless(SETTINGS)), Lasting("no answer")),
        ("PING without end", frames(&[], Then::Endless(PING)), Lasting("no answer")),
        (
            "a frame that is too long",
            frames(&[vec![0xff, 0xff, 0xff, DATA, 0, 0, 0, 0, 1]], Then::Close),
            Passing("no answer from"),
        ),
        (
            "garbage for frames",
            frames(&[b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()], Then::Close),
            Passing("no answer from"),
        ),
    ];
    let streams = streams.map(|(name, turn, end)| (name, Stream(turn), end));
    let all = streams.into_iter().chain(raw);
    all.map(|(name, way, end)| Row::new(format!("HTTP/2: {name}"), way, end)).collect()
}
