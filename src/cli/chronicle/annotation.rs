//! Annotations as GitHub Actions takes them from a log: a line for each operation that did not succeed.
//! Where a log goes is not known here.

use std::fmt::Write;

use lro::http::printable;

use crate::cli::exit::Exit;
use crate::cli::timeline::{Run, Track, word};

/// How many annotations of one kind GitHub shows of a step.
const MOST: usize = 10;

/// A line for each operation that did not succeed; the last one counts the rest where there are too many.
pub(super) fn annotations(run: &Run, exit: Exit) -> String {
    // Where one success is enough, another end is no error.
    let level = if exit == Exit::Succeeded { "warning" } else { "error" };
    let bad: Vec<_> = run.tracks.iter().filter(|track| track.end.outcome != "succeeded").collect();
    let most = if bad.len() > MOST { MOST - 1 } else { MOST };
    let mut lines: String = bad.iter().take(most).map(|track| line(level, track)).collect();
    if let Some(rest) = bad.len().checked_sub(most).filter(|rest| *rest > 0) {
        let _ = writeln!(lines, "::{level} title=lro::{rest} more operations did not succeed");
    }
    lines
}

fn line(level: &str, track: &Track) -> String {
    let why = track.end.why().map(|why| format!(": {why}")).unwrap_or_default();
    let message = format!("{} {}{why}", track.id, word(track.end.outcome));
    let title = format!("lro: {}", word(track.end.outcome));
    format!("::{level} title={}::{}\n", property(&title), data(&message))
}

/// A text as it stands behind the second `::`.
fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as it stands between the first `::` and the second.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_one_line_and_one_command_whatever_is_in_it() {
        for (text, as_data, as_property) in [
            ("100 % done", "100 %25 done", "100 %25 done"),
            ("a\r\n::stop-commands::x", "a : :stop-commands::x", "a %3A %3Astop-commands%3A%3Ax"),
            ("a,file=/etc/passwd:b", "a,file=/etc/passwd:b", "a%2Cfile=/etc/passwd%3Ab"),
            ("%0A::error::x", "%250A::error::x", "%250A%3A%3Aerror%3A%3Ax"),
        ] {
            assert_eq!((data(text).as_str(), property(text).as_str()), (as_data, as_property), "{text:?}");
        }
    }
}
