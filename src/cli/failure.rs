//! What is told when something could not be done: what, why, and what to try.
//! How it came to that is not known here.

use std::collections::HashSet;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::Write as _;

use lro::http::printable;

use super::exit::Exit;
use super::log;
use super::paint::{folded, paint, width};

/// Something could not be done.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What could not be done, and below it each cause.
    chain: Vec<String>,
    notes: Vec<String>,
    hint: Option<String>,
    /// What to type. Unlike all else it is never broken into lines, so that it is still one when it is copied.
    command: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, chain: vec![what.into()], notes: Vec::new(), hint: None, command: None }
    }

    /// What was told to the command is at fault, and nothing was sent.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// An error and its causes.
    pub(crate) fn of(exit: Exit, error: &(dyn Error + 'static)) -> Self {
        Self { exit, chain: causes(error).collect(), notes: Vec::new(), hint: None, command: None }
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

    /// The same without what to try, if that was told before.
    pub(crate) fn with_new_hint(mut self, told: &mut HashSet<String>) -> Self {
        self.hint = self.hint.filter(|hint| told.insert(hint.clone()));
        self.command = self.command.filter(|_| self.hint.is_some());
        self
    }

    /// The same on one line: what could not be done, and why. For one of many.
    pub(crate) fn brief(self) -> Self {
        Self::new(self.exit, self.chain.join(": "))
    }

    /// What to try, if nothing better is known.
    pub(crate) fn or_hint(mut self, hint: Option<&str>) -> Self {
        self.hint = self.hint.or_else(|| hint.map(str::to_owned));
        self
    }

    /// What to do beside what to try, and what to type for it, if that can be told; else how it is said otherwise.
    pub(crate) fn also(mut self, what: &str, command: Option<String>, otherwise: &str) -> Self {
        let before = self.hint.take().map(|hint| hint + "; ").unwrap_or_default();
        let end = if command.is_some() { ":".to_owned() } else { format!(", {otherwise}") };
        self.hint = Some(format!("{before}{what}{end}"));
        self.command = command;
        self
    }

    /// Whether this stands in what could not be done, or why.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        self.chain.iter().any(|cause| cause.contains(text))
    }

    /// Whether a flag stands in it.
    pub(crate) fn names(&self, flag: &str) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        self.chain.iter().any(|cause| cause.split(|c| !is_part(c)).any(|word| word == flag))
    }

    /// The cause below all others.
    pub(crate) fn cause(&self) -> &str {
        self.chain.last().map_or("", String::as_str)
    }

    /// Tells it on standard error. That nobody listens there changes nothing.
    pub(crate) fn tell(&self, color: bool) {
        if log::is_on() {
            return log::told(&self.text(false, None));
        }
        let _ = std::io::stderr().lock().write_all(self.text(color, width()).as_bytes());
    }

    /// On lines of this width, if a terminal has one.
    pub(super) fn text(&self, color: bool, width: Option<usize>) -> String {
        let mut lines: Vec<String> = self.lines(color).lines().map(|line| folded(line, width)).collect();
        match (&self.command, lines.last_mut()) {
            (Some(command), Some(hint)) if width.is_none() => hint.extend([" ", command]),
            (Some(command), _) => lines.push(format!("    {command}")),
            (None, _) => {}
        }
        lines.join("\n") + "\n"
    }

    fn lines(&self, color: bool) -> String {
        let mut text = String::new();
        for (index, cause) in self.chain.iter().enumerate() {
            let label = if index == 0 { paint("1;31", "error:", color) } else { "  caused by:".to_owned() };
            let _ = writeln!(text, "{label} {}", printable(cause));
        }
        for note in &self.notes {
            let _ = writeln!(text, "  {}", printable(note));
        }
        if let Some(hint) = &self.hint {
            text += &hinted(hint, color);
            text.push('\n');
        }
        text
    }
}

/// What to try, as it is told below what could not be done.
pub(crate) fn hinted(hint: &str, color: bool) -> String {
    format!("  {} {}", paint("1;36", "hint:", color), printable(hint))
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
            failure.text(false, None),
            "error: the token file cannot be read\n  caused by: permission [2J denied\n  last known state: pending\n  hint: chmod it\n"
        );
        assert!(failure.text(true, None).starts_with("\u{1b}[1;31merror:\u{1b}[0m the token"));
    }

    #[test]
    fn a_command_to_type_is_never_broken() {
        let failure = Failure::usage("late").also("to try it again", Some("lro wait 'a b' c".to_owned()), "");
        assert_eq!(failure.text(false, None), "error: late\n  hint: to try it again: lro wait 'a b' c\n");
        let folded = "error: late\n  hint: to\n    try it\n    again:\n    lro wait 'a b' c\n";
        assert_eq!(failure.text(false, Some(12)), folded);
        let failure = Failure::usage("late").hint("go".to_owned()).also("to try it again", None, "type it");
        assert_eq!(failure.text(false, None), "error: late\n  hint: go; to try it again, type it\n");
    }
}
