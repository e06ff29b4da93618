//! What is known of the operations of a fleet that have not ended, and how that is told in a few lines.
//! When it is told is not decided here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use lro::http::Status;
use lro::schedule::{Forecast, Moment};
use lro::{Answer, Event, EventKind, Verdict};

use crate::cli::duration::human;
use crate::cli::report::abbreviated;
use crate::cli::report::narrator::{errors, polls_told, state};
use crate::cli::report::spinner::{next_told, rest_told};
use crate::cli::tally::Tally;
use crate::cli::terminal::gauge::{Gauge, Tone};

/// All operations of a fleet, as far as a person is told of them.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// Those that have begun and have not ended, by their place in the fleet.
    rows: HashMap<usize, Row>,
    /// Whether the names of operations are kept, to be shown with their rows.
    has_names: bool,
    /// How many there are, as far as that is known.
    total: usize,
    begun: usize,
    tally: Tally,
    /// How many had no usable answer to their last poll.
    pub(super) unanswered: usize,
    /// How many wait for a person.
    blocked: usize,
    /// Whether what was noted last is that one of those was answered again.
    pub(super) is_answered_again: bool,
    timeout: Option<Duration>,
}

/// One operation.
#[derive(Debug, Default)]
struct Row {
    id: Option<Arc<str>>,
    began: Duration,
    answer: Option<Arc<Answer<Status>>>,
    /// When it is asked next; none while it is being asked.
    next: Option<Duration>,
    polls: u32,
    /// How many polls in a row brought no usable answer.
    faults: u32,
    forecast: Forecast,
}

impl Roster {
    /// The roster of so many operations, and of those that join later.
    pub(super) fn new(total: usize, has_names: bool) -> Self {
        Self { has_names, total, ..Self::default() }
    }

    /// Takes note of what happened to the operation at this place.
    pub(super) fn note(&mut self, index: usize, event: &Event<Status>) {
        let row = self.rows.entry(index).or_default();
        self.is_answered_again = false;
        match &event.kind {
            EventKind::Started { timeout } => {
                row.id = self.has_names.then(|| Arc::clone(&event.id));
                row.began = event.elapsed;
                self.timeout = *timeout;
                self.begun += 1;
                self.total = self.total.max(self.begun);
            }
            EventKind::Polling { poll } => {
                row.polls = *poll;
                row.next = None;
            }
            EventKind::Sleeping { pause } => row.next = Some(event.elapsed.saturating_add(*pause)),
            EventKind::Answered { answer, .. } => {
                self.is_answered_again = std::mem::take(&mut row.faults) > 0;
                self.unanswered -= usize::from(self.is_answered_again);
                self.blocked -= usize::from(row.is_blocked());
                row.answer = Some(Arc::clone(answer));
                self.blocked += usize::from(row.is_blocked());
                let now = Moment::new(event.elapsed.saturating_sub(row.began), row.polls, 0.5);
                row.forecast.note(&now.hints(answer.hints));
            }
            EventKind::Erred { .. } => {
                self.unanswered += usize::from(row.faults == 0);
                row.faults += 1;
            }
            EventKind::Finished(_) => {
                let row = self.rows.remove(&index).unwrap_or_default();
                self.unanswered -= usize::from(row.faults > 0);
                self.blocked -= usize::from(row.is_blocked());
            }
            _ => {}
        }
    }

    /// These have ended by now.
    pub(super) fn ended(&mut self, tally: &Tally) {
        self.tally = tally.clone();
    }

    /// What the terminal shows by itself of all of them: how many have ended.
    pub(super) fn gauge(&self) -> Gauge {
        let ended = self.tally.ended();
        let has_failed = self
            .tally
            .counts()
            .any(|(word, count)| count > 0 && !["succeeded", "interrupted"].contains(&word));
        let tone = match () {
            () if has_failed => Tone::Failed,
            () if self.unanswered > 0 || self.blocked > 0 => Tone::Warning,
            () => Tone::Well,
        };
        #[expect(clippy::cast_precision_loss, reason = "nobody waits for so many")]
        let percent = 100.0 * ended as f64 / self.total.max(ended) as f64;
        Gauge::new(tone, Some(percent).filter(|_| ended > 0))
    }

