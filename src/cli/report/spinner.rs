//! One operation on a terminal: one line that moves, and the notable things kept above it.
//! What is notable is the narrator's to say.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lro::http::Status;
use lro::schedule::{Forecast, Moment};
use lro::{Event, EventKind, Verdict, WaitError};

use super::Reporter;
use super::bar::{Bar, Ground};
use super::lines::dressed;
use super::narrator::{Narrator, errors, polls_told};
use crate::cli::duration::{about, human};
use crate::cli::paint::paint;
use crate::cli::terminal::gauge::{Gauge, Tone};

pub(super) struct Spinner {
    bar: Bar,
    narrator: Narrator,
    moving: Arc<Mutex<Moving>>,
    gauge: Gauge,
    color: bool,
}

/// What the line is made of.
#[derive(Debug, Default)]
struct Moving {
    state: String,
    faults: u32,
    polls: u32,
    timeout: Option<Duration>,
    /// When the next poll is sent, counted from the start of the wait; none while one is on its way.
    next: Option<Duration>,
    forecast: Forecast,
}

impl Moving {
    /// The line at this time of the wait.
    fn line(&self, elapsed: Duration) -> String {
        let limit = self.timeout.map_or_else(String::new, |timeout| format!(" of {}", human(timeout)));
        let faults = if self.faults > 0 { format!(" ({})", errors(self.faults)) } else { String::new() };
        let next = next_told(self.next, elapsed);
        let rest = rest_told(&self.forecast, elapsed);
        let elapsed = human(Duration::from_secs(elapsed.as_secs()));
        format!("{}{rest}{faults} · {elapsed}{limit} · {} · {next}", self.state, polls_told(self.polls))
    }
}

impl Spinner {
    pub(super) fn new(narrator: Narrator, ground: Ground) -> Self {
        let moving = Arc::new(Mutex::new(Moving { state: narrator.state(), ..Moving::default() }));
        let shown = Arc::clone(&moving);
        let bar = Bar::new(ground, move |elapsed, _| vec![lock(&shown).line(elapsed)]);
        let gauge = Gauge::new(Tone::Well, None);
        Self { bar, narrator, moving, gauge, color: ground.color }
    }
}

impl Reporter for Spinner {
    fn tell(&mut self, event: &Event<Status>) {
        let lines = self.narrator.lines(event);
        {
            let mut moving = lock(&self.moving);
            moving.state = self.narrator.state();
            moving.faults = self.narrator.faults();
            moving.polls = self.narrator.polls();
            match &event.kind {
                EventKind::Started { timeout } => moving.timeout = *timeout,
                EventKind::Sleeping { pause } => moving.next = Some(event.elapsed + *pause),
                EventKind::Polling { .. } => moving.next = None,
                EventKind::Answered { poll, answer, .. } => {
                    moving.forecast.note(&Moment::new(event.elapsed, *poll, 0.5).hints(answer.hints));
                }
                _ => {}
            }
        }
        // Outside the lock above: the one who draws holds the line when it asks for what moves.
        if matches!(event.kind, EventKind::Started { .. }) {
            self.bar.begin();
        }
        self.gauge = gauge_after(self.gauge, &event.kind);
        self.bar.show(self.gauge);
        for line in lines {
            match &event.kind {
                // The moving line says that the wait goes on.
                EventKind::StillWaiting => {}
                EventKind::Started { .. } => self.bar.tell_above(&paint("1", &line.text, self.color)),
                _ => self.bar.tell_above(&dressed(&line, self.color)),
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.bar.tell_above(text);
    }

    fn close(&mut self) {
        self.bar.close();
    }
}

/// What the terminal shows by itself after this.
fn gauge_after(before: Gauge, kind: &EventKind<Status>) -> Gauge {
    match kind {
        // How it ended is told by the end.
        EventKind::Answered { answer, .. } if !answer.verdict.is_terminal() => {
            let tone = if answer.verdict == Verdict::Blocked { Tone::Warning } else { Tone::Well };
            Gauge::new(tone, answer.hints.progress)
        }
        EventKind::Erred { .. } => Gauge { tone: Tone::Warning, ..before },
        EventKind::Finished(Err(error)) if !matches!(error, WaitError::Interrupted(_)) => {
            Gauge { tone: Tone::Failed, ..before }
        }
        _ => before,
    }
}

/// How long it still takes, where that can be said.
pub(super) fn rest_told(forecast: &Forecast, elapsed: Duration) -> String {
    forecast.remaining(elapsed).map(|rest| format!(", {}", about(rest))).unwrap_or_default()
}

/// When the next poll is sent; without a time one is on its way.
pub(super) fn next_told(next: Option<Duration>, elapsed: Duration) -> String {
    match next {
        // Rounded up: a countdown ends with 1s, not with a second of 0s.
        Some(next) => {
            let left = next.saturating_sub(elapsed).as_millis().div_ceil(1000);
            format!("next in {}", human(Duration::from_secs(u64::try_from(left).unwrap_or(u64::MAX))))
        }
        None => "asking".to_owned(),
    }
}

fn lock(moving: &Mutex<Moving>) -> std::sync::MutexGuard<'_, Moving> {
    moving.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lro::Hints;

    #[test]
    fn the_line_tells_state_time_polls_and_what_comes_next() {
        let secs = Duration::from_secs;
        let mut moving = Moving {
            state: "pending (create)".to_owned(),
            faults: 0,
            polls: 5,
            timeout: Some(secs(1800)),
            next: Some(secs(75)),
            forecast: Forecast::default(),
        };
        let at = Duration::from_millis(72_400);
        assert_eq!(moving.line(at), "pending (create) · 1m 12s of 30m · 5 polls · next in 3s");
        moving.forecast.note(&Moment::new(secs(60), 4, 0.5).hints(Hints::none().progress(20.0)));
        let line = "pending (create), about 4m left · 1m 12s of 30m · 5 polls · next in 3s";
        assert_eq!(moving.line(at), line);
        moving.forecast = Forecast::default();
        moving = Moving { faults: 2, next: None, timeout: None, polls: 1, ..moving };
        assert_eq!(moving.line(at), "pending (create) (2 errors) · 1m 12s · 1 poll · asking");
    }
}
