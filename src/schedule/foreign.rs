//! Policies of the crate `backoff` as schedules. The only file that names it.
//! Nothing here knows what was answered.

use std::fmt;
use std::time::Duration;

use ::backoff::backoff::Backoff;

use super::{Moment, Schedule};

/// Makes a schedule of a policy of the crate `backoff`.
///
/// When the policy gives up, the last pause is kept: a schedule says how often to ask, never when to give up. Its clock
/// is its own: an `ExponentialBackoff` counts its `max_elapsed_time` from its making.
///
/// ```
/// use std::time::Duration;
/// use backoff::ExponentialBackoffBuilder;
/// use lro::schedule::from_backoff;
///
/// # async fn example(operation: impl lro::Operation<Status = ()> + Send + 'static) {
/// let policy = ExponentialBackoffBuilder::new().with_initial_interval(Duration::from_secs(2)).build();
/// let done = lro::wait_for_completion(operation).schedule(from_backoff(policy)).await;
/// # }
/// ```
pub fn from_backoff<B: Backoff + Send>(policy: B) -> FromBackoff<B> {
    FromBackoff(policy)
}

/// A schedule made of a policy of the crate `backoff`; see [`from_backoff`].
#[derive(Clone)]
pub struct FromBackoff<B>(B);

impl<B: Backoff + Send> Schedule for FromBackoff<B> {
    fn next_pause(&mut self, _: &Moment) -> Option<Duration> {
        self.0.next_backoff()
    }
}

impl<B> fmt::Debug for FromBackoff<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromBackoff").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_says_how_often_and_never_when_to_give_up() {
        let mut constant = from_backoff(::backoff::backoff::Constant::new(Duration::from_secs(3)));
        let now = Moment::new(Duration::ZERO, 1, 0.5);
        assert_eq!(constant.next_pause(&now), Some(Duration::from_secs(3)));
        let mut over = from_backoff(::backoff::backoff::Stop {});
        assert_eq!(over.next_pause(&now), None);
    }
}
