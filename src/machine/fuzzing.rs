//! What holds of a wait under any stream of events: those of a driver that keeps its word, and those of one that does not.
//! Where the made-up input comes from is not known here.

use super::*;
use crate::policy::{Backoff, Cadence, MaxErrors};
use crate::schedule::{Balanced, Expected, Exponential, Fixed};

/// Numbers out of bytes. When they run out, all that follows is zero.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn number(&mut self, bytes: usize) -> u64 {
        let (now, rest) = self.0.split_at(bytes.min(self.0.len()));
        self.0 = rest;
        now.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    fn byte(&mut self) -> u8 {
        self.number(1).to_le_bytes()[0]
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.number(1) % bound
    }

    /// A length of time: of any scale, and now and then one that nobody would think of.
    fn time(&mut self) -> Duration {
        match self.below(8) {
            0 => Duration::ZERO,
            1..=3 => Duration::from_millis(self.number(2)),
            4 => Duration::from_secs(self.number(1)),
            5 => Duration::from_secs(self.number(3)),
            6 => Duration::from_nanos(self.number(8)),
            _ => Duration::new(self.number(8), 999_999_999),
        }
    }

    fn maybe_time(&mut self) -> Option<Duration> {
        (self.below(3) == 0).then(|| self.time())
    }

    /// Any number, infinite ones and what is no number too.
    fn float(&mut self) -> f64 {
        if self.below(4) == 0 { f64::from_bits(self.number(8)) } else { f64::from(self.byte()) / 100.0 }
    }

    fn policy(&mut self) -> Policy {
        if self.below(4) == 0 {
            return Policy::default();
        }
        let most = u32::from(self.byte());
        Policy {
            timeout: (self.below(4) > 0).then(|| self.time()),
            poll_timeout: self.time(),
            initial_delay: if self.below(2) == 0 { Duration::ZERO } else { self.time() },
            max_errors: match self.below(3) {
                0 => MaxErrors::UntilFirstAnswer(most),
                1 => MaxErrors::Always(most),
                _ => MaxErrors::Unlimited,
            },
            not_found_grace: self.time(),
            fail_on_blocked: self.below(2) == 0,
        }
    }

    fn schedule(&mut self) -> Option<Box<dyn Schedule>> {
        let cadence = |bytes: &mut Self| match bytes.below(2) {
            0 => Cadence::default(),
            _ => Cadence {
                cost: bytes.time(),
                interval: bytes.time(),
                max_interval: bytes.time(),
                jitter: bytes.float(),
            },
        };
        Some(match self.below(6) {
            0 => Box::new(Exponential::new(Backoff::default()).ok()?),
            1 => Box::new(
                Exponential::new(Backoff {
                    interval: self.time(),
                    max_interval: self.time(),
                    factor: self.float(),
                    jitter: self.float(),
                })
                .ok()?,
            ),
            2 => Box::new(Balanced::new(cadence(self)).ok()?),
            3 => Box::new(Expected::new(self.time(), cadence(self)).ok()?),
            4 => Box::new(Fixed::new(self.time()).ok()?),
            _ => {
                let pauses: Vec<_> = (0..self.below(8)).map(|_| self.time()).collect();
                Box::new(pauses.into_iter())
            }
        })
    }

    /// What came of a poll.
    fn outcome(&mut self) -> Happened {
        use PollErrorKind as Kind;
        let hints = |bytes: &mut Self| {
            let progress = (bytes.below(2) == 0).then(|| bytes.float() * 100.0);
            Hints::none().retry_after(bytes.maybe_time()).progress(progress).remaining(bytes.maybe_time())
        };
        let erred = |kind, bytes: &mut Self| Happened::Erred { kind, retry_after: bytes.maybe_time() };
        let answered = |verdict, bytes: &mut Self| Happened::Answered { verdict, hints: hints(bytes) };
        match self.below(24) {
            0 => answered(Verdict::Succeeded, self),
            1 => answered(Verdict::Failed, self),
            2 => answered(Verdict::Cancelled, self),
            3 | 4 => answered(Verdict::Blocked, self),
            5..=13 => answered(Verdict::Pending, self),
            14 | 15 => erred(Kind::NotFound, self),
            16 => erred(Kind::Gone, self),
            17 => erred(Kind::Denied, self),
            18 => erred(Kind::NotUnderstood, self),
            19 => erred(Kind::Permanent, self),
            _ => erred(Kind::Transient, self),
        }
    }

    fn awakening(&mut self) -> Happened {
        match self.below(4) {
            0 => Happened::HeldBack { pause: self.time(), spread: self.time() },
            _ => Happened::Woke,
        }
    }
}

/// A policy, a schedule, and what happens. Two machines with the same seed are told the same.
pub(crate) fn machine(input: &[u8]) {
    let bytes = &mut Bytes(input);
    let keeps_its_word = bytes.below(4) > 0;
    let (policy, seed) = (bytes.policy(), bytes.number(2));
    let before = bytes.0;
    let made = [(); 2].map(|()| {
        bytes.0 = before;
        bytes.schedule().map(|schedule| Machine::new(policy.clone(), schedule, seed))
    });
    let [Some(one), Some(other)] = made else { return };
    assert_eq!(one.is_ok(), policy.check().is_ok(), "a policy that is out of its bounds is refused");
    let (Ok(one), Ok(other)) = (one, other) else { return };
    let course = Course { wait: one, twin: other, policy, elapsed: Duration::ZERO, polls: 0, errors: 0 };
    if keeps_its_word { course.kept(bytes) } else { course.broken(bytes) }
}

