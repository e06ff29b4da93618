//! What is wrong with the arguments, the variables or the files is told by name, with exit code 2, and nothing is sent.

use crate::support::command::{lro, run, run_with_input};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, SUCCESS};

/// Each wrong thing, and what is told of it.
const WRONG: &[(&[&str], &str)] = &[
    (&[], "<OPERATION>"),
    (&["abc"], "`abc` is neither CONNECTOR_ID/OPERATION_ID, nor a path that starts with /, nor a URL"),
    (&["a/b/c"], "`a/b/c` is neither"),
    (&["/v1.0/else"], "is not the location of an operation"),
    (
        &["ftp://HOST/v1.0/plasconnector/connectors/a/operations/b"],
        "not a URL that starts with http:// or https://",
    ),
    (
        &["https://me:pass@HOST/v1.0/plasconnector/connectors/a/operations/b"],
        "holds a user name or a password",
    ),
    (
        &["https://else.example/v1.0/plasconnector/connectors/a/operations/b", "--endpoint", "URL"],
        "hint: leave --endpoint or LRO_ENDPOINT out, or give the one that the operation is at",
    ),
    (&["a/b", "--endpoint", "HOST"], "hint: perhaps https://127.0.0.1"),
    (&["a/b", "--endpoint", "URL/v1.0"], "hint: write http://127.0.0.1"),
    (&["a/b", "--endpoint", "http://me:pass@127.0.0.1"], "hint: the token is given with LRO_TOKEN"),
    (&["a/b"], "hint: give --endpoint URL or set LRO_ENDPOINT"),
    (&["AT", "-t", "0"], "0 is no time at all; write `none` for no limit"),
    (&["AT", "-t", "soon"], "write it as 90s, 20m or 1h30m"),
    (&["AT", "-t", "-5"], "write it as 90s, 20m or 1h30m"),
    (&["AT", "-t", "400d"], "the timeout is 400 d, but must be from 10ms to 366 d"),
    (&["AT", "--poll-timeout", "2h"], "the poll timeout is 2 h, but must be from 10ms to 1 h"),
    (&["AT", "--poll-timeout", "0"], "it must be longer than 0"),
    (
        &["AT", "-t", "5s", "--initial-delay", "5s"],
        "the initial delay is 5s, but must be shorter than the timeout, 5s",
    ),
    (&["AT", "--interval", "1ms"], "the interval is 1ms, but must be from 10ms to 1 d"),
    (
        &["AT", "--interval", "30s", "--max-interval", "20s"],
        "the longest interval is 20s, but must be at least the first one, 30s",
    ),
    (&["AT", "--backoff", "0.5"], "the backoff factor is 0.5, but must be from 1 to 10"),
    (&["AT", "--backoff", "NaN"], "the backoff factor is NaN"),
    (&["AT", "--jitter", "-1"], "the jitter is -1, but must be from 0 to 0.5"),
    (&["AT", "--schedule", "fixed", "--backoff", "2"], "--backoff has no meaning with --schedule fixed"),
    (
        &["AT", "--schedule", "fixed", "--max-interval", "2"],
        "--max-interval has no meaning with --schedule fixed",
    ),
    (&["AT", "--schedule", "expected"], "--schedule expected has nothing to expect"),
    (&["AT", "--schedule", "balanced", "--expect", "5m"], "--expect has no meaning with --schedule balanced"),
    (&["AT", "--expect", "0"], "it must be longer than 0"),
    (&["AT", "--expect", "400d"], "the expectation is 400 d, but must be from 10ms to 366 d"),
    (&["AT", "--expect", "5m", "--backoff", "2"], "--backoff has no meaning with --schedule expected"),
    (&["AT", "--cost", "1s"], "--cost has no meaning with --schedule exponential"),
    (&["AT", "--schedule", "fixed", "--cost", "1s"], "--cost has no meaning with --schedule fixed"),
    (&["AT", "--expect", "5m", "--cost", "2h"], "the cost of a poll is 2 h, but must be from 1ms to 1 h"),
    (&["AT", "--schedule", "often"], "possible values: exponential, balanced, expected, fixed"),
    (&["AT", "--max-errors", "0"], "it must be at least 1, or `none`"),
    (&["AT", "--max-errors", "many"], "it must be a number from 1, or `none`"),
    (&["AT", "--preset", "otc-plass"], "there is no preset `otc-plass`\n  hint: perhaps otc-plas"),
    (&["AT", "--token-file", "/nowhere/token"], "the token file `/nowhere/token` cannot be read"),
    (&["AT", "--token-file", "/dev/null"], "the token file `/dev/null` is empty"),
    (&["AT", "--token-command", "exit 3"], "the token command ended with exit status: 3"),
    (&["AT", "--token-file", "x", "--token-command", "y"], "cannot be used with"),
    (&["AT", "--cacert", "/nowhere/ca.pem"], "the file of --cacert, `/nowhere/ca.pem`, cannot be read"),
    (&["AT", "--cacert", "/dev/null"], "the CA bundle is not a list of certificates in PEM"),
    (&["AT", "--cert", "/dev/null"], "--key <FILE>"),
    (
        &["AT", "--cert", "/dev/null", "--key", "/dev/null"],
        "the client certificate and its key are not usable PEM",
    ),
    (&["AT", "--proxy", "http://me:pass@127.0.0.1:1"], "--proxy holds a password"),
    (&["AT", "--proxy", "http://me:pass@127.0.0.1:1/"], "--proxy holds a password"),
    (&["AT", "--proxy", "me:pass@127.0.0.1:1"], "--proxy holds a password"),
    (&["https://me:pass@127.0.0.1/foo"], "holds a user name or a password"),
    (&["https://127.0.0.1/foo?token=pass@"], "is not the location of an operation"),
    (&["AT", "--proxy", "://"], "the proxy is not usable"),
    (&["AT", "-q", "-v"], "cannot be used with"),
    (&["AT", "-o", "yaml"], "possible values: text, result, json, jsonl, none"),
    (&["AT", "--heartbeat", "0"], "write `none` for no limit"),
    (&["AT", "--max-errors", "-1"], "it must be a number from 1, or `none`"),
    (&["AT", "--token-command", ""], "a value is required for '--token-command <COMMAND>'"),
    (&["AT", "--proxy", "http://[bad"], "the proxy is not usable"),
    (&["AT", "--frobnicate"], "unexpected argument '--frobnicate'"),
];

