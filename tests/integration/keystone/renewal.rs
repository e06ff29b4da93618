//! A wait that is longer than its token lives, and a token that dies before its time.

use std::time::Duration;

use super::{assert_succeeded, assert_told_nowhere, stage, wait};
use crate::support::command::{ended, ended_within};
use crate::support::keystone::Keystone;

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_wait_outlives_its_tokens() {
    // The tokens live for 15 seconds, and it takes 25 until the operation is done.
    let (guard, account) = stage(&Keystone::short(), "outlives", 50).await;
    let child = wait("500ms", &[]).envs(account.by_names()).spawn().expect("the command starts");
    let ended = ended_within(Duration::from_secs(60), child).await;
    assert_succeeded(&ended);
    assert_told_nowhere(&ended, &account.password);
    assert!(guard.tokens().len() >= 2, "{}", ended.stderr);
    assert!(account.logins() >= 2, "{}", ended.stderr);
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_token_that_was_revoked_is_replaced_after_one_refusal() {
    let keystone = Keystone::long();
    let (guard, account) = stage(&keystone, "revoked", 20).await;
    let child = wait("200ms", &[]).envs(account.by_names()).spawn().expect("the command starts");
    let revoked = guard.first_token().await;
    keystone.revoke(&revoked).await;
    let ended = ended(child).await;
    assert_succeeded(&ended);
    let tokens = guard.tokens();
    assert!(tokens.len() == 2 && tokens[0] == revoked, "{}", ended.stderr);
    assert_eq!((guard.refusals(), account.logins()), (1, 2), "{}", ended.stderr);
    for token in tokens {
        assert_told_nowhere(&ended, &token);
    }
}
