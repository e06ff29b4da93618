//! The waiters in use, by what their sources do unless told otherwise, and no more than that.
//! Servers that ask for another pace (`Retry-After`) would be heard by some of them; here none does.
//!
//! Where the call that starts an operation is made by the waiter itself (az, google-cloud-rust), its answer is no poll.

use std::time::Duration;

use lro::schedule::Schedule;

use crate::play::{Limit, Waiter};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn all() -> Vec<Waiter> {
    vec![
        // azure-core 1.41.0, polling/base_polling.py, `LROBasePolling`: `timeout=30`, slept before each poll, in a
        // thread; azure-cli-core 2.91.0, commands/__init__.py, `LongRunningOperation`: looks at that each 500 ms.
        Waiter {
            first: secs(30),
            looks_each: Some(Duration::from_millis(500)),
            ..Waiter::new("az", |_, _| each(secs(30)))
        },
        // botocore 1.44.8, waiter.py, and the commonest numbers in data/*/*/waiters-2.json (214 of 654 waiters):
        // "delay": 15, "maxAttempts": 40.
        Waiter { limit: Limit::Polls(40), ..Waiter::new("aws", |_, _| each(secs(15))) },
        // aws-smithy-runtime 1.16.2, client/waiters/backoff.rs, with the defaults of the Smithy specification for what a
        // model does not say: `minDelay` 2, `maxDelay` 120. The caller has to give a limit.
        Waiter::new("smithy", |_, seed| smithy(seed)),
        // google-cloud-gax 1.15.0, exponential_backoff.rs, `Default` (1 s, ×2, 60 s, no jitter when it polls), and
        // google-cloud-lro 1.11.0, lib.rs, `until_done`: the first pause follows the answer to the call that starts.
        Waiter { first: secs(1), ..Waiter::new("google-cloud-rust", |_, _| growing(secs(2), secs(60))) },
        // gcloud 558.0.0, api_lib/util/waiter.py, `WaitFor`, and core/util/retry.py, `_GetTimeToWait`: 1 s, then
        // 2 s × 1.4ⁿ and up to 1 s more, at most 180 s; no poll later than 1800 s after the first.
        Waiter {
            first: secs(1),
            limit: Limit::Time(secs(1801)),
            ..Waiter::new("gcloud", |_, seed| gcloud(seed))
        },
        // terraform-plugin-sdk 2, `StateChangeConf.WaitForStateContext` without its options (helper/resource/state.go at
        // 1413e22): at once, then 100 ms doubled before each pause, at most 10 s. Its limit is the resource's to say.
        Waiter::new("Terraform", |_, _| growing(Duration::from_millis(200), secs(10))),
        // wait4x 3, internal/cmd/root.go (at 02309d6) and waiter/waiter.go (at 1cf2eaf): `--interval 1s --timeout 10s`,
        // linear, which is a fixed interval.
        Waiter { limit: Limit::Time(secs(10)), ..Waiter::new("wait4x", |_, _| each(secs(1))) },
    ]
}

fn each(pause: Duration) -> Box<dyn Schedule> {
    Box::new(std::iter::repeat(pause))
}

fn growing(first: Duration, longest: Duration) -> Box<dyn Schedule> {
    Box::new(std::iter::successors(Some(first), move |pause| Some((*pause * 2).min(longest))))
}

fn smithy(seed: u64) -> Box<dyn Schedule> {
    let (shortest, longest) = (2_u64, 120);
    let mut random = fastrand::Rng::with_seed(seed);
    // Beyond log2(longest / shortest) + 1 attempts, rounded down, it is the longest.
    Box::new((1..).map(move |attempt: u32| {
        let most = if attempt > 6 { longest } else { shortest * 2_u64.pow(attempt - 1) };
        secs(random.u64(shortest..=most))
    }))
}

fn gcloud(seed: u64) -> Box<dyn Schedule> {
    let mut random = fastrand::Rng::with_seed(seed);
    Box::new((0..).map(move |retrial: i32| {
        let pause = 2.0 * 1.4_f64.powi(retrial.min(100)) + random.f64();
        Duration::from_secs_f64(pause.min(180.0))
    }))
}
