//! The plan of one run: how many operations there are, when each ends, and when it is to be asked.
//! Every side goes by it, so that how often an operation is asked is known before. Nothing is asked here.

use std::error::Error;
use std::time::Duration;

/// What the token looks like that is sent with each request: as long as one of Keystone.
pub(crate) const TOKEN: &str = "gAAAAABbench0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghij\
                                klmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";

/// How many requests are in flight at once.
pub(crate) const CONCURRENCY: usize = 64;

/// No operation that is to go on ends before this has passed.
const NEVER: Duration = Duration::from_secs(90_000);

const CONNECTOR: &str = "e7b778a7-5d94-4263-813f-4aec18473a5a";

/// One run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) count: u32,
    /// The first pause after an answer.
    pub(crate) interval: Duration,
    /// By how much each pause is longer than the one before, in percent.
    pub(crate) growth: u32,
    /// Over how much time the first polls are spread.
    pub(crate) spread: Duration,
    /// The least and the most polls that an operation takes; none where it never ends.
    pub(crate) polls: Option<(u32, u32)>,
}

impl Plan {
    /// As the arguments of a process.
    pub(crate) fn written(&self) -> [String; 6] {
        let (least, most) = self.polls.unwrap_or_default();
        let micros = |time: Duration| time.as_micros().to_string();
        let numbers = [self.count.to_string(), micros(self.interval), self.growth.to_string()];
        let [count, interval, growth] = numbers;
        [count, interval, growth, micros(self.spread), least.to_string(), most.to_string()]
    }

    /// Reads what was [written](Self::written).
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut next = || -> Result<u32, Box<dyn Error>> {
            Ok(arguments.next().ok_or("the plan has six numbers")?.parse()?)
        };
        let count = next()?;
        let interval = Duration::from_micros(next()?.into());
        let growth = next()?;
        let spread = Duration::from_micros(next()?.into());
        let polls = Some((next()?, next()?)).filter(|(least, _)| *least > 0);
        Ok(Self { count, interval, growth, spread, polls })
    }

    pub(crate) fn factor(&self) -> f64 {
        f64::from(self.growth) / 100.0
    }

    /// The pause before this poll, from the second on.
    pub(crate) fn pause_before(&self, poll: u32) -> Duration {
        self.interval.mul_f64(self.factor().powi(i32::try_from(poll).unwrap_or(i32::MAX).saturating_sub(2)))
    }

    /// The connector and the id of an operation.
    pub(crate) fn ids(&self, number: u32) -> [String; 2] {
        let polls = self.polls_of(number);
        let ends_after = self.ends_after(number).as_millis();
        [CONNECTOR.to_owned(), format!("{ends_after:08}-{polls:04}-4000-8000-{number:012}")]
    }

    /// How many polls it takes to see this one end; 0 where it never does.
    fn polls_of(&self, number: u32) -> u32 {
        self.polls.map_or(0, |(least, most)| least + number % (most - least + 1))
    }

    /// When it ends, after it was first asked for: between the last two polls, not so near to them that a moment of delay
    /// would make one more or one less.
    fn ends_after(&self, number: u32) -> Duration {
        match self.polls_of(number) {
            0 => NEVER,
            1 => Duration::ZERO,
            polls => {
                let before: Duration = (2..polls).map(|poll| self.pause_before(poll)).sum();
                let share = 0.4 + 0.55 * f64::from(number.wrapping_mul(7919) % 1000) / 1000.0;
                before + self.pause_before(polls).mul_f64(share)
            }
        }
    }
}

/// The path of an operation.
pub(crate) fn path([connector, operation]: &[String; 2]) -> String {
    format!("/v1.0/plasconnector/connectors/{connector}/operations/{operation}")
}

/// What the id of an operation says, as it stands at the end of a path: when it ends after it was first asked for, how
/// many polls that takes, and its number.
pub(crate) fn read_id(path: &str) -> Option<(Duration, u32, usize)> {
    let id = path.rsplit('/').next()?;
    let ends_after = Duration::from_millis(id.get(..8)?.parse().ok()?);
    Some((ends_after, id.get(9..13)?.parse().ok()?, id.get(24..)?.parse().ok()?))
}
