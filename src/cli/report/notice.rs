//! That a wait has ended, in the few words of a notification, for who asked to be called to the terminal.
//! How a terminal shows it is not known here.

use std::io::{self, Write};
use std::time::Duration;

use super::fleet::{told as word, unsuccessful};
use super::result::Ended;
use crate::cli::args::Told;
use crate::cli::duration::human;
use crate::cli::tally::Tally;
use crate::cli::terminal::{Surroundings, notice};

/// Calls somebody to the terminal, if that is asked for: the operation has ended like this.
pub(crate) fn notify(told: &Told, ended: &Ended) {
    call(told, ended.outcome, &one(ended));
}

/// The same, for several that have ended, with this word for all of them, after so long.
pub(crate) fn notify_of_all(told: &Told, outcome: &str, tally: &Tally, elapsed: Duration) {
    call(told, outcome, &all(tally, elapsed));
}

fn call(told: &Told, outcome: &str, body: &str) {
    let title = format!("lro: {}", word(outcome));
    let text = notice::sequence(told.notify, &title, body, &Surroundings::of_stderr());
    if !text.is_empty() {
        // That nobody listens there changes nothing.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

fn one(ended: &Ended) -> String {
    let reason = ended.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} after {}{reason}", ended.id, human(ended.elapsed))
}

fn all(tally: &Tally, elapsed: Duration) -> String {
    let what = match tally.ended() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    };
    let bad = unsuccessful(tally, false);
    let bad = if bad.is_empty() { bad } else { format!(": {bad}") };
    format!("{what} after {}{bad}", human(elapsed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit::Exit;

    #[test]
    fn of_several_it_is_told_how_many_did_not_succeed() {
        let mut tally = Tally::default();
        tally.add("succeeded", Exit::Succeeded);
        assert_eq!(all(&tally, Duration::from_secs(9)), "1 operation after 9s");
        tally.add("timed_out", Exit::TimedOut);
        tally.add("failed", Exit::Failed);
        assert_eq!(all(&tally, Duration::from_secs(90)), "3 operations after 1m 30s: 1 timed out, 1 failed");
    }
}
