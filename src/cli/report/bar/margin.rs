//! A terminal whose right margin is left free, and whose lines stay lines when it is made narrower.
//! What the lines say is not known here.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console::{Term, measure_text_width};
use indicatif::TermLike;

use super::dial::Dial;

/// How many columns the shortest line has: the spinner, and the mark of what is left out. indicatif takes a line that has
/// more than it is given for two, clears what stands above, and comes to grief where there are none at all.
const SHORTEST: u16 = 5;

/// How much of each line may be filled.
pub(super) fn room(columns: u16) -> usize {
    usize::from(columns.saturating_sub(4))
}

/// A terminal whose right margin is left free. indicatif fills its lines to the end, and what the terminal then adds,
/// as the `^C` of a key that was pressed, would begin a line that is cleared instead of the right one; and a terminal
/// that is made narrower would make two lines of one. So nothing is filled here, and lines are broken here too.
#[derive(Debug)]
pub(super) struct Margin {
    term: Term,
    reflows: bool,
    dial: Option<Arc<Dial>>,
    drawn: Mutex<Drawn>,
}

/// What is on the screen of what moves.
#[derive(Debug, Default)]
struct Drawn {
    /// How many columns the terminal had.
    columns: u16,
    /// How many columns each line has.
    lines: Vec<usize>,
    /// How much was written of what is drawn. A line is written as two parts, the second of which would fill it.
    parts: usize,
}

impl Drawn {
    /// Into how many lines more a terminal of so many columns has broken what is drawn.
    fn broken(&self, columns: u16) -> usize {
        if columns >= self.columns || columns == 0 {
            return 0;
        }
        self.lines.iter().map(|width| width.saturating_sub(1) / usize::from(columns)).sum()
    }
}

impl Margin {
    pub(super) fn new(term: Term, reflows: bool, dial: Option<Arc<Dial>>) -> Self {
        Self { term, reflows, dial, drawn: Mutex::default() }
    }

    fn drawn(&self) -> MutexGuard<'_, Drawn> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> &Term {
        self.drawn().parts = 0;
        &self.term
    }

    /// Makes one line again of each that a narrower terminal has broken, so that as many are cleared as were drawn.
    fn mend(&self) -> io::Result<()> {
        let columns = self.term.size().1;
        let mut drawn = self.drawn();
        let broken = if self.reflows { drawn.broken(columns) } else { 0 };
        let below_first = drawn.lines.len().saturating_sub(1);
        *drawn = Drawn { columns, ..Drawn::default() };
        if broken > 0 {
            self.term.move_cursor_up(broken + below_first)?;
            self.term.clear_to_end_of_screen()?;
            for _ in 0..below_first {
                self.term.write_line("")?;
            }
        }
        Ok(())
    }
}

impl TermLike for Margin {
    fn width(&self) -> u16 {
        self.term.size().1.saturating_sub(4).max(SHORTEST)
    }

    fn height(&self) -> u16 {
        self.term.size().0
    }

    /// Each drawing begins with this.
    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.mend()?;
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
        let mut drawn = self.drawn();
        drawn.parts += 1;
        if drawn.parts.is_multiple_of(2) {
            return Ok(());
        }
        if drawn.parts > 1 {
            self.term.write_line("")?;
        }
        drawn.lines.push(measure_text_width(text));
        self.term.clear_line()?;
        self.term.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.begin().clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        if let Some(text) = self.dial.as_ref().and_then(|dial| dial.drawn()) {
            self.term.write_str(&text)?;
        }
        self.begin().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrower_terminal_breaks_each_line_that_it_has_no_room_for() {
        let drawn = Drawn { columns: 80, lines: vec![60, 20, 21, 0], parts: 0 };
        for (columns, expected) in [(80, 0), (100, 0), (60, 0), (59, 1), (20, 2 + 1), (10, 5 + 1 + 2), (0, 0)]
        {
            assert_eq!(drawn.broken(columns), expected, "{columns}");
        }
    }
}
