//! Whether a poll may be sent now: so many on their way at once, so many a second, and none where a server has asked to
//! be left alone.
//! Time comes in as a parameter; whose turn it is is not known here.

use std::collections::HashMap;
use std::time::Duration;

use crate::policy::{LONGEST_TIMEOUT, PolicyError, check_number};

pub(super) struct Gate {
    concurrency: usize,
    rate: Option<Rate>,
    /// Until when the servers that asked for it are left alone.
    held: HashMap<Box<str>, Duration>,
    /// Until when any of them is.
    held_until: Duration,
}

/// When the gate is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Opening {
    Now,
    /// At this time.
    At(Duration),
    /// When a poll has been answered.
    WhenAnswered,
}

impl Gate {
    pub(super) fn new(concurrency: usize, rate: Option<f64>) -> Result<Self, PolicyError> {
        if concurrency == 0 {
            return Err(PolicyError::new("the number of polls at once", 0, "at least 1"));
        }
        let rate = rate.map(Rate::new).transpose()?;
        Ok(Self { concurrency, rate, held: HashMap::new(), held_until: Duration::ZERO })
    }

    /// When the next poll may be sent, while so many are on their way.
    pub(super) fn opening(&self, on_their_way: usize, now: Duration) -> Opening {
        if on_their_way >= self.concurrency {
            return Opening::WhenAnswered;
        }
        match self.rate.as_ref().map(|rate| rate.next(now)) {
            Some(next) if next > now => Opening::At(next),
            _ => Opening::Now,
        }
    }

    /// A poll is sent.
    pub(super) fn pass(&mut self, now: Duration) {
        if let Some(rate) = &mut self.rate {
            rate.take(now);
        }
    }

    /// This server asks to be left alone for so long.
    pub(super) fn hold(&mut self, origin: &str, pause: Duration, now: Duration) {
        let until = now.saturating_add(pause.min(LONGEST_TIMEOUT));
        self.held_until = self.held_until.max(until);
        self.held.retain(|_, until| *until > now);
        match self.held.get_mut(origin) {
            Some(held) => *held = until.max(*held),
            None => drop(self.held.insert(origin.into(), until)),
        }
    }

    /// Whether any server has to be left alone, so that it is worth looking.
    pub(super) fn is_holding(&self, now: Duration) -> bool {
        self.held_until > now
    }

    /// For how long this server is to be left alone.
    pub(super) fn held(&self, origin: &str, now: Duration) -> Option<Duration> {
        self.held.get(origin)?.checked_sub(now).filter(|pause| !pause.is_zero())
    }
}

/// A bucket of tokens, one a poll. What a clock that wakes late would lose is caught up with by a bucket that holds 10 ms
/// worth; the bucket and what flows into it within a second are the rate, so that no second ever sees more.
struct Rate {
    tokens: f64,
    most: f64,
    a_second: f64,
    at: Duration,
}

impl Rate {
    fn new(polls_a_second: f64) -> Result<Self, PolicyError> {
        check_number("the number of polls a second", polls_a_second, 0.001..=1_000_000.0)?;
        let most = (polls_a_second / 100.0).floor().max(1.0);
        // With room for one, the next token comes a whole interval after the last was taken: no second sees one more.
        let a_second = if most > 1.0 { polls_a_second - most } else { polls_a_second };
        Ok(Self { tokens: 1.0, most, a_second, at: Duration::ZERO })
    }

    fn tokens(&self, now: Duration) -> f64 {
        let came = now.saturating_sub(self.at).as_secs_f64() * self.a_second;
        (self.tokens + came).min(self.most)
    }

    /// When there is a token.
    fn next(&self, now: Duration) -> Duration {
        let lacking = 1.0 - self.tokens(now);
        if lacking <= 0.0 {
            return now;
        }
        // Rounded up, so that the token is there when its time has come.
        now.saturating_add(Duration::from_secs_f64(lacking / self.a_second) + Duration::from_nanos(1))
    }

    fn take(&mut self, now: Duration) {
        self.tokens = (self.tokens(now) - 1.0).max(0.0);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// The times at which polls are sent by a fleet that always has one to send, and whose clock wakes as late as this.
    fn sent(rate: f64, lags: &[u64]) -> Vec<Duration> {
        let mut gate = Gate::new(1, Some(rate)).unwrap();
        let (mut now, mut times) = (Duration::ZERO, Vec::new());
        let mut lags = lags.iter().cycle();
        while now < secs(3) {
            match gate.opening(0, now) {
                Opening::Now => {
                    gate.pass(now);
                    times.push(now);
                }
                Opening::At(next) => now = next + Duration::from_micros(*lags.next().unwrap()),
                Opening::WhenAnswered => unreachable!(),
            }
        }
        times
    }

    proptest! {
        // A failure becomes a test, not a file of numbers.
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_second_sees_more_polls_than_the_rate(
            rate in 1..5000_u32,
            lags in proptest::collection::vec(0..12_000_u64, 1..20),
        ) {
            let times = sent(f64::from(rate), &lags);
            for (first, later) in times.iter().zip(&times[times.len().min(usize::try_from(rate).unwrap())..]) {
                prop_assert!(*later >= *first + secs(1), "{rate} and one more from {first:?} to {later:?}");
            }
        }
    }

    #[test]
    fn a_rate_is_nearly_reached_by_a_clock_that_wakes_a_millisecond_late() {
        for (rate, least) in [(1.0, 3), (10.0, 29), (1000.0, 2900), (20_000.0, 58_000)] {
            let count = sent(rate, &[1000]).len();
            assert!(count >= least, "{rate}: {count}");
        }
    }

    #[test]
    fn the_gate_is_closed_while_enough_polls_are_on_their_way() {
        let gate = Gate::new(2, None).unwrap();
        assert_eq!(gate.opening(1, secs(0)), Opening::Now);
        assert_eq!(gate.opening(2, secs(0)), Opening::WhenAnswered);
    }

    #[test]
    fn a_server_is_held_until_the_latest_time_it_asked_for_and_no_other_is() {
        let mut gate = Gate::new(1, None).unwrap();
        gate.hold("https://a", secs(30), secs(10));
        gate.hold("https://a", secs(5), secs(11));
        assert_eq!(gate.held("https://a", secs(12)), Some(secs(28)));
        assert_eq!(gate.held("https://b", secs(12)), None);
        assert_eq!(gate.held("https://a", secs(40)), None);
        // Then it is not even looked at.
        assert_eq!([39, 40].map(|now| gate.is_holding(secs(now))), [true, false]);
    }

    #[test]
    fn what_a_server_asks_for_can_not_overflow_a_clock() {
        let mut gate = Gate::new(1, None).unwrap();
        gate.hold("https://a", Duration::MAX, secs(10));
        assert_eq!(gate.held("https://a", secs(10)), Some(LONGEST_TIMEOUT));
    }

    #[test]
    fn numbers_out_of_bounds_are_refused() {
        assert!(Gate::new(0, None).is_err());
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Gate::new(1, Some(rate)).is_err(), "{rate}");
        }
    }
}
