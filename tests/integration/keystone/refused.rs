//! Wrong credentials: some clouds lock a user out after three of them, so they are tried once.

use std::time::Duration;

use super::{assert_told_nowhere, stage, wait};
use crate::support::command::ended_within;
use crate::support::keystone::{Keystone, id};

const WRONG: &str = "not the right one";

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn wrong_credentials_are_tried_once() {
    let (guard, account) = stage(&Keystone::long(), "wrong", 0).await;
    let credential = id(&account.application_credential("waiter", "the right one").await);
    let by_password = [account.by_names(), vec![("OS_PASSWORD", WRONG.to_owned())]].concat();
    let by_credential = [
        account.place(),
        vec![
            ("OS_AUTH_TYPE", "v3applicationcredential".to_owned()),
            ("OS_APPLICATION_CREDENTIAL_ID", credential),
            ("OS_APPLICATION_CREDENTIAL_SECRET", WRONG.to_owned()),
        ],
    ]
    .concat();
    let endpoint = guard.url();
    for (variables, args) in
        [(by_password.clone(), vec![]), (by_password, vec!["--endpoint", &endpoint]), (by_credential, vec![])]
    {
        let logins = account.logins();
        let child = wait("50ms", &args).envs(variables).spawn().expect("the command starts");
        let ended = ended_within(Duration::from_secs(5), child).await;
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
        assert_told_nowhere(&ended, WRONG);
        assert_eq!(account.logins() - logins, 1, "{}", ended.stderr);
    }
    assert!(guard.polls().is_empty());
}
