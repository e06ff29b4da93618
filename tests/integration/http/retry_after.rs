//! A server's wish to be left alone, as the wait keeps it.

use std::time::Duration;

use lro::{EventKind, Limit, WaitError};

use crate::support::server::{Reply, Server};
use crate::support::{PENDING, every, operation};

const DATE: &str = "Sun, 06 Nov 1994 08:49:07 GMT";
const HALF_A_MINUTE_LATER: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// The first pause of a wait that is answered like this. It is read off, not slept.
async fn first_pause(reply: Reply) -> Duration {
    let server = Server::start([reply]).await;
    let mut events = lro::wait_for_completion(operation(&server)).schedule(every(10)).events();
    loop {
        match events.next().await.expect("an event").kind {
            EventKind::Sleeping { pause } => return pause,
            EventKind::Finished(outcome) => panic!("{outcome:?}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn it_is_kept_on_faults_and_on_pending_answers() {
    for reply in
        [Reply::json(200, PENDING), Reply::json(200, "?"), Reply::json(429, ""), Reply::json(503, "")]
    {
        let seconds = reply.clone().header("Retry-After", "7");
        assert_eq!(first_pause(seconds).await, Duration::from_secs(7), "{reply:?}");
        let date = reply.clone().header("Retry-After", HALF_A_MINUTE_LATER).header("Date", DATE);
        assert_eq!(first_pause(date).await, Duration::from_secs(30), "{reply:?}");
    }
}

#[tokio::test]
async fn nonsense_and_the_past_leave_the_schedule_as_it_is() {
    for wish in ["soon", "-1", "1.5", "", "0", DATE] {
        let pending = Reply::json(200, PENDING).header("Retry-After", wish);
        assert_eq!(first_pause(pending).await, Duration::from_millis(10), "{wish}");
        let fault = first_pause(Reply::json(503, "").header("Retry-After", wish)).await;
        assert!((Duration::from_millis(900)..=Duration::from_secs(1)).contains(&fault), "{wish}: {fault:?}");
    }
}

#[tokio::test]
async fn a_wish_beyond_the_timeout_ends_the_wait_at_once() {
    let timeout = Duration::from_secs(60);
    for (wish, pause) in [("3600", 3600), ("99999999999999999999", u64::MAX)] {
        let server = Server::start([Reply::json(503, "").header("Retry-After", wish)]).await;
        let outcome = lro::wait_for_completion(operation(&server)).timeout(timeout).await;
        let Err(WaitError::TimedOut { limit, report }) = outcome else { panic!("{outcome:?}") };
        assert_eq!(limit, Limit::RetryAfter { pause: Duration::from_secs(pause), timeout });
        assert!(report.elapsed < Duration::from_secs(1));
    }
}
