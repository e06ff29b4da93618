//! What happened in a run, by operation: plain data, made of events as they are told, and bounded whatever a server does.
//! How it is shown is not known here.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use lro::http::Status;
use lro::{Event, EventKind};

use super::track::{End, Track};
use crate::cli::clock::Day;
use crate::cli::report::Ended;

/// How many operations that have ended are kept; of more it is only known how they ended.
const MOST_KEPT: usize = 10_000;

/// What happened so far.
#[derive(Debug)]
pub(crate) struct Record {
    began: Day,
    limit: Option<Duration>,
    /// How many operations have begun.
    begun: usize,
    open: HashMap<usize, Track>,
    good: BTreeMap<usize, Track>,
    bad: BTreeMap<usize, Track>,
    /// How many ended in which way, those included that are not kept.
    counts: BTreeMap<&'static str, usize>,
    polls: u64,
    errors: u64,
    /// Texts of faults, so that one that a thousand operations have is there once.
    texts: Texts,
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Run {
    /// The word for all, as in JSON.
    pub(crate) outcome: &'static str,
    pub(crate) began: Day,
    pub(crate) elapsed: Duration,
    pub(crate) limit: Option<Duration>,
    /// In the order in which they were named or came.
    pub(crate) tracks: Vec<Track>,
    /// How many there were beside those.
    pub(crate) forgotten: usize,
    pub(crate) counts: BTreeMap<&'static str, usize>,
    pub(crate) polls: u64,
    pub(crate) errors: u64,
}

impl Record {
    pub(crate) fn begin() -> Self {
        Self {
            began: Day::now(),
            limit: None,
            begun: 0,
            open: HashMap::new(),
            good: BTreeMap::new(),
            bad: BTreeMap::new(),
            counts: BTreeMap::new(),
            polls: 0,
            errors: 0,
            texts: Texts::default(),
        }
    }

    /// Takes note of what happened to the operation at this place.
    pub(crate) fn note(&mut self, place: usize, event: &Event<Status>) {
        if let EventKind::Started { timeout } = &event.kind {
            self.limit = self.limit.or(*timeout);
            self.begun += 1;
            self.open.insert(place, Track::new(&event.id, event.elapsed, self.begun));
        }
        match &event.kind {
            EventKind::Polling { .. } => self.polls += 1,
            EventKind::Erred { .. } => self.errors += 1,
            _ => {}
        }
        if let Some(track) = self.open.get_mut(&place) {
            track.note(event, &mut self.texts);
        }
    }

    /// The operation at this place ended like this, after so long of the run.
    pub(crate) fn ended(&mut self, place: usize, ended: &Ended, elapsed: Duration) {
        *self.counts.entry(ended.outcome).or_default() += 1;
        let mut track = self.open.remove(&place).unwrap_or_else(|| {
            // One that the end of the run came before.
            self.begun += 1;
            Track::new(&Arc::from(&*ended.id), elapsed, self.begun)
        });
        track.end(End::of(ended), elapsed);
        let kept = if ended.outcome == "succeeded" { &mut self.good } else { &mut self.bad };
        kept.insert(place, track);
        if self.good.len() + self.bad.len() > MOST_KEPT {
            // What went well is missed least.
            self.good.pop_last().or_else(|| self.bad.pop_last());
        }
    }

    /// All of it, when it ends after so long, with this word for all.
    pub(crate) fn finish(self, outcome: &'static str, elapsed: Duration) -> Run {
        let mut tracks = self.good;
        tracks.extend(self.bad);
        let mut counts = self.counts;
        for (place, mut track) in self.open {
            // Nobody waited for its end.
            *counts.entry("interrupted").or_default() += 1;
            track.leave(elapsed);
            tracks.insert(place, track);
        }
        Run {
            outcome,
            began: self.began,
            elapsed,
            limit: self.limit,
            forgotten: self.begun.saturating_sub(tracks.len()),
            tracks: tracks.into_values().collect(),
            counts,
            polls: self.polls,
            errors: self.errors,
        }
    }
}

/// Texts that are there once, however often they are told. Of too many different ones none is remembered.
#[derive(Debug, Default)]
pub(super) struct Texts(HashSet<Arc<str>>);

impl Texts {
    const MOST: usize = 1000;

    pub(super) fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let shared = Arc::<str>::from(text);
        if self.0.len() < Self::MOST {
            self.0.insert(Arc::clone(&shared));
        }
        shared
    }
}
