//! One operation of a run: its states, polls, faults and pauses by the time at which they were, and its end.
//! What is asked of all operations together is not known here.

use std::sync::Arc;
use std::time::Duration;

use lro::http::{Status, printable};
use lro::{Answer, Event, EventKind};

use super::record::Texts;
use crate::cli::report::{Ended, chain, fault, lasting};

/// How many polls of all operations together are kept by their time, and of one at least and at most.
const POLLS: (usize, usize, usize) = (100_000, 16, 256);

/// The same for changes of state, faults, and pauses that the server asked for, of each kind.
const CHANGES: (usize, usize, usize) = (40_000, 4, 64);

/// How many characters of a server's text are kept.
const LONGEST_TEXT: usize = 300;

/// What happened to one operation. All times are of the run.
#[derive(Debug)]
pub(crate) struct Track {
    pub(crate) id: Arc<str>,
    pub(crate) began: Duration,
    pub(crate) ended: Duration,
    pub(crate) polls: Ticks,
    pub(crate) states: Vec<State>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) pauses: Vec<Pause>,
    /// How many states, faults and pauses there were beside those.
    pub(crate) left_out: [usize; 3],
    pub(crate) end: End,
    /// The state it was in last, also where that is not kept.
    last: Option<Arc<str>>,
    /// How many changes of each kind are kept.
    most: usize,
}

/// The operation was in this state from then on.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) at: Duration,
    /// The API's own words, or the verdict where it has none.
    pub(crate) name: Arc<str>,
    /// All that was said of it.
    pub(crate) text: Arc<str>,
}

/// A poll brought no usable answer.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: Duration,
    pub(crate) text: Arc<str>,
}

/// The server asked to be left alone from then on, for so long.
#[derive(Debug)]
pub(crate) struct Pause {
    pub(crate) at: Duration,
    pub(crate) asked: Duration,
}

/// How an operation ended.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// The word for it, as in JSON.
    pub(crate) outcome: &'static str,
    pub(crate) reason: Option<String>,
    /// What went wrong last, where it was not answered after that.
    pub(crate) error: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) polls: u32,
    /// How many polls brought no usable answer.
    pub(crate) errors: u32,
    pub(crate) elapsed: Duration,
}

impl End {
    pub(super) fn of(ended: &Ended) -> Self {
        let error = ended.last_error.as_ref().filter(|_| ended.outcome == "error");
        Self {
            outcome: ended.outcome,
            reason: ended.reason().map(kept),
            error: error.map(|error| kept(cause(&chain(error)))),
            location: ended.url.clone(),
            polls: ended.polls,
            errors: ended.transient_errors,
            elapsed: ended.elapsed,
        }
    }

    /// Why it ended so, as far as anybody said: an error tells more than what was said before it.
    pub(crate) fn why(&self) -> Option<&str> {
        self.error.as_deref().or(self.reason.as_deref())
    }

    /// Where the operation is, for a person. A query may hold a secret.
    pub(crate) fn place(&self) -> Option<String> {
        let location = self.location.as_deref()?;
        Some(match location.split_once('?') {
            Some((place, _)) => format!("{}?…", kept(place)),
            None => kept(location),
        })
    }
}

impl Track {
    /// For the operation with this id; so many have begun with it.
    pub(super) fn new(id: &Arc<str>, began: Duration, nth: usize) -> Self {
        let share = |(all, least, most): (usize, usize, usize)| (all / nth.max(1)).clamp(least, most);
        Self {
            id: if id.len() > LONGEST_TEXT { kept(id).into() } else { Arc::clone(id) },
            began,
            ended: began,
            polls: Ticks::new(share(POLLS)),
            states: Vec::new(),
            faults: Vec::new(),
            pauses: Vec::new(),
            left_out: [0; 3],
            end: End::default(),
            last: None,
            most: share(CHANGES),
        }
    }

    pub(super) fn note(&mut self, event: &Event<Status>, texts: &mut Texts) {
        let at = event.elapsed;
        self.ended = at;
        match &event.kind {
            EventKind::Polling { poll } => {
                self.polls.add(at);
                self.end.polls = *poll;
            }
            EventKind::Answered { answer, .. } => {
                let name = texts.shared(&kept(&name(answer)));
                if self.last.as_ref() != Some(&name) {
                    let text = texts.shared(&kept(&lasting(answer)));
                    self.changed(State { at, name: Arc::clone(&name), text });
                    self.last = Some(name);
                }
                self.pause(at, answer.hints.retry_after);
                self.end.reason = answer.reason.as_deref().map(kept);
                self.end.error = None;
                self.end.location = Some(answer.status.url.to_string());
            }
            EventKind::Erred { error, .. } => {
                let text = texts.shared(&kept(&fault(error)));
                self.end.error = Some(text.to_string());
                let is_kept = push(&mut self.faults, self.most, Fault { at, text });
                self.left_out[1] += usize::from(!is_kept);
                self.pause(at, error.retry_after());
                self.end.errors += 1;
            }
            _ => {}
        }
    }

