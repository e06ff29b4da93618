//! What a variable or a profile says is what a wait goes by.

use super::{columns, lro, machine};
use crate::support::command::run;
use crate::support::server::{Reply, Server};
use crate::support::{PENDING, SUCCESS};

#[tokio::test]
async fn a_wait_takes_its_limit_its_endpoint_its_preset_and_its_token_from_a_profile() {
    let answer = |state: &str| Reply::json(200, format!(r#"{{"s": "{state}"}}"#));
    let server = Server::start([answer("new"), answer("fine")]).await;
    let config = format!(
        "interval = '10ms'\n\
         [profile.mine]\nendpoint = '{}'\npreset = 'mine'\ntoken-command = 'printf t0ken-of-mine'\n\
         header = ['X-Team: infra', 'X-Why: test']\n",
        server.url()
    );
    let machine = machine("config-used", &config);
    std::fs::create_dir_all(machine.path("xdg/lro/presets")).expect("a folder");
    let preset =
        "title = 'Mine'\nauth = 'bearer'\nreference = '/jobs/{id}'\nstate = 's'\nsuccess = ['fine']\n";
    std::fs::write(machine.path("xdg/lro/presets/mine.toml"), preset).expect("a file");
    let ended = run(&mut lro(&machine, &["wait", "7", "--profile", "mine"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.starts_with("7\tsucceeded\t"), "{}", ended.stdout);
    let hits = server.hits();
    assert_eq!(server.paths(), ["/jobs/7"; 2]);
    for hit in hits {
        assert_eq!(hit.header("authorization"), Some("Bearer t0ken-of-mine"));
        assert_eq!((hit.header("x-team"), hit.header("x-why")), (Some("infra"), Some("test")));
    }
    // Without the profile nothing of it is there.
    let ended = run(&mut lro(&machine, &["wait", "7"])).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
}

#[tokio::test]
async fn the_limit_is_that_of_the_place_that_counts_for_most() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let config = format!(
        "endpoint = '{}'\ninterval = '30ms'\ntimeout = 'none'\n[profile.short]\ntimeout = '150ms'\n",
        server.url()
    );
    let machine = machine("config-limit", &config);
    for (args, variables, told) in [
        (&["wait", "c/o", "--profile", "short"][..], &[][..], "150ms"),
        (&["wait", "c/o"], &[("LRO_PROFILE", "short")], "150ms"),
        (&["wait", "c/o"], &[("LRO_PROFILE", "short"), ("LRO_TIMEOUT", "160ms")], "160ms"),
        (&["wait", "c/o", "-t", "170ms"], &[("LRO_PROFILE", "short"), ("LRO_TIMEOUT", "160ms")], "170ms"),
    ] {
        let ended = run(lro(&machine, args).envs(variables.iter().copied())).await;
        assert_eq!(ended.code, Some(124), "{args:?} {variables:?}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{args:?} {variables:?} {told}\n{}", ended.stderr);
    }
}

#[tokio::test]
async fn who_asks_is_told_with_the_line_that_says_so() {
    let config = "[profile.mine]\nendpoint = 'https://a.example'\ntoken-file = 'token'\n";
    let machine = machine("config-auth", config);
    std::fs::write(machine.path("token"), "t0ken").expect("a file");
    for (args, variables, lines) in [
        (
            &["auth", "--profile", "mine"][..],
            &[][..],
            [
                "method     token (--token-file token of profile `mine` in HERE/xdg/lro/config.toml:3)",
                "endpoint   https://a.example (profile `mine` in HERE/xdg/lro/config.toml:2)",
            ],
        ),
        (
            &["auth", "--profile", "mine"],
            &[("LRO_TOKEN", "t"), ("LRO_ENDPOINT", "https://b.example")],
            ["method     token (variable LRO_TOKEN)", "endpoint   https://b.example (variable LRO_ENDPOINT)"],
        ),
        (
            &["auth", "--profile", "mine", "--endpoint", "https://c.example", "--token-command", "printf x"],
            &[("LRO_ENDPOINT", "https://b.example")],
            ["method     token (--token-command)", "endpoint   https://c.example (--endpoint)"],
        ),
    ] {
        let ended = run(lro(&machine, args).envs(variables.iter().copied())).await;
        let told = machine.here(&ended.stdout);
        for line in lines {
            assert!(told.lines().any(|told| told == line), "{line}\n{told}{}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn what_is_to_be_typed_to_wait_again_names_the_profile_and_not_what_it_says() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let config = format!(
        "[profile.mine]\nendpoint = '{}'\ntoken-command = 'printf t0ken-of-mine'\ninterval = '20ms'\nheader = 'X-A: 1'\n",
        server.url()
    );
    let machine = machine("config-again", &config);
    let ended = run(&mut lro(&machine, &["wait", "c1/o1", "--profile", "mine", "-t", "100ms"])).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    let again = format!("lro wait --profile mine {}{}\n", server.url(), crate::support::PATH);
    assert!(ended.stderr.ends_with(&again), "{}", ended.stderr);
}

#[tokio::test]
async fn the_command_after_success_and_the_demo_are_left_alone() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{}", server.url(), crate::support::PATH);
    let machine = machine("config-then", "timeout = '5s'\nquiet = true\n");
    let args = ["wait", &url, "--", "sh", "-c", "echo $0 $*; env | grep -c ^LRO_", "--timeout", "x"];
    let ended = run(lro(&machine, &args).env("LRO_OUTPUT", "none")).await;
    assert_eq!((ended.code, &*ended.stdout), (Some(0), "--timeout x\n1\n"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_file_that_is_named_takes_the_place_of_the_usual_one() {
    let machine = machine("config-named", "timeout = '1h'\n");
    std::fs::write(machine.path("other.toml"), "timeout = '2h'\n").expect("a file");
    super::own(&machine.path("other.toml"), 0o644);
    for (variable, told) in [
        (Some("other.toml"), "timeout 2h other.toml:1"),
        (Some(""), "timeout 30m default"),
        (Some("/dev/null"), "timeout 30m default"),
        (None, "timeout 1h HERE/xdg/lro/config.toml:1"),
    ] {
        let mut command = lro(&machine, &["config", "show"]);
        let ended = run(command.envs(variable.map(|path| ("LRO_CONFIG", path)))).await;
        let shown = machine.here(&ended.stdout);
        assert!(
            shown.lines().any(|line| columns(line) == told),
            "{variable:?} {told}\n{shown}{}",
            ended.stderr
        );
    }
}
