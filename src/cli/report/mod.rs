//! What is told: results on standard output, everything for a person on standard error.
//! Which form is taken is a pure function of flags, terminal and environment; what happened is not decided here.

mod asker;
mod bar;
mod fleet;
mod json;
mod lines;
mod narrator;
mod result;
mod spinner;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Duration;

use lro::http::{Operation, Status, printable};
use lro::{Event, FleetEvent};

use super::args;
use super::connect::Access;
use super::exit::Exit;
use super::failure::Failure;
use super::paint::{folded, paint, width};
use super::tally::Tally;

pub(super) use asker::Asker;
#[cfg(test)]
pub(super) use fleet::some_status;
pub(super) use fleet::{FleetReporter, unsuccessful};
pub(super) use json::line as json_line;
pub(super) use narrator::{chain, fault, lasting};
pub(super) use result::{Ended, tell_all_succeeded, tell_success};

/// How what happens is told to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Spinner,
    Lines,
    None,
}

/// What the choice of a style goes by.
#[derive(Debug, Clone, Copy)]
struct Surroundings {
    terminal: bool,
    dumb: bool,
    ci: bool,
}

impl Surroundings {
    fn of_stderr() -> Self {
        Self {
            terminal: io::stderr().is_terminal(),
            dumb: std::env::var_os("TERM").is_some_and(|term| term == "dumb"),
            ci: std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false"),
        }
    }
}

fn style(asked: args::Progress, quiet: bool, around: Surroundings) -> Style {
    let moves = around.terminal && !around.dumb && !around.ci;
    match asked {
        _ if quiet => Style::None,
        args::Progress::None => Style::None,
        args::Progress::Spinner => Style::Spinner,
        args::Progress::Auto if moves => Style::Spinner,
        args::Progress::Auto | args::Progress::Lines => Style::Lines,
    }
}

/// Whether what is told on standard error has colors.
pub(super) fn color(asked: args::Color) -> bool {
    // <https://no-color.org>: set and not empty, whatever it says.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    has_color(asked, no_color, Surroundings::of_stderr())
}

fn has_color(asked: args::Color, no_color: bool, around: Surroundings) -> bool {
    match asked {
        args::Color::Always => true,
        args::Color::Never => false,
        args::Color::Auto => around.terminal && !around.dumb && !no_color,
    }
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
    match style(told.progress, told.quiet, Surroundings::of_stderr()) {
        // Two ids of 36 characters do not fit on a line of 80; the end of the wait tells them whole.
        Style::Spinner => Box::new(spinner::Spinner::new(narrator(&abbreviated(&id)), color)),
        Style::Lines => Box::new(lines::Lines::new(narrator(&id), color)),
        Style::None => Box::new(Silent { quiet: told.quiet }),
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
}

impl Reporter for Silent {
    fn tell(&mut self, _: &Event<Status>) {}

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
    let _ = writeln!(io::stderr().lock(), "{}", folded(text, width()));
}

/// Says what a person should know before anything is asked.
pub(super) fn introduce(access: &Access, network: &args::Network, color: bool) {
    let warnings = access.warnings(network).map(|text| warning(&text, color));
    access.introduction().into_iter().chain(warnings).for_each(|text| say(&text));
}

/// A warning as it is said.
pub(super) fn warning(text: &str, color: bool) -> String {
    format!("{} {}", paint("1;33", "warning:", color), printable(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Surroundings = Surroundings { terminal: true, dumb: false, ci: false };

    #[test]
    fn a_spinner_turns_only_where_a_person_sees_it() {
        use args::Progress::{Auto, Lines, None, Spinner};
        let pipe = Surroundings { terminal: false, ..TERMINAL };
        let dumb = Surroundings { dumb: true, ..TERMINAL };
        let ci = Surroundings { ci: true, ..TERMINAL };
        for (asked, quiet, around, expected) in [
            (Auto, false, TERMINAL, Style::Spinner),
            (Auto, false, pipe, Style::Lines),
            (Auto, false, dumb, Style::Lines),
            (Auto, false, ci, Style::Lines),
            (Auto, true, TERMINAL, Style::None),
            (Spinner, false, pipe, Style::Spinner),
            (Lines, false, TERMINAL, Style::Lines),
            (None, false, TERMINAL, Style::None),
            (Spinner, true, TERMINAL, Style::None),
        ] {
            assert_eq!(style(asked, quiet, around), expected, "{asked:?} {quiet} {around:?}");
        }
    }

    #[test]
    fn colors_are_for_terminals_and_for_those_who_ask() {
        use args::Color::{Always, Auto, Never};
        let pipe = Surroundings { terminal: false, ..TERMINAL };
        let dumb = Surroundings { dumb: true, ..TERMINAL };
        for (asked, no_color, around, expected) in [
            (Auto, false, TERMINAL, true),
            (Auto, true, TERMINAL, false),
            (Auto, false, pipe, false),
            (Auto, false, dumb, false),
            (Always, true, pipe, true),
            (Never, false, TERMINAL, false),
        ] {
            assert_eq!(has_color(asked, no_color, around), expected, "{asked:?} {no_color} {around:?}");
        }
    }
}
