//! Many operations on standard input: every form of a list, each operation once, and nothing sent before all is read.

use std::fmt::Write;

use super::{SOON, at, count, lines, polls, server, typed};
use crate::support::command::{Ended, run, run_with_input};
use crate::support::server::Server;

async fn wait(server: &Server, args: &[&str], input: &str) -> Ended {
    run_with_input(at(server, "wait").args(SOON).args(args), input).await
}

fn path(name: &str) -> String {
    format!("/v1.0/plasconnector/connectors/c/operations/{name}")
}

#[tokio::test]
async fn every_form_of_a_list_is_read_and_each_is_asked_for_once() {
    let (one, two) = (path("ok1"), path("ok2").replace("connectors", "connector"));
    for input in [
        "c/ok1\nc/ok2\n".to_owned(),
        "c/ok1\nc/ok2".to_owned(),
        "\u{feff}c/ok1\r\n\r\n  c/ok2\r\n\n".to_owned(),
        format!("{one}\nhttp://HOST{two}\n"),
        format!("{{\"location\": \"{one}\"}}\n{{\"location\": \"{two}\"}}\n"),
        format!("\"c/ok1\"\n\n{{\"location\":\n  \"{two}\"}}\n"),
        format!("[\"c/ok1\", {{\"location\": \"{two}\"}}]"),
        format!("[\n\"{one}\",\r\n\"c/ok2\"]\n"),
        format!("c/ok1\n{{\"location\": \"{two}\"}}\n"),
    ] {
        let server = server().await;
        let input = input.replace("http://HOST", &server.url());
        let ended = wait(&server, &["-"], &input).await;
        assert_eq!(ended.code, Some(0), "{input}: {}", ended.stderr);
        // A location on the way may be told by its ids or as it is, but it is told in its place.
        let told = lines(&ended);
        assert!(told.len() == 2 && told[0].contains("ok1|") && told[1].contains("ok2|"), "{input}: {told:?}");
        assert_eq!(polls(&server).values().collect::<Vec<_>>(), [&1, &1], "{input}");
    }
}

#[tokio::test]
async fn what_is_typed_and_what_is_listed_stand_in_the_order_given() {
    let server = server().await;
    let ended = wait(&server, &["c/ok1", "-", "c/ok4"], "c/ok2\nc/ok3\n").await;
    let expected: Vec<_> = (1..=4).map(|number| format!("c/ok{number}|succeeded")).collect();
    assert_eq!(lines(&ended), expected, "{}", ended.stderr);
    let mut command = at(&server, "status");
    let ended = run_with_input(command.args(["c/ok1", "-"]), "[\"c/failed1\"]").await;
    assert_eq!((ended.code, lines(&ended).len()), (Some(1), 2), "{}", ended.stderr);
}

#[tokio::test]
async fn an_operation_in_whatever_spelling_is_asked_for_once_and_told_once() {
    let server = server().await;
    let spellings = [
        path("late1"),
        path("late1").replace("connectors", "connector"),
        super::url(&server, "late1"),
        path("late1").replace("late1", "%6cate1"),
        "c/late1".to_owned(),
    ];
    let ended = wait(&server, &["c/late1", "-"], &spellings.join("\n")).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(lines(&ended), ["c/late1|succeeded"]);
    assert_eq!(polls(&server)["late1"], 2);
    let told = "5 references name operations that were named before: each is asked once\n";
    assert!(ended.stderr.starts_with(told), "{}", ended.stderr);
    let ended = run(at(&server, "status").args(typed(&["late1", "ok1", "late1"]))).await;
    assert_eq!(lines(&ended), ["c/late1|succeeded", "c/ok1|succeeded"]);
    let told = "1 reference names an operation that was named before: it is asked once\n";
    assert_eq!((ended.stderr.as_str(), polls(&server)["late1"]), (told, 3));
}

