//! The command that waits for the same operation again, to be typed into a shell.
//! Which of the arguments were of use the first time is not known here.

use std::ffi::OsStr;

use clap::ValueEnum;
use humantime::format_duration;
use lro::auth::Signature;
use lro::fleet::DEFAULT_CONCURRENCY;
use lro::http::{Endpoint, printable};
use lro::policy::DEFAULT_NOT_FOUND_GRACE;

use crate::cli::args;

/// The flags that say who asks, and which way requests go. None when one of them is not text, so that
/// nobody can type it, or is a command, which may hold a secret that belongs into no log. What a file says it says again.
pub(super) fn flags(args: &args::Access) -> Option<Vec<String>> {
    let is_new = |flag: &str| !args.origins.is_of_file(flag.trim_start_matches('-'));
    if args.token_command.is_some() && is_new("token-command") {
        return None;
    }
    let network = &args.network;
    let signature = Some(args.signature.to_string()).filter(|_| args.signature != Signature::default());
    let given = [
        ("--os-cloud", args.os_cloud.as_ref().map(OsStr::new)),
        ("--token-file", args.token_file.as_ref().map(OsStr::new)),
        ("--signature", signature.as_ref().map(OsStr::new)),
        ("--cacert", network.cacert.as_ref().map(OsStr::new)),
        ("--cert", network.cert.as_ref().map(OsStr::new)),
        ("--key", network.key.as_ref().map(OsStr::new)),
        ("--proxy", network.proxy.as_ref().map(OsStr::new)),
    ];
    let headers = args.headers.iter().map(|header| ("--header", Some(OsStr::new(header))));
    let hosts = network.allow_host.iter().map(|host| ("--allow-host", Some(OsStr::new(host))));
    let mut words: Vec<_> = args.origins.profile_again().collect();
    for (flag, value) in given.into_iter().chain(headers).chain(hosts).filter(|(flag, _)| is_new(flag)) {
        match value.map(OsStr::to_str) {
            None => {}
            Some(None) => return None,
            // By itself it would be taken for a flag.
            Some(Some(value)) if value.starts_with('-') => words.push(format!("{flag}={value}")),
            Some(Some(value)) => words.extend([flag.to_owned(), value.to_owned()]),
        }
    }
    let alone = [
        ("--bearer", args.bearer),
        ("--basic", args.basic),
        ("--require-https", network.require_https),
        ("--insecure", network.insecure),
    ];
    let alone = alone.into_iter().filter(|(flag, is_given)| *is_given && is_new(flag));
    words.extend(alone.map(|(flag, _)| flag.to_owned()));
    Some(words)
}

/// The flags that say what counts as an end, and what is printed of it. How long and how often is for whoever waits
/// again to say: what was given has been used up.
pub(super) fn manner(manner: &args::Manner) -> Vec<String> {
    let faults = &manner.faults;
    let grace = faults.not_found_grace;
    let output = manner.told.output.as_ref().and_then(ValueEnum::to_possible_value);
    let values = [
        (
            "--not-found-grace",
            (grace.0 != DEFAULT_NOT_FOUND_GRACE).then(|| format_duration(grace.0).to_string()),
        ),
        ("--output", output.map(|output| output.get_name().to_owned())),
    ];
    let alone = [("--fail-on-blocked", faults.fail_on_blocked), ("--require-result", faults.require_result)];
    let values = values.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?])).flatten();
    let alone = alone.into_iter().filter(|(_, is_given)| *is_given).map(|(flag, _)| flag.to_owned());
    values.chain(alone).collect()
}

/// The flags that say which of several operations count, and how many are asked at a time.
pub(super) fn which(which: &args::Which) -> Vec<String> {
    let many = &which.many;
    let alone = [("--any", which.any), ("--fail-fast", which.fail_fast)];
    let alone = alone.into_iter().filter(|(_, is_given)| *is_given).map(|(flag, _)| flag.to_owned());
    let concurrency = Some(many.concurrency).filter(|polls| *polls != DEFAULT_CONCURRENCY);
    let values = [
        ("--concurrency", concurrency.map(|polls| polls.to_string())),
        ("--rate", many.rate.map(|rate| rate.to_string())),
    ];
    let values = values.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?])).flatten();
    alone.chain(values).collect()
}

/// The flags for an operation that is at another host than the endpoint: credentials are for the endpoint still.
pub(super) fn elsewhere(endpoint: Option<&Endpoint>, operation: &str, flags: &[String]) -> Vec<String> {
    let there = Endpoint::of(operation).ok();
    let Some((endpoint, there)) = endpoint.zip(there).filter(|(endpoint, there)| *endpoint != there) else {
        return Vec::new();
    };
    let there = there.to_string();
    let host = there.split_once("://").map_or(&*there, |(_, host)| host);
    let is_allowed = flags.windows(2).any(|pair| pair[0] == "--allow-host" && pair[1] == host);
    let allow = ["--allow-host".to_owned(), host.to_owned()].into_iter().filter(|_| !is_allowed);
    ["--endpoint".to_owned(), endpoint.to_string()].into_iter().chain(allow).collect()
}

/// `lro wait` with these words, as a POSIX shell takes them. None when a terminal would not show them as they are.
pub(super) fn wait(words: &[String]) -> Option<String> {
    let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    Some(format!("lro wait {}", words.join(" "))).filter(|command| printable(command) == *command)
}

/// A word as a POSIX shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._/:%+,=@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_type_is_safe_to_paste() {
        assert_eq!(quoted("http://[::1]:80/a"), "'http://[::1]:80/a'");
        assert_eq!(quoted("https://plas.example/v1.0/a%20b"), "https://plas.example/v1.0/a%20b");
        assert_eq!(quoted("a'; rm -rf /"), r"'a'\''; rm -rf /'");
        assert_eq!(quoted("~/token"), "'~/token'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_command_that_a_terminal_would_not_show_as_it_is_is_not_told() {
        let wait = |word: &str| wait(&[word.to_owned()]);
        assert_eq!(wait("c1/o1").as_deref(), Some("lro wait c1/o1"));
        for word in ["a\nb", "a\u{1b}[2J", "a\u{202e}b"] {
            assert_eq!(wait(word), None, "{word:?}");
        }
    }
}
