//! Where the operation is that a call started: told, printed, and asked if it may be.

use super::{BY_LOCATION, accepted, assert_told, done, pending, sent, server, submit};
use crate::support::command::{run, shell};
use crate::support::server::{Reply, Then};

#[tokio::test]
async fn an_answer_that_names_no_operation_is_told_for_a_person_to_find_it() {
    let nameless = Reply::json(202, r#"{"id":"op-7"}"#);
    for (reply, told) in [
        (Reply::json(202, ""), "but its answer does not say where the operation is\n"),
        (nameless.clone(), "is; it begins with `{\"id\":\"op-7\"}`\n"),
        (nameless.header("Location", "/op?sig=abc"), "is; its Location is /op?…; it begins with `{\"id\""),
    ] {
        let server = server(&[reply]).await;
        let ended = submit(&server, "POST", &[]).await;
        assert_told(
            &ended,
            3,
            &[
                "the server accepted the call, ",
                told,
                "hint: the operation may be running: look for it",
                "--preset",
            ],
        );
        assert_eq!(sent(&server), ["POST /things"]);
    }
}

#[tokio::test]
async fn another_host_is_asked_only_with_leave_and_without_the_token() {
    let other = server(&[done()]).await;
    let start = || Reply::json(202, "").header("Location", &format!("{}/op?x=1", other.url()));
    let token = ["--token-command", "echo s3cretsecret"];
    let first = server(&[start()]).await;
    let ended = submit(&first, "POST", &[&BY_LOCATION[..], &token].concat()).await;
    let told = format!("accepted: the operation is {}/op?…\n", other.url());
    assert_told(&ended, 3, &[&told, "the server says to go on elsewhere\n", "--allow-host"]);
    assert_eq!((first.hits().len(), other.hits().len()), (1, 0));

    let host = other.url().replace("http://", "");
    let second = server(&[start()]).await;
    let ended = submit(&second, "POST", &[&BY_LOCATION[..], &token, &["--allow-host", &host]].concat()).await;
    assert_told(&ended, 0, &[]);
    assert_eq!(second.hits()[0].header("x-auth-token"), None);
    assert_eq!(second.hits()[0].header("authorization"), Some("Bearer s3cretsecret"));
    assert_eq!(sent(&other), ["GET /op?x=1"]);
    let told = format!("{:?}", other.hits()[0].headers);
    assert!(!told.contains("s3cretsecret"), "{told}");
}

#[tokio::test]
async fn the_command_to_go_on_elsewhere_sends_no_credentials_there() {
    let other = server(&[done()]).await;
    let start = Reply::json(202, "").header("Location", &format!("{}/op", other.url()));
    let server = server(&[start]).await;
    let url = format!("{}/things", server.url());
    let words = BY_LOCATION.join(" ");
    let ended = run(shell(&format!("lro submit POST {url} {words}")).env("LRO_TOKEN", "s3cretsecret")).await;
    let (_, command) = ended.stderr.trim_end().rsplit_once("to wait for it again: ").expect(&ended.stderr);
    assert!(command.starts_with("lro wait "), "{command}");
    let ended = run(shell(command).env("LRO_TOKEN", "s3cretsecret")).await;
    assert_eq!(ended.code, Some(0), "{command}\n{}", ended.stderr);
    assert_eq!(sent(&other), ["GET /op"]);
    let told = format!("{:?}", other.hits());
    assert!(!told.contains("s3cretsecret"), "{told}");
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn the_command_to_go_on_asks_where_it_was_asked_last_and_by_the_same_rules() {
    let moved = Reply::json(202, "").header("Location", "/op/2?sig=a b&c='d'");
    let server = server(&[accepted(), moved, pending()]).await;
    let url = format!("{}/things", server.url());
    let more = "-t 500ms --failure 'no good' -H 'X-Version: 2' --interval 20ms";
    let ended = run(&mut shell(&format!("lro submit POST {url} {} {more}", BY_LOCATION.join(" ")))).await;
    assert_told(&ended, 124, &["the operation may still be running; to wait for it again: lro wait "]);
    let (_, command) = ended.stderr.trim_end().rsplit_once("again: ").expect("a command");
    let before = server.hits().len();
    let again = run(&mut shell(&format!("{command} -t 300ms"))).await;
    assert_eq!(again.code, Some(124), "{}", again.stderr);
    assert!(again.stderr.contains("] pending (running)\n"), "{}", again.stderr);
    let hit = &server.hits()[before];
    assert_eq!((hit.path(), hit.header("x-version")), ("/op/2?sig=a%20b&c=%27d%27", Some("2")));
    for flag in ["--preset http-202", "--state status", "--success done", "--failure 'no good'"] {
        assert!(command.contains(flag), "{flag}: {command}");
    }
}

#[tokio::test]
async fn the_command_to_go_on_names_the_preset_that_judges_by_now() {
    // So that it gives up at once.
    let running = Reply::json(202, "").header("Retry-After", "60");
    let ready = Reply::json(200, r#"{"properties":{"provisioningState":"Updating"}}"#);
    let server = server(&[accepted(), running, ready]).await;
    let ended = submit(&server, "POST", &["--preset", "azure", "-t", "5s"]).await;
    let command = format!("lro wait --preset http-202 {}/op", server.url());
    assert_told(&ended, 124, &[&format!("to wait for it again: {command}\n")]);
    let again = run(&mut shell(&format!("{command} -t 2s"))).await;
    assert_told(&again, 0, &[]);
}

#[tokio::test]
async fn the_command_to_go_on_says_again_what_an_end_is_and_what_is_printed() {
    let running = Reply::json(202, "").header("Retry-After", "60");
    let given = "--not-found-grace 1500ms -o json --fail-on-blocked --require-result";
    let said = "--not-found-grace '1s 500ms' --output json --fail-on-blocked --require-result";
    for (given, said) in [("-t 5s", ""), (given, said), ("--not-found-grace 30s", "")] {
        let server = server(&[accepted(), running.clone()]).await;
        let url = server.url();
        let typed =
            format!("lro submit POST {url}/things --preset http-202 -t 6s {given}").replace("-t 6s -t", "-t");
        let ended = run(&mut shell(&typed)).await;
        let command = format!("lro wait --preset http-202 {said} {url}/op").replace("  ", " ");
        assert_told(&ended, 124, &[&format!("to wait for it again: {command}\n")]);
        let again = run(&mut shell(&format!("{command} -t 5s"))).await;
        assert_told(&again, 124, &[&format!("to wait for it again: {command}\n")]);
    }
}

#[tokio::test]
async fn after_a_call_each_other_end_says_where_the_operation_is() {
    for (reply, code) in [
        (Reply::json(401, ""), 4),
        (Reply::json(400, "").header("X-A", "b"), 1),
        (Reply::json(405, ""), 3),
        (Reply::json(410, ""), 5),
    ] {
        let server = server(&[accepted(), reply]).await;
        let ended = submit(&server, "POST", &BY_LOCATION).await;
        let told = format!("accepted: the operation is {}/op\n", server.url());
        assert_told(&ended, code, &[&told]);
        let again = format!("to wait for it again: lro wait {} {}/op\n", BY_LOCATION.join(" "), server.url());
        // What has failed is not waited for again.
        assert_eq!(ended.stderr.contains(&again), code != 1, "{}", ended.stderr);
        assert_eq!(sent(&server), ["POST /things", "GET /op"]);
    }
    let server = server(&[accepted(), Reply::json(401, "")]).await;
    let ended =
        submit(&server, "POST", &[&BY_LOCATION[..], &["--token-command", "echo some-token"]].concat()).await;
    let told = format!("to wait for it again, give lro wait the same flags and {}/op\n", server.url());
    assert_told(&ended, 4, &[&told]);
}

#[tokio::test]
async fn print_location_prints_the_url_and_does_not_wait() {
    let server = server(&[accepted(), done()]).await;
    let ended = submit(&server, "POST", &["--preset", "http-202", "--print-location"]).await;
    assert_told(&ended, 0, &[]);
    assert_eq!((ended.stdout, &*ended.stderr), (format!("{}/op\n", server.url()), ""));
    assert_eq!(sent(&server), ["POST /things"]);
}

#[tokio::test]
async fn print_location_prints_nothing_when_there_is_nothing_to_wait_for() {
    for (reply, code, told) in [
        (Reply::json(200, r#"{"a":1}"#), 0, "done at once: there is no operation to wait for\n"),
        (Reply::json(204, ""), 0, "done at once: "),
        (Reply::json(409, ""), 3, "nothing was started"),
        (Reply::nothing(Then::Close), 3, "it is open whether"),
    ] {
        let server = server(&[reply]).await;
        let ended = submit(&server, "POST", &["--print-location"]).await;
        assert_told(&ended, code, &[told]);
        assert_eq!((&*ended.stdout, server.hits().len()), ("", 1));
    }
}
