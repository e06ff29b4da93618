//! How the operations of a fleet ended: each told and printed when it ends, those that did not end told together, and one
//! exit code for all.
//! Which words and which codes there are is known elsewhere.

use std::collections::HashSet;
use std::io;
use std::time::Duration;

use lro::http::{Operation, Status};
use lro::{Outcome, Until, WaitError};

use super::input::Input;
use super::printed::Printed;
use super::unfinished::Unfinished;
use crate::cli::args::{Manner, OutputOfWait};
use crate::cli::chronicle::Chronicle;
use crate::cli::connect::{Access, told_duplicates};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::hint;
use crate::cli::interrupt::Seen;
use crate::cli::report::{self, Ended, FleetReporter, unsuccessful};
use crate::cli::tally::Tally;

/// How many ends without success are told with all that is known of them. Many have the same cause.
const MOST_WHOLE: usize = 20;

/// The ends so far.
pub(super) struct Ends<'a> {
    access: &'a Access,
    stranger: Access,
    until: Until,
    signal: Seen,
    printed: Printed,
    color: bool,
    tally: Tally,
    /// Whether the fleet is over with one of its ends, so that the others are left to themselves.
    is_decided: bool,
    hints: HashSet<String>,
    told: usize,
    late: Unfinished,
    interrupted: Unfinished,
    left: usize,
    /// All ends, for a document.
    kept: Vec<(usize, Ended)>,
    /// The lines of all, for a text.
    lines: Vec<(usize, String)>,
}

