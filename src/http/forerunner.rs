//! Who goes first to a server: one request alone, until it is known whether its connection can be shared.
//! Connections are made and kept elsewhere; nothing is sent here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};

use super::endpoint::Endpoint;

/// A request that goes first has this much of a start on the others: a connection takes no longer, and where an answer
/// does, there is a connection by then.
const HEAD_START: Duration = Duration::from_secs(1);

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

/// Of one server: whether it has answered since a request last failed on its way, and who goes first while it has not.
pub(super) struct Forerunner {
    /// How many times a way to it was lost, from 1, so that what was sent before is no sign of it now.
    way: AtomicUsize,
    /// On which of them it has answered.
    answered: AtomicUsize,
    ahead: Mutex<()>,
}

impl Forerunner {
    /// Waits until this request may go: at once where the server answers, else when the one before it is back, or has
    /// had its start.
    pub(super) async fn follow(&self) -> Errand<'_> {
        let ahead = if self.is_back() {
            None
        } else {
            tokio::time::timeout(HEAD_START, self.ahead.lock()).await.ok().filter(|_| !self.is_back())
        };
        Errand { forerunner: self, way: self.way.load(Ordering::Relaxed), _ahead: ahead }
    }

    fn is_back(&self) -> bool {
        self.answered.load(Ordering::Relaxed) == self.way.load(Ordering::Relaxed)
    }
}

impl Default for Forerunner {
    fn default() -> Self {
        Self { way: AtomicUsize::new(1), answered: AtomicUsize::new(0), ahead: Mutex::default() }
    }
}

/// A request under way. When it is dropped, that says nothing: it may be this request alone that has no answer.
pub(super) struct Errand<'a> {
    forerunner: &'a Forerunner,
    way: usize,
    _ahead: Option<MutexGuard<'a, ()>>,
}

impl Errand<'_> {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn the_first_goes_alone_until_it_is_answered_and_then_all_go() {
        let forerunner = Forerunner::default();
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
        let forerunner = Forerunner::default();
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
        let forerunner = Forerunner::default();
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
        let forerunner = Forerunner::default();
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
        let forerunner = Forerunner::default();
        let start = tokio::time::Instant::now();
        let _hangs = forerunner.follow().await;
        let _ = tokio::join!(forerunner.follow(), forerunner.follow());
        assert_eq!(start.elapsed(), HEAD_START);
    }

    #[test]
    fn each_server_has_its_own() {
        let forerunners = Forerunners::default();
        let to = |text: &str| forerunners.clone().to(&Endpoint::parse(text).unwrap());
        assert!(Arc::ptr_eq(&to("https://a.example"), &to("https://a.example")));
        assert!(!Arc::ptr_eq(&to("https://a.example"), &to("https://b.example")));
    }
}
