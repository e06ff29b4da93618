//! The pages of docs/verbs, made from the arguments; `tests/book/write` writes them anew, and a test holds them equal.
//! Nothing is said here that the help does not say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::cli::args::Cli;
use crate::cli::exit;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
/// What is set to write the pages instead of looking at them.
const WRITE: &str = "LRO_WRITE_DOCS";

/// Each file below docs/ that is made here, and its text.
fn pages() -> BTreeMap<String, String> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = BTreeMap::new();
    let mut list = String::new();
    let mut summary = String::new();
    for (path, command) in commands(&root, &[]) {
        let name = format!("lro {}", path.join(" "));
        let file = format!("{}.md", path.join("-"));
        let _ = writeln!(list, "| [`{name}`]({file}) | {} |", marked(&about(command)));
        let _ = writeln!(summary, "  - [`{name}`](verbs/{file})");
        pages.insert(format!("verbs/{file}"), page(&name, command));
    }
    pages.insert("verbs/README.md".to_owned(), overview(&root, &list));
    let whole =
        std::fs::read_to_string(Path::new(FOLDER).join("SUMMARY.md")).expect("the book has a summary");
    pages.insert("SUMMARY.md".to_owned(), with_verbs(&whole, &summary));
    pages
}

/// The commands that do something, with the words that call them.
fn commands<'a>(command: &'a Command, path: &[&'a str]) -> Vec<(Vec<&'a str>, &'a Command)> {
    let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set() && verb.get_name() != "help");
    let mut found: Vec<_> =
        verbs.flat_map(|verb| commands(verb, &[path, &[verb.get_name()]].concat())).collect();
    if found.is_empty() || (!path.is_empty() && !command.is_subcommand_required_set()) {
        found.insert(0, (path.to_vec(), command));
    }
    found
}

fn overview(root: &Command, list: &str) -> String {
    let mut text = format!("# Every verb\n\n{}.\n\n| | |\n|---|---|\n{list}", marked(&about(root)));
    text += "\n`lro VERB --help` says the same, `-h` in short; `lro man VERB` prints a manual page, and\n`lro completions SHELL` \
             the completions of a shell. The [exit codes](../output.md#exit-codes) are the same for all verbs.\n\n\
             Each flag can be said once as well: by a variable, which is `LRO_` and its name (`LRO_POLL_TIMEOUT`), or in\n\
             [a profile](../configuration.md).\n";
    text
}

fn page(name: &str, command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let mut text = format!("# {name}\n\n{}.\n\n```text\n{usage}\n```\n", marked(&about(command)));
    let mut groups: Vec<(&str, Vec<&Arg>)> = Vec::new();
    let everywhere = |arg: &Arg| {
        matches!(
            arg.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        )
    };
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set() && !everywhere(arg)) {
        let positional = if arg.is_positional() { "Arguments" } else { "Options" };
        let heading = arg.get_help_heading().unwrap_or(positional);
        match groups.iter_mut().find(|group| group.0 == heading) {
            Some(group) => group.1.push(arg),
            None => groups.push((heading, vec![arg])),
        }
    }
    groups.sort_by_key(|group| match group.0 {
        "Arguments" => 0,
        "Options" => 1,
        _ => 2,
    });
    for (heading, args) in groups {
        let _ = writeln!(text, "\n## {heading}");
        text.extend(args.into_iter().map(item));
    }
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for section in after.split("\n\n").filter(|section| !section.is_empty()) {
        let (heading, below) = section.split_once(":\n").expect("a heading, and what stands below it");
        let lines: String =
            below.lines().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n").collect();
        let _ = match heading {
            "Examples" => write!(text, "\n## {heading}\n\n```sh\n{lines}```\n"),
            // The table is one here too.
            "Exit codes" => write!(text, "\n## {heading}\n\n{}", codes()),
            _ => write!(text, "\n## {heading}\n\n{}", marked(&lines)),
        };
    }
    text
}

fn codes() -> String {
    let rows = exit::TABLE.map(|(code, meaning)| format!("| {code} | {meaning} |\n"));
    format!("| code | meaning |\n|---|---|\n{}", rows.concat())
}

