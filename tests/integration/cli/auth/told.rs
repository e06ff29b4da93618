//! `lro auth`, and what every verb tells when somebody or something is missing.

use super::{Machine, PASSWORD, clouds, issued, keystone};
use crate::support::command::run;
use crate::support::server::{Reply, Server};
use crate::support::{PENDING, SUCCESS};

const OTC: &str = "clouds:\n  otc:\n    profile: otc\n    auth:\n      username: alice\n      project_name: eu-nl_apps\n      \
                   user_domain_name: OTC00000000001000000123\n";

#[tokio::test]
async fn what_would_be_used_is_told_with_who_said_it() {
    let machine = Machine::new("auth-table", &[("clouds.yaml", OTC)]);
    let ended = run(machine.lro(&["auth", "--os-cloud", "otc"]).env("OS_PASSWORD", PASSWORD)).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let expected = "\
method     password (cloud `otc`)
identity   user `alice` of domain `OTC00000000001000000123`, project `eu-nl_apps`
asks at    https://iam.eu-nl.otc.t-systems.com/v3
endpoint   the public endpoint of type `plas` in region `eu-nl` that the catalog names, or else https://plas.eu-nl.otc.t-systems.com
until      not known; --check asks the cloud
found      profile `otc` (cloud `otc` in HERE/clouds.yaml)
           auth_url `https://iam.eu-nl.otc.t-systems.com/v3` (profile `otc`)
           username `alice` (cloud `otc` in HERE/clouds.yaml)
           user_domain_name `OTC00000000001000000123` (cloud `otc` in HERE/clouds.yaml)
           password (variable OS_PASSWORD)
           project_name `eu-nl_apps` (cloud `otc` in HERE/clouds.yaml)
           region_name `eu-nl` (cloud `otc` in HERE/clouds.yaml)
           interface `public` (profile `otc`)
           plas_endpoint `https://plas.eu-nl.otc.t-systems.com` (profile `otc`)
";
    assert_eq!(machine.here(&ended.stdout), expected);
}

