//! Who goes first to a server and makes a connection: one request alone, while there is none that can be shared.
//! Connections are kept elsewhere; nothing is sent here.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use hyper_util::client::legacy::connect::Connection;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;
use tower::BoxError;

use super::endpoint::Endpoint;
use super::transport::causes;

/// A request that goes first has this much of a start on the others. They go over its connection then, if there is one.
const HEAD_START: Duration = Duration::from_secs(1);

/// A connection that is longer than this in the making may never be there. Then another request makes one.
const OVERDUE: Duration = Duration::from_secs(5);

/// The servers that are asked over one pool of connections, and which of them have answered.
///
/// The pool makes a connection for each request that finds none. Of many that come at once to a server of HTTP/2, each
/// would shake hands over TLS, and all connections but one would be thrown away.
#[derive(Clone, Default)]
pub(super) struct Forerunners(Arc<Lock<HashMap<String, Arc<Forerunner>>>>);

impl Forerunners {
    pub(super) fn to(&self, endpoint: &Endpoint) -> Arc<Forerunner> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = endpoint.origin();
        if let Some(forerunner) = known.get(origin) {
            return Arc::clone(forerunner);
        }
        let forerunner = Arc::<Forerunner>::default();
        known.insert(origin.to_owned(), Arc::clone(&forerunner));
        forerunner
    }
}

/// Of one server: whether it has answered since the way to it was last lost, and who goes first while it has not.
pub(super) struct Forerunner {
    /// How many times a way to it was lost, from 1, so that what was sent before is no sign of it now.
    way: AtomicUsize,
    /// On which of them it has answered.
    answered: AtomicUsize,
    ahead: Mutex<()>,
    /// Since when a connection is in the making, if one is.
    making: Lock<Option<Instant>>,
    /// Whether the connection that was made last cannot be shared, so that everybody needs one.
    takes_one_each: AtomicBool,
}

impl Forerunner {
    /// Waits until this request may go: at once where the server answers, else when the one before it is back, or has
    /// had its start.
    pub(super) async fn follow(self: &Arc<Self>) -> Errand<'_> {
        let ahead = if self.is_back() {
            None
        } else {
            tokio::time::timeout(HEAD_START, self.ahead.lock()).await.ok().filter(|_| !self.is_back())
        };
        Errand { forerunner: self, way: self.way.load(Ordering::Relaxed), ahead }
    }

    fn is_back(&self) -> bool {
        self.answered.load(Ordering::Relaxed) == self.way.load(Ordering::Relaxed)
    }

    /// Has a request make a connection, if it may: whoever goes first may, where connections cannot be shared everybody,
    /// and one more when the last connection is overdue.
    fn make(&self, is_first: bool) -> Option<Making<'_>> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let is_overdue = making.is_some_and(|since| since.elapsed() >= OVERDUE);
        let may_make = is_first || is_overdue || self.takes_one_each.load(Ordering::Relaxed);
        may_make.then(|| {
            *making = Some(Instant::now());
            Making(self)
        })
    }
}

impl Default for Forerunner {
    fn default() -> Self {
        Self {
            way: AtomicUsize::new(1),
            answered: AtomicUsize::new(0),
            ahead: Mutex::default(),
            making: Lock::default(),
            takes_one_each: AtomicBool::new(false),
        }
    }
}

/// A connection in the making, until it is there or is given up.
struct Making<'a>(&'a Forerunner);

impl Drop for Making<'_> {
    fn drop(&mut self) {
        *self.0.making.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A request under way. When it is dropped, that says nothing: it may be this request alone that has no answer.
pub(super) struct Errand<'a> {
    forerunner: &'a Arc<Forerunner>,
    way: usize,
    ahead: Option<MutexGuard<'a, ()>>,
}

impl Errand<'_> {
    /// Sends it, by this future. It looks for a connection as the one that it is: see [`connect`].
    pub(super) async fn send<T>(&self, sending: impl Future<Output = T>) -> T {
        let seeker = Seeker { forerunner: Arc::clone(self.forerunner), is_first: self.ahead.is_some() };
        SEEKER.scope(seeker, sending).await
    }

    /// The server has answered.
    pub(super) fn answered(self) {
        self.forerunner.answered.fetch_max(self.way, Ordering::Relaxed);
    }

    /// It failed on its way: the connection may be gone, and the next one goes alone again.
    pub(super) fn failed(self) {
        // Of many that fail together, the first tells it.
        let way = &self.forerunner.way;
        let _ = way.compare_exchange(self.way, self.way + 1, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// It is [held back](is_held_back). If the server has answered on this way, then the connection is gone since.
    pub(super) fn held_back(self) {
        if self.forerunner.answered.load(Ordering::Relaxed) == self.way {
            self.failed();
        }
    }
}

/// A request that looks for a connection.
#[derive(Clone)]
struct Seeker {
    forerunner: Arc<Forerunner>,
    is_first: bool,
}

tokio::task_local! {
    static SEEKER: Seeker;
}

/// Makes a connection by this future, if the request that needs it [may have one](Forerunner::make) of its own. Any other
/// one is held back. So of those that can be shared there is one in the making at a time, and one more every few seconds
/// where that hangs, also when a server has ended the last one while many requests are on their way.
pub(super) async fn connect<C: Connection>(
    connecting: impl Future<Output = Result<C, BoxError>>,
) -> Result<C, BoxError> {
    // Over plain HTTP nobody goes first.
    let Ok(seeker) = SEEKER.try_with(Seeker::clone) else { return connecting.await };
    let _making = seeker.forerunner.make(seeker.is_first).ok_or(HeldBack)?;
    let connection = connecting.await?;
    let can_be_shared = connection.connected().is_negotiated_h2();
    seeker.forerunner.takes_one_each.store(!can_be_shared, Ordering::Relaxed);
    Ok(connection)
}

/// There is no connection, and it is for another request to make one.
#[derive(Debug, thiserror::Error)]
#[error("another request goes first")]
struct HeldBack;

/// Whether a request was not sent, because there was no connection and it was not its turn to make one.
pub(super) fn is_held_back(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(<dyn Error>::is::<HeldBack>)
}

#[cfg(test)]
mod tests;
