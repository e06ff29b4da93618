//! The recipes of the README, typed as they are printed: what comes is what the README says that comes.
//! What each flag means is not looked at here.

use std::path::{Path, PathBuf};

use tokio::task::JoinSet;

use crate::support::command::{Ended, run, shell};

const README: &str = include_str!("../../../../README.md");

/// A block of commands, and what the README says that they print, if it says so.
#[derive(Clone, Copy)]
struct Recipe {
    typed: &'static str,
    printed: Option<&'static str>,
}

/// What is typed before all others, and the ten.
fn recipes() -> (&'static str, Vec<Recipe>) {
    let (_, section) = README.split_once("\n## Ten recipes\n").expect("the README has recipes");
    let (section, _) = section.split_once("\n## ").expect("a section after it");
    let mut blocks = section.split("```sh\n").skip(1).map(|rest| {
        let (typed, rest) = rest.split_once("```\n").expect("a block ends");
        let printed =
            rest.strip_prefix("```text\n").and_then(|rest| rest.split_once("```")).map(|found| found.0);
        Recipe { typed, printed }
    });
    let before = blocks.next().expect("a first block").typed;
    (before, blocks.collect())
}

/// An empty folder, which is deleted in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("recipes-{name}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Types this in an empty folder, and gives back all that came, in the order in which it came.
async fn typed(name: &str, script: &str) -> Ended {
    let folder = Folder::new(name);
    let script = format!("exec 2>&1\nset -m\n{script}");
    // What most people type into.
    run(shell("exec bash -c \"$typed\"").env("typed", script).current_dir(&folder.0)).await
}

/// Whether the lines are those that are printed, where `…` stands for anything, and alone on a line for any lines.
fn is_as_printed(lines: &[&str], printed: &[&str]) -> bool {
    match (printed.split_first(), lines.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((&"…", after)), rest) => {
            is_as_printed(lines, after) || rest.is_some_and(|(_, others)| is_as_printed(others, printed))
        }
        (Some((pattern, after)), Some((line, others))) => fits(line, pattern) && is_as_printed(others, after),
        (Some(_), None) => false,
    }
}

fn fits(line: &str, pattern: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('…') else { return line == pattern };
    let Some(line) = line.strip_prefix(begin) else { return false };
    line.char_indices().map(|(at, _)| &line[at..]).chain([""]).any(|tail| fits(tail, rest))
}

#[test]
fn there_are_ten() {
    assert_eq!(recipes().1.len(), 10);
    for number in 1..=10 {
        assert!(README.contains(&format!("\n**{number}. ")), "{number}");
    }
}

#[tokio::test]
async fn those_without_an_account_work_as_printed() {
    let (before, recipes) = recipes();
    let mut running = JoinSet::new();
    // Each in an API of its own, those together that build upon each other; and one is about an operation that takes long.
    for (numbers, duration) in [
        (&[1, 6][..], "300ms"),
        (&[2], "300ms"),
        (&[3], "300ms"),
        (&[4, 7], "300ms"),
        (&[5], "60s"),
        (&[8], "300ms"),
    ] {
        let chosen: Vec<(usize, Recipe)> =
            numbers.iter().map(|number| (*number, recipes[number - 1])).collect();
        let port = free_port();
        running.spawn(async move {
            let steps = chosen.iter().map(|(_, recipe)| format!("echo '== next'\n{}", recipe.typed));
            let script = format!("{before}{}kill %1\n", steps.collect::<String>());
            assert!(script.contains("--duration 3s") && script.contains("18080"));
            let script =
                script.replace("--duration 3s", &format!("--duration {duration}")).replace("18080", &port);
            let ended = typed(&chosen[0].0.to_string(), &script).await;
            let told = ended.stdout.replace(&port, "18080");
            let mut parts = told.split("== next\n");
            assert_eq!(parts.next(), Some("http://127.0.0.1:18080\n"));
            for ((number, recipe), part) in chosen.iter().zip(parts) {
                let printed =
                    recipe.printed.unwrap_or_else(|| panic!("{number}: it is said what is printed"));
                let (lines, printed): (Vec<_>, Vec<_>) = (part.lines().collect(), printed.lines().collect());
                assert!(is_as_printed(&lines, &printed), "{number}:\n{part}");
            }
            chosen.len()
        });
    }
    assert_eq!(running.join_all().await.into_iter().sum::<usize>(), 8);
}

#[tokio::test]
async fn those_with_an_account_are_understood_and_ask() {
    // Whoever asks goes through a proxy that is not there: nothing leaves this machine.
    let before = "export LRO_TIMEOUT=300ms HTTPS_PROXY=http://127.0.0.1:9 ID=1
        for program in az gh; do printf '#!/bin/sh\necho token\n' > $program; chmod +x $program; done
        PATH=$PWD:$PATH
        echo token > gitlab.token
        lro() { command lro \"$@\"; echo \"== code $?\"; }
        printf '%s\\n' 'clouds: {mycloud: {auth: {auth_url: \"https://iam.example/v3\", username: u, password: p,' \
            '  user_domain_name: d, project_name: p}}}' > clouds.yaml\n";
    let (_, recipes) = recipes();
    for (number, asked) in [(9, 2), (10, 3)] {
        let Recipe { typed: block, printed } = recipes[number - 1];
        assert_eq!(printed, None, "{number}");
        let ended = typed(&number.to_string(), &format!("{before}{block}")).await;
        let told: Vec<_> = ended.stdout.lines().filter(|line| line.starts_with("== code ")).collect();
        // Out of time, or no answer; a flag that is not known, or does not go with another, would be a 2.
        assert_eq!(told.len(), asked, "{}", ended.stdout);
        assert!(told.iter().all(|code| ["== code 124", "== code 3"].contains(code)), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn the_rehearsal_of_the_book_works_as_printed() {
    let page = include_str!("../../../../docs/scripts.md");
    let (_, block) = page.split_once("```sh\nlro simulate").expect("a rehearsal");
    let (block, _) = block.split_once("```").expect("a block ends");
    let port = free_port();
    let script =
        format!("lro simulate{block}").replace("18080", &port).replace("--duration 2s", "--duration 300ms");
    let ended = typed("rehearsal", &script).await;
    assert!(ended.stdout.ends_with("\nthe connector is there\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("\nsucceeded: "), "{}", ended.stdout);
}

/// Another port than the printed one, which may be taken here.
fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port().to_string()
}

#[test]
fn what_stands_for_anything_is_anything_and_all_else_is_what_it_is() {
    assert!(is_as_printed(&["a", "b 12 c"], &["…", "b … c"]));
    assert!(!is_as_printed(&["a", "b 12 d"], &["…", "b … c"]));
    assert!(!is_as_printed(&["a", "b"], &["a"]));
    assert!(!is_as_printed(&["a"], &["a", "b"]));
}
