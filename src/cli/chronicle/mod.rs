//! What is written of a run when it is over, in files beside standard output: reports, and what GitHub Actions reads.
//! Nothing is recorded for nobody. What a run looks like is not known here.

mod annotation;
mod destination;
mod github;

use std::time::Duration;

use lro::Event;
use lro::http::Status;

use super::args::Told;
use super::clock::Stopwatch;
use super::exit::Exit;
use super::failure::Failure;
use super::report::{self, Ended};
use super::timeline::Record;

use destination::Destination;
use github::Actions;

/// What happened so far, for whoever wants to read of it.
#[derive(Debug)]
pub(crate) struct Chronicle {
    reports: Vec<Destination>,
    actions: Option<Actions>,
    /// None when nobody wants to, and when all is written.
    record: Option<Record>,
    clock: Stopwatch,
    color: bool,
}

impl Chronicle {
    /// What these flags ask for, here.
    ///
    /// # Errors
    ///
    /// When a report could not be written where it is to be: that is told before anything is sent.
    pub(crate) fn of(told: &Told, color: bool) -> Result<Self, Failure> {
        let reports =
            told.reports.iter().map(|path| Destination::check(path)).collect::<Result<Vec<_>, _>>()?;
        let actions = Actions::of(told.github);
        let is_wanted = !reports.is_empty() || actions.is_some();
        let record = is_wanted.then(Record::begin);
        Ok(Self { reports, actions, record, clock: Stopwatch::start(), color })
    }

    /// The wait begins now.
    pub(crate) fn begin(&mut self) {
        if let Some(record) = &mut self.record {
            *record = Record::begin();
            self.clock = Stopwatch::start();
        }
    }

    /// Takes note of what happened to the operation at this place.
    pub(crate) fn note(&mut self, place: usize, event: &Event<Status>) {
        if let Some(record) = &mut self.record {
            record.note(place, event);
        }
    }

    /// The operation at this place ended like this, after so long of the run.
    pub(crate) fn ended(&mut self, place: usize, ended: &Ended, elapsed: Duration) {
        if let Some(record) = &mut self.record {
            record.ended(place, ended, elapsed);
        }
    }

    /// Writes all that is wanted of the run, which ended with this word for all and this exit code. What cannot be written
    /// is told, and changes nothing about how the run ended.
    pub(crate) fn write(&mut self, outcome: &'static str, exit: Exit) {
        let Some(record) = self.record.take() else { return };
        let run = record.finish(outcome, self.clock.elapsed());
        let reports = self.reports.iter().filter_map(|report| report.write(&run).err());
        let actions = self.actions.iter().flat_map(|actions| actions.write(&run, exit));
        for problem in reports.chain(actions) {
            report::say(&report::warning(&problem, self.color));
        }
    }

    /// The same for a run that nobody waits for any more.
    pub(crate) fn write_unread(&mut self) {
        self.write("interrupted", Exit::Interrupted);
    }
}
