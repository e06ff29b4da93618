//! Clients that the library makes of what is on the machine: of its variables, and of its clouds by name.
//! Which of all that counts where is tested beside the code.

use lro::auth::cloud::Cloud;
use lro::plas::Client;
use tokio::process::Command;

use crate::support::PENDING;
use crate::support::file::File;
use crate::support::server::{Reply, Server};

#[tokio::test]
async fn a_client_is_made_of_the_cloud_of_the_process_or_of_one_by_name() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let cloud = |key: &str| format!("{{plas_endpoint_override: '{}', ak: {key}, sk: s3cret}}", server.url());
    let text = format!("clouds: {{mine: {}, other: {}}}", cloud("MINE"), cloud("OTHER"));
    let file = File::new("two-clouds", &text);
    // An environment can only be given to a process of its own: this one once more, for the test below.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "--ignored", "auth::machine::asked_with_what_is_on_the_machine"]);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("OS_") || name.to_lowercase().ends_with("_proxy") {
            child.env_remove(&*name);
        }
    }
    let output = child.env("OS_CLIENT_CONFIG_FILE", file.path()).env("OS_CLOUD", "mine").output().await;
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let hits = server.hits();
    let signed: Vec<_> = hits.iter().map(|hit| hit.header("authorization").unwrap_or_default()).collect();
    let asked_by =
        |key: &str| signed.iter().position(|signed| signed.contains(&format!("Credential={key}/")));
    assert_eq!((asked_by("MINE"), asked_by("OTHER"), signed.len()), (Some(0), Some(1), 2), "{signed:?}");
}

#[tokio::test]
#[ignore = "run by the test above, in an environment that names a cloud"]
async fn asked_with_what_is_on_the_machine() {
    for client in [Client::from_env(), Client::from_cloud("other")] {
        lro::Operation::poll(&mut client.unwrap().operation("c1", "o1").unwrap()).await.unwrap();
    }
    assert_eq!(Cloud::from_env().unwrap().name(), Some("mine"));
    assert_eq!(Cloud::named("other").unwrap().name(), Some("other"));
    assert!(Client::from_cloud("another").is_err());
}
