//! Faults that the server tells: statuses that pass and statuses that do not, pauses it wants, and redirects.
//! Nothing is played or checked here.

use super::super::row::End::{Final, Passing};
use super::super::row::Row;
use super::super::row::Way::Answer;
use crate::support::PENDING;
use crate::support::server::Reply;

pub(super) fn rows() -> Vec<Row> {
    let statuses = [
        (408, Passing("HTTP 408")),
        (425, Passing("HTTP 425")),
        (429, Passing("HTTP 429")),
        (500, Passing("HTTP 500")),
        (502, Passing("HTTP 502")),
        (503, Passing("HTTP 503")),
        (504, Passing("HTTP 504")),
        (599, Passing("HTTP 599")),
        (400, Final(3, "HTTP 400")),
        (401, Final(4, "HTTP 401")),
        (403, Final(4, "HTTP 403")),
        (407, Final(3, "HTTP 407")),
        (409, Final(3, "HTTP 409")),
        (410, Final(5, "HTTP 410")),
        (304, Final(3, "HTTP 304")),
        (600, Final(3, "HTTP 600")),
    ];
    let named = |(status, end): (u16, _)| {
        // What stands in it is no answer, whatever it says.
        Row::new(format!("status {status}"), Answer(Reply::json(status, PENDING)), end)
    };
    let mut rows: Vec<_> = statuses.into_iter().map(named).collect();
    let after = |status, pause: &str| Answer(Reply::json(status, "").header("Retry-After", pause));
    let to = |place: &str| Answer(Reply::json(307, "").header("Location", place));
    rows.extend([
        Row::new("503, again in nonsense", after(503, "-1 soon"), Passing("HTTP 503")),
        Row::new("503, again in an hour", after(503, "3600"), Final(124, "HTTP 503")),
        Row::new("429, again in an age", after(429, &"9".repeat(40)), Final(124, "HTTP 429")),
        Row::new("a redirect to itself", to(crate::support::PATH), Final(3, "redirects are not followed")),
        Row::new("a redirect elsewhere", to("http://127.0.0.1:1/"), Final(3, "redirects are not followed")),
    ]);
    rows
}
