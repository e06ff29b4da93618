//! How a simulator is set up: the options, their defaults and their bounds.
//! Numbers are checked here, once, and trusted everywhere else.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use fastrand::Rng;
use tokio::net::TcpListener;

use super::clock::Clock;
use super::fault::{Fault, Faults};
use super::model::{Model, Rules};
use super::server::{Shared, Simulator};
use super::state::Outcome;

/// How many characters the API allows for a reason.
const REASON: usize = 255;

/// Sets up a [`Simulator`].
///
/// # Default
///
/// * `listen`: a free port of 127.0.0.1
/// * `duration`: 20 seconds
/// * `spread`: 0, no variation
/// * `outcome`: success
/// * `reason`: "no free line at the location"
/// * `fault_rate`: 0, no faults
/// * `faults`: [`Fault::USUAL`]
/// * `token`: none, everyone is let in
/// * `seed`: another one each time
///
/// ```
/// use std::time::Duration;
/// use lro::simulator::{Fault, Outcome, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), lro::simulator::StartError> {
/// let simulator = Simulator::builder()
///     .duration(Duration::from_secs(2))
///     .outcome(Outcome::Failed)
///     .reason("no free line")
///     .fault_rate(0.2)
///     .faults([Fault::Reset, Fault::TooManyRequests])
///     .seed(7)
///     .start()
///     .await?;
/// assert!(simulator.url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    listen: SocketAddr,
    rules: Rules,
    fault_rate: f64,
    faults: Vec<Fault>,
    token: Option<String>,
    seed: Option<u64>,
}

impl Builder {
    /// Where a simulator listens when nothing is said: a free port of the loopback.
    pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    /// How long an operation takes when nothing is said: 20 seconds, as in the sample of the reference.
    pub const DEFAULT_DURATION: Duration = Duration::from_secs(20);

    /// How long an operation can take at most: 30 days.
    pub const MAX_DURATION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

    /// Why operations fail when nothing is said.
    pub const DEFAULT_REASON: &'static str = "no free line at the location";

    /// Listens on `address`; port 0 is any free one.
    ///
    /// Whoever can reach the address can use the simulator: it speaks plain HTTP.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Lets an operation take `duration`, from nothing to [`MAX_DURATION`](Self::MAX_DURATION).
    pub fn duration(mut self, duration: Duration) -> Self {
        self.rules.duration = duration;
        self
    }

    /// Varies the duration by up to this share of it, up and down: 0.25 makes 20 s anything from 15 s to 25 s.
    /// From 0 to 1.
    pub fn spread(mut self, spread: f64) -> Self {
        self.rules.spread = spread;
        self
    }

    /// Lets operations end so. A connector whose name starts with `fail-` fails to be created all the same.
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.rules.outcome = outcome;
        self
    }

    /// Tells `reason` as the `result.reason` of operations that fail. It is cut to 255 characters, the API's bound.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        if let Some((end, _)) = reason.char_indices().nth(REASON) {
            reason.truncate(end);
        }
        self.rules.reason = reason;
        self
    }

    /// Answers this share of requests by a fault, from 0 (none) to 1 (every one).
    ///
    /// Faults strike before the token is looked at. Each is one of [`faults`](Self::faults), equally likely.
    ///
    /// A POST, PUT or DELETE that is hit is not carried out (a body that is truncated or garbled is that of a 500),
    /// except by [`Fault::Slow`]: an answer that comes late is a true one.
    pub fn fault_rate(mut self, share: f64) -> Self {
        self.fault_rate = share;
        self
    }

    /// Draws faults of these kinds; of none is of [`Fault::USUAL`], as when nothing is said.
    pub fn faults(mut self, kinds: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = kinds.into_iter().collect();
        if self.faults.is_empty() {
            self.faults = Fault::USUAL.to_vec();
        }
        self
    }

    /// Lets only those requests in whose `X-Auth-Token` is `token`; others get 401. Signed requests (AK/SK) have no
    /// such header, and are not let in.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Decides all that is random, in the order of requests: ids, durations, outcomes and faults.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Listens, and serves in a task of its own.
    ///
    /// # Errors
    ///
    /// [`StartError::OutOfBounds`] when a number is; [`StartError::Listen`] when the address cannot be listened on.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with its I/O and its time enabled.
    pub async fn start(self) -> Result<Simulator, StartError> {
        self.check()?;
        let failed = |source| StartError::Listen { address: self.listen, source };
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let mut rng = self.seed.map_or_else(Rng::new, Rng::with_seed);
        // A stream of draws each, so that faults do not change what becomes of an operation.
        let shared = Shared {
            clock: Clock::start(),
            token: self.token,
            requests: AtomicU64::new(0),
            faults: Mutex::new(Faults::new(self.fault_rate, self.faults, rng.fork())),
            model: Mutex::new(Model::new(self.rules, rng.fork())),
        };
        Ok(Simulator::serve(listener, address, shared))
    }

    fn check(&self) -> Result<(), StartError> {
        for (name, share) in [("spread", self.rules.spread), ("fault_rate", self.fault_rate)] {
            // Not a number is in no range.
            if !(0.0..=1.0).contains(&share) {
                return Err(StartError::OutOfBounds {
                    name,
                    value: share.to_string(),
                    bounds: "from 0 to 1",
                });
            }
        }
        if self.rules.duration > Self::MAX_DURATION {
            return Err(StartError::OutOfBounds {
                name: "duration",
                value: format!("{:?}", self.rules.duration),
                bounds: "at most 30 days",
            });
        }
        Ok(())
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: Self::DEFAULT_LISTEN,
            rules: Rules {
                duration: Self::DEFAULT_DURATION,
                spread: 0.0,
                outcome: Outcome::default(),
                reason: Self::DEFAULT_REASON.to_owned(),
            },
            fault_rate: 0.0,
            faults: Fault::USUAL.to_vec(),
            token: None,
            seed: None,
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("listen", &self.listen)
            .field("rules", &self.rules)
            .field("fault_rate", &self.fault_rate)
            .field("faults", &self.faults)
            .field("token", &self.token.as_ref().map(|_| "[redacted]"))
            .field("seed", &self.seed)
            .finish()
    }
}

/// Why a simulator could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An option is a number outside its bounds.
    #[error("{name} is {value}, but must be {bounds}")]
    #[non_exhaustive]
    OutOfBounds {
        /// The option, as the builder calls it.
        name: &'static str,
        /// What it was set to.
        value: String,
        /// What it can be set to.
        bounds: &'static str,
    },
    /// The address is taken, not this machine's, or not allowed.
    #[error("cannot listen on {address}")]
    #[non_exhaustive]
    Listen {
        /// The address, as it was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}