#[tokio::test]
async fn an_invalid_line_in_a_list_of_ten_thousand_is_told_with_its_number_before_anything_is_sent() {
    let server = server().await;
    let mut list = String::new();
    for number in 1..=10_000 {
        let line = if number == 7_777 { "nonsense".to_owned() } else { format!("c/ok{number}") };
        writeln!(list, "{line}").unwrap();
    }
    for verb in ["wait", "status"] {
        let ended = run_with_input(at(&server, verb).arg("-"), &list).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{}", ended.stderr);
        assert!(
            ended.stderr.starts_with(
                "error: line 7777 of standard input names no operation\n  caused by: `nonsense` is neither "
            ),
            "{}",
            ended.stderr
        );
        assert!(ended.stderr.contains("  hint: correct that, or give --skip-invalid "), "{}", ended.stderr);
    }
    let items = list.lines().map(|line| format!("\"{line}\"")).collect::<Vec<_>>().join(",");
    let ended = wait(&server, &["-"], &format!("[{items}]")).await;
    assert!(ended.stderr.starts_with("error: item 7777 of standard input names no"), "{}", ended.stderr);
    assert_eq!((ended.code, server.hits().len()), (Some(2), 0));
}

#[tokio::test]
async fn several_invalid_lines_are_told_each_with_its_number() {
    let server = server().await;
    let list = "c/ok1\nx\n\nc/\u{1b}[2Jy\n[\"c/ok1\"]\n{\"location\"\nc/ok2\n";
    let ended = wait(&server, &["-"], list).await;
    assert_eq!((ended.code, server.hits().len()), (Some(2), 0), "{}", ended.stderr);
    assert!(ended.stderr.starts_with("error: 4 entries of standard input name no operation\n"));
    for told in [
        "  line 2: `x` is neither",
        "  line 4: it holds a character that cannot be seen\n",
        "  line 5: it is a list, and a list stands alone on standard input\n",
        "  line 6: it is not JSON: ",
    ] {
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
    }
    assert!(!ended.stderr.contains('\u{1b}'), "{:?}", ended.stderr);
}

#[tokio::test]
async fn skip_invalid_goes_on_with_the_others_and_the_end_is_theirs() {
    let server = server().await;
    for (list, code) in [("c/ok1\nx\nc/ok2\n", 0), ("x\nc/ok3\nc/failed1\n", 1)] {
        let ended = wait(&server, &["-", "--skip-invalid"], list).await;
        assert_eq!((ended.code, lines(&ended).len()), (Some(code), 2), "{}", ended.stderr);
        assert_eq!(count(&ended.stderr, "warning: passed over line "), 1, "{}", ended.stderr);
    }
    let ended =
        run_with_input(at(&server, "status").args(["-", "--skip-invalid"]), "x\nc/ok1\nc/ok2\n").await;
    assert_eq!((ended.code, lines(&ended).len()), (Some(0), 2), "{}", ended.stderr);
    assert!(ended.stderr.starts_with("warning: passed over line 1: `x` is neither"), "{}", ended.stderr);
}

#[tokio::test]
async fn where_no_operation_is_left_it_is_2() {
    let server = server().await;
    for (args, list, told) in [
        (&["-"][..], "", "error: there is no operation on standard input: it is empty\n"),
        (&["-"], "\r\n \n\u{feff}\n", "error: there is no operation on standard input"),
        (&["-"], "[]", "error: there is no operation on standard input: the list is empty\n"),
        (&["-"], " [ ]\n", "error: there is no operation on standard input: the list is empty\n"),
        (&["-", "c/ok1"], "[]", "error: there is no operation on standard input: the list is empty\n"),
        (
            &["-", "-"],
            "c/ok1\n",
            "error: - is given more than once, and standard input can be read only once\n",
        ),
        (&["-", "--skip-invalid"], "x\ny\n", "error: there is no operation on standard input: all of it"),
    ] {
        for verb in ["wait", "status"] {
            let ended = run_with_input(at(&server, verb).args(args), list).await;
            assert_eq!(ended.code, Some(2), "{verb} {list:?}: {}", ended.stderr);
            assert!(ended.stderr.starts_with(told), "{verb} {list:?}: {}", ended.stderr);
        }
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_server_that_leads_elsewhere_is_an_invalid_line() {
    let server = server().await;
    let list = format!("c/ok1\n{{\"location\": \"http://127.0.0.1:9{}\"}}\n", path("ok2"));
    let ended = wait(&server, &["-"], &list).await;
    assert_eq!((ended.code, server.hits().len()), (Some(2), 0), "{}", ended.stderr);
    assert!(ended.stderr.contains("line 2 of standard input names no operation"), "{}", ended.stderr);
    assert!(ended.stderr.contains("is not at the endpoint"), "{}", ended.stderr);
}