#[tokio::test]
async fn the_cloud_of_the_book_is_one() {
    let page = include_str!("../../../../docs/authentication.md");
    let (_, file) = page.split_once("```yaml\n").expect("a cloud");
    let (file, _) = file.split_once("```").expect("an end");
    let machine = Machine::new("auth-book", &[("clouds.yaml", file)]);
    let ended = run(machine.lro(&["auth", "--os-cloud", "otc"]).env("OS_PASSWORD", PASSWORD)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let identity = "identity   user `alice` of domain `OTC00000000001000000xxx`, project `eu-de`";
    assert!(ended.stdout.lines().any(|line| line == identity), "{}", ended.stdout);
    assert!(ended.stdout.contains("asks at    https://iam.eu-de.otc.t-systems.com/v3\n"), "{}", ended.stdout);
}

#[tokio::test]
async fn a_script_gets_the_same_as_a_document() {
    let machine = Machine::new("auth-json", &[("clouds.yaml", OTC)]);
    let ended =
        run(machine.lro(&["auth", "--os-cloud", "otc", "-o", "json"]).env("OS_PASSWORD", PASSWORD)).await;
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a document");
    assert_eq!(document["schema"], 1);
    assert_eq!(document["method"], "password");
    assert_eq!(document["auth_url"], "https://iam.eu-nl.otc.t-systems.com/v3");
    assert_eq!(document["region"], "eu-nl");
    // What is only named in a catalog is no URL yet.
    assert_eq!(document["endpoint"], serde_json::Value::Null);
    assert!(document["endpoint_from"].as_str().is_some_and(|from| from.contains("that the catalog names")));
    assert_eq!(document["allowed"], serde_json::Value::Null);
    let found = document["found"].as_array().expect("a list");
    let of = |what: &str| found.iter().find(|found| found["what"] == what).expect("it is used");
    assert_eq!(of("password")["from"], "variable OS_PASSWORD");
    assert_eq!(of("password")["value"], serde_json::Value::Null);
    assert_eq!(of("username")["value"], "alice");
    assert!(!ended.stdout.contains(PASSWORD));
}

#[tokio::test]
async fn each_way_to_say_who_asks_is_known_and_the_nearest_one_counts() {
    let files = [("clouds.yaml", "clouds: {one: {auth: {token: t0ken-1}}, two: {auth: {token: t0ken-2}}}")];
    let machine = Machine::new("auth-who", &files);
    let key = [("OS_ACCESS_KEY", "AK"), ("OS_SECRET_KEY", PASSWORD), ("OS_REGION_NAME", "eu-de")];
    let token = ("LRO_TOKEN", "t0ken-3");
    let cloud = ("OS_CLOUD", "one");
    for (args, variables, first_line) in [
        (
            &["--token-file", "F", "--os-cloud", "two"][..],
            vec![token, cloud],
            "method     token (--token-file F)",
        ),
        (&["--token-command", "echo t0ken"], vec![token], "method     token (--token-command)"),
        (&["--os-cloud", "two"], vec![token, cloud], "method     token (cloud `two`)"),
        (&[], vec![token, cloud, key[0], key[1]], "method     token (variable LRO_TOKEN)"),
        (&[], vec![cloud, key[0], key[1]], "method     token (cloud `one`)"),
        (&[], key.to_vec(), "method     access key (the variables OS_*)"),
    ] {
        let ended = run(machine
            .lro(&[&["auth"], args].concat())
            .env("LRO_ENDPOINT", "https://plas.example")
            .envs(variables.clone()))
        .await;
        assert_eq!(ended.code, Some(0), "{args:?} {variables:?}\n{}", ended.stderr);
        assert_eq!(ended.stdout.lines().next(), Some(first_line), "{args:?} {variables:?}");
        assert!(!ended.stdout.contains("t0ken") && !ended.stdout.contains(PASSWORD), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn each_way_to_say_where_is_known_and_the_nearest_one_counts() {
    let keystone = clouds("http://127.0.0.1:9/v3");
    let machine = Machine::new("auth-where", &[("clouds.yaml", &keystone)]);
    let given = ("LRO_ENDPOINT", "https://given.example");
    let override_ = ("OS_PLAS_ENDPOINT_OVERRIDE", "https://override.example/v1.0/p1");
    for (args, variables, line) in [
        (
            &["--endpoint", "https://flag.example"][..],
            vec![given, override_],
            "https://flag.example (--endpoint)",
        ),
        (&[], vec![given, override_], "https://given.example (variable LRO_ENDPOINT)"),
        (&[], vec![override_], "https://override.example (variable OS_PLAS_ENDPOINT_OVERRIDE)"),
        (&[], vec![], "the public endpoint of type `plas` in region `eu-de` that the catalog names"),
    ] {
        let ended = run(machine.lro(&[&["auth", "--os-cloud", "dev"], args].concat()).envs(variables)).await;
        let told = ended.stdout.lines().find_map(|told| told.strip_prefix("endpoint   "));
        assert_eq!(told, Some(line), "{}", ended.stderr);
    }
    // Without an identity service there is no catalog, only what is known of the vendor.
    let key = [("OS_ACCESS_KEY", "AK"), ("OS_SECRET_KEY", "SK"), ("OS_REGION_NAME", "eu-de")];
    let ended = run(machine.lro(&["auth"]).envs(key)).await;
    let constant = "endpoint   https://plas.eu-de.otc.t-systems.com (profile `otc`)";
    assert!(ended.stdout.lines().any(|line| line == constant), "{}", ended.stdout);
}

#[tokio::test]
async fn nobody_is_told_with_where_it_was_looked() {
    let machine = Machine::new("auth-nobody", &[]);
    let ended = run(&mut machine.lro(&["auth"])).await;
    assert_eq!(ended.code, Some(2));
    assert_eq!(ended.stdout, "method     none\nendpoint   not known\n");
    let told = machine.here(&ended.stderr);
    assert!(told.starts_with("error: there is nobody to ask as\n"), "{told}");
    assert!(told.contains("there is no clouds.yaml in HERE, HERE/home/.config/openstack"), "{told}");
    assert!(told.contains("no variable OS_* is set"), "{told}");
    assert!(told.contains("\n  hint: name a cloud of clouds.yaml with --os-cloud NAME"), "{told}");
}

#[tokio::test]
async fn whoever_has_nowhere_to_ask_is_told_so() {
    let machine = Machine::new("auth-nowhere", &[]);
    for args in [&["auth"][..], &["auth", "--check"], &["wait", "c1/o1"]] {
        let ended = run(machine.lro(args).env("OS_ACCESS_KEY", "AK").env("OS_SECRET_KEY", PASSWORD)).await;
        assert_eq!(ended.code, Some(2), "{args:?}");
        assert!(ended.stderr.starts_with("error: it is not said where the API is\n"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn what_is_missing_is_told_by_every_verb_with_what_was_found() {
    let machine = Machine::new("auth-missing", &[]);
    let variables =
        [("OS_AUTH_URL", "http://127.0.0.1:9"), ("OS_USERNAME", "alice"), ("OS_USER_DOMAIN_NAME", "D")];
    for args in [&["auth"][..], &["wait", "c1/o1"], &["status", "c1/o1"]] {
        let ended = run(machine.lro(args).envs(variables)).await;
        assert_eq!(ended.code, Some(2), "{args:?}");
        assert_eq!(ended.stdout, "", "{args:?}");
        for told in [
            "error: the credentials are not complete\n",
            "caused by: missing for the method `password`: a password\n",
            "found: username `alice` (variable OS_USERNAME)\n",
            "OS_PASSWORD",
        ] {
            assert!(ended.stderr.contains(told), "{args:?}: {told}\n{}", ended.stderr);
        }
    }
    // Whoever is known, and has no place to ask at.
    let ended =
        run(machine.lro(&["wait", "c1/o1"]).env("LRO_TOKEN", "t0ken").env("OS_REGION_NAME", "nowhere")).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.starts_with("error: it is not said where the API is\n"), "{}", ended.stderr);
    assert!(ended.stderr.contains("OS_REGION_NAME"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_file_that_is_broken_is_named_with_the_line_and_nothing_of_its_text() {
    let broken = format!("clouds:\n  dev:\n    auth:\n      password: {PASSWORD}\n     username: [\n");
    let machine = Machine::new("auth-broken", &[("clouds.yaml", &broken)]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1", "--os-cloud", "dev"])).await;
    assert_eq!(ended.code, Some(2));
    let told = machine.here(&ended.stderr);
    assert!(told.starts_with("error: HERE/clouds.yaml cannot be used: line 5"), "{told}");
    assert!(!told.contains(PASSWORD), "{told}");
    // Whoever asks without it is not in its way.
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{}", server.url(), crate::support::PATH);
    let ended = run(&mut machine.lro(&["wait", &url])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[tokio::test]
async fn an_unknown_cloud_lists_those_that_there_are() {
    let machine = Machine::new("auth-unknown", &[("clouds.yaml", OTC)]);
    let ended = run(&mut machine.lro(&["auth", "--os-cloud", "nope"])).await;
    assert_eq!(ended.code, Some(2));
    let told = machine.here(&ended.stderr);
    assert!(told.starts_with("error: there is no cloud `nope`"), "{told}");
    assert!(told.contains("HERE/clouds.yaml") && told.contains("`otc`"), "{told}");
}

#[tokio::test]
async fn a_check_asks_the_cloud_and_tells_until_when() {
    let plas = Server::start([Reply::json(200, "{}")]).await;
    let keystone = keystone("t0ken", &plas.url()).await;
    let machine = Machine::new("auth-check", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let ended = run(&mut machine.lro(&["auth", "--check"])).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let endpoint = format!("endpoint   {} (the catalog)", plas.url());
    for line in [
        "identity   user `alice` of domain `D`, project `eu-de`",
        &endpoint,
        "checked    the API may be asked",
    ] {
        assert!(ended.stdout.lines().any(|told| told == line), "{line}\n{}", ended.stdout);
    }
    let until = ended.stdout.lines().find(|line| line.starts_with("until      20")).expect("a date");
    assert!(until.contains("Z, in 59m") || until.contains("Z, in 1h"), "{until}");
    assert!(until.ends_with("; then a fresh one is had"), "{until}");
    assert_eq!((keystone.hits().len(), plas.hits().len()), (1, 1));
    assert_eq!(plas.hits()[0].line, "GET /v1.0/plasconnector/connectors?pageSize=10&pageNum=1 HTTP/1.1");
    assert_eq!(plas.hits()[0].header("x-auth-token"), Some("t0ken"));
    assert!(!ended.stdout.contains(PASSWORD) && !ended.stdout.contains("t0ken"));
}

#[tokio::test]
async fn a_check_asks_what_the_api_allows() {
    let simulator = lro::simulator::Simulator::builder().token("t0ken").start().await.expect("an API");
    let machine = Machine::new("auth-check-simulated", &[]);
    for (token, exit) in [("t0ken", 0), ("other", 4)] {
        let mut command = machine.lro(&["auth", "--check", "--endpoint", &simulator.url()]);
        let ended = run(command.env("LRO_TOKEN", token)).await;
        assert_eq!(ended.code, Some(exit), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_check_that_fails_says_what_failed() {
    let plas =
        Server::start([Reply::json(403, r#"{"error_code":"APIG.0302","error_msg":"not authorised"}"#)]).await;
    let refuses = Server::start([Reply::json(401, "")]).await;
    let tired = Server::start([Reply::json(503, "")]).await;
    let gives = Server::start([issued("t0ken", &plas.url())]).await;
    let other = Server::start([Reply::json(404, "")]).await;
    let lost = Server::start([issued("t0ken", &other.url())]).await;
    for (keystone, exit, told) in [
        (&refuses, 4, "gave no token\n  caused by: HTTP 401 Unauthorized\n"),
        (&tired, 3, "gave no token\n  caused by: HTTP 503 Service Unavailable\n"),
        (&gives, 4, "caused by: HTTP 403 Forbidden: APIG.0302: not authorised\n"),
        (&lost, 3, "error: the cloud was asked, without success\n  caused by: HTTP 404 Not Found\n"),
    ] {
        let machine = Machine::new("auth-check-fails", &[("clouds.yaml", &clouds(&keystone.url()))]);
        let ended = run(&mut machine.lro(&["auth", "--check"])).await;
        assert_eq!(ended.code, Some(exit), "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
        assert!(
            ended.stderr.contains("asked as user `alice` of domain `D`, project `eu-de`"),
            "{}",
            ended.stderr
        );
        assert!(ended.stdout.contains("checked    no: see the error\n"), "{}", ended.stdout);
        assert_eq!(keystone.hits().len(), 1);
        // A token that was had ends when it ends; what comes after it is not known.
        let until = ended.stdout.lines().find_map(|line| line.strip_prefix("until      ")).expect("a line");
        let is_known = until.starts_with("20") && !until.contains(';');
        assert!(if told.contains("gave no token") { until == "not known" } else { is_known }, "{until}");
    }
    let machine = Machine::new("auth-check-fails", &[("clouds.yaml", &clouds(&refuses.url()))]);
    let ended = run(&mut machine.lro(&["auth", "--check", "-o", "json"])).await;
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a document");
    assert_eq!((&document["allowed"], &document["renews"]), (&false.into(), &serde_json::Value::Null));
}

#[tokio::test]
async fn only_what_is_known_of_the_end_of_an_access_key_is_told() {
    let token = ("OS_SECURITY_TOKEN", "t0ken");
    for (status, args, variable, until) in [
        (200, &["auth"][..], None, "it does not end"),
        (200, &["auth", "--check"], None, "it does not end"),
        (401, &["auth", "--check"], None, "not known"),
        (200, &["auth"], Some(token), "not known; it cannot be renewed"),
        (200, &["auth", "--check"], Some(token), "not known; it cannot be renewed"),
        (401, &["auth", "--check"], Some(token), "not known; it cannot be renewed"),
    ] {
        let plas = Server::start([Reply::json(status, "{}")]).await;
        let machine = Machine::new("auth-key", &[]);
        let mut command = machine.lro(&[args, &["--endpoint", &plas.url()]].concat());
        command.env("OS_ACCESS_KEY", "AK").env("OS_SECRET_KEY", PASSWORD).envs(variable);
        let ended = run(&mut command).await;
        let told = ended.stdout.lines().find_map(|line| line.strip_prefix("until      "));
        assert_eq!(told, Some(until), "{args:?} {status} {variable:?}\n{}", ended.stderr);
    }
}

#[tokio::test]
async fn an_identity_service_is_found_however_its_url_is_written() {
    for (written, path) in
        [("", "/v3"), ("/", "/v3"), ("/v3", "/v3"), ("/v3/", "/v3"), ("/identity", "/identity/v3")]
    {
        let plas = Server::start([Reply::json(200, PENDING)]).await;
        let keystone = keystone("t0ken", &plas.url()).await;
        let file = clouds(&format!("{}{written}", keystone.url()));
        let machine = Machine::new("auth-url", &[("clouds.yaml", &file)]);
        let ended = run(&mut machine.lro(&["status", "c1/o1"])).await;
        assert_eq!(ended.code, Some(75), "{written}\n{}", ended.stderr);
        assert_eq!(keystone.hits()[0].path(), format!("{path}/auth/tokens"));
    }
    let machine = Machine::new("auth-url-scheme", &[("clouds.yaml", &clouds("iam.example/v3"))]);
    let ended = run(&mut machine.lro(&["auth"])).await;
    assert!(ended.stdout.contains("asks at    https://iam.example/v3\n"), "{}{}", ended.stdout, ended.stderr);
}
