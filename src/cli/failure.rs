//! What is told when something could not be done: what, why, and what to try.
//! How it came to that is not known here.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::Write as _;

use lro::http::printable;

use super::exit::Exit;
use super::paint::{folded, paint, width};

/// Something could not be done.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What could not be done, and below it each cause.
    chain: Vec<String>,
    notes: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, chain: vec![what.into()], notes: Vec::new(), hint: None }
    }

    /// What was told to the command is at fault, and nothing was sent.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// An error and its causes.
    pub(crate) fn of(exit: Exit, error: &(dyn Error + 'static)) -> Self {
        Self { exit, chain: causes(error).collect(), notes: Vec::new(), hint: None }
    }

    pub(crate) fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.chain.push(cause.to_string());
        self
    }

    /// The same with an error and its causes below it.
    pub(crate) fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        self.chain.extend(causes(error));
        self
    }

    /// What is known all the same.
    pub(crate) fn note(mut self, note: impl Into<Option<String>>) -> Self {
        self.notes.extend(note.into());
        self
    }

    /// What to try.
    pub(crate) fn hint(mut self, hint: impl Into<Option<String>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Tells it on standard error. That nobody listens there changes nothing.
    pub(crate) fn tell(&self, color: bool) {
        let width = width();
        let text: String = self.text(color).lines().map(|line| folded(line, width) + "\n").collect();
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    fn text(&self, color: bool) -> String {
        let mut text = String::new();
        for (index, cause) in self.chain.iter().enumerate() {
            let label = if index == 0 { paint("1;31", "error:", color) } else { "  caused by:".to_owned() };
            let _ = writeln!(text, "{label} {}", printable(cause));
        }
        for note in &self.notes {
            let _ = writeln!(text, "  {}", printable(note));
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "  {} {}", paint("1;36", "hint:", color), printable(hint));
        }
        text
    }
}

/// The text of an error, and of each cause below it.
pub(crate) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = String> + 'a {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| error.source())
        .map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_why_and_what_to_try() {
        let failure = Failure::usage("the token file cannot be read")
            .caused_by("permission\u{1b}[2J denied")
            .note("last known state: pending".to_owned())
            .hint("chmod it".to_owned());
        assert_eq!(
            failure.text(false),
            "error: the token file cannot be read\n  caused by: permission [2J denied\n  last known state: pending\n  hint: chmod it\n"
        );
        assert!(failure.text(true).starts_with("\u{1b}[1;31merror:\u{1b}[0m the token"));
    }
}
