//! The operations of a fleet that have not ended when the wait for them does, told together.
//! Why it ended is not decided here.

use lro::Limit;

use crate::cli::connect::Access;
use crate::cli::duration::human;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::hint;
use crate::cli::report::Ended;

/// How many of those that did not end are told by name.
const MOST_NAMED: usize = 10;

/// Those that have not ended when the wait for them does, for one and the same reason.
#[derive(Debug, Default)]
pub(super) struct Unfinished {
    /// The limit that came before the first of them, if it was one.
    limit: Option<Limit>,
    first: Vec<Ended>,
    count: usize,
}

impl Unfinished {
    pub(super) fn add(&mut self, ended: &Ended, limit: Option<Limit>) {
        self.limit = self.limit.or(limit);
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            self.first.push(ended.clone());
        }
    }

    /// Which limit it was.
    pub(super) fn why(&self) -> String {
        match self.limit {
            Some(Limit::Timeout(timeout)) if self.count > 1 => {
                format!(": they were not done within {}", human(timeout))
            }
            Some(limit) => format!(": {limit}"),
            None => String::new(),
        }
    }

    /// How many of so many in all they are.
    pub(super) fn of(&self, total: usize) -> String {
        match total {
            1 => "1 operation".to_owned(),
            _ => format!("{} of {total} operations", self.count),
        }
    }

    /// What is told of them, if there are any.
    pub(super) fn told(&self, exit: Exit, what: String, access: &Access) -> Option<Failure> {
        let failure = || hint::of_unfinished(Failure::new(exit, what), &self.first, self.count, access);
        (self.count > 0).then(failure)
    }
}