/// A wait on its way, and what it should know of itself.
struct Course {
    wait: Machine,
    twin: Machine,
    policy: Policy,
    elapsed: Duration,
    polls: u32,
    errors: u32,
}

impl Course {
    /// As a driver does it that does what it is told, until the input ends; and then to the limit.
    fn kept(mut self, bytes: &mut Bytes<'_>) {
        let mut happened = match bytes.below(8) {
            0 => bytes.awakening(),
            _ => Happened::Started,
        };
        while !bytes.0.is_empty() {
            happened = match self.tell(happened) {
                Step::Finish(_) => return,
                Step::Sleep(pause) => {
                    // Nobody wakes up too early, and everybody may wake up late.
                    let late = if bytes.below(8) == 0 { bytes.time() } else { Duration::ZERO };
                    let Some(then) = self.elapsed.checked_add(pause).and_then(|then| then.checked_add(late))
                    else {
                        return;
                    };
                    self.elapsed = then;
                    bytes.awakening()
                }
                Step::Poll { at_most } => {
                    let latency = bytes.time();
                    let Some(then) = self.elapsed.checked_add(latency.min(at_most)) else { return };
                    self.elapsed = then;
                    if latency < at_most {
                        bytes.outcome()
                    } else {
                        Happened::Erred { kind: PollErrorKind::Transient, retry_after: None }
                    }
                }
            };
        }
        if let Some(timeout) = self.policy.timeout {
            self.elapsed = self.elapsed.max(timeout);
            let step = self.tell(happened);
            let is_over = matches!(step, Step::Finish(_)) || matches!(happened, Happened::Started);
            assert!(is_over, "{step:?} at the limit after {happened:?}");
        }
    }

    /// In any order, at any time, also backwards.
    fn broken(mut self, bytes: &mut Bytes<'_>) {
        while !bytes.0.is_empty() {
            let happened = match bytes.below(4) {
                0 => Happened::Started,
                1 => bytes.awakening(),
                _ => bytes.outcome(),
            };
            self.elapsed = match bytes.below(4) {
                0 => bytes.time(),
                _ => self.elapsed.saturating_add(bytes.time()),
            };
            self.tell(happened);
        }
    }

    /// Tells both what happened, and checks what they say to it.
    fn tell(&mut self, happened: Happened) -> Step {
        let (policy, elapsed) = (&self.policy, self.elapsed);
        let step = self.wait.on(happened, elapsed);
        assert_eq!(step, self.twin.on(happened, elapsed), "the same seed makes the same wait");
        let asked = match happened {
            Happened::Answered { hints, .. } => hints.retry_after.unwrap_or_default(),
            Happened::Erred { retry_after, .. } => retry_after.unwrap_or_default(),
            Happened::HeldBack { pause, .. } => pause,
            Happened::Started | Happened::Woke => Duration::ZERO,
        };
        let left = policy.timeout.map_or(Duration::MAX, |timeout| timeout.saturating_sub(elapsed));
        match step {
            Step::Poll { at_most } => {
                self.polls += 1;
                assert!(matches!(happened, Happened::Started | Happened::Woke), "a poll after {happened:?}");
                assert!(
                    !at_most.is_zero() && at_most <= policy.poll_timeout && at_most <= left,
                    "{at_most:?}"
                );
            }
            Step::Sleep(pause) => {
                assert!(pause <= left, "{pause:?} is longer than {left:?}, which is left");
                assert!(pause >= asked.min(LONGEST_TIMEOUT), "{pause:?} is shorter than {asked:?}");
                assert!(
                    pause <= LONGEST_PAUSE.max(asked).min(LONGEST_TIMEOUT).max(policy.initial_delay),
                    "{pause:?}"
                );
                let least = if left.is_zero() { Duration::ZERO } else { SHORTEST_PAUSE.min(left) };
                assert!(pause >= least || happened == Happened::Started, "{pause:?} is no pause");
                let is_woken = matches!(happened, Happened::Woke);
                assert!(!is_woken, "who has slept asks");
            }
            Step::Finish(end) => self.check_end(end, happened, left, asked),
        }
        if let Happened::Answered { verdict, .. } = happened
            && (verdict.is_terminal() || verdict == Verdict::Blocked && policy.fail_on_blocked)
        {
            assert_eq!(
                step,
                Step::Finish(End::Done(verdict)),
                "an end in an answer counts whenever it comes"
            );
        }
        if let Happened::Erred { kind, .. } = happened {
            let is_lost = matches!(step, Step::Finish(End::Lost { .. }));
            let is_counted = kind == PollErrorKind::Transient || kind == PollErrorKind::NotFound && !is_lost;
            self.errors += u32::from(is_counted);
        }
        assert_eq!((self.wait.polls(), self.wait.transient_errors()), (self.polls, self.errors));
        step
    }

    fn check_end(&self, end: End, happened: Happened, left: Duration, asked: Duration) {
        match end {
            End::Done(verdict) => {
                let ends =
                    verdict.is_terminal() || verdict == Verdict::Blocked && self.policy.fail_on_blocked;
                let said = matches!(happened, Happened::Answered { verdict: said, .. } if said == verdict);
                assert!(ends && said, "nobody said {verdict}");
            }
            End::Lost { errors_in_a_row } => {
                assert!(matches!(happened, Happened::Erred { .. }) && errors_in_a_row > 0);
            }
            End::OutOfTime(Limit::Timeout(timeout)) => {
                assert!(Some(timeout) == self.policy.timeout && left.is_zero());
            }
            End::OutOfTime(Limit::RetryAfter { pause, timeout }) => {
                assert!(Some(timeout) == self.policy.timeout && pause == asked && asked >= left);
            }
        }
    }
}
