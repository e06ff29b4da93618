//! Progress as lines, for logs: one for each change, and a heartbeat.
//! What is worth a line is the narrator's to say.

use std::io::{self, Write};

use lro::Event;
use lro::http::Status;

use super::Reporter;
use super::narrator::{Line, Narrator, Tone};
use crate::cli::duration::human;
use crate::cli::paint::paint;

pub(super) struct Lines {
    narrator: Narrator,
    color: bool,
}

impl Lines {
    pub(super) fn new(narrator: Narrator, color: bool) -> Self {
        Self { narrator, color }
    }
}

impl Reporter for Lines {
    fn tell(&mut self, event: &Event<Status>) {
        for line in self.narrator.lines(event) {
            // That nobody listens there changes nothing.
            let _ = writeln!(io::stderr().lock(), "{}", dressed(&line, self.color));
        }
    }

    fn say(&mut self, text: &str) {
        super::say(text);
    }
}

/// A line with its time before it: `[1m 3s] pending (create)`.
pub(super) fn dressed(line: &Line, color: bool) -> String {
    let time = paint("2", &format!("[{}]", human(line.elapsed)), color);
    let text = match line.tone {
        Tone::Plain => line.text.clone(),
        Tone::Warning => super::warning(&line.text, color),
        Tone::Fault => paint("33", &line.text, color),
        Tone::Dim => paint("2", &line.text, color),
    };
    format!("{time} {text}")
}
