//! What stands below the arguments in the help: examples, and the exit codes.
//! No argument is defined here.

use std::io::{self, IsTerminal};

use clap::{ColorChoice, CommandFactory};

use super::args::{Cli, Color};
use super::exit;
use super::paint::folded;
use super::terminal::{Surroundings, color, variables};

pub(super) const EXAMPLES: &[&str] = &[
    "lro demo",
    "lro wait https://plas.eu-de.otc.t-systems.com/v1.0/plasconnector/connectors/C/operations/O",
    "lro wait --help",
];

pub(super) const WAIT: &[&str] = &[
    "lro wait --os-cloud otc CONNECTOR_ID/OPERATION_ID && ./next-step",
    "curl -s -X POST … | lro wait - --timeout 1h -- ./next-step",
    "lro wait --any --rate 20 - < operations.txt",
    "lro wait -t 2h --token-command 'vault read -field=token otc' - < started.json",
];

pub(super) const SUBMIT: &[&str] = &[
    "lro submit POST /v1.0/plasconnector/connectors --json @connector.json && ./next-step",
    "lro submit --preset azure PUT 'https://management.azure.com/…?api-version=…' --json @vm.json | jq -r .id",
    "lro submit --preset buildbot-build --print-location POST http://ci.example/api/v2/forceschedulers/force --json -",
];

pub(super) const AUTH: &[&str] = &[
    "lro auth --os-cloud otc",
    "lro auth --check && lro wait CONNECTOR_ID/OPERATION_ID",
    "lro auth --check -o json | jq -r .expires_at",
];

pub(super) const PRESETS: &[&str] = &[
    "lro presets otc-job > my-api.toml",
    "lro presets --check my-api.toml",
    "curl -si https://… | lro presets --explain --preset-file my-api.toml",
    "lro presets --explain --state status --success DONE < answer.json",
];

pub(super) const CONFIG: &[&str] = &[
    "lro config show",
    "lro config show submit --profile otc --timeout 2h",
    "lro config show -o json | jq -r '.settings[] | select(.from != \"default\") | .flag'",
];

pub(super) const STATUS: &[&str] = &[
    "lro status CONNECTOR_ID/OPERATION_ID; test $? -eq 75 && echo 'still at it'",
    "lro status -o json - < operations.txt | jq .outcome",
];

#[cfg(feature = "simulator")]
pub(super) const SIMULATE: &[&str] = &[
    "lro simulate --listen 127.0.0.1:8080 --duration 5s &",
    "curl -s -X DELETE http://127.0.0.1:8080/v1.0/plasconnector/connectors/ID |",
    "  lro wait --endpoint http://127.0.0.1:8080 -",
];

/// Help, or what was typed wrong, with colors or without as everything else is told.
pub(super) fn colored(told: clap::Error, asked: Color) -> clap::Error {
    let is_terminal = if told.use_stderr() { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    let around = Surroundings::of(is_terminal, true, cfg!(windows), &variables);
    let has_color = color::has_color(asked, &around, &variables);
    let choice = if has_color { ColorChoice::Always } else { ColorChoice::Never };
    told.with_cmd(&Cli::command().color(choice))
}

/// How to say a thing once instead of typing it.
const SETTINGS: &str = "Settings:
  Every flag is a variable too, as LRO_POLL_TIMEOUT, and a key of config.toml;
  lro config show tells what holds, and where it is from";

/// How wide the meaning of an exit code may be, so that it stands beside the codes in a terminal of 80 columns.
const MEANING: usize = 66;

/// Examples, how flags are set without being typed, and the exit codes, which stand last.
pub(super) fn after(lines: &[&str]) -> String {
    let beside = format!("\n{:10}", "");
    let codes = exit::TABLE.map(|(code, meaning)| {
        format!("  {code:<10}{}\n", folded(meaning, Some(MEANING)).replace('\n', &beside))
    });
    let codes = codes.concat();
    format!("{}\n\n{SETTINGS}\n\nExit codes:\n{codes}", examples(lines))
}

pub(super) fn examples(lines: &[&str]) -> String {
    format!("Examples:\n  {}", lines.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_the_arguments_needs_no_more_than_80_columns() {
        for line in after(WAIT).lines() {
            assert!(line.chars().count() < 80, "{line}");
        }
    }
}
