//! Schedules that weigh waiting against asking: one that knows nothing of the operation, one with an expectation.
//! What the best density of polls is stands in the file of that name.

use std::sync::Arc;
use std::time::Duration;

use super::density::Density;
use super::forecast::Forecast;
use super::{Moment, Schedule};
use crate::policy::{Cadence, LONGEST_TIMEOUT, PolicyError, SHORTEST_PAUSE, check_duration};

/// Pauses that grow with the square root of the time, for operations of unknown scale, from seconds to days.
///
/// With a cost of `c` seconds the pause at `a` seconds is `2√(c·a) + c`. In the limit of many polls, and as far as neither
/// the shortest nor the longest pause cuts it off, that costs √2 times as much as the best fixed interval does, however
/// long the operation takes, counting each poll as `c` seconds of waiting; no schedule that knows nothing can promise less.
///
/// A server that says how far its operation is (progress, or an expected end) has the polls moved to where the end is
/// likely. Whatever it says, a pause is never shorter than the interval nor longer than the longest one, and by no time
/// have more than three polls more been sent than the formula has by then, jitter included. Polls after transient errors
/// come at a pace of their own.
///
/// A clone goes on from where this one is; they share the numbers.
#[derive(Debug, Clone)]
pub struct Balanced {
    numbers: Arc<Numbers>,
    forecast: Forecast,
}

/// Polls around the time at which an operation is expected to end, for those of which one knows how long they usually
/// take.
///
/// Where operations take about that long (it reckons with a coefficient of variation of 0.3) it knows sooner than
/// [`Balanced`], with fewer polls. Where they do not, it never sends more than three polls more by any time than that one
/// has by its formula. After an answer at `a` seconds it pauses no longer than the longest of `a/2`, a fiftieth of the
/// expectation and three pauses of that one, and never longer than the longest interval: an operation that ends long
/// before it was expected may be known that much later. Say rather too little than too much. Hints of the server count as
/// they do there.
///
/// ```
/// use std::time::Duration;
/// use lro::schedule::Expected;
///
/// # async fn example(operation: impl lro::Operation<Status = ()> + Send + 'static) -> Result<(), Box<dyn std::error::Error>> {
/// let usually = Expected::new(Duration::from_secs(20 * 60), lro::Cadence::default())?;
/// let done = lro::wait_for_completion(operation).schedule(usually).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Expected(Balanced);

#[derive(Debug)]
struct Numbers {
    density: Density,
    jitter: f64,
}

impl Balanced {
    /// A schedule with these numbers.
    ///
    /// # Errors
    ///
    /// A number that is out of its bounds.
    pub fn new(numbers: Cadence) -> Result<Self, PolicyError> {
        Self::with(&numbers, None)
    }

    fn with(numbers: &Cadence, expectation: Option<Duration>) -> Result<Self, PolicyError> {
        numbers.check()?;
        let density = Density {
            cost: numbers.cost.as_secs_f64(),
            floor: numbers.interval.as_secs_f64(),
            cap: numbers.max_interval.as_secs_f64(),
            expectation: expectation.map(|expectation| expectation.as_secs_f64()),
        };
        let numbers = Numbers { density, jitter: numbers.jitter };
        Ok(Self { numbers: Arc::new(numbers), forecast: Forecast::default() })
    }
}

impl Expected {
    /// A schedule for operations that are expected to take this long, with these numbers. 10 ms to 366 days.
    ///
    /// # Errors
    ///
    /// A number that is out of its bounds.
    pub fn new(expectation: Duration, numbers: Cadence) -> Result<Self, PolicyError> {
        check_duration("the expectation", expectation, SHORTEST_PAUSE..=LONGEST_TIMEOUT)?;
        Balanced::with(&numbers, Some(expectation)).map(Self)
    }
}

impl Schedule for Balanced {
    fn next_pause(&mut self, now: &Moment) -> Option<Duration> {
        self.forecast.note(now);
        let Numbers { density, jitter } = &*self.numbers;
        let elapsed = now.elapsed.as_secs_f64();
        let hint = self.forecast.hint(elapsed);
        let pause = density.pause(elapsed, now.polls, hint, jitter * now.random());
        Duration::try_from_secs_f64(pause).ok()
    }
}

impl Schedule for Expected {
    fn next_pause(&mut self, now: &Moment) -> Option<Duration> {
        self.0.next_pause(now)
    }
}

impl Default for Balanced {
    fn default() -> Self {
        Self::new(Cadence::default()).unwrap_or_else(|_| unreachable!("the defaults are in bounds"))
    }
}
