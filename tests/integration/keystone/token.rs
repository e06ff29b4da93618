//! With a token that was given: nobody logs in, and when it ends, the wait ends.

use std::time::Duration;

use super::{assert_succeeded, assert_told_nowhere, stage, wait};
use crate::support::command::{ended_within, run};
use crate::support::keystone::Keystone;

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_given_token_is_shown_as_it_is() {
    let (guard, account) = stage(&Keystone::long(), "given", 0).await;
    let token = account.login().await.token;
    let url = guard.url();
    for endpoint in [vec!["--endpoint", &url], vec![]] {
        let ended = run(wait("50ms", &endpoint).envs(account.place()).env("OS_TOKEN", &token)).await;
        assert_succeeded(&ended);
        assert_told_nowhere(&ended, &token);
    }
    assert_eq!((guard.tokens(), guard.polls().len()), (vec![token], 2));
    assert_eq!(account.logins(), 0);
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_given_token_that_ends_too_soon_is_told_at_the_start_and_ends_the_wait() {
    let (guard, account) = stage(&Keystone::short(), "ending", usize::MAX).await;
    let token = account.login().await.token;
    let mut command = wait("500ms", &["--endpoint", &guard.url()]);
    let child = command.envs(account.place()).env("OS_TOKEN", &token).spawn().expect("the command starts");
    let ended = ended_within(Duration::from_secs(40), child).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert_told_nowhere(&ended, &token);
    let line = |words: &[&str]| {
        let has_all = |line: &str| words.iter().all(|word| line.to_lowercase().contains(word));
        ended.stderr.lines().position(has_all)
    };
    let (warned, pending) = (line(&["token", "renew"]), line(&["pending"]));
    assert!(warned.is_some() && pending.is_some() && warned < pending, "{}", ended.stderr);
    // There is no other token to try.
    assert_eq!((guard.tokens(), guard.refusals()), (vec![token], 1));
    assert!(guard.polls().len() > 10, "{}", ended.stderr);
    assert_eq!(account.logins(), 0);
}
