//! A wait that is longer than its token lives, and a token that dies before its time.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

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
    // One to begin with, one that shows how short they last, then one for each half of a life.
    assert!((2..=6).contains(&account.logins()), "{}\n{}", account.logins(), ended.stderr);
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_token_that_ends_in_the_middle_of_a_wait_is_replaced_after_one_refusal() {
    let (guard, account) = stage(&Keystone::short(), "ends", 40).await;
    let user = json!({"id": account.user_id, "password": account.password});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let login = json!({"auth": {"identity": identity, "scope": {"project": {"id": account.project_id}}}});
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("login-{}.json", std::process::id()));
    fs::write(&file, login.to_string()).expect("a file");
    // A command does not say until when its token is good, so only the refusal tells that it ended.
    let command = format!(
        "curl -s -D- -o /dev/null -H 'Content-Type: application/json' -d @{} {}/v3/auth/tokens | tr -d '\\r' | sed -n 's/^x-subject-token: //Ip'",
        file.display(),
        account.keystone_url()
    );
    let args = ["--endpoint", &guard.url(), "--token-command", &command];
    let child = wait("500ms", &args).spawn().expect("the command starts");
    let ended = ended_within(Duration::from_secs(60), child).await;
    fs::remove_file(&file).expect("the file is there");
    assert_succeeded(&ended);
    assert_eq!((guard.tokens().len(), guard.refusals(), account.logins()), (2, 1, 2), "{}", ended.stderr);
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
