//! Progress on a terminal: one line that moves, and the notable things kept above it. The only file that names
//! indicatif.
//! What is notable is the narrator's to say.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, TermLike};
use lro::http::Status;
use lro::{Event, EventKind};

use super::Reporter;
use super::lines::dressed;
use super::narrator::{Narrator, errors, polls_told};
use crate::cli::duration::human;
use crate::cli::paint::{self, folded, paint};

/// How often the line moves.
const TICK: Duration = Duration::from_millis(100);

/// What stands before the text of the line.
const SPINNER_WIDTH: usize = 2;

pub(super) struct Bar {
    line: ProgressBar,
    narrator: Narrator,
    moving: Arc<Mutex<Moving>>,
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
}

impl Moving {
    /// The line at this time of the wait.
    fn line(&self, elapsed: Duration) -> String {
        let limit = self.timeout.map_or_else(String::new, |timeout| format!(" of {}", human(timeout)));
        let faults = if self.faults > 0 { format!(" ({})", errors(self.faults)) } else { String::new() };
        let next = match self.next {
            // Rounded up: a countdown ends with 1s, not with a second of 0s.
            Some(next) => {
                let left = next.saturating_sub(elapsed).as_millis().div_ceil(1000);
                format!("next in {}", human(Duration::from_secs(u64::try_from(left).unwrap_or(u64::MAX))))
            }
            None => "asking".to_owned(),
        };
        let elapsed = human(Duration::from_secs(elapsed.as_secs()));
        format!("{}{faults} · {elapsed}{limit} · {} · {next}", self.state, polls_told(self.polls))
    }
}

impl Bar {
    pub(super) fn new(narrator: Narrator, color: bool) -> Self {
        let moving = Arc::new(Mutex::new(Moving { state: narrator.state(), ..Moving::default() }));
        let shown = Arc::clone(&moving);
        let line = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            let width = usize::from(width(&Term::stderr())).saturating_sub(SPINNER_WIDTH);
            let line = lock(&shown).line(state.elapsed());
            let _ = out.write_str(&truncate_str(&line, width, "…"));
        };
        let template = if color { "{spinner:.cyan} {line}" } else { "{spinner} {line}" };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| unreachable!("the template is a constant"))
            .with_key("line", line);
        let bar = ProgressBar::with_draw_target(None, target()).with_style(style);
        Self { line: bar, narrator, moving, color }
    }

    fn tell_above(&self, text: &str) {
        // That nobody listens there changes nothing.
        let text = folded(text, paint::width());
        self.line.suspend(|| drop(writeln!(std::io::stderr().lock(), "{text}")));
    }
}

impl Reporter for Bar {
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
                _ => {}
            }
        }
        // Outside the lock above: the one who draws holds the line when it asks for what moves.
        if matches!(event.kind, EventKind::Started { .. }) {
            self.line.reset_elapsed();
            self.line.enable_steady_tick(TICK);
        }
        for line in lines {
            match &event.kind {
                // The moving line says that the wait goes on.
                EventKind::StillWaiting => {}
                EventKind::Started { .. } => self.tell_above(&paint("1", &line.text, self.color)),
                _ => self.tell_above(&dressed(&line, self.color)),
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.tell_above(text);
    }

    fn close(&mut self) {
        self.line.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.close();
    }
}

fn target() -> ProgressDrawTarget {
    let term = Term::buffered_stderr();
    if term.is_term() {
        ProgressDrawTarget::term_like_with_hz(Box::new(Margin(term)), 10)
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal whose right margin is left free. indicatif fills its line to the end, and what the terminal then adds,
/// as the `^C` of a key that was pressed, would begin a line that is cleared instead of the right one.
#[derive(Debug)]
struct Margin(Term);

/// How much of each line may be filled.
fn width(term: &Term) -> u16 {
    term.size().1.saturating_sub(4)
}

impl TermLike for Margin {
    fn width(&self) -> u16 {
        width(&self.0)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}

fn lock(moving: &Mutex<Moving>) -> std::sync::MutexGuard<'_, Moving> {
    moving.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_state_time_polls_and_what_comes_next() {
        let secs = Duration::from_secs;
        let mut moving = Moving {
            state: "pending (create)".to_owned(),
            faults: 0,
            polls: 5,
            timeout: Some(secs(1800)),
            next: Some(secs(75)),
        };
        let at = Duration::from_millis(72_400);
        assert_eq!(moving.line(at), "pending (create) · 1m 12s of 30m · 5 polls · next in 3s");
        moving = Moving { faults: 2, next: None, timeout: None, polls: 1, ..moving };
        assert_eq!(moving.line(at), "pending (create) (2 errors) · 1m 12s · 1 poll · asking");
    }
}
