//! The lines at the foot of a terminal that move, and what is told above them. The only file that names indicatif.
//! What the lines say is not known here.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, TermLike};

use crate::cli::paint::{self, folded};

/// How often the lines move.
const TICK: Duration = Duration::from_millis(100);

/// What stands before the text of a line: the spinner, or as much room.
const MARGIN: &str = "  ";

/// How many lines of the terminal are left to what is told above, the line of the cursor among them.
const ROWS_ABOVE: usize = 3;

/// Lines that move, the first of them with a spinner.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// Lines made by this, of the time since they began to move and of how many may be there.
    pub(super) fn new(
        color: bool,
        lines: impl Fn(Duration, usize) -> Vec<String> + Clone + Send + Sync + 'static,
    ) -> Self {
        let text = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            let term = Term::stderr();
            let (rows, _) = term.size();
            let room = usize::from(width(&term)).saturating_sub(MARGIN.len());
            for (index, line) in
                lines(state.elapsed(), usize::from(rows).saturating_sub(ROWS_ABOVE)).iter().enumerate()
            {
                let before = if index == 0 { String::new() } else { format!("\n{MARGIN}") };
                let _ = write!(out, "{before}{}", truncate_str(line, room, "…"));
            }
        };
        let template = if color { "{spinner:.cyan} {lines}" } else { "{spinner} {lines}" };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| unreachable!("the template is a constant"))
            .with_key("lines", text);
        Self(ProgressBar::with_draw_target(None, target()).with_style(style))
    }

    /// Shows the lines, from now on.
    pub(super) fn begin(&self) {
        self.0.reset_elapsed();
        self.0.enable_steady_tick(TICK);
    }

    /// Says this above the lines.
    pub(super) fn tell_above(&self, text: &str) {
        let text = folded(text, paint::width());
        // That nobody listens there changes nothing.
        self.aside(|| drop(writeln!(io::stderr().lock(), "{text}")));
    }

    /// Does this while the lines are out of the way.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.suspend(work)
    }

    pub(super) fn close(&self) {
        self.0.finish_and_clear();
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
        ProgressDrawTarget::term_like_with_hz(Box::new(Margin { term, parts: AtomicUsize::new(0) }), 10)
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal whose right margin is left free. indicatif fills its lines to the end, and what the terminal then adds,
/// as the `^C` of a key that was pressed, would begin a line that is cleared instead of the right one. So the terminal
/// does not break lines by itself any more, and that is done here.
#[derive(Debug)]
struct Margin {
    term: Term,
    /// How much was written of what is drawn. A line is written as two parts, the second of which fills it.
    parts: AtomicUsize,
}

impl Margin {
    fn begin(&self) -> &Term {
        self.parts.store(0, Ordering::Relaxed);
        &self.term
    }
}

/// How much of each line may be filled.
fn width(term: &Term) -> u16 {
    term.size().1.saturating_sub(4)
}

impl TermLike for Margin {
    fn width(&self) -> u16 {
        width(&self.term)
    }

    fn height(&self) -> u16 {
        self.term.size().0
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.begin().move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.begin().move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.begin().move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.begin().move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.begin().write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        if text == "\r" {
            return self.begin().write_str(text);
        }
        let parts = self.parts.fetch_add(1, Ordering::Relaxed);
        if parts > 0 && parts.is_multiple_of(2) {
            self.term.write_line("")?;
        }
        self.term.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.begin().clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.begin().flush()
    }
}
