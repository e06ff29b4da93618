//! The progress that the terminal shows by itself: told when it changes, again now and then, and taken away at the end.
//! How far it is, and whether the terminal shows it at all, is not decided here.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cli::terminal::Between;
use crate::cli::terminal::gauge::{Gauge, REMOVED};

/// After how many drawings it is told again: some seconds. Ghostty takes away what it has not heard of for fifteen.
const AGAIN: u32 = 50;

#[derive(Debug)]
pub(super) struct Dial {
    between: Between,
    now: Mutex<Now>,
}

/// What is shown, and for how many drawings it has not been told.
#[derive(Debug, Default)]
struct Now {
    gauge: Option<Gauge>,
    drawings: u32,
}

impl Dial {
    pub(super) fn new(between: Between) -> Self {
        Self { between, now: Mutex::default() }
    }

    /// Shows this, if it is not what is shown already.
    pub(super) fn show(&self, gauge: Gauge) {
        if let Some(text) = self.changed(gauge) {
            tell(&text);
        }
    }

    fn changed(&self, gauge: Gauge) -> Option<String> {
        let mut now = self.now();
        if now.gauge == Some(gauge) {
            return None;
        }
        *now = Now { gauge: Some(gauge), drawings: 0 };
        Some(self.between.passed(&gauge.sequence()))
    }

    /// What is to be told with this drawing of the lines.
    pub(super) fn drawn(&self) -> Option<String> {
        let mut now = self.now();
        now.drawings += 1;
        if now.drawings < AGAIN {
            return None;
        }
        now.drawings = 0;
        now.gauge.map(|gauge| self.between.passed(&gauge.sequence()))
    }

    /// Shows nothing any more.
    pub(super) fn remove(&self) {
        if let Some(text) = self.removed() {
            tell(&text);
        }
    }

    fn removed(&self) -> Option<String> {
        self.now().gauge.take().map(|_| self.between.passed(REMOVED))
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In one piece: the lines are drawn by another thread. That nobody listens there changes nothing.
fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::gauge::Tone;

    #[test]
    fn what_is_shown_is_told_once_and_again_after_some_seconds() {
        let dial = Dial::new(Between::Nothing);
        let quarter = Gauge::new(Tone::Well, Some(25.0));
        assert!(dial.drawn().is_none());
        assert_eq!(dial.changed(quarter).as_deref(), Some("\u{1b}]9;4;1;25\u{1b}\\"));
        assert_eq!(dial.changed(quarter), None);
        let told: Vec<_> = (1..=100).filter(|_| dial.drawn().is_some()).collect();
        assert_eq!(told, [50, 100]);
        assert!(dial.changed(Gauge::new(Tone::Warning, Some(25.0))).is_some());
        assert_eq!(dial.removed().as_deref(), Some(REMOVED));
        assert_eq!(dial.removed(), None);
        assert_eq!((1..=100).find_map(|_| dial.drawn()), None);
    }

    #[test]
    fn through_tmux_it_is_handed_on() {
        let dial = Dial::new(Between::Tmux);
        let told = dial.changed(Gauge::new(Tone::Well, None)).unwrap();
        assert_eq!(told, "\u{1b}Ptmux;\u{1b}\u{1b}]9;4;3;\u{1b}\u{1b}\\\u{1b}\\");
    }
}
