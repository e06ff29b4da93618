//! A token that many requests share: had once for all of them, renewed before it ends and after it was refused.
//! Where it comes from is not known here.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::clock::{self, Instant};
use super::error::{AuthError, AuthErrorKind};
use crate::http::{printable, shortened};

/// A token with less time left than this is renewed before it is used, as keystoneauth does.
const MARGIN: Duration = Duration::from_secs(120);

/// No token is renewed sooner than this after it was had: a poll may need it more than once.
const RESPITE: Duration = Duration::from_secs(1);

/// A renewal that is only due may hold a poll up for this long. The old token is still good.
const EARLY: Duration = Duration::from_secs(2);

/// After a renewal that failed the old token is used for this long before another one is tried, or for as long as
/// whoever was asked wants to be left alone.
const PAUSE: Duration = Duration::from_secs(10);

/// A question that nobody waited for to its end is taken up again by the next who asks, unless it is older than this:
/// then its connection may be dead.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever was asked is left alone by all for as long as it wants, but not for longer than this: what it said may have
/// been a mistake, and every wait would end of it.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// How many characters of an error are told.
const LONGEST_ERROR: usize = 500;

/// Where a token comes from.
pub(super) trait Source: Send + Sync + 'static {
    /// Gets one; `again` when there was one before.
    fn issue(&self, again: bool) -> impl Future<Output = Result<Issued, AuthError>> + Send;

    /// Whether another one can be had after the first.
    fn is_renewable(&self) -> bool;
}

/// A token, and until when it is good.
pub(super) struct Issued {
    pub(super) token: SecretString,
    since: Instant,
    until: Option<Instant>,
}

impl Issued {
    /// A token that is good from now on, for this long if that is known.
    pub(super) fn now(token: SecretString, lifetime: Option<Duration>) -> Self {
        let since = clock::now();
        // A token that lasts for longer than time can be counted lasts for ever.
        Self { token, since, until: lifetime.and_then(|lifetime| since.checked_add(lifetime)) }
    }

    fn remaining(&self, now: Instant) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(now))
    }

    /// Whether it is to be renewed when less than this remains of it.
    fn is_due(&self, margin: Duration, now: Instant) -> bool {
        let respite = now.saturating_duration_since(self.since) < RESPITE && !self.has_ended(now);
        self.remaining(now).is_some_and(|left| left < margin) && !respite
    }

    fn lifetime(&self) -> Option<Duration> {
        self.remaining(self.since)
    }

    fn has_ended(&self, now: Instant) -> bool {
        self.remaining(now).is_some_and(|left| left.is_zero())
    }
}

/// The token of a source, for all who share this.
pub(super) struct Renewing<S> {
    pub(super) source: Arc<S>,
    state: Mutex<State>,
    /// Held by whoever asks the source. All others wait for that, or go on with what they have.
    asking: tokio::sync::Mutex<Option<Question>>,
}

/// A question that is on its way. It outlives whoever asked it: a poll may run out of time, and a password that is
/// wrong must not be tried again only because the answer was slow.
struct Question {
    since: Instant,
    answer: Pin<Box<dyn Future<Output = Result<Issued, AuthError>> + Send>>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Issued>>,
    /// The current token, or the one before it was refused.
    last: Option<Arc<Issued>>,
    /// How often the source was asked, and what came of the last time if it failed.
    asked: u64,
    failure: Option<Failure>,
    /// When a token that is still good may be renewed again, after that failed.
    not_before: Option<Instant>,
    /// When the current token is due.
    margin: Duration,
}

struct Failure {
    error: AuthError,
    since: Instant,
}

impl Failure {
    /// The error, while it is no use to ask again: a no is one for ever, and who wants to be left alone has no other
    /// answer before that. Of those on their way at the same time, one may come after the other has failed.
    fn stands(&self, now: Instant) -> Option<AuthError> {
        if self.error.kind() == AuthErrorKind::Denied {
            return Some(self.error.clone());
        }
        let passed = now.saturating_duration_since(self.since);
        let rest = self.error.retry_after()?.checked_sub(passed).filter(|rest| !rest.is_zero())?;
        (passed < LEFT_ALONE).then(|| self.error.clone().with_retry_after(rest))
    }
}

impl State {
    fn keep(&mut self, issued: &Arc<Issued>) {
        let is_short = |issued: &Issued| issued.lifetime().is_some_and(|lifetime| lifetime < MARGIN);
        // Where one token after the other lasts for less than the margin, that would be a login for each poll.
        self.margin = match (&self.last, issued.lifetime()) {
            (Some(last), Some(lifetime)) if is_short(last) && is_short(issued) => lifetime / 2,
            _ => MARGIN,
        };
        (self.current, self.last) = (Some(Arc::clone(issued)), Some(Arc::clone(issued)));
        (self.failure, self.not_before) = (None, None);
    }

    fn fail(&mut self, error: &AuthError) {
        let since = clock::now();
        let pause = error.retry_after().unwrap_or_default().max(PAUSE);
        self.not_before = since.checked_add(pause);
        self.failure = Some(Failure { error: error.clone(), since });
    }
}

impl<S: Source> Renewing<S> {
    pub(super) fn new(source: S) -> Self {
        Self { source: Arc::new(source), state: Mutex::default(), asking: tokio::sync::Mutex::default() }
    }

