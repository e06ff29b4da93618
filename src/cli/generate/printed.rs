//! Each call of `lro` that the README and the pages of docs/ print is one that the arguments understand.
//! Nothing is run here; what a call prints is not looked at.

use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;

use crate::cli::args::Cli;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What ends a command in a shell, as a word by itself.
const ENDS: [&str; 5] = ["|", "||", "&&", ";", "&"];

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![Path::new(ROOT).join("README.md")];
    for folder in ["docs", "docs/verbs"] {
        let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).expect("there are pages");
        let files = entries.map(|entry| entry.expect("a file").path());
        pages.extend(files.filter(|file| file.extension().is_some_and(|end| end == "md")));
    }
    pages
}

/// What is typed, a whole line each, however many lines it is printed on.
fn lines(page: &str) -> Vec<String> {
    let blocks = page.split("\n```sh\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
    blocks
        .flat_map(|(block, _)| {
            let whole = block.replace("\\\n", " ").replace("|\n", "| ");
            whole.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

/// The calls of `lro` in a line, each as its words without what goes into files; `None` where that is no whole line.
fn calls(line: &str) -> Option<Vec<Vec<String>>> {
    let words = shlex::split(line)?.into_iter().flat_map(|word| match word.strip_suffix(';') {
        Some(before) => vec![before.to_owned(), ";".to_owned()],
        None => vec![word],
    });
    let words: Vec<_> = words.collect();
    let is_end = |word: &String| ENDS.contains(&word.as_str());
    let commands = words.split(is_end).filter_map(|words| {
        let begin = words.iter().position(|word| word == "lro")?;
        // Before it stand variables, and words of the shell.
        let before =
            |word: &String| word.contains('=') || ["do", "then", "if", "!", "while"].contains(&word.as_str());
        words[..begin].iter().all(before).then(|| typed(&words[begin..]))
    });
    Some(commands.collect())
}

/// The words without redirections.
fn typed(words: &[String]) -> Vec<String> {
    let mut typed = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.trim_start_matches(['1', '2', '&']) {
            "<" | ">" | ">>" | "<<<" => drop(words.next()),
            begin if begin.starts_with(['<', '>']) => {}
            _ => typed.push(word.clone()),
        }
    }
    typed
}

#[test]
fn each_call_that_is_printed_is_understood() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        let name = page.strip_prefix(ROOT).expect("a page of ours").display();
        for line in lines(&text) {
            let Some(calls) = calls(&line) else { continue };
            for call in calls {
                count += 1;
                match Cli::try_parse_from(&call) {
                    Err(error)
                        if !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) =>
                    {
                        wrong.push(format!("{name}: {line}\n{error}"));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "only {count} are found");
}

#[test]
fn a_call_is_found_wherever_it_stands_in_a_line() {
    let found =
        |line: &str| -> Vec<String> { calls(line).unwrap().into_iter().map(|call| call.join(" ")).collect() };
    assert_eq!(found("curl -s \"$API\" | lro wait - > a.txt && lro auth"), ["lro wait -", "lro auth"]);
    assert_eq!(found("A=1 lro status -o json - < b.txt; echo 'lro wait'"), ["lro status -o json -"]);
    assert_eq!(found("echo lro wait"), [""; 0]);
    assert_eq!(calls("{\"it's\": \"no command"), None);
}
