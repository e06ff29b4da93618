//! The lines at the foot of a terminal that move, and what is told above them. The only file that names indicatif.
//! What the lines say is not known here.

mod dial;
mod margin;

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::cli::args::When;
use crate::cli::paint::{self, folded, shortened};
use crate::cli::terminal::gauge::Gauge;
use crate::cli::terminal::{Between, Surroundings};

use dial::Dial;
use margin::Margin;

/// How often the lines move.
const TICK: Duration = Duration::from_millis(100);

/// What stands before the text of a line: the spinner, or as much room.
const MARGIN: &str = "  ";

/// The spinner where there is nothing but ASCII; the last of them is for the end.
const ASCII_TICKS: &str = "|/-\\ ";

/// How many lines of the terminal are left to what is told above, the line of the cursor among them.
const ROWS_ABOVE: usize = 3;

/// What the lines are drawn on, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    pub(super) color: bool,
    has_unicode: bool,
    reflows: bool,
    /// Whether the terminal shows progress by itself, and what is between here and it.
    dial: Option<Between>,
}

impl Ground {
    /// A terminal like this, which shows progress by itself as asked for.
    pub(super) fn new(around: &Surroundings, progress: When, color: bool) -> Self {
        let has_dial = match progress {
            When::Auto => around.has_gauge,
            When::Always => around.is_terminal,
            When::Never => false,
        };
        let dial = has_dial.then_some(around.between);
        Self { color, has_unicode: around.has_unicode, reflows: around.reflows, dial }
    }

    /// The text with marks that the terminal can show.
    fn shown(self, text: &str) -> String {
        if self.has_unicode { text.to_owned() } else { text.replace('·', "-").replace('…', self.mark()) }
    }

    /// What stands for the rest of a text.
    fn mark(self) -> &'static str {
        if self.has_unicode { "…" } else { "..." }
    }
}

/// Lines that move, the first of them with a spinner.
pub(super) struct Bar {
    lines: ProgressBar,
    ground: Ground,
    dial: Option<Arc<Dial>>,
}

impl Bar {
    /// Lines made by this, of the time since they began to move and of how many may be there.
    pub(super) fn new(
        ground: Ground,
        lines: impl Fn(Duration, usize) -> Vec<String> + Clone + Send + Sync + 'static,
    ) -> Self {
        let text = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            let (rows, columns) = Term::stderr().size();
            let room = margin::room(columns).saturating_sub(MARGIN.len());
            for (index, line) in
                lines(state.elapsed(), usize::from(rows).saturating_sub(ROWS_ABOVE)).iter().enumerate()
            {
                let before = if index == 0 { String::new() } else { format!("\n{MARGIN}") };
                let _ = write!(out, "{before}{}", shortened(&ground.shown(line), room, ground.mark()));
            }
        };
        let template = if ground.color { "{spinner:.cyan} {lines}" } else { "{spinner} {lines}" };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| unreachable!("the template is a constant"))
            .with_key("lines", text);
        let style = if ground.has_unicode { style } else { style.tick_chars(ASCII_TICKS) };
        let dial = ground.dial.map(|between| Arc::new(Dial::new(between)));
        let bar = ProgressBar::with_draw_target(None, target(ground, dial.clone())).with_style(style);
        Self { lines: bar, ground, dial }
    }

    /// Shows the lines, from now on.
    pub(super) fn begin(&self) {
        self.lines.reset_elapsed();
        self.lines.enable_steady_tick(TICK);
    }

    /// Has the terminal itself show how far it is.
    pub(super) fn show(&self, gauge: Gauge) {
        if let Some(dial) = &self.dial {
            dial.show(gauge);
        }
    }

    /// Says this above the lines.
    pub(super) fn tell_above(&self, text: &str) {
        let text = folded(&self.ground.shown(text), paint::width());
        // That nobody listens there changes nothing.
        self.aside(|| drop(writeln!(io::stderr().lock(), "{text}")));
    }

    /// Does this while the lines are out of the way.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.lines.suspend(work)
    }

    pub(super) fn close(&self) {
        self.lines.finish_and_clear();
        if let Some(dial) = &self.dial {
            dial.remove();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.close();
    }
}

fn target(ground: Ground, dial: Option<Arc<Dial>>) -> ProgressDrawTarget {
    let term = Term::buffered_stderr();
    if term.is_term() {
        ProgressDrawTarget::term_like_with_hz(Box::new(Margin::new(term, ground.reflows, dial)), 10)
    } else {
        ProgressDrawTarget::hidden()
    }
}
