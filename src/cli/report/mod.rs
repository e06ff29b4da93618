//! What is told: results on standard output, everything for a person on standard error.
//! Which form is taken is a pure function of flags, terminal and environment; what happened is not decided here.

mod asker;
mod bar;
mod changes;
mod fleet;
mod json;
mod lines;
mod narrator;
mod notice;
mod result;
mod spinner;

use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use lro::http::{Operation, Status, printable};
use lro::{Event, FleetEvent};

use super::args;
use super::connect::Access;
use super::exit::Exit;
use super::failure::Failure;
use super::log;
use super::paint::{folded, paint, width};
use super::tally::Tally;
use super::telemetry;
use super::terminal::color::has_color;
use super::terminal::{Surroundings, variables};

use changes::Changes;

pub(super) use asker::Asker;
#[cfg(test)]
pub(super) use fleet::some_status;
pub(super) use fleet::{FleetReporter, unsuccessful};
pub(super) use json::line as json_line;
pub(super) use narrator::{chain, fault, lasting};
pub(super) use notice::{notify, notify_of_all};
pub(super) use result::{Ended, tell_all_succeeded, tell_success};

/// How what happens is told to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Spinner,
    Lines,
    None,
}

fn style(asked: args::Progress, quiet: bool, around: &Surroundings) -> Style {
    match asked {
        _ if quiet => Style::None,
        args::Progress::None => Style::None,
        args::Progress::Spinner => Style::Spinner,
        args::Progress::Auto if around.moves() => Style::Spinner,
        args::Progress::Auto | args::Progress::Lines => Style::Lines,
    }
}

/// Whether what is told on standard error has colors.
pub(super) fn color(asked: args::Color) -> bool {
    has_color(asked, &Surroundings::of_stderr(), &variables)
}

/// Tells a person what happens in a wait.
pub(super) trait Reporter: Send {
    /// Tells what is worth telling of this.
    fn tell(&mut self, event: &Event<Status>);

    /// Says this, without disturbing what else is told.
    fn say(&mut self, text: &str);

    /// Leaves the terminal as it was found.
    fn close(&mut self) {}
}

/// The reporter for these flags, here.
pub(super) fn reporter(
    told: &args::Told,
    operation: &Operation,
    place: &str,
    color: bool,
) -> Box<dyn Reporter> {
    let id = lro::Operation::id(operation);
    let narrator = |id: &str| narrator::Narrator::new(id, place, told.verbose, operation.is_start());
    let around = Surroundings::of_stderr();
    // What happens stands in the log, if there is one.
    match style(told.progress, told.quiet || log::is_on(), &around) {
        // Two ids of 36 characters do not fit on a line of 80; the end of the wait tells them whole.
        Style::Spinner => {
            let bar = bar::Ground::new(&around, told.terminal_progress, color);
            Box::new(spinner::Spinner::new(narrator(&abbreviated(&id)), bar))
        }
        Style::Lines => Box::new(lines::Lines::new(narrator(&id), color)),
        Style::None => Box::new(Silent { quiet: told.quiet, changes: Changes::default() }),
    }
}

/// A name of several ids with the first eight characters of each long one, as people tell them apart.
pub(super) fn abbreviated(id: &str) -> String {
    let part = |part: &str| match part.char_indices().nth(8) {
        Some((end, _)) if part.chars().count() > 12 => format!("{}…", &part[..end]),
        _ => part.to_owned(),
    };
    // A location is told whole: what is left out of it may be what matters.
    if id.starts_with('/') || id.contains([':', ' ']) {
        return id.to_owned();
    }
    id.split('/').map(part).collect::<Vec<_>>().join("/")
}

struct Silent {
    quiet: bool,
    changes: Changes,
}

impl Reporter for Silent {
    fn tell(&mut self, event: &Event<Status>) {
        self.changes.note(event);
    }

    fn say(&mut self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }
}

/// Prints an event as a line of JSON.
///
/// # Errors
///
/// When nobody reads it any more, or it could not be written.
pub(super) fn print_event(event: &Event<Status>) -> io::Result<()> {
    json::event(event).map_or(Ok(()), |line| write(line.as_bytes()))
}

/// Prints what happened in a fleet as a line of JSON: an event of an operation that has not ended, or that the wait goes
/// on.
///
/// # Errors
///
/// As [`print_event`].
pub(super) fn print_fleet_event(event: &FleetEvent<Status>) -> io::Result<()> {
    match event {
        FleetEvent::Of { event, .. } => print_event(event),
        FleetEvent::StillWaiting { elapsed } => write(json::still_waiting(*elapsed).as_bytes()),
        _ => Ok(()),
    }
}

