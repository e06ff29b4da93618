//! A fleet as a person sees it: on a terminal a line for each operation while they fit there, else how many stand how;
//! elsewhere lines for changes, and one heartbeat for all.
//! How an operation ended, and what to try then, is not decided here.

mod herald;
mod roster;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use lro::FleetEvent;
use lro::http::Status;

use super::bar::{Bar, Ground};
use super::changes::Changes;
use super::lines::dressed;
use super::narrator::{Line, Tone};
use super::result::Ended;
use super::{Style, style};
use crate::cli::args::Told;
use crate::cli::failure::Failure;
use crate::cli::log;
use crate::cli::paint::{paint, width};
use crate::cli::tally::Tally;
use crate::cli::terminal::Surroundings;
use crate::cli::terminal::gauge::Gauge;

use herald::Herald;
use roster::Roster;

pub(super) use roster::told;
pub(crate) use roster::unsuccessful;

/// Tells a person what happens in a fleet.
pub(crate) struct FleetReporter {
    face: Face,
    herald: Herald,
    roster: Arc<Mutex<Roster>>,
    quiet: bool,
    color: bool,
    changes: Changes,
}

/// Where it is told.
enum Face {
    Board(Bar),
    Lines,
    /// Only what must be told.
    None,
}

impl FleetReporter {
    /// For so many operations, and those that join later.
    pub(crate) fn new(told: &Told, total: usize, color: bool) -> Self {
        let around = Surroundings::of_stderr();
        let style = style(told.progress, told.quiet || log::is_on(), &around);
        let roster = Arc::new(Mutex::new(Roster::new(total, style == Style::Spinner)));
        let face = match style {
            Style::Spinner => {
                let shown = Arc::clone(&roster);
                let ground = Ground::new(&around, told.terminal_progress, color);
                Face::Board(Bar::new(ground, move |elapsed, most| lock(&shown).lines(elapsed, most)))
            }
            Style::Lines => Face::Lines,
            Style::None => Face::None,
        };
        let herald = Herald::new(told.verbose, style == Style::Spinner);
        Self { face, herald, roster, quiet: told.quiet, color, changes: Changes::default() }
    }

    /// Tells what the wait is for, and begins.
    pub(crate) fn begin(&self, what: &str) {
        match &self.face {
            Face::Board(bar) => {
                bar.begin();
                bar.show(lock(&self.roster).gauge());
                bar.tell_above(&paint("1", what, self.color));
            }
            Face::Lines => {
                let text = what.to_owned();
                self.line(&Line { elapsed: std::time::Duration::ZERO, tone: Tone::Plain, text });
            }
            Face::None => {}
        }
    }

    /// Tells what is worth telling of this. How an operation ended is told by [`ended`](Self::ended).
    pub(crate) fn tell(&mut self, event: &FleetEvent<Status>) {
        if matches!(self.face, Face::None) {
            if let FleetEvent::Of { event, .. } = event {
                self.changes.note(event);
            }
            return;
        }
        let (lines, gauge) = {
            let mut roster = lock(&self.roster);
            if let FleetEvent::Of { index, event } = event {
                roster.note(*index, event);
            }
            (self.herald.lines(event, &roster), roster.gauge())
        };
        self.show(gauge);
        let is_heartbeat = matches!(event, FleetEvent::StillWaiting { .. });
        // The lines that move say that the wait goes on.
        if !(is_heartbeat && matches!(self.face, Face::Board(_))) {
            for line in &lines {
                self.line(line);
            }
        }
    }

    /// Tells that one has ended well; these have ended by now.
    pub(crate) fn ended(&self, ended: &Ended, elapsed: std::time::Duration, tally: &Tally) {
        let gauge = {
            let mut roster = lock(&self.roster);
            roster.ended(tally);
            roster.gauge()
        };
        self.show(gauge);
        if ended.outcome == "succeeded" && !matches!(self.face, Face::None) {
            let id = self.herald.named(&ended.id);
            let text = format!("{id}: {} {}", paint("32", "succeeded", self.color), ended.effort());
            self.line(&Line { elapsed, tone: Tone::Plain, text });
        }
    }

    /// Tells what could not be done.
    pub(crate) fn fail(&self, failure: &Failure) {
        if log::is_on() {
            return failure.tell(false);
        }
        self.above(&failure.text(self.color, width()));
    }

    /// Says this, unless nothing but errors is to be told.
    pub(crate) fn say(&self, text: &str) {
        match &self.face {
            _ if self.quiet => {}
            Face::Board(bar) => bar.tell_above(text),
            Face::Lines | Face::None => super::say(text),
        }
    }

    /// Does this while nothing moves on the terminal.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.face {
            Face::Board(bar) => bar.aside(work),
            Face::Lines | Face::None => work(),
        }
    }

    /// Leaves the terminal as it was found.
    pub(crate) fn close(&self) {
        if let Face::Board(bar) = &self.face {
            bar.close();
        }
    }

    /// Has the terminal itself show how far all of it is.
    fn show(&self, gauge: Gauge) {
        if let Face::Board(bar) = &self.face {
            bar.show(gauge);
        }
    }

    fn line(&self, line: &Line) {
        match &self.face {
            Face::Board(bar) => bar.tell_above(&dressed(line, self.color)),
            Face::Lines => self.above(&(dressed(line, self.color) + "\n")),
            Face::None => {}
        }
    }

    /// Writes this on standard error. That nobody listens there changes nothing.
    fn above(&self, text: &str) {
        self.aside(|| drop(io::stderr().lock().write_all(text.as_bytes())));
    }
}

fn lock(roster: &Mutex<Roster>) -> std::sync::MutexGuard<'_, Roster> {
    roster.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(crate) use tests::status as some_status;

#[cfg(test)]
mod tests;
