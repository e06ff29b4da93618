//! A run in Markdown, as GitHub and GitLab show it: the headline, a table, and a chart.
//! What a chart looks like is not known here.

use std::fmt::{Display, Write};

use lro::http::printable;

use super::gantt::chart;
use super::record::Run;
use super::track::{Track, cut};
use super::words::{capital, facts, of, precise, subject, word};
use super::{left_out, shown};

/// How many operations have a row in the table.
const MOST_ROWS: usize = 200;

/// How many characters of an id stand in the headline.
const LONGEST_ID: usize = 200;

/// How long the head of the table is, and what is said of rows that are left out, with room to spare.
const FRAME: usize = 500;

/// Markdown as it grows. Whatever came from elsewhere can get into it only as a text that means nothing there.
#[derive(Debug, Default)]
struct Markdown(String);

impl Markdown {
    fn constant(&mut self, markdown: &'static str) {
        self.0.push_str(markdown);
    }

    /// Words of this program, with numbers and names of theirs.
    fn text(&mut self, text: impl Display) {
        escape(&mut self.0, &text.to_string(), false);
    }

    /// Words of a server or a person, to be told from ours. What is within code is no mention, no link and no issue.
    fn quoted(&mut self, text: impl Display) {
        let text = text.to_string();
        if text.trim().is_empty() {
            self.constant("–");
            return;
        }
        self.constant("<code>");
        escape(&mut self.0, &text, true);
        self.constant("</code>");
    }
}

/// A text that is nothing but itself in Markdown, wherever it stands on a line that it does not begin. A reference is
/// never markup, whatever it stands for. A colon makes links and pictures only of words that are not ours.
fn escape(out: &mut String, text: &str, is_foreign: bool) {
    let mut before = ' ';
    for c in printable(text).chars() {
        let is_markup = matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '|'
                | '~'
                | '&'
                | '#'
                | '$'
                | '!'
                | '^'
                | '"'
        );
        match c {
            // Some look for addresses and names in what references stand for, too.
            '@' => out.push_str("&#64;&#8203;"),
            // What begins with `www.` becomes a link by itself.
            '.' if matches!(before, 'w' | 'W') => out.push_str("&#46;"),
            c if is_markup || is_foreign && c == ':' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
        before = c;
    }
}

/// The document of this run, which is at most so long, but for the headline of a few thousand bytes. Where there is not
/// room for all, rows count for more than the chart.
pub(crate) fn document(run: &Run, longest: usize) -> String {
    let mut text = Markdown::default();
    text.constant("## ");
    text.constant(of(run.outcome).emoji);
    text.constant(" ");
    text.text(capital(word(run.outcome)));
    text.constant(": ");
    if matches!(&run.tracks[..], [track] if *track.id == subject(run)) {
        text.quoted(cut(&subject(run), LONGEST_ID));
    } else {
        text.text(subject(run));
    }
    text.constant("\n\n");
    for (nth, (name, value)) in facts(run).into_iter().enumerate() {
        text.constant(if nth == 0 { "" } else { " · " });
        text.text(name);
        text.constant(" **");
        text.text(value);
        text.constant("**");
    }
    text.constant("\n");
    let left = longest.saturating_sub(text.0.len() + FRAME);
    let chart = Some(chart(run)).filter(|chart| chart.len() <= left / 2).unwrap_or_default();
    table(&mut text, run, left - chart.len());
    text.0.push_str(&chart);
    text.0
}

fn table(text: &mut Markdown, run: &Run, longest: usize) {
    let tracks = shown(&run.tracks, MOST_ROWS);
    if tracks.is_empty() {
        return;
    }
    text.constant("\n| Operation | Outcome | Reason | Polls | Errors | Took | Location |\n");
    text.constant("|---|---|---|--:|--:|--:|---|\n");
    let before = text.0.len();
    let mut count = 0;
    for track in tracks {
        let row = row(track);
        if text.0.len() - before + row.len() > longest {
            break;
        }
        text.0.push_str(&row);
        count += 1;
    }
    if let Some(note) = left_out(run, count) {
        text.constant("\n");
        text.text(capital(&note));
        text.constant(".\n");
    }
}

fn row(track: &Track) -> String {
    let mut row = Markdown::default();
    let end = &track.end;
    row.constant("| ");
    row.quoted(&track.id);
    row.constant(" | ");
    row.constant(of(end.outcome).emoji);
    row.constant(" ");
    row.text(word(end.outcome));
    row.constant(" | ");
    row.quoted(end.why().unwrap_or_default());
    for number in [end.polls.to_string(), end.errors.to_string(), precise(end.elapsed)] {
        row.constant(" | ");
        row.text(number);
    }
    row.constant(" | ");
    row.quoted(end.place().unwrap_or_default());
    row.constant(" |\n");
    row.0
}