impl<'a> Ends<'a> {
    pub(super) fn new(access: &'a Access, until: Until, signal: Seen, printed: Printed, color: bool) -> Self {
        Self {
            access,
            stranger: access.stranger(),
            until,
            signal,
            printed,
            color,
            tally: Tally::default(),
            is_decided: false,
            hints: HashSet::new(),
            told: 0,
            late: Unfinished::default(),
            interrupted: Unfinished::default(),
            left: 0,
            kept: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Tells and prints how the operation in this place ended.
    ///
    /// # Errors
    ///
    /// When it could not be printed.
    pub(super) fn add(
        &mut self,
        place: usize,
        outcome: &Outcome<Status>,
        asked: &Operation,
        elapsed: Duration,
        reporter: &FleetReporter,
        chronicle: &mut Chronicle,
    ) -> io::Result<()> {
        let ended = Ended::of(outcome, asked)
            .unwrap_or_else(|| unreachable!("the numbers of a fleet are checked before it begins"));
        let is_left = self.is_decided && matches!(outcome, Err(WaitError::Interrupted(_)));
        let exit = if is_left { Exit::Succeeded } else { self.exit_of(outcome) };
        self.is_decided |= match self.until {
            Until::All => false,
            Until::Any => outcome.is_ok(),
            Until::Failure => outcome.is_err(),
        };
        self.tally.add(ended.outcome, exit);
        reporter.ended(&ended, elapsed, &self.tally);
        chronicle.ended(place, &ended, elapsed);
        match outcome {
            Ok(_) => {}
            Err(_) if is_left => self.left += 1,
            Err(WaitError::TimedOut { limit, .. }) if ended.no_result().is_none() => {
                self.late.add(&ended, Some(*limit));
            }
            Err(WaitError::Interrupted(_)) if ended.no_result().is_none() => {
                self.interrupted.add(&ended, None);
            }
            Err(error) => self.fail(error, &ended, exit, reporter),
        }
        self.print(place, ended, elapsed, reporter)
    }

    fn exit_of(&self, outcome: &Outcome<Status>) -> Exit {
        Exit::of_outcome(outcome, self.signal.exit().unwrap_or(Exit::Interrupted))
    }

    /// Which signal came, if one came.
    pub(super) fn signal(&self) -> Option<Exit> {
        self.signal.exit()
    }

    fn fail(&mut self, error: &WaitError<Status>, ended: &Ended, exit: Exit, reporter: &FleetReporter) {
        let is_elsewhere = self.access.is_elsewhere(ended.endpoint.as_ref());
        let access = if is_elsewhere { &self.stranger } else { self.access };
        let failure = hint::of_wait(error, ended, exit, access);
        let failure =
            if self.told < MOST_WHOLE { failure.with_new_hint(&mut self.hints) } else { failure.brief() };
        self.told += 1;
        reporter.fail(&failure);
    }

    fn print(
        &mut self,
        place: usize,
        ended: Ended,
        elapsed: Duration,
        reporter: &FleetReporter,
    ) -> io::Result<()> {
        match self.printed {
            Printed::Text | Printed::TextUnlessCommand => self.lines.push((place, ended.line())),
            Printed::Json => self.kept.push((place, ended)),
            Printed::Jsonl => reporter.aside(|| report::print_ended(&ended, elapsed))?,
            Printed::Nothing => {}
        }
        Ok(())
    }

    /// Tells and prints what is known when all is over, after so long; returns the exit code for all.
    ///
    /// # Errors
    ///
    /// When there was nothing to wait for.
    pub(super) fn finish(
        &mut self,
        input: &Input,
        manner: &Manner,
        elapsed: Duration,
        chronicle: &mut Chronicle,
    ) -> Result<Exit, Failure> {
        let told = &manner.told;
        if let Some(text) = told_duplicates(input.duplicates()).filter(|_| !told.quiet) {
            report::say(&text);
        }
        let total = self.tally.ended();
        let is_reached = self.until == Until::Any && self.tally.count("succeeded") > 0;
        let unread = input.unread(is_reached, self.signal.exit(), manner.limits.timeout.0);
        let (mut outcome, mut exit) = match (self.tally.worst(), &unread) {
            _ if is_reached => ("succeeded", Exit::Succeeded),
            (Some(worst), _) => worst,
            (None, Some((word, failure))) => (*word, failure.exit),
            (None, None) => {
                chronicle.write("error", Exit::Usage);
                return Err(Failure::usage("there was no operation on standard input"));
            }
        };
        for failure in self.unfinished(total) {
            failure.tell(self.color);
        }
        if exit != Exit::Succeeded && total > 1 {
            self.unsuccessful(total, exit).tell(self.color);
        }
        if let Some((word, failure)) = unread.filter(|_| exit == Exit::Succeeded || total == 0) {
            failure.tell(self.color);
            (outcome, exit) = (word, failure.exit);
        }
        if exit == Exit::Succeeded && !told.quiet {
            let count = self.tally.count("succeeded");
            report::tell_all_succeeded(count, self.left(), elapsed, self.color);
        }
        chronicle.write(outcome, exit);
        self.print_all(outcome, exit, elapsed);
        report::notify_of_all(told, outcome, &self.tally, elapsed);
        Ok(exit)
    }

    /// Those that the limit or a signal came before.
    fn unfinished(&self, total: usize) -> impl Iterator<Item = Failure> {
        let (late, interrupted) = (&self.late, &self.interrupted);
        let gave_up = format!("gave up waiting for {}{}", late.of(total), late.why());
        let stopped = format!("the wait for {} was interrupted", interrupted.of(total));
        let signal = self.signal.exit().unwrap_or(Exit::Interrupted);
        let late = late.told(Exit::TimedOut, gave_up, self.access);
        let interrupted = interrupted.told(signal, stopped, self.access);
        late.into_iter().chain(interrupted)
    }

    fn unsuccessful(&self, total: usize, exit: Exit) -> Failure {
        let bad = total - self.tally.count("succeeded") - self.left;
        let ends = unsuccessful(&self.tally, self.left > 0);
        let what = if self.until == Until::Any {
            format!("none of {total} operations succeeded: {ends}")
        } else {
            format!("{bad} of {total} operations did not succeed: {ends}")
        };
        Failure::new(exit, what).note(self.left())
    }

    /// What is told of those that are left to themselves.
    fn left(&self) -> Option<String> {
        match self.left {
            0 => None,
            1 => Some("1 operation goes on without lro".to_owned()),
            count => Some(format!("{count} operations go on without lro")),
        }
    }

    fn print_all(&mut self, outcome: &'static str, exit: Exit, elapsed: Duration) {
        match self.printed {
            Printed::TextUnlessCommand if exit == Exit::Succeeded => {}
            Printed::Text | Printed::TextUnlessCommand => {
                self.lines.sort_unstable();
                let text: String = self.lines.drain(..).map(|(_, line)| line).collect();
                report::print(text.as_bytes(), exit, self.color);
            }
            Printed::Json => {
                self.kept.sort_unstable_by_key(|(place, _)| *place);
                let ends: Vec<_> = self.kept.drain(..).map(|(_, ended)| ended).collect();
                report::print_ends(&ends, outcome, elapsed, OutputOfWait::Json, exit, self.color);
            }
            Printed::Jsonl => {
                report::print_finished_fleet(outcome, elapsed, &self.tally, exit, self.color);
            }
            Printed::Nothing => {}
        }
    }
}
