//! `lro auth --check`: what the credentials are worth, before there is anything to wait for.

use super::{assert_told_nowhere, stage};
use crate::support::command::{lro, run};
use crate::support::keystone::Keystone;

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_check_tells_who_logs_in_how_where_and_until_when() {
    let (guard, account) = stage(&Keystone::long(), "check", 0).await;
    // A day may end between one login and the next.
    let before = account.login().await.expires_at;
    let ended = run(lro(&["auth", "--check"]).envs(account.by_names())).await;
    let after = account.login().await.expires_at;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told = format!("{}{}", ended.stdout, ended.stderr);
    for part in ["password", &account.user, &guard.url()] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!([before, after].iter().any(|end| told.contains(&end[.."2026-11-23".len()])), "{told}");
    assert_told_nowhere(&ended, &account.password);
    assert_eq!(account.logins(), 1, "{told}");
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_check_of_a_wrong_password_is_4_after_one_login() {
    let (_guard, account) = stage(&Keystone::long(), "check-wrong", 0).await;
    let wrong = "not the right one";
    let ended = run(lro(&["auth", "--check"]).envs(account.by_names()).env("OS_PASSWORD", wrong)).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert_told_nowhere(&ended, wrong);
    assert_eq!(account.logins(), 1, "{}", ended.stderr);
}