    fn pending(&self) -> usize {
        self.total.saturating_sub(self.tally.ended())
    }

    /// How many go on and how many ended how, in words between which this stands.
    pub(super) fn summary(&self, between: &str) -> String {
        let ends = self.tally.counts().filter(|(_, count)| *count > 0);
        let ends = ends.map(|(word, count)| format!("{count} {}", told(word)));
        let unanswered = (self.unanswered > 0).then(|| format!("{} without an answer", self.unanswered));
        let pending = if self.total == 0 {
            "no operation yet".to_owned()
        } else {
            format!("{} of {} pending", self.pending(), self.total)
        };
        [pending].into_iter().chain(ends).chain(unanswered).collect::<Vec<_>>().join(between)
    }

    /// At most so many lines: how many there are, and below that each that goes on; or the slowest, if that is too many.
    pub(super) fn lines(&self, elapsed: Duration, most: usize) -> Vec<String> {
        let limit = self.timeout.map_or_else(String::new, |timeout| format!(" of {}", human(timeout)));
        let since = human(Duration::from_secs(elapsed.as_secs()));
        let mut lines = vec![format!("{} · {since}{limit}", self.summary(" · "))];
        if self.pending() < most {
            let mut rows: Vec<_> = self.rows.iter().collect();
            rows.sort_unstable_by_key(|(index, _)| **index);
            lines.extend(rows.into_iter().map(|(_, row)| row.line(elapsed)));
        } else if let Some(slowest) = self.slowest() {
            let next = self.rows.values().map(|row| row.next.unwrap_or_default()).min();
            lines[0].extend([" · ", &next_told(next.filter(|next| *next > elapsed), elapsed)]);
            lines.push(format!("slowest {}", slowest.line(elapsed)));
        }
        lines
    }

    /// The one that is behind: with the least progress, where that is told, else the one that began first.
    fn slowest(&self) -> Option<&Row> {
        let behind = |(index, row): &(&usize, &Row)| {
            let progress = row.answer.as_ref().and_then(|answer| answer.hints.progress);
            // In parts of a million, because a number with a point has no order.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 100")]
            let progress = progress.map_or(u64::MAX, |percent| (percent * 1e6) as u64);
            (progress, row.began, **index)
        };
        self.rows.iter().min_by_key(behind).map(|(_, row)| row)
    }
}

impl Row {
    fn line(&self, elapsed: Duration) -> String {
        let id = self.id.as_deref().map(abbreviated).unwrap_or_default();
        let faults = if self.faults > 0 { format!(" ({})", errors(self.faults)) } else { String::new() };
        let age = elapsed.saturating_sub(self.began);
        let rest = rest_told(&self.forecast, age);
        let since = human(Duration::from_secs(age.as_secs()));
        let next = next_told(self.next, elapsed);
        format!("{id} {}{rest}{faults} · {since} · {} · {next}", self.state(), polls_told(self.polls))
    }

    fn is_blocked(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.verdict == Verdict::Blocked)
    }

    fn state(&self) -> String {
        self.answer.as_deref().map_or_else(|| "no answer yet".to_owned(), state)
    }
}

/// An end in words.
pub(in crate::cli::report) fn told(word: &str) -> &str {
    match word {
        "error" => "unknown",
        "timed_out" => "timed out",
        word => word,
    }
}

/// The ends that are no success, in words: `1 failed, 2 timed out`. With `are_left`, those that were interrupted are left
/// to themselves, which is no end.
pub(crate) fn unsuccessful(tally: &Tally, are_left: bool) -> String {
    let is_bad = |word: &str| word != "succeeded" && !(are_left && word == "interrupted");
    let ends = tally.counts().filter(|(word, count)| *count > 0 && is_bad(word));
    ends.map(|(word, count)| format!("{count} {}", told(word))).collect::<Vec<_>>().join(", ")
}
