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
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use hyper_util::client::legacy::connect::Connected;

    #[tokio::test]
    async fn the_first_goes_alone_until_it_is_answered_and_then_all_go() {
        let forerunner = Arc::<Forerunner>::default();
        let first = forerunner.follow().await;
        let mut others: Vec<_> = (0..3).map(|_| Box::pin(forerunner.follow())).collect();
        assert!(others.iter_mut().all(|other| other.now_or_never().is_none()));
        first.answered();
        for other in others {
            other.await.answered();
        }
        assert!(forerunner.follow().now_or_never().is_some());
    }

    #[tokio::test]
    async fn when_one_fails_the_next_goes_alone() {
        let forerunner = Arc::<Forerunner>::default();
        forerunner.follow().await.answered();
        forerunner.follow().await.failed();
        let second = forerunner.follow().await;
        let mut third = Box::pin(forerunner.follow());
        assert!((&mut third).now_or_never().is_none());
        second.failed();
        assert!(third.now_or_never().is_some());
    }

    #[tokio::test]
    async fn what_was_sent_before_the_way_was_lost_says_nothing_of_it_now() {
        let forerunner = Arc::<Forerunner>::default();
        forerunner.follow().await.answered();
        let [lost, late, later] = [(); 3].map(|()| forerunner.follow().now_or_never().unwrap());
        lost.failed();
        late.answered();
        let first = forerunner.follow().now_or_never().unwrap();
        assert!(forerunner.follow().now_or_never().is_none());
        first.answered();
        later.failed();
        assert!(forerunner.follow().now_or_never().is_some());
    }

    #[tokio::test]
    async fn one_that_is_given_up_changes_nothing() {
        let forerunner = Arc::<Forerunner>::default();
        drop(forerunner.follow().await);
        let first = forerunner.follow().now_or_never().unwrap();
        assert!(forerunner.follow().now_or_never().is_none());
        first.answered();
        drop(forerunner.follow().await);
        let both = [(); 2].map(|()| forerunner.follow().now_or_never());
        assert!(both.iter().all(Option::is_some));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_longer_than_a_start() {
        let forerunner = Arc::<Forerunner>::default();
        let start = tokio::time::Instant::now();
        let _hangs = forerunner.follow().await;
        let _ = tokio::join!(forerunner.follow(), forerunner.follow());
        assert_eq!(start.elapsed(), HEAD_START);
    }

    /// A connection that was agreed to be of HTTP/2, or was not.
    struct Made {
        can_be_shared: bool,
    }

    impl Connection for Made {
        fn connected(&self) -> Connected {
            let connected = Connected::new();
            if self.can_be_shared { connected.negotiated_h2() } else { connected }
        }
    }

    /// Whether this request gets a connection of its own when there is none: nothing is done for one that does not.
    async fn connects(errand: &Errand<'_>, can_be_shared: bool) -> bool {
        let mut is_made = false;
        let connecting = async {
            is_made = true;
            Ok(Made { can_be_shared })
        };
        let connected = errand.send(connect(connecting)).await;
        assert_eq!(connected.is_ok(), is_made);
        if let Err(error) = connected {
            assert!(is_held_back(&*error));
        }
        is_made
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_go_first_makes_no_connection_that_can_be_shared() {
        let forerunner = Arc::<Forerunner>::default();
        let first = forerunner.follow().await;
        let late = forerunner.follow().await;
        assert!(!connects(&late, true).await);
        assert!(connects(&first, true).await);
        assert!(!connects(&late, true).await);
        first.answered();
        // That the server has answered says nothing of a connection that is gone since.
        let next = forerunner.follow().now_or_never().unwrap();
        assert!(!connects(&next, true).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_whose_connections_take_one_each_is_connected_to_by_all() {
        let forerunner = Arc::<Forerunner>::default();
        let first = forerunner.follow().await;
        let late = forerunner.follow().await;
        assert!(connects(&first, false).await);
        assert!(connects(&late, false).await);
        // It may learn to share them.
        assert!(connects(&late, true).await);
        assert!(!connects(&late, true).await);
    }

    #[tokio::test(start_paused = true)]
    async fn where_a_connection_hangs_one_more_is_made_every_few_seconds() {
        let forerunner = Arc::<Forerunner>::default();
        let [first, second, third] = [(); 3].map(|()| forerunner.follow());
        let (first, second, third) = (first.await, second.await, third.await);
        let hang = || Box::pin(connect(std::future::pending::<Result<Made, BoxError>>()));
        let mut hangs = Box::pin(first.send(hang()));
        assert!((&mut hangs).now_or_never().is_none());
        tokio::time::advance(OVERDUE / 2).await;
        assert!(!connects(&second, true).await);
        tokio::time::advance(OVERDUE / 2).await;
        let mut hangs_too = Box::pin(second.send(hang()));
        assert!((&mut hangs_too).now_or_never().is_none());
        assert!(!connects(&third, true).await);
        tokio::time::advance(OVERDUE).await;
        assert!(connects(&third, true).await);
        // It is there, so nobody else is to make one.
        tokio::time::advance(OVERDUE).await;
        assert!(!connects(&third, true).await);
    }

    #[tokio::test]
    async fn over_plain_http_everybody_makes_a_connection() {
        assert!(connect(async { Ok(Made { can_be_shared: false }) }).await.is_ok());
    }

    #[tokio::test]
    async fn when_one_is_held_back_a_connection_is_gone_or_is_yet_to_be_made() {
        let forerunner = Arc::<Forerunner>::default();
        forerunner.follow().await.answered();
        for errand in [(); 3].map(|()| forerunner.follow().now_or_never().unwrap()) {
            errand.held_back();
        }
        let first = forerunner.follow().now_or_never().unwrap();
        assert!(forerunner.follow().now_or_never().is_none());
        // One that follows without waiting any longer, in vain, is no reason to go alone once more.
        Errand { forerunner: &forerunner, way: first.way, ahead: None }.held_back();
        first.answered();
        let both = [(); 2].map(|()| forerunner.follow().now_or_never());
        assert!(both.iter().all(Option::is_some));
    }

    #[test]
    fn each_server_has_its_own() {
        let forerunners = Forerunners::default();
        let to = |text: &str| forerunners.clone().to(&Endpoint::parse(text).unwrap());
        assert!(Arc::ptr_eq(&to("https://a.example"), &to("https://a.example")));
        assert!(!Arc::ptr_eq(&to("https://a.example"), &to("https://b.example")));
    }
}
