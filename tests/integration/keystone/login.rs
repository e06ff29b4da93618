//! With a password or an application credential, from variables or from clouds.yaml: one login each, and the API is
//! found in the catalog.

use std::path::PathBuf;

use serde_json::json;
use tokio::process::Command;

use super::{assert_succeeded, assert_told_nowhere, stage, wait};
use crate::support::account::Account;
use crate::support::command::run;
use crate::support::guard::Guard;
use crate::support::keystone::{Keystone, id};

/// Runs a wait that succeeds after one login, with a token that is used for every poll.
async fn succeeds_after_one_login(command: &mut Command, guard: &Guard, account: &Account) {
    let (logins, polls) = (account.logins(), guard.polls().len());
    let ended = run(command).await;
    assert_succeeded(&ended);
    assert_told_nowhere(&ended, &account.password);
    let polls = guard.polls().split_off(polls);
    assert!(!polls.is_empty() && polls.iter().all(|poll| poll.admitted && poll.token == polls[0].token));
    assert_told_nowhere(&ended, &polls[0].token);
    assert_eq!(account.logins() - logins, 1, "{}", ended.stderr);
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_password_logs_in_by_names_and_by_ids() {
    let (guard, account) = stage(&Keystone::long(), "password", 2).await;
    let names = account.by_names();
    succeeds_after_one_login(wait("50ms", &[]).envs(names), &guard, &account).await;
    assert_eq!(guard.polls().len(), 3);

    let ids = [
        ("OS_USER_ID", account.user_id.as_str()),
        ("OS_PASSWORD", &account.password),
        ("OS_PROJECT_ID", &account.project_id),
    ];
    succeeds_after_one_login(wait("50ms", &[]).envs(account.place()).envs(ids), &guard, &account).await;

    let names_in_domains_by_id = [
        ("OS_USERNAME", account.user.as_str()),
        ("OS_USER_DOMAIN_ID", &account.user_domain.1),
        ("OS_PASSWORD", &account.password),
        ("OS_PROJECT_NAME", &account.project),
        ("OS_PROJECT_DOMAIN_ID", &account.project_domain.1),
    ];
    let mut command = wait("50ms", &[]);
    command.envs(account.place()).envs(names_in_domains_by_id);
    succeeds_after_one_login(&mut command, &guard, &account).await;
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn the_address_of_keystone_is_taken_with_and_without_a_version() {
    let (guard, account) = stage(&Keystone::long(), "address", 0).await;
    for end in ["", "/", "/v3", "/v3/"] {
        let mut command = wait("50ms", &[]);
        command.envs(account.by_names()).env("OS_AUTH_URL", format!("{}{end}", account.keystone_url()));
        succeeds_after_one_login(&mut command, &guard, &account).await;
    }
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn the_endpoint_is_the_public_one_of_the_region_unless_it_is_given() {
    let keystone = Keystone::long();
    let (listed, account) = stage(&keystone, "endpoint", 0).await;
    let ended = run(wait("50ms", &[]).envs(account.by_names())).await;
    assert_succeeded(&ended);
    // Where it is cannot be known before the catalog is asked.
    assert!(ended.stderr.contains(&format!("the catalog has it at {}", listed.url())), "{}", ended.stderr);
    assert_eq!(listed.polls().len(), 1);

    let given = Guard::start(&keystone, 0).await;
    succeeds_after_one_login(
        wait("50ms", &["--endpoint", &given.url()]).envs(account.by_names()),
        &given,
        &account,
    )
    .await;
    assert_eq!(listed.polls().len(), 1);
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn an_application_credential_logs_in_by_id_and_by_name() {
    let (guard, account) = stage(&Keystone::long(), "credential", 0).await;
    let secret = "the secret of a credential";
    let credential = id(&account.application_credential("waiter", secret).await);
    let by_id = vec![("OS_APPLICATION_CREDENTIAL_ID", credential.as_str())];
    let by_name = vec![
        ("OS_APPLICATION_CREDENTIAL_NAME", "waiter"),
        ("OS_USERNAME", &account.user),
        ("OS_USER_DOMAIN_NAME", &account.user_domain.0),
    ];
    let by_name_of_an_id =
        vec![("OS_APPLICATION_CREDENTIAL_NAME", "waiter"), ("OS_USER_ID", &account.user_id)];
    for variables in [by_id, by_name, by_name_of_an_id] {
        let mut command = wait("50ms", &[]);
        command.envs(account.place()).envs(variables);
        command
            .env("OS_AUTH_TYPE", "v3applicationcredential")
            .env("OS_APPLICATION_CREDENTIAL_SECRET", secret);
        succeeds_after_one_login(&mut command, &guard, &account).await;
    }
}

#[tokio::test]
#[ignore = "needs a real Keystone; .ci/run starts one"]
async fn a_cloud_of_clouds_yaml_says_it_all() {
    let (guard, account) = stage(&Keystone::long(), "clouds", 0).await;
    let secret = "the secret of a credential";
    let credential = id(&account.application_credential("waiter", secret).await);
    let url = format!("{}/v3", account.keystone_url());
    // A document of JSON is one of YAML.
    let clouds = json!({"clouds": {
        "nowhere": {"auth": {"auth_url": "http://127.0.0.1:9/v3", "username": "nobody"}, "region_name": "none"},
        "by-password": {
            "auth": {
                "auth_url": url,
                "username": account.user,
                "password": account.password,
                "user_domain_name": account.user_domain.0,
                "project_name": account.project,
                "project_domain_name": account.project_domain.0,
            },
            "region_name": account.region,
        },
        "by-credential": {
            "auth_type": "v3applicationcredential",
            "auth": {
                "auth_url": url,
                "application_credential_id": credential,
                "application_credential_secret": secret,
            },
            "region_name": account.region,
        },
    }});
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("clouds-{}.yaml", std::process::id()));
    std::fs::write(&file, clouds.to_string()).expect("a file can be written");
    for cloud in ["by-password", "by-credential"] {
        let mut command = wait("50ms", &["--os-cloud", cloud]);
        command.env("OS_CLIENT_CONFIG_FILE", &file);
        succeeds_after_one_login(&mut command, &guard, &account).await;
    }
    std::fs::remove_file(&file).expect("the file is there");
}
