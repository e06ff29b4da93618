//! One token for many: when it is renewed, how often its source is asked, and what a failure does.

use std::collections::VecDeque;

use tokio::time::{advance, sleep};

use super::*;

/// A token and for how many seconds it is good, or an error.
type Outcome = Result<(&'static str, Option<u64>), AuthErrorKind>;

/// Gives what it was told to give, one after the other.
struct Scripted {
    outcomes: Mutex<VecDeque<Outcome>>,
    takes: Duration,
    retry_after: Duration,
    is_renewable: bool,
}

impl Source for Scripted {
    #[expect(clippy::disallowed_methods, reason = "a source that takes its time")]
    async fn issue(&self, _again: bool) -> Result<Issued, AuthError> {
        sleep(self.takes).await;
        let outcome = self.outcomes.lock().unwrap().pop_front().expect("it is not asked that often");
        let (token, seconds) =
            outcome.map_err(|kind| AuthError::new(kind, "no").with_retry_after(self.retry_after))?;
        Ok(Issued::now(SecretString::from(token), seconds.map(Duration::from_secs)))
    }

    fn is_renewable(&self) -> bool {
        self.is_renewable
    }
}

fn renewing(outcomes: impl IntoIterator<Item = Outcome>) -> Renewing<Scripted> {
    let outcomes = Mutex::new(outcomes.into_iter().collect());
    let (takes, retry_after) = (Duration::from_millis(10), Duration::ZERO);
    Renewing::new(Scripted { outcomes, takes, retry_after, is_renewable: true })
}

async fn current(renewing: &Renewing<Scripted>) -> Result<String, AuthErrorKind> {
    let issued = renewing.current().await.map_err(|error| error.kind())?;
    Ok(issued.token.expose_secret().to_owned())
}

async fn renewed(renewing: &Renewing<Scripted>, refused: &str) -> Result<bool, AuthErrorKind> {
    renewing.renewed(&SecretString::from(refused)).await.map_err(|error| error.kind())
}

fn left(renewing: &Renewing<Scripted>) -> usize {
    renewing.source.outcomes.lock().unwrap().len()
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_when_less_than_two_minutes_of_it_remain() {
    let token = renewing([Ok(("a", Some(3600))), Ok(("b", None))]);
    assert_eq!(current(&token).await.unwrap(), "a");
    advance(Duration::from_secs(3600 - 121)).await;
    assert_eq!(current(&token).await.unwrap(), "a");
    advance(Duration::from_secs(2)).await;
    assert_eq!(current(&token).await.unwrap(), "b");
    advance(Duration::from_secs(1_000_000_000)).await;
    assert_eq!(current(&token).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_only_just_had_is_not_renewed_whatever_remains_of_it() {
    let token = renewing([Ok(("a", Some(100))), Ok(("b", Some(3600)))]);
    for _ in 0..10 {
        assert_eq!(current(&token).await.unwrap(), "a");
        advance(Duration::from_millis(99)).await;
    }
    advance(Duration::from_millis(10)).await;
    assert_eq!(current(&token).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn tokens_that_never_last_two_minutes_are_renewed_after_half_their_life() {
    let tokens = ["a", "b", "c", "d"].map(|name| Ok((name, Some(15))));
    let token = renewing(tokens);
    let mut seen = Vec::new();
    for _ in 0..18 {
        seen.push(current(&token).await.unwrap());
        advance(Duration::from_secs(1)).await;
    }
    // What the first one is like is known only from the second.
    assert_eq!(seen.concat(), "abbbbbbbbccccccccd");
}

#[tokio::test(start_paused = true)]
async fn many_who_want_a_token_have_one_asked_for() {
    let token = renewing([Ok(("a", None)), Ok(("b", None))]);
    let (one, two, three) = tokio::join!(current(&token), current(&token), current(&token));
    assert_eq!([one.unwrap(), two.unwrap(), three.unwrap()], ["a"; 3]);
    let (one, two, three) = tokio::join!(renewed(&token, "a"), renewed(&token, "a"), renewed(&token, "a"));
    assert!(one.unwrap() && two.unwrap() && three.unwrap());
    // One whose request was on its way for longer.
    assert!(renewed(&token, "a").await.unwrap());
    assert_eq!(current(&token).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn whoever_finds_a_renewal_going_on_goes_on_with_the_old_token() {
    let token = renewing([Ok(("a", Some(200))), Ok(("b", None))]);
    current(&token).await.unwrap();
    advance(Duration::from_secs(100)).await;
    let (first, second) = tokio::join!(current(&token), current(&token));
    assert_eq!([first.unwrap(), second.unwrap()], ["b", "a"]);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_ahead_of_time_is_not_felt_before_the_token_ends() {
    let failing = AuthErrorKind::Transient;
    let token = renewing([Ok(("a", Some(200))), Err(failing), Err(failing), Ok(("b", None))]);
    current(&token).await.unwrap();
    advance(Duration::from_secs(100)).await;
    assert_eq!(current(&token).await.unwrap(), "a");
    // It is not tried again with each poll.
    advance(Duration::from_secs(9)).await;
    assert_eq!(current(&token).await.unwrap(), "a");
    assert_eq!(left(&token), 2);
    advance(Duration::from_secs(91)).await;
    assert_eq!(current(&token).await.unwrap_err(), failing);
    assert_eq!(current(&token).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_hangs_ahead_of_time_costs_a_poll_two_seconds_and_goes_on() {
    let mut token = renewing([Ok(("a", Some(200))), Ok(("b", None))]);
    current(&token).await.unwrap();
    advance(Duration::from_secs(100)).await;
    Arc::get_mut(&mut token.source).unwrap().takes = Duration::from_secs(5);
    for expected in ["a", "a", "b"] {
        let since = clock::now();
        assert_eq!(current(&token).await.unwrap(), expected);
        assert!(clock::now() - since <= Duration::from_secs(2));
    }
    assert_eq!(left(&token), 0);
}

#[tokio::test(start_paused = true)]
async fn whoever_is_asked_is_left_alone_for_as_long_as_wished_while_the_token_lasts() {
    let mut token = renewing([Ok(("a", Some(200))), Err(AuthErrorKind::Transient), Ok(("b", None))]);
    Arc::get_mut(&mut token.source).unwrap().retry_after = Duration::from_secs(30);
    current(&token).await.unwrap();
    advance(Duration::from_secs(100)).await;
    for _ in 0..30 {
        assert_eq!(current(&token).await.unwrap(), "a");
        assert_eq!(left(&token), 1);
        advance(Duration::from_secs(1)).await;
    }
    assert_eq!(current(&token).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_said_no_is_never_asked_again() {
    let token = renewing([Ok(("a", None)), Err(AuthErrorKind::Denied), Ok(("b", None))]);
    current(&token).await.unwrap();
    let (one, two) = tokio::join!(renewed(&token, "a"), renewed(&token, "a"));
    assert_eq!([one.unwrap_err(), two.unwrap_err()], [AuthErrorKind::Denied; 2]);
    assert_eq!(renewed(&token, "a").await.unwrap_err(), AuthErrorKind::Denied);
    assert_eq!(current(&token).await.unwrap_err(), AuthErrorKind::Denied);
    assert_eq!(left(&token), 1);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_could_not_be_used_is_asked_again_only_by_who_comes_anew() {
    let token = renewing([Ok(("a", None)), Err(AuthErrorKind::Unusable), Ok(("b", None))]);
    current(&token).await.unwrap();
    assert_eq!(renewed(&token, "a").await.unwrap_err(), AuthErrorKind::Unusable);
    assert_eq!(renewed(&token, "a").await.unwrap_err(), AuthErrorKind::Unusable);
    assert_eq!(current(&token).await.unwrap(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_tired_is_asked_again() {
    let token = renewing([
        Err(AuthErrorKind::Transient),
        Ok(("a", None)),
        Err(AuthErrorKind::Transient),
        Ok(("b", None)),
    ]);
    assert_eq!(current(&token).await.unwrap_err(), AuthErrorKind::Transient);
    assert_eq!(current(&token).await.unwrap(), "a");
    assert_eq!(renewed(&token, "a").await.unwrap_err(), AuthErrorKind::Transient);
    // The refused one is not sent again.
    assert_eq!(current(&token).await.unwrap(), "b");
}

/// A source that fails at first and then wants to be left alone for so many seconds.
async fn busy(seconds: u64) -> Renewing<Scripted> {
    let mut token = renewing([Err(AuthErrorKind::Transient), Ok(("a", None))]);
    Arc::get_mut(&mut token.source).unwrap().retry_after = Duration::from_secs(seconds);
    assert_eq!(current(&token).await.unwrap_err(), AuthErrorKind::Transient);
    token
}

#[tokio::test(start_paused = true)]
async fn a_source_that_wants_to_be_left_alone_is() {
    let token = busy(5).await;
    advance(Duration::from_secs(3)).await;
    let error = token.current().await.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Transient);
    // What is left of that, for whoever comes later.
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert_eq!(renewed(&token, "older").await.unwrap_err(), AuthErrorKind::Transient);
    assert_eq!(left(&token), 1);
    advance(Duration::from_secs(2)).await;
    assert_eq!(current(&token).await.unwrap(), "a");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_wants_to_be_left_alone_for_years_is_asked_after_a_minute() {
    let token = busy(100_000_000).await;
    advance(Duration::from_secs(59)).await;
    assert_eq!(current(&token).await.unwrap_err(), AuthErrorKind::Transient);
    advance(Duration::from_secs(1)).await;
    assert_eq!(current(&token).await.unwrap(), "a");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_nothing_can_replace_is_used_to_its_end_and_beyond() {
    let mut token = renewing([Ok(("a", Some(10)))]);
    Arc::get_mut(&mut token.source).unwrap().is_renewable = false;
    assert_eq!(token.remaining(), None);
    assert_eq!(current(&token).await.unwrap(), "a");
    assert_eq!(token.remaining(), Some(Duration::from_secs(10)));
    advance(Duration::from_secs(60)).await;
    assert_eq!(current(&token).await.unwrap(), "a");
    assert!(!renewed(&token, "a").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn the_same_token_again_is_none() {
    let token = renewing([Ok(("a", None)), Ok(("a", None))]);
    current(&token).await.unwrap();
    assert!(!renewed(&token, "a").await.unwrap());
}

/// Asks and gives up after so long.
async fn given_up(renewing: &Renewing<Scripted>, patience: Duration) {
    assert!(tokio::time::timeout(patience, renewing.current()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_question_that_somebody_gave_up_is_answered_to_the_next() {
    let mut token = renewing([Ok(("a", None))]);
    Arc::get_mut(&mut token.source).unwrap().takes = Duration::from_secs(40);
    given_up(&token, Duration::from_secs(30)).await;
    assert_eq!(left(&token), 1);
    let since = clock::now();
    assert_eq!(current(&token).await.unwrap(), "a");
    assert_eq!(clock::now() - since, Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_slow_no_is_heard_and_the_source_not_asked_again() {
    let mut token = renewing([Err(AuthErrorKind::Denied), Ok(("a", None))]);
    Arc::get_mut(&mut token.source).unwrap().takes = Duration::from_secs(40);
    given_up(&token, Duration::from_secs(30)).await;
    assert_eq!(current(&token).await.unwrap_err(), AuthErrorKind::Denied);
    assert_eq!(current(&token).await.unwrap_err(), AuthErrorKind::Denied);
    assert_eq!(left(&token), 1);
}

#[tokio::test(start_paused = true)]
async fn a_question_that_goes_on_for_too_long_is_asked_anew() {
    let mut token = renewing([Ok(("a", None))]);
    Arc::get_mut(&mut token.source).unwrap().takes = Duration::from_secs(100);
    given_up(&token, Duration::from_secs(30)).await;
    advance(Duration::from_secs(30)).await;
    let since = clock::now();
    assert_eq!(current(&token).await.unwrap(), "a");
    assert_eq!(clock::now() - since, Duration::from_secs(100));
}
