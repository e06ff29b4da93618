//! What of a fleet is worth a line: a change of one of its operations, a fault that is a new one, and now and then how
//! all of them stand.
//! How a line reaches a person is not known here.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use lro::http::{Status, printable};
use lro::{Answer, Event, EventKind, FleetEvent, PollError, PollErrorKind, Verdict};

use super::roster::Roster;
use crate::cli::duration::human;
use crate::cli::report::abbreviated;
use crate::cli::report::narrator::{Line, Tone, chain, errors, fault, lasting, state};

/// How many changes of one operation are told.
const MOST_CHANGES: u16 = 100;

/// How many different faults, and oddities of answers, are told.
const MOST_TEXTS: usize = 100;

/// Picks what is worth telling of a fleet and puts it into words.
#[derive(Debug)]
pub(super) struct Herald {
    verbose: bool,
    /// Whether names are told as far as people tell them apart, because they are long for a terminal.
    is_brief: bool,
    /// What was told last of each that goes on.
    told: HashMap<usize, Told>,
    /// The faults that are told, until all operations are answered again.
    faults: HashSet<String>,
    fault: String,
    erred: u32,
    /// Whether one of those was answered again, instead of having ended.
    has_recovered: bool,
    /// What was odd about answers.
    oddities: HashSet<String>,
}

/// The state that was told last, as a number, and how many were.
#[derive(Debug, Default)]
struct Told {
    state: u64,
    count: u16,
}

impl Herald {
    pub(super) fn new(verbose: bool, is_brief: bool) -> Self {
        Self {
            verbose,
            is_brief,
            told: HashMap::new(),
            faults: HashSet::new(),
            fault: String::new(),
            erred: 0,
            has_recovered: false,
            oddities: HashSet::new(),
        }
    }

    /// An operation as it is named.
    pub(super) fn named(&self, id: &str) -> String {
        if self.is_brief { abbreviated(id) } else { id.to_owned() }
    }

    /// The lines for this event, of which the roster has taken note.
    pub(super) fn lines(&mut self, event: &FleetEvent<Status>, roster: &Roster) -> Vec<Line> {
        let (elapsed, told) = match event {
            FleetEvent::StillWaiting { elapsed } => (*elapsed, vec![(Tone::Dim, self.heartbeat(roster))]),
            FleetEvent::Of { index, event } => (event.elapsed, self.told(*index, event, roster)),
            _ => return Vec::new(),
        };
        let line = |(tone, text): (Tone, String)| Line { elapsed, tone, text: printable(&text).into_owned() };
        told.into_iter().map(line).collect()
    }

    fn told(&mut self, index: usize, event: &Event<Status>, roster: &Roster) -> Vec<(Tone, String)> {
        let id = self.named(&event.id);
        let told = match &event.kind {
            EventKind::Answered { poll, latency, answer } => {
                let again = self.are_answered_again(roster);
                let odd = self.oddities(answer);
                let now = if self.verbose {
                    let millis = latency.as_millis();
                    Some((Tone::Dim, format!("{} (poll {poll}, answered in {millis} ms)", state(answer))))
                } else {
                    self.change(index, answer)
                };
                let of_one = now.into_iter().chain(odd).map(|(tone, text)| (tone, format!("{id}: {text}")));
                return of_one.chain(again.map(|text| (Tone::Plain, text))).collect();
            }
            EventKind::Erred { poll, latency, error } => self.erred(*poll, *latency, error),
            EventKind::Sleeping { pause } if self.verbose => {
                Some((Tone::Dim, format!("asking again in {}", human(*pause))))
            }
            EventKind::Finished(_) => {
                self.told.remove(&index);
                None
            }
            _ => None,
        };
        told.map(|(tone, text)| (tone, format!("{id}: {text}"))).into_iter().collect()
    }

    /// The state, if it is another one than before. Where all begin is no change, unless it wants somebody to act.
    fn change(&mut self, index: usize, answer: &Arc<Answer<Status>>) -> Option<(Tone, String)> {
        if answer.verdict.is_terminal() {
            // Ends are told by what ends the wait.
            return None;
        }
        let is_blocked = answer.verdict == Verdict::Blocked;
        let mut hasher = DefaultHasher::new();
        lasting(answer).hash(&mut hasher);
        let state_now = hasher.finish();
        let is_first = !self.told.contains_key(&index);
        let told = self.told.entry(index).or_default();
        let is_same = std::mem::replace(&mut told.state, state_now) == state_now;
        if is_same || is_first && !is_blocked || told.count >= MOST_CHANGES {
            return None;
        }
        told.count += 1;
        Some((if is_blocked { Tone::Warning } else { Tone::Plain }, state(answer)))
    }

    fn erred(&mut self, poll: u32, latency: Duration, error: &PollError) -> Option<(Tone, String)> {
        // An error that ends the wait is told by what ends it.
        let goes_on = matches!(error.kind(), PollErrorKind::Transient | PollErrorKind::NotFound);
        self.erred = self.erred.saturating_add(u32::from(goes_on));
        self.fault = fault(error);
        if self.verbose {
            let told = format!("{} (poll {poll}, after {} ms)", chain(error), latency.as_millis());
            return Some((Tone::Fault, told));
        }
        // One fault of a server is many of its operations.
        let is_new = goes_on && self.faults.len() < MOST_TEXTS && self.faults.insert(self.fault.clone());
        is_new.then(|| (Tone::Fault, self.fault.clone()))
    }

    /// What is told when faults are over, unless all that had them have ended.
    fn are_answered_again(&mut self, roster: &Roster) -> Option<String> {
        self.has_recovered |= roster.is_answered_again;
        if roster.unanswered > 0 || self.faults.is_empty() {
            return None;
        }
        self.faults.clear();
        let count = std::mem::take(&mut self.erred);
        std::mem::take(&mut self.has_recovered)
            .then(|| format!("all are answered again, after {}", errors(count)))
    }

    fn oddities(&mut self, answer: &Answer<Status>) -> Vec<(Tone, String)> {
        let problems = answer.status.problems.iter();
        problems
            .filter(|&problem| self.oddities.len() < MOST_TEXTS && self.oddities.insert(problem.clone()))
            .map(|problem| (Tone::Fault, problem.clone()))
            .collect()
    }

    fn heartbeat(&self, roster: &Roster) -> String {
        let fault = if roster.unanswered > 0 { format!(": {}", self.fault) } else { String::new() };
        format!("still waiting: {}{fault}", roster.summary(", "))
    }
}