#[tokio::test]
async fn every_wrong_argument_is_named_and_nothing_is_sent() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = server.url();
    let host = url.trim_start_matches("http://");
    for (args, told) in WRONG {
        let args: Vec<String> = args
            .iter()
            .map(|arg| match *arg {
                "AT" => format!("{url}{PATH}"),
                arg => arg.replace("URL/", &format!("{url}/")).replace("HOST", host),
            })
            .map(|arg| if arg == "URL" { url.clone() } else { arg })
            .collect();
        let mut command = lro(&["wait"]);
        let ended = run(command.args(&args)).await;
        assert_eq!(ended.code, Some(2), "{args:?}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{args:?}: {told}\n{}", ended.stderr);
        assert!(ended.stderr.contains("error: "), "{args:?}\n{}", ended.stderr);
        assert!(!ended.stderr.contains("tip: to pass"), "{args:?}\n{}", ended.stderr);
        assert!(!ended.stderr.contains("pass@"), "{args:?}\n{}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn every_wrong_variable_is_named_and_nothing_is_sent() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", server.url());
    for (name, value, told) in [
        ("LRO_TIMEOUT", "0", "0 is no time at all"),
        ("LRO_TIMEOUT", "abc", "hint: the value is that of the variable LRO_TIMEOUT"),
        ("http_proxy", "http://[bad", "the proxy is not usable: the one in the variable http_proxy: "),
        ("HTTP_PROXY", "ftp://127.0.0.1", "the proxy is not usable: the one in the variable HTTP_PROXY: "),
        ("LRO_TIMEOUT", "", "write it as 90s, 20m or 1h30m"),
        ("LRO_PRESET", "other", "the value of --preset is that of the variable LRO_PRESET"),
        ("LRO_ENDPOINT", "nonsense", "the endpoint cannot be used: `nonsense`"),
        ("LRO_TOKEN", "", "the variable LRO_TOKEN cannot be used\n  caused by: the token is empty"),
        ("OS_TOKEN", "a b", "the token cannot be used (variable OS_TOKEN): the token holds a space"),
        ("LRO_SIGNATURE", "v4", "hint: the value is that of the variable LRO_SIGNATURE"),
    ] {
        let ended = run(lro(&["wait", &url]).env(name, value)).await;
        assert_eq!(ended.code, Some(2), "{name}={value}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{name}={value}: {told}\n{}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_variable_that_is_not_text_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for (name, told) in [
        ("LRO_TIMEOUT", "error: the variable LRO_TIMEOUT cannot be used: it is not text\n"),
        ("LRO_ENDPOINT", "error: the variable LRO_ENDPOINT cannot be used: it is not text\n"),
        ("LRO_TOKEN", "error: the variable LRO_TOKEN cannot be used\n  caused by: the token is not text\n"),
    ] {
        let ended = run(lro(&["wait", "http://127.0.0.1:9/v1.0/plasconnector/connectors/a/operations/b"])
            .env(name, OsStr::from_bytes(b"a\xffb")))
        .await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(2), told));
    }
}

#[tokio::test]
async fn an_empty_endpoint_is_none() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", server.url());
    let ended = run(lro(&["wait", &url]).env("LRO_ENDPOINT", "")).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[tokio::test]