/// An argument as an item of a list: how it is typed, what it is for, and what there is to choose from.
fn item(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default().iter().map(|name| format!("<{name}>"));
    let values = names.collect::<Vec<_>>().join(" ");
    let takes = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let mut typed: Vec<String> = arg.get_short().map(|short| format!("-{short}")).into_iter().collect();
    typed.extend(arg.get_long().map(|long| format!("--{long}")));
    let mut typed = typed.join("`, `");
    if takes {
        typed += if typed.is_empty() { "" } else { " " };
        typed += &values;
        if arg.is_positional() && arg.get_num_args().is_some_and(|range| range.max_values() > 1) {
            typed += "...";
        }
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let long = arg.get_long_help().map(ToString::to_string).unwrap_or_default();
    let mut text = format!("\n- **`{typed}`**: {}\n", marked(&help));
    // The long help begins with the short one.
    for paragraph in long.split("\n\n").filter(|paragraph| *paragraph != help && !paragraph.is_empty()) {
        let _ = write!(text, "\n  {}\n", marked(&paragraph.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    let mut told = Vec::new();
    let code = |values: &mut dyn Iterator<Item = String>| {
        values.map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
    };
    let defaults = arg.get_default_values();
    if takes && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        told.push(format!(
            "default {}",
            code(&mut defaults.iter().map(|value| value.to_string_lossy().into_owned()))
        ));
    }
    let possible = arg.get_possible_values();
    if takes && !possible.is_empty() {
        told.push(format!("one of {}", code(&mut possible.iter().map(|value| value.get_name().to_owned()))));
    }
    if !told.is_empty() {
        let _ = write!(text, "\n  *{}*\n", told.join("; "));
    }
    text
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// The text as Markdown that shows it as it is, but for what stands between backticks.
fn marked(text: &str) -> String {
    let mut marked = String::new();
    let mut is_code = false;
    for letter in text.chars() {
        is_code ^= letter == '`';
        if !is_code && matches!(letter, '\\' | '*' | '<' | '_' | '|') {
            marked.push('\\');
        }
        marked.push(letter);
    }
    marked
}

/// The summary of the book with these lines below that of the verbs.
fn with_verbs(summary: &str, verbs: &str) -> String {
    let mut text = String::new();
    let mut is_below = false;
    for line in summary.lines() {
        is_below = is_below && line.starts_with("  ");
        if !is_below {
            text += line;
            text.push('\n');
        }
        if line.ends_with("(verbs/README.md)") {
            is_below = true;
            text += verbs;
        }
    }
    text
}

#[test]
fn the_pages_of_the_verbs_are_those_of_the_arguments() {
    let folder = Path::new(FOLDER);
    let pages = pages();
    let write = std::env::var_os(WRITE).is_some();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder.join("verbs")).expect("there are pages of verbs") {
        let name = format!("verbs/{}", entry.expect("a file").file_name().to_string_lossy());
        if !pages.contains_key(&name) {
            wrong.push(format!("docs/{name} is of no verb"));
            if write {
                std::fs::remove_file(folder.join(&name)).expect("it can be deleted");
            }
        }
    }
    for (name, text) in &pages {
        if std::fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            wrong.push(format!("docs/{name} is another one"));
            if write {
                std::fs::write(folder.join(name), text).expect("it can be written");
            }
        }
    }
    assert!(wrong.is_empty() || write, "{}\ntests/book/write writes them anew", wrong.join("\n"));
}

#[test]
fn what_would_be_markup_is_shown_as_it_is() {
    assert_eq!(marked("* and `a_b*` of A_B, <x|y>"), "\\* and `a_b*` of A\\_B, \\<x\\|y>");
}

#[test]
fn nothing_stands_among_the_examples_that_is_none() {
    let pages = pages();
    let blocks: Vec<_> =
        pages.values().filter_map(|page| page.split("```sh\n").nth(1)?.split("```").next()).collect();
    assert!(blocks.len() > 5);
    for block in blocks {
        assert!(!block.contains("Settings:") && !block.contains("\n\n"), "{block}");
    }
}
