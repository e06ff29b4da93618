//! What is wrong with the configuration is told by the variable or the line, with exit code 2, and nothing is sent.

use super::{columns, lro, machine, own};
use crate::support::command::run;
use crate::support::server::{Reply, Server};
use crate::support::{PATH, SUCCESS};

/// Where the file is.
const FILE: &str = "HERE/xdg/lro/config.toml";

#[tokio::test]
async fn what_is_wrong_in_the_file_is_told_by_its_line_and_nothing_is_sent() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", server.url());
    for (config, args, told) in [
        ("\ntimeout = 'soon'", &[][..], "invalid value 'soon' for '--timeout <DURATION>'"),
        ("quiet = true\ntimeout = 'soon'", &[], "\n  hint: the value is that of FILE:2\n"),
        (
            "[profile.ci]\ntimeout = 'soon'",
            &["--profile", "ci"],
            "\n  hint: the value is that of the profile `ci` in FILE:2\n",
        ),
        (
            "quiet = true\nverbose = true",
            &[],
            "\n  hint: --quiet is that of FILE:1\n  hint: --verbose is that of FILE:2\n",
        ),
        ("cert = 'x'", &[], "\n  hint: --cert is that of FILE:1\n"),
        (
            "backoff = 9\nschedule = 'fixed'",
            &[],
            "--backoff has no meaning with --schedule fixed\n  \
            the value of --schedule is that of FILE:2\n  the value of --backoff is that of FILE:1\n",
        ),
        (
            "preset = 'otc-plass'",
            &[],
            "there is no preset `otc-plass`\n  the value of --preset is that of FILE:1\n",
        ),
        (
            "poll-timeout = '2h'",
            &[],
            "the poll timeout is 2 h, but must be from 10ms to 1 h\n  \
            the value of --poll-timeout is that of FILE:1\n",
        ),
        (
            "header = 'X-Api-Key: s3cret'",
            &[],
            "holds a secret, which every user of this machine could read\n  \
            the value of --header is that of FILE:1\n",
        ),
        (
            "proxy = 'http://me:s3cret@127.0.0.1:1'",
            &[],
            "--proxy holds a password, which every user of this machine could \
            read\n  the value of --proxy is that of FILE:1\n",
        ),
        (
            "timeot = 1",
            &[],
            "error: the configuration file cannot be used\n  caused by: FILE:1: unknown key `timeot`: there is \
            no such flag\n  hint: perhaps timeout",
        ),
        (
            "[profile.x]\ntoken = 's3cret'",
            &[],
            "FILE:2: unknown key `token`: there is no such flag\n  hint: a secret does not \
            stand here: give token-file or token-command",
        ),
        (
            "[profile.x]\nquiet = 1",
            &["--profile", "x"],
            "error: what the configuration says of --quiet cannot be used\n  \
            caused by: the profile `x` in FILE:2: it is true or false\n",
        ),
        ("a = 1\nb = = 2", &[], "caused by: FILE:2: "),
        (
            "[profile.one]\n[profile.two]",
            &["--profile", "tow"],
            "error: there is no profile `tow`\n  caused by: the profiles in \
            `FILE` are one, two\n",
        ),
        ("", &["--profile", "x"], "caused by: there is no table [profile.NAME] in `FILE`"),
        ("timeout = \"\\u001b[2J\"", &[], "invalid value '' for '--timeout <DURATION>'"),
    ] {
        let machine = machine("config-wrong", config);
        let ended = run(lro(&machine, &["wait", &url]).args(args)).await;
        let text = machine.here(&ended.stderr).replace(FILE, "FILE");
        assert_eq!(ended.code, Some(2), "{config}\n{text}");
        assert!(text.contains(told), "{config}\n{told}\n{text}");
        // Nothing that is not at fault is told with it.
        assert!(!told.starts_with("\n  hint: ") || text.ends_with(told), "{config}\n{text}");
        assert!(!text.contains("s3cret") && !text.contains('\u{1b}'), "{text}");
        // What tells of it does not tell less of all else for it.
        let ended = run(lro(&machine, &["config", "show"]).args(args)).await;
        assert!(ended.stdout.contains("\npoll-timeout "), "{config}\n{}", ended.stdout);
        assert!(!ended.stdout.contains("s3cret") && !ended.stderr.contains("s3cret"), "{}", ended.stdout);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_file_that_others_can_write_is_refused() {
    let machine = machine("config-open", "token-command = 'touch done'\nendpoint = 'http://127.0.0.1:9'\n");
    let path = machine.path("xdg/lro/config.toml");
    for (mode, is_fine) in [(0o602, false), (0o620, false), (0o666, false), (0o644, true), (0o600, true)] {
        own(&path, mode);
        let args = ["status", "c/o", "--poll-timeout", "100ms"];
        let ended = run(&mut lro(&machine, &args)).await;
        let told = "error: the configuration file `HERE/xdg/lro/config.toml` is not used\n  caused by: others than its owner can \
                    write it\n  hint: what stands in it is run: chmod go-w HERE/xdg/lro/config.toml\n";
        assert_eq!(machine.here(&ended.stderr) == told, !is_fine, "{mode:o}\n{}", ended.stderr);
        assert_eq!(
            ended.code == Some(2),
            !is_fine || ended.stderr.contains("the token command"),
            "{}",
            ended.stderr
        );
        assert_eq!(std::fs::exists(machine.path("done")).expect("a folder"), is_fine, "{mode:o}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_told_unless_nobody_speaks_of_it() {
    let machine = machine("config-unread", "");
    let too_long = machine.path("long.toml");
    std::fs::write(&too_long, "#".repeat(1024 * 1024 + 1)).expect("a file");
    let no_text = machine.path("binary.toml");
    std::fs::write(&no_text, b"# one\n# \xff\n").expect("a file");
    for (path, told) in [
        (
            "/nowhere/lro.toml",
            "cannot be read\n  caused by: No such file or directory (os error 2)\n  hint: it is named by the \
            variable LRO_CONFIG",
        ),
        (&too_long, "caused by: it is longer than 1 MiB"),
        (&no_text, "caused by: line 2: it is not UTF-8"),
        ("/", "cannot be read"),
    ] {
        let ended = run(lro(&machine, &["wait", "http://127.0.0.1:9/x"]).env("LRO_CONFIG", path)).await;
        assert_eq!(ended.code, Some(2), "{path} {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{path} {told}\n{}", ended.stderr);
    }
    let ended =
        run(lro(&machine, &["wait", "c/o", "--profile", "x"]).env("XDG_CONFIG_HOME", machine.path("none")))
            .await;
    let told = "error: there is no profile `x`\n  caused by: there is no file `HERE/none/lro/config.toml`\n";
    assert_eq!((ended.code, &*machine.here(&ended.stderr)), (Some(2), told));
}

#[tokio::test]
async fn a_broken_file_is_in_the_way_of_nothing_that_has_no_use_for_it() {
    for config in ["what = is", "color = 'blue'", "[profile.default]\nlog-format = 'x'", "color = true"] {
        let machine = machine("config-broken", config);
        for args in
            [&["--help"][..], &["wait", "--help"], &["--version"], &["completions", "bash"], &["man", "wait"]]
        {
            let ended = run(&mut lro(&machine, args)).await;
            assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{config} {args:?}");
            assert!(!ended.stdout.is_empty(), "{config} {args:?}");
        }
        let ended = run(&mut lro(&machine, &["presets"])).await;
        assert_eq!(ended.code, Some(2), "{config} {}", ended.stderr);
        // What is typed wrong is no less wrong for it.
        let ended = run(&mut lro(&machine, &["completions", "bush"])).await;
        assert_eq!(ended.code, Some(2), "{config} {}", ended.stderr);
        assert!(ended.stderr.contains("invalid value 'bush'"), "{config} {}", ended.stderr);
    }
}

#[tokio::test]
async fn a_value_that_only_other_verbs_take_is_told_with_the_tables_that_it_belongs_to() {
    for (config, args, hint) in [
        (
            "output = 'jsonl'",
            &["status", "c/o"][..],
            "FILE:1; not every verb takes it: write it under [wait] or [submit]",
        ),
        (
            "[profile.ci]\noutput = 'result'",
            &["auth", "--profile", "ci"],
            "the profile `ci` in FILE:2; not every verb takes it: write it under [profile.ci.wait] or [profile.ci.submit]",
        ),
        // Where no verb takes it, or where it is said of this one, there is no other place for it.
        ("output = 'yaml'", &["status", "c/o"], "FILE:1"),
        ("[status]\noutput = 'jsonl'", &["status", "c/o"], "FILE:2"),
    ] {
        let machine = machine("config-elsewhere", config);
        let ended = run(&mut lro(&machine, args)).await;
        let told = format!("\n  hint: the value is that of {hint}\n");
        let text = machine.here(&ended.stderr).replace(FILE, "FILE");
        assert_eq!(ended.code, Some(2), "{config}\n{text}");
        assert!(text.ends_with(&told), "{config}\n{told}\n{text}");
        let ended =
            run(lro(&machine, &["config", "show"]).args(args.iter().filter(|arg| **arg != "c/o"))).await;
        let text = machine.here(&ended.stderr).replace(FILE, "FILE");
        assert_eq!(ended.code, Some(2), "{config}\n{text}");
        assert!(text.ends_with(&format!("\n  the value is that of {hint}\n")), "{config}\n{text}");
    }
}

#[tokio::test]
async fn what_is_typed_wrong_is_told_without_flags_that_nobody_typed() {
    let machine = machine("config-usage", "header = 'X-A: 1'\npoll-timeout = '5s'\n");
    for (args, is_told) in [
        (&["wait"][..], "Usage: lro wait <OPERATION>... [-- <COMMAND>...]\n"),
        (&["wait", "c/o", "--all", "--any"], "Usage: lro wait --all <OPERATION>... [-- <COMMAND>...]\n"),
        (&["wait", "c/o", "--bogus"], "Usage: lro wait <OPERATION>... [-- <COMMAND>...]\n"),
    ] {
        let ended = run(lro(&machine, args).env("LRO_COLOR", "never")).await;
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(is_told), "{args:?}\n{}", ended.stderr);
        assert!(!ended.stderr.contains("hint:"), "{args:?}\n{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_variable_that_says_neither_yes_nor_no_is_refused() {
    let machine = machine("config-switch", "");
    let ended = run(lro(&machine, &["wait", "http://127.0.0.1:9/x"]).env("LRO_INSECURE", "flase")).await;
    let shown =
        run(lro(&machine, &["config", "show"]).env("LRO_INSECURE", "flase").env("LRO_TIMEOUT", "9s")).await;
    assert_eq!((shown.code, &shown.stderr), (Some(2), &ended.stderr));
    let is_told = shown.stdout.lines().any(|line| columns(line) == "timeout 9s variable LRO_TIMEOUT");
    assert!(is_told, "{}", shown.stdout);
    let told = "error: the variable LRO_INSECURE cannot be used: it is neither on (1, true, yes, on) nor off (0, false, no, \
                off, or empty)\n";
    assert_eq!((ended.code, &*ended.stderr), (Some(2), told));
}

#[tokio::test]
async fn completions_and_manual_pages_know_of_profiles() {
    let machine = machine("config-pages", "");
    for shell in ["bash", "zsh", "fish"] {
        let text = run(&mut lro(&machine, &["completions", shell])).await.stdout;
        assert!(text.contains("profile") && text.contains("config"), "{shell}");
    }
    let page = run(&mut lro(&machine, &["man", "wait"])).await.stdout;
    assert!(page.contains("\\-\\-profile") && page.contains("LRO_POLL_TIMEOUT"), "{page}");
}
