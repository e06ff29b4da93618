//! Faults of the connection: none, one that breaks off or falls silent at each phase, one that was kept and is gone.
//! Nothing is played or checked here.

use super::super::row::End::{Harmless, Passing};
use super::super::row::Way::{Answer, Connection, Kept, Refused};
use super::super::row::{Row, SILENCES, answer};
use crate::support::PENDING;
use crate::support::server::{Reply, Then};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        Row::new("nothing is wrong", Answer(answer()), Harmless),
        Row::new("refused", Refused, Passing("could not connect")),
        Row::new(
            "the server speaks first",
            Connection(Reply::raw("220 ready\r\n")),
            Passing("no answer from"),
        ),
    ];
    let length = PENDING.len().to_string();
    let cut = |body: &str| Reply::json(200, body).header("Content-Length", &length);
    for (word, then, no_head, head) in SILENCES {
        let nothing = Reply::nothing(then);
        let phases = [
            ("before the request", Connection(nothing.clone()), no_head),
            ("before the head", Answer(nothing), no_head),
            ("within the head", Answer(Reply::raw("HTTP/1.1 200 OK\r\nContent-Le").then(then)), no_head),
            ("after the head", Answer(cut("").then(then)), head),
            ("within the body", Answer(cut(&PENDING[..30]).then(then)), head),
            ("within a chunk", Answer(chunked("3e\r\n{\"oper").then(then)), head),
            ("between chunks", Answer(chunked("1\r\n{\r\n").then(then)), head),
        ];
        let row = |(phase, way, told)| Row::new(format!("{word} {phase}"), way, Passing(told));
        rows.extend(phases.map(row));
    }
    rows.extend([
        Row::new("kept, and closed meanwhile", Kept(answer().then(Then::Close)), Harmless),
        Row::new("kept, and reset meanwhile", Kept(answer().then(Then::Reset)), Harmless),
        Row::new(
            "kept, and closed upon a request",
            Kept(Reply::nothing(Then::Close)),
            Passing("no answer from"),
        ),
        Row::new(
            "kept, and reset upon a request",
            Kept(Reply::nothing(Then::Reset)),
            Passing("no answer from"),
        ),
        Row::new(
            "kept, and silent upon a request",
            Kept(Reply::nothing(Then::Hang)),
            Passing("no answer within"),
        ),
    ]);
    rows
}

fn chunked(body: &str) -> Reply {
    Reply::json(200, body).header("Transfer-Encoding", "chunked")
}
