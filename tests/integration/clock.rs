//! Steps of this machine's clock, forward and back: what a wait promises does not hang on it.
//! tests/clock/run says where the library is that sets a clock for one process; without that these tests are ignored.

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tokio::process::{Child, Command};

use crate::auth::renewal::{token, tokens_sent};
use crate::support::command::{Ended, ended, lro};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, SUCCESS};

/// The clock of one command. It can be set while that runs; how time passes is not touched.
struct Clock(PathBuf);

impl Clock {
    /// A clock that is off by this: `+1d`, `-2d`.
    fn off_by(name: &str, offset: &str) -> Self {
        let clock = Self(std::env::temp_dir().join(format!("lro-clock-{name}-{}", std::process::id())));
        clock.set(offset);
        clock
    }

    fn set(&self, offset: &str) {
        // At once, so that it is never read half written.
        let new = self.0.with_extension("new");
        std::fs::write(&new, format!("{offset}\n")).expect("a file");
        std::fs::rename(new, &self.0).expect("a file");
    }

    fn give(&self, mut command: Command) -> Child {
        let library =
            std::env::var("LRO_TEST_LIBFAKETIME").expect("the tests are started with tests/clock/run");
        command
            .env("LD_PRELOAD", library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.0)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command.spawn().expect("the command starts")
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        // What is left over in the folder for such things harms nobody.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The steps, for a clock that is right at first.
const STEPS: [&str; 2] = ["+2d", "-2d"];

fn wait(server: &Server, args: &[&str]) -> Command {
    let mut command = lro(&["wait", &format!("{}{PATH}", server.url()), "--schedule", "fixed"]);
    command.args(args);
    command
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
    Instant::now()
}

/// The events, one a line.
fn events(ended: &Ended) -> Vec<Value> {
    ended.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// By how much the time of day that was told has moved over the wait, in hours.
fn hours_told(events: &[Value]) -> i64 {
    let time = |event: &Value| {
        let time = humantime::parse_rfc3339(event["time"].as_str().expect("a time")).expect("a time");
        time.duration_since(SystemTime::UNIX_EPOCH).expect("a time of today").as_secs()
    };
    let ends = [&events[0], &events[events.len() - 1]].map(|event| time(event).cast_signed());
    (ends[1] - ends[0]) / 3600
}

#[tokio::test]
#[ignore = "needs a clock that is set; .ci/run sets it"]
async fn clock_a_step_moves_neither_the_limit_nor_the_polls() {
    for step in STEPS {
        let clock = Clock::off_by("limit", "+0");
        let server = Server::start([Reply::json(200, PENDING)]).await;
        let start = now();
        let args = ["-t", "2s", "--interval", "250ms", "-o", "jsonl", "--heartbeat", "400ms"];
        let child = clock.give(wait(&server, &args));
        server.until(|hits| hits.len() >= 3).await;
        clock.set(step);
        let ended = ended(child).await;
        let took = start.elapsed();
        assert_eq!(ended.code, Some(124), "{}", ended.stderr);
        assert!((Duration::from_secs(2)..Duration::from_secs(3)).contains(&took), "{step}: {took:?}");
        let events = events(&ended);
        // The step has reached the process: else nothing would be proved.
        assert!(hours_told(&events).abs() >= 47, "{step}: {}", ended.stdout);
        let elapsed = events.last().and_then(|last| last["elapsed_ms"].as_u64()).expect("a number");
        assert!((2000..2500).contains(&elapsed), "{step}: {elapsed}");
        let hits = server.hits();
        assert!((6..=8).contains(&hits.len()), "{step}: {}", hits.len());
        for pair in hits.windows(2) {
            let pause = pair[1].at.saturating_duration_since(pair[0].at);
            assert!((240..700).contains(&pause.as_millis()), "{step}: {pause:?}");
        }
    }
}

#[tokio::test]
#[ignore = "needs a clock that is set; .ci/run sets it"]
async fn clock_a_step_neither_ends_a_token_nor_lengthens_its_life() {
    for step in STEPS {
        for (seconds, tokens) in [(3600, vec!["first"; 4]), (122, vec!["first", "first", "first", "second"])]
        {
            let clock = Clock::off_by("token", "+0");
            let keystone = Server::start([token("first", seconds), token("second", 3600)]).await;
            let pending = Reply::json(200, PENDING);
            let plas =
                Server::start([pending.clone(), pending.clone(), pending, Reply::json(200, SUCCESS)]).await;
            let mut command = wait(&plas, &["--interval", "900ms"]);
            command.env("OS_AUTH_URL", keystone.url()).env("OS_USERNAME", "alice").env("OS_PASSWORD", "pass");
            command.env("OS_USER_DOMAIN_NAME", "D").env("OS_PROJECT_NAME", "eu-de");
            let child = clock.give(command);
            plas.until(|hits| !hits.is_empty()).await;
            clock.set(step);
            let ended = ended(child).await;
            assert_eq!(ended.code, Some(0), "{step}: {}", ended.stderr);
            assert_eq!(tokens_sent(&plas), tokens, "{step}: {}", ended.stderr);
        }
    }
}

#[tokio::test]
#[ignore = "needs a clock that is set; .ci/run sets it"]
async fn clock_a_wrong_one_does_not_change_what_a_server_asks_for() {
    const DATE: &str = "Sun, 06 Nov 1994 08:49:07 GMT";
    const A_SECOND_LATER: &str = "Sun, 06 Nov 1994 08:49:08 GMT";
    for offset in STEPS {
        let clock = Clock::off_by("wish", offset);
        let busy = Reply::json(503, "").header("Retry-After", A_SECOND_LATER).header("Date", DATE);
        let server = Server::start([Reply::json(200, PENDING), busy, Reply::json(200, SUCCESS)]).await;
        let ended = ended(clock.give(wait(&server, &["--interval", "20ms"]))).await;
        assert_eq!(ended.code, Some(0), "{offset}: {}", ended.stderr);
        let hits = server.hits();
        let pause = hits[2].at.saturating_duration_since(hits[1].at);
        assert!((1000..1600).contains(&pause.as_millis()), "{offset}: {pause:?}");
    }
}

#[tokio::test]
#[ignore = "needs a clock that is set; .ci/run sets it"]
async fn clock_where_a_server_has_none_this_one_counts_within_the_limit() {
    // In a minute, by the true clock; and no date beside it.
    let then = || {
        #[expect(clippy::disallowed_methods, reason = "a server tells a date")]
        let now = SystemTime::now();
        httpdate::fmt_http_date(now + Duration::from_secs(60))
    };
    for (offset, code, polls) in [("+2d", 0, 2), ("-2d", 124, 1)] {
        let clock = Clock::off_by("none", offset);
        let busy = Reply::json(200, PENDING).header("Retry-After", &then());
        let server = Server::start([busy, Reply::json(200, SUCCESS)]).await;
        let start = now();
        let ended = ended(clock.give(wait(&server, &["--interval", "20ms", "-t", "5s"]))).await;
        assert_eq!(ended.code, Some(code), "{offset}: {}", ended.stderr);
        assert_eq!(server.hits().len(), polls, "{offset}");
        // A wish past the limit ends the wait now, whoever is wrong about the time.
        assert!(start.elapsed() < Duration::from_secs(2), "{offset}: {:?}", start.elapsed());
    }
}

#[tokio::test]
#[ignore = "needs a clock that is set; .ci/run sets it"]
async fn clock_a_wrong_one_is_told_where_a_signature_is_refused_for_it() {
    for (offset, told) in [("+2d", "ahead"), ("-2d", "behind")] {
        let clock = Clock::off_by("signature", offset);
        #[expect(clippy::disallowed_methods, reason = "a server tells a date")]
        let date = httpdate::fmt_http_date(SystemTime::now());
        let server = Server::start([Reply::json(401, "").header("Date", &date)]).await;
        let mut command = wait(&server, &["--interval", "20ms"]);
        command.env("OS_ACCESS_KEY", "AK").env("OS_SECRET_KEY", "SK").env("OS_PROJECT_ID", "p1");
        command.env("OS_REGION_NAME", "eu-de");
        let ended = ended(clock.give(command)).await;
        assert_eq!(ended.code, Some(4), "{offset}: {}", ended.stderr);
        assert!(ended.stderr.contains("clock") && ended.stderr.contains(told), "{offset}: {}", ended.stderr);
    }
}