    /// The token to send now.
    pub(super) async fn current(&self) -> Result<Arc<Issued>, AuthError> {
        let asked = match self.usable() {
            Usable::Yes(issued) => return Ok(issued),
            Usable::ButDue(issued) => {
                // Somebody else is at it already: the old token is still good.
                let Ok(mut asking) = self.asking.try_lock() else { return Ok(issued) };
                // So it is when a fresh one cannot be had, or not soon; then the question goes on with the next poll.
                let fresh = clock::within(EARLY, self.ask(&mut asking)).await;
                return Ok(fresh.and_then(Result::ok).unwrap_or(issued));
            }
            Usable::No { asked } => asked,
        };
        let mut asking = self.asking.lock().await;
        match self.outcome_since(asked) {
            Some(outcome) => outcome,
            None => self.ask(&mut asking).await,
        }
    }

    /// Whether there is another token than the refused one, which may be had only now.
    pub(super) async fn renewed(&self, refused: &SecretString) -> Result<bool, AuthError> {
        let is_refused = |issued: &Issued| issued.token.expose_secret() == refused.expose_secret();
        tracing::event!(name: "lro.token.refused", target: "lro", tracing::Level::DEBUG, "a token was refused");
        let asked = self.state().asked;
        let mut asking = self.asking.lock().await;
        match self.outcome_since(asked) {
            // Whoever waited for somebody else's question takes that answer, be it good or bad.
            Some(outcome) => return outcome.map(|issued| !is_refused(&issued)),
            None if self.state().current.as_deref().is_some_and(|issued| !is_refused(issued)) => {
                return Ok(true);
            }
            None if !self.source.is_renewable() => return Ok(false),
            None => {}
        }
        {
            let mut state = self.state();
            // Of many who were refused with the same token, the last may come when the first has failed already.
            if let (None, Some(Failure { error, .. })) = (&state.current, &state.failure)
                && error.kind() != AuthErrorKind::Transient
            {
                return Err(error.clone());
            }
            state.current = None;
        }
        Ok(!is_refused(&*self.ask(&mut asking).await?))
    }

    /// Whether the source was asked and has not answered.
    pub(super) fn is_asking(&self) -> bool {
        self.asking.try_lock().map_or(true, |question| question.is_some())
    }

    /// How long the token at hand is still good.
    pub(super) fn remaining(&self) -> Option<Duration> {
        self.state().current.as_ref()?.remaining(clock::now())
    }

    fn usable(&self) -> Usable {
        let state = self.state();
        let now = clock::now();
        match &state.current {
            // The server, not our clock, has the last word on a token that nothing can replace.
            Some(issued) if !self.source.is_renewable() || !issued.is_due(state.margin, now) => {
                Usable::Yes(Arc::clone(issued))
            }
            Some(issued) if !issued.has_ended(now) => {
                let waits = state.not_before.is_some_and(|not_before| now < not_before);
                let issued = Arc::clone(issued);
                if waits { Usable::Yes(issued) } else { Usable::ButDue(issued) }
            }
            _ => Usable::No { asked: state.asked },
        }
    }

    /// What came of asking the source, if it was asked since then.
    fn outcome_since(&self, asked: u64) -> Option<Result<Arc<Issued>, AuthError>> {
        let state = self.state();
        if state.asked == asked {
            return None;
        }
        let failure = state.failure.as_ref().map(|failure| failure.error.clone());
        failure.map(Err).or_else(|| state.current.clone().map(Ok))
    }

    /// Asks the source, unless its last failure [stands](Failure::stands); for whoever holds `asking`.
    async fn ask(&self, asking: &mut Option<Question>) -> Result<Arc<Issued>, AuthError> {
        let now = clock::now();
        if let Some(error) = self.state().failure.as_ref().and_then(|failure| failure.stands(now)) {
            return Err(error);
        }
        let going_on =
            asking.take().filter(|question| now.saturating_duration_since(question.since) < PATIENCE);
        let question = asking.insert(going_on.unwrap_or_else(|| {
            let source = Arc::clone(&self.source);
            let again = self.state().last.is_some();
            Question { since: now, answer: Box::pin(async move { source.issue(again).await }) }
        }));
        let outcome = question.answer.as_mut().await.map(Arc::new);
        *asking = None;
        let mut state = self.state();
        state.asked += 1;
        match &outcome {
            Ok(issued) => {
                tracing::event!(
                    name: "lro.token.issued", target: "lro", tracing::Level::DEBUG,
                    lifetime_s = issued.lifetime().and_then(|lifetime| i64::try_from(lifetime.as_secs()).ok()),
                    "there is a fresh token"
                );
                state.keep(issued);
            }
            Err(error) => {
                tracing::event!(
                    name: "lro.token.failed", target: "lro", tracing::Level::WARN,
                    error = &*shortened(&printable(&error.to_string()), LONGEST_ERROR),
                    "a token could not be had"
                );
                state.fail(error);
            }
        }
        outcome
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Usable {
    Yes(Arc<Issued>),
    ButDue(Arc<Issued>),
    No { asked: u64 },
}

impl<S: fmt::Debug> fmt::Debug for Renewing<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

#[cfg(test)]
mod tests;
