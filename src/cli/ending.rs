//! Whether a wait may outlive what it is allowed to ask with, and what is told of that at the start.
//! How anything is renewed is not known here.

use std::time::Duration;

use lro::auth::Standing;

use super::duration::human;

/// The warning for a wait with an access key, if it is a temporary one: nobody says when that ends.
pub(crate) fn of_key(is_temporary: Option<bool>) -> Option<&'static str> {
    (is_temporary == Some(true)).then_some(
        "the access key is a temporary one: it ends at a time that is not known here and cannot be renewed, and the \
         wait will end with it",
    )
}

/// Tells once that credentials end before the wait may.
#[derive(Debug)]
pub(crate) struct Ending {
    limit: Option<Duration>,
    is_settled: bool,
}

impl Ending {
    /// For a wait with this limit.
    pub(crate) fn of(limit: Option<Duration>) -> Self {
        Self { limit, is_settled: false }
    }

    /// The warning, as soon as it is known that there is something to warn of. Only what is known at the start is
    /// looked at: later everyone has been told, or nothing was wrong.
    pub(crate) fn warning(&mut self, standing: &Standing, elapsed: Duration) -> Option<String> {
        let lasts = standing.lasts.filter(|_| !self.is_settled)?;
        self.is_settled = true;
        let left = self.limit.map(|limit| limit.saturating_sub(elapsed));
        if standing.renews || left.is_some_and(|left| left <= lasts) {
            return None;
        }
        let limit = match self.limit {
            Some(limit) => format!("before the limit of {}", human(limit)),
            None => "and the wait has no limit".to_owned(),
        };
        Some(format!(
            "the token ends in {}, {limit}; it cannot be renewed, and the wait will end with it (a password, an \
             application credential, --token-file or --token-command get fresh ones)",
            human(lasts)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn standing(lasts: Option<Duration>, renews: bool) -> Standing {
        Standing::new(None, lasts, renews)
    }

    #[test]
    fn a_token_that_ends_too_early_is_warned_of_once() {
        let mut ending = Ending::of(Some(30 * MINUTE));
        assert_eq!(ending.warning(&standing(None, false), Duration::ZERO), None);
        let warning = ending.warning(&standing(Some(20 * MINUTE), false), Duration::ZERO).unwrap();
        assert!(
            warning.starts_with("the token ends in 20m, before the limit of 30m; it cannot be renewed"),
            "{warning}"
        );
        assert_eq!(ending.warning(&standing(Some(19 * MINUTE), false), MINUTE), None);
        let mut endless = Ending::of(None);
        let warning = endless.warning(&standing(Some(20 * MINUTE), false), Duration::ZERO).unwrap();
        assert!(warning.starts_with("the token ends in 20m, and the wait has no limit;"), "{warning}");
    }

    #[test]
    fn a_token_that_lasts_or_is_renewed_is_not_warned_of() {
        for (lasts, renews) in [(20, true), (30, false), (25, false)] {
            let mut ending = Ending::of(Some(30 * MINUTE));
            // Five minutes of the wait are over.
            assert_eq!(ending.warning(&standing(Some(lasts * MINUTE), renews), 5 * MINUTE), None, "{lasts}");
        }
    }
}
