//! When in a wait a fault is met, and what the server says otherwise.
//! Which fault it is, is not known here.

use crate::support::server::{Reply, Then};
use crate::support::{PENDING, SUCCESS};

/// When a fault is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    /// Not by the first poll but by the second, so that something is known already.
    pub(super) later: bool,
    /// And by every poll from then on.
    pub(super) forever: bool,
}

impl When {
    /// In the order of the columns.
    pub(super) const ALL: [Self; 4] = [
        Self { later: false, forever: false },
        Self { later: false, forever: true },
        Self { later: true, forever: false },
        Self { later: true, forever: true },
    ];

    pub(super) fn name(self) -> &'static str {
        match (self.later, self.forever) {
            (false, false) => "first poll, once",
            (false, true) => "first poll, for ever",
            (true, false) => "later poll, once",
            (true, true) => "later poll, for ever",
        }
    }

    /// The number of the first poll that meets it, from 1.
    pub(super) fn begin(self) -> usize {
        if self.later { 2 } else { 1 }
    }

    pub(super) fn has_fault(self, poll: usize) -> bool {
        poll == self.begin() || self.forever && poll > self.begin()
    }

    /// What a poll without the fault is answered with: pending before it, success after it.
    pub(super) fn body(self, poll: usize) -> &'static str {
        if poll < self.begin() { PENDING } else { SUCCESS }
    }

    /// The same as a whole answer that ends its connection, so that the next poll comes over another.
    pub(super) fn reply(self, poll: usize) -> Reply {
        let kept = self.kept_reply(poll);
        kept.header("Connection", "close")
            .header("Content-Length", &self.body(poll).len().to_string())
            .then(Then::Close)
    }

    /// The same as a whole answer that keeps its connection.
    pub(super) fn kept_reply(self, poll: usize) -> Reply {
        Reply::json(200, self.body(poll))
    }
}