async fn standard_input_names_the_operation_in_both_forms() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let accepted = r#"{"location": "/v1.0/plasconnector/connector/c1/operations/o1"}"#;
    let marked = format!("\u{feff}{accepted}");
    for input in [
        accepted,
        &marked,
        "\u{feff}c1/o1\n",
        "\r\n  /v1.0/plasconnector/connectors/c1/operations/o1\r\n\r\n",
    ] {
        let ended = run_with_input(&mut lro(&["wait", "-", "--endpoint", &server.url()]), input).await;
        assert_eq!(ended.code, Some(0), "{input}\n{}", ended.stderr);
    }
    let plural = PATH.to_owned();
    let singular = plural.replace("connectors", "connector");
    assert_eq!(server.paths(), [singular.clone(), singular, plural.clone(), plural]);
}

#[tokio::test]
async fn what_is_no_operation_on_standard_input_is_told() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let elsewhere = format!(r#"{{"location": "{}{PATH}"}}"#, server.url());
    for (endpoint, input, told) in [
        (true, "", "there is no operation on standard input: it is empty"),
        (true, "<html>", "this names no operation as the preset `otc-plas` knows them"),
        (true, r#"{"error":"no"}"#, "this names no operation as the preset `otc-plas` knows them"),
        (
            true,
            r#"{"location":"https://else.example/v1.0/plasconnector/connectors/a/operations/b"}"#,
            "is not at the endpoint",
        ),
        (true, "nonsense", "`nonsense` is neither"),
        // Where a token goes is for the user to say, not for a server.
        (false, &format!("{}{PATH}", server.url()), "hint: give --endpoint URL or set LRO_ENDPOINT"),
        (false, &elsewhere, "hint: give --endpoint URL or set LRO_ENDPOINT"),
    ] {
        let mut command = lro(&["wait", "-"]);
        if endpoint {
            command.env("LRO_ENDPOINT", server.url());
        }
        let ended = run_with_input(&mut command, input).await;
        assert_eq!(ended.code, Some(2), "{input}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{input}: {told}\n{}", ended.stderr);
    }
    let endless = "x".repeat(100_000);
    let ended = run_with_input(lro(&["wait", "-"]).env("LRO_ENDPOINT", server.url()), &endless).await;
    assert!(ended.stderr.contains("it is longer than 64 KiB"), "{}", ended.stderr);
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn help_says_what_there_is_and_the_exit_codes_last() {
    let ended = run(lro(&["wait", "--help"]).env("LRO_TIMEOUT", "5m")).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for heading in
        ["Where:", "Who:", "Network:", "How long:", "How often:", "Faults:", "Output:", "Examples:"]
    {
        assert!(ended.stdout.contains(&format!("\n{heading}\n")), "{heading}");
    }
    for variable in ["LRO_ENDPOINT", "LRO_TIMEOUT", "LRO_TOKEN", "LRO_SIGNATURE", "OS_CLOUD", "OS_*"] {
        assert!(ended.stdout.contains(variable), "{variable}");
    }
    let codes = ended.stdout.split("\nExit codes:\n").nth(1).expect("a table of exit codes");
    assert!(codes.ends_with("  130, 143  SIGINT, SIGTERM (twice: at once)\n"), "{codes}");
    let version = run(&mut lro(&["--version"])).await;
    assert_eq!(version.stdout, concat!("lro ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[tokio::test]
async fn completions_and_manual_pages_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = run(&mut lro(&["completions", shell])).await;
        assert!(ended.code == Some(0) && ended.stdout.contains("not-found-grace"), "{shell}");
    }
    let page = run(&mut lro(&["man"])).await.stdout;
    assert!(page.contains(".TH lro 1") && page.contains("lro\\-wait"), "{page}");
    let page = run(&mut lro(&["man", "wait"])).await.stdout;
    assert!(page.contains(".TH lro-wait 1") && page.contains("\\-\\-not\\-found\\-grace"), "{page}");
    let ended = run(&mut lro(&["man", "nothing"])).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("there is no verb `nothing`"), "{}", ended.stderr);
}

#[tokio::test]
async fn standard_input_may_be_what_curl_prints_with_the_headers() {
    let server = Server::start([Reply::json(200, r#"{"status": "Succeeded"}"#)]).await;
    let location = format!("{}/operations/1?v=2", server.url());
    let accepted = format!("HTTP/1.1 202 Accepted\r\nAzure-AsyncOperation: {location}\r\n\r\n");
    let mut command = lro(&["wait", "-", "--preset", "azure", "-q"]);
    let ended = run_with_input(command.env("LRO_ENDPOINT", server.url()), &accepted).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(server.hits()[0].path(), "/operations/1?v=2");
    for (input, told) in [
        ("HTTP/2 202\n\n", "this names no operation as the preset `azure` knows them"),
        ("HTTP/1.1 409 Conflict\n\n{}", "the call was answered with HTTP 409"),
        ("HTTP/1.1 what\n\n{}", "`HTTP/1.1 what` has no status"),
    ] {
        let mut command = lro(&["wait", "-", "--preset", "azure"]);
        let ended = run_with_input(command.env("LRO_ENDPOINT", server.url()), input).await;
        assert_eq!(ended.code, Some(2), "{input}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{input}: {told}\n{}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 1);
}
