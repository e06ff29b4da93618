//! What stands in a list and names no operation: kept as far as it is told, and counted.
//! What is wrong with an entry is found elsewhere.

use std::fmt;

use lro::http::printable;

use super::input::Spot;
use crate::cli::failure::Failure;

/// How many are told one by one.
const MOST_TOLD: usize = 10;

/// How many characters are told of what is wrong with one.
const LONGEST_TOLD: usize = 300;

/// An entry that names no operation that can be asked, and why. Fit for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidLine {
    spot: Spot,
    why: String,
}

impl InvalidLine {
    pub(super) fn new(spot: Spot, why: &str) -> Self {
        let why = printable(why);
        let why = match why.char_indices().nth(LONGEST_TOLD) {
            Some((end, _)) => format!("{}…", &why[..end]),
            None => why.into_owned(),
        };
        Self { spot, why }
    }

    /// That it names none, as what is wrong with a run.
    pub(crate) fn failure(&self) -> Failure {
        Failure::usage(format!("{} of standard input names no operation", self.spot)).caused_by(&self.why)
    }
}

impl fmt::Display for InvalidLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.spot, self.why)
    }
}

/// The first of them, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Invalid {
    first: Vec<InvalidLine>,
    pub(super) count: usize,
}

impl Invalid {
    pub(super) fn add(&mut self, spot: Spot, why: &str) {
        self.count += 1;
        if self.first.len() < MOST_TOLD {
            self.first.push(InvalidLine::new(spot, why));
        }
    }

    /// What is told of them, a line each, and how many more there are.
    pub(super) fn told(&self) -> impl Iterator<Item = String> {
        let more = self.count - self.first.len();
        let more = (more > 0).then(|| format!("and {more} more"));
        self.first.iter().map(ToString::to_string).chain(more)
    }

    /// Why nothing is asked, when nothing may be wrong; `is_all` if there is nothing else.
    pub(super) fn failure(&self, is_all: bool) -> Failure {
        let failure = match &self.first[..] {
            [one] if self.count == 1 => one.failure(),
            _ => self.told().fold(
                Failure::usage(format!("{} entries of standard input name no operation", self.count)),
                Failure::note,
            ),
        };
        let hint = "correct that, or give --skip-invalid to pass over what names no operation";
        failure.hint((!is_all).then(|| hint.to_owned()))
    }

    /// Why nothing is asked, when nothing is left.
    pub(super) fn nothing_left(&self) -> Failure {
        let failure = Failure::usage("there is no operation on standard input: all of it was passed over");
        self.told().fold(failure, Failure::note)
    }
}