    fn changed(&mut self, state: State) {
        let at = state.at;
        if push(&mut self.states, self.most, state) {
            return;
        }
        if self.left_out[0] == 0 {
            // The last one that is kept is not said to have gone on.
            let text = "states that are not kept".into();
            self.states.push(State { at, name: "…".into(), text });
        }
        self.left_out[0] += 1;
    }

    /// How many states it was in, one after another.
    pub(crate) fn state_count(&self) -> usize {
        self.states.len() + self.left_out[0].saturating_sub(1)
    }

    /// How many polls brought no usable answer, told or not.
    pub(crate) fn fault_count(&self) -> usize {
        self.faults.len() + self.left_out[1]
    }

    fn pause(&mut self, at: Duration, asked: Option<Duration>) {
        if let Some(asked) = asked.filter(|asked| !asked.is_zero()) {
            let is_kept = push(&mut self.pauses, self.most, Pause { at, asked });
            self.left_out[2] += usize::from(!is_kept);
        }
    }

    pub(super) fn end(&mut self, end: End, at: Duration) {
        // An end that nobody said leaves what was known last.
        let is_unsaid = matches!(end.outcome, "timed_out" | "interrupted");
        let error = self.end.error.take().filter(|_| is_unsaid);
        let last = self.states.last().filter(|_| is_unsaid && end.reason.is_none() && error.is_none());
        let last = last.map(|state| format!("last known state: {}", state.text));
        self.end = End {
            reason: end.reason.or(last),
            error: error.or(end.error),
            // Those that the wait did not outlast, too.
            errors: self.end.errors.max(end.errors),
            ..end
        };
        self.ended = at;
    }

    /// Nobody waited for the end.
    pub(super) fn leave(&mut self, at: Duration) {
        let so_far = End {
            outcome: "interrupted",
            reason: self.end.reason.take(),
            error: None,
            location: self.end.location.take(),
            polls: self.end.polls,
            errors: self.end.errors,
            elapsed: at.saturating_sub(self.began),
        };
        self.end(so_far, at);
    }
}

/// Whether there was room for it.
fn push<T>(all: &mut Vec<T>, most: usize, one: T) -> bool {
    let has_room = all.len() < most;
    if has_room {
        all.push(one);
    }
    has_room
}

/// The API's own words for the state, or the verdict.
fn name(answer: &Answer<Status>) -> String {
    let words: Vec<_> =
        [&answer.status.kind, &answer.status.state].into_iter().flatten().map(|w| &**w).collect();
    if words.is_empty() { answer.verdict.to_string() } else { words.join(" · ") }
}

/// An error without what is clear where it is told.
fn cause(error: &str) -> &str {
    error.strip_prefix("no usable answer: ").unwrap_or(error)
}

/// A text as it is kept: fit for a terminal, and bounded.
pub(crate) fn kept(text: &str) -> String {
    cut(&printable(text), LONGEST_TEXT)
}

/// At most so many characters, the last of them a mark where there were more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// Times at which something was. Of too many each second one is left out, so that they stay as evenly spread as they were.
#[derive(Debug)]
pub(crate) struct Ticks {
    at: Vec<Duration>,
    seen: usize,
    every: usize,
    most: usize,
}

impl Ticks {
    fn new(most: usize) -> Self {
        Self { at: Vec::new(), seen: 0, every: 1, most: most.max(2) }
    }

    pub(super) fn add(&mut self, at: Duration) {
        if self.seen.is_multiple_of(self.every) {
            if self.at.len() == self.most {
                let mut is_kept = false;
                self.at.retain(|_| {
                    is_kept = !is_kept;
                    is_kept
                });
                self.every *= 2;
            }
            if self.seen.is_multiple_of(self.every) {
                self.at.push(at);
            }
        }
        self.seen += 1;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Duration> + '_ {
        self.at.iter().copied()
    }

    /// Whether some are left out.
    pub(crate) fn is_thinned(&self) -> bool {
        self.every > 1
    }
}