/// Prints the end of one of several operations as a line of JSON.
///
/// # Errors
///
/// As [`print_event`].
pub(super) fn print_ended(ended: &Ended, elapsed: Duration) -> io::Result<()> {
    write(json::ended(ended, elapsed).as_bytes())
}

/// Prints the last line of the events of several operations.
pub(super) fn print_finished_fleet(
    outcome: &'static str,
    elapsed: Duration,
    tally: &Tally,
    exit: Exit,
    color: bool,
) {
    print(json::finished_fleet(outcome, elapsed, tally).as_bytes(), exit, color);
}

/// Prints what is known at the end, in this form.
pub(super) fn print_end(ended: &Ended, output: args::OutputOfWait, exit: Exit, color: bool) {
    let text = match output {
        args::OutputOfWait::Text => ended.line(),
        args::OutputOfWait::Result => ended.result(),
        args::OutputOfWait::Json => json::document(ended),
        args::OutputOfWait::Jsonl => json::finished(ended),
        args::OutputOfWait::None => String::new(),
    };
    print(text.as_bytes(), exit, color);
}

/// Prints what is known at the ends of several operations, in the order in which they stand there; `outcome` is the word
/// for all.
pub(super) fn print_ends(
    ends: &[Ended],
    outcome: &'static str,
    elapsed: Duration,
    output: args::OutputOfWait,
    exit: Exit,
    color: bool,
) {
    let text = match output {
        args::OutputOfWait::Text => ends.iter().map(Ended::line).collect(),
        args::OutputOfWait::Json => json::documents(ends, outcome, elapsed),
        // One result is all that fits there, and events have been printed.
        args::OutputOfWait::Result | args::OutputOfWait::Jsonl | args::OutputOfWait::None => String::new(),
    };
    print(text.as_bytes(), exit, color);
}

/// Prints a result. That nobody reads it any more changes nothing; that it could not be written is told, but how the
/// operation ended stays the exit code.
pub(super) fn print(text: &[u8], exit: Exit, color: bool) {
    match write(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Failure::new(exit, "the result could not be written to standard output")
                .caused_by(error)
                .tell(color);
        }
        _ => {}
    }
}

fn write(text: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text)?;
    stdout.flush()
}

/// Says this on standard error. That nobody listens there changes nothing.
pub(super) fn say(text: &str) {
    if log::is_on() {
        return log::told(text);
    }
    let _ = writeln!(io::stderr().lock(), "{}", folded(text, width()));
}

/// Says what a person should know before anything is asked.
pub(super) fn introduce(access: &Access, network: &args::Network, color: bool) {
    let warnings = access.warnings(network).map(|text| warning(&text, color));
    let of_trace = telemetry::warning().map(|text| warning(&text, color));
    access.introduction().into_iter().chain(warnings).chain(of_trace).for_each(|text| say(&text));
}

/// A warning as it is said.
pub(super) fn warning(text: &str, color: bool) -> String {
    format!("{} {}", paint("1;33", "warning:", color), printable(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::tests::lookup;

    #[test]
    fn a_spinner_turns_only_where_a_person_sees_it() {
        use args::Progress::{Auto, Lines, None, Spinner};
        let xterm = &[("TERM", "xterm")][..];
        let ci = &[("TERM", "xterm"), ("CI", "true")][..];
        for (asked, quiet, is_terminal, variables, expected) in [
            (Auto, false, true, xterm, Style::Spinner),
            (Auto, false, false, xterm, Style::Lines),
            (Auto, false, true, &[("TERM", "dumb")], Style::Lines),
            (Auto, false, true, &[], Style::Lines),
            (Auto, false, true, ci, Style::Lines),
            (Auto, false, true, &[("TERM", "xterm"), ("CI", "false")], Style::Spinner),
            (Auto, true, true, xterm, Style::None),
            (Spinner, false, false, xterm, Style::Spinner),
            (Lines, false, true, xterm, Style::Lines),
            (None, false, true, xterm, Style::None),
            (Spinner, true, true, xterm, Style::None),
        ] {
            let around = Surroundings::of(is_terminal, true, false, &lookup(variables));
            assert_eq!(
                style(asked, quiet, &around),
                expected,
                "{asked:?} {quiet} {is_terminal} {variables:?}"
            );
        }
    }
}
