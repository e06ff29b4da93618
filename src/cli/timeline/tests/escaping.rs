//! No text of a server gets out of its place, in any format.
//! What stands around it is not looked at here.

use std::sync::Arc;

use lro::http::printable;
use proptest::prelude::*;
use roxmltree::{Document, ParsingOptions};

use super::super::record::Run;
use super::super::track::kept;
use super::super::{document, page, picture};
use super::{run, track};

/// What somebody may say who wants to be more than a text.
const HOSTILE: [&str; 22] = [
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' style='background:url(https://evil.example)",
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
    "]]><!-- --><?php ?>",
    "]]> <![CDATA[ x",
    "\u{0}\u{1}\u{8}\u{b}\u{c}\u{1f}\u{7f}\u{85}\u{9b}2J \u{fffe}\u{ffff}",
    "\u{1b}]0;title\u{7}\u{1b}[31mred\u{202e}gpj",
    "a | b || c \\| d \\",
    "`code` ``` ~~~ ```mermaid\ngantt",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "https://evil.example www.evil.example mailto:a@b.example",
    "@octocat @org/team me@example.com #1 org/repo#2 GH-3",
    "**bold** _it_ ~~gone~~ $x^2$ :tada: <!-- comment -->",
    "x :crit, after a, 1d; section evil\nclick t0 href \"https://evil.example\"",
    "%%{init: {\"theme\": \"dark\"}}%% # comment",
    "title gantt dateFormat accTitle: x",
    "::error::no ##vso[task.complete]",
    "one\r\ntwo\n\nthree\tfour\u{2028}five",
    "日本語の理由 عربي \u{1f4a5} e\u{301}",
    "",
];

/// A run in which this is said wherever somebody else than `lro` says something.
fn saying(text: &str) -> Run {
    let mut told = track("other", "failed");
    let said: Arc<str> = kept(text).into();
    told.id = Arc::from(text);
    for state in &mut told.states {
        (state.name, state.text) = (Arc::clone(&said), Arc::clone(&said));
    }
    told.faults[0].text = Arc::clone(&said);
    told.end.reason = Some(text.to_owned());
    told.end.location = Some(text.to_owned());
    run(vec![told, track("c1/o1", "succeeded")])
}

fn parsed(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The tags and the names of their attributes, in their order.
fn bones(text: &str) -> Vec<String> {
    let document = parsed(text);
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|node| {
            let names: Vec<_> = node.attributes().map(|attribute| attribute.name()).collect();
            format!("{} {}", node.tag_name().name(), names.join(" "))
        })
        .collect()
}

/// What stands in the cell of the first row with this class.
fn cell(page: &str, class: &str) -> String {
    let document = parsed(page);
    let is_it =
        |node: &roxmltree::Node<'_, '_>| node.has_tag_name("td") && node.attribute("class") == Some(class);
    document.descendants().find(is_it).and_then(|cell| cell.text()).unwrap_or_default().to_owned()
}

fn shown(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[test]
fn a_page_and_a_picture_stay_what_they_are_whatever_is_said() {
    let plain = bones(&page(&saying("harmless")));
    for text in HOSTILE {
        let page = page(&saying(text));
        assert_eq!(bones(&page), plain, "{text:?}");
        assert_eq!(cell(&page, "reason"), shown(text), "{text:?}");
        assert_eq!(cell(&page, "id"), shown(text), "{text:?}");
        let picture = picture(&saying(text));
        let tags = bones(&picture);
        let known = [
            "svg", "title", "desc", "style", "defs", "g", "circle", "path", "rect", "pattern", "use", "text",
        ];
        assert!(tags.iter().all(|tag| known.contains(&tag.split(' ').next().unwrap())), "{tags:?}");
    }
}

#[test]
fn nothing_in_a_page_or_a_picture_is_fetched_or_run() {
    for text in HOSTILE {
        for text in [page(&saying(text)), picture(&saying(text))] {
            let document = parsed(&text);
            for node in document.descendants().filter(roxmltree::Node::is_element) {
                assert!(!["script", "a", "img", "image", "iframe", "link"].contains(&node.tag_name().name()));
                for attribute in node.attributes() {
                    assert!(
                        !attribute.name().starts_with("on")
                            && attribute.name() != "src"
                            && attribute.name() != "style"
                    );
                    if attribute.name() == "href" {
                        assert!(attribute.value().starts_with("#end-"), "{}", attribute.value());
                    }
                }
            }
        }
    }
}

/// What a reader of Markdown makes of the references in a text.
fn read(text: &str) -> String {
    let mut parts = text.split("&#");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |read, part| {
        let (number, rest) = part.split_once(';').expect("a reference ends");
        let c = number.parse().ok().and_then(char::from_u32).expect("a character");
        format!("{read}{}{rest}", if c == '\u{200b}' { String::new() } else { c.to_string() })
    })
}

/// The rows of the table, by their cells.
fn rows(document: &str) -> Vec<Vec<String>> {
    let rows = document.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn a_table_in_markdown_has_its_cells_whatever_is_said() {
    let lines = document(&saying("harmless"), usize::MAX).lines().count();
    for text in HOSTILE {
        let document = document(&saying(text), usize::MAX);
        assert_eq!(document.lines().count(), lines, "{text:?}\n{document}");
        let rows = rows(&document);
        assert_eq!(rows.len(), 2, "{text:?}");
        assert!(rows.iter().all(|row| row.len() == 7), "{text:?} {rows:?}");
        let reason = rows[0][2].trim_start_matches("<code>").trim_end_matches("</code>");
        let expected = printable(text).into_owned();
        assert_eq!(read(reason).trim(), if expected.is_empty() { "–" } else { expected.trim() }, "{text:?}");
        let (table, chart) = document.split_once("```mermaid\n").expect("a chart");
        assert!(!table.contains(['`', '[', '\\', '~', '$', '@']), "{table}");
        let tags = table.replace("<code>", "").replace("</code>", "");
        assert!(!tags.contains(['<', '>']), "{table}");
        assert!(!tags.to_lowercase().contains("www.") && !tags.contains("://"), "{table}");
        assert_eq!(chart.matches("```").count(), 1, "{chart}");
    }
}

#[test]
fn a_chart_has_one_line_for_each_bar_whatever_it_is_called() {
    for text in HOSTILE {
        let document = document(&saying(text), usize::MAX);
        let (_, chart) = document.split_once("```mermaid\n").expect("a chart");
        let (chart, _) = chart.split_once("```").expect("an end");
        let bars: Vec<_> = chart.lines().skip(4).collect();
        assert_eq!(bars.len(), 2, "{text:?}\n{chart}");
        for (bar, sign) in bars.iter().zip(["✗ ", "✓ "]) {
            let (name, data) = bar.trim().split_once(" :").expect("a name and times");
            assert!(name.starts_with(sign) && name.len() > sign.len(), "{bar}");
            assert!(!name.contains([':', ';', '#', '%', '"', '`', '{', '<', '@', '|']), "{bar}");
            assert_eq!(data.split(", ").count(), 4, "{bar}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_at_all_stays_in_its_place(text in any::<String>()) {
        prop_assert_eq!(bones(&page(&saying(&text))), bones(&page(&saying("harmless"))));
        prop_assert_eq!(cell(&page(&saying(&text)), "reason"), shown(&text));
        parsed(&picture(&saying(&text)));
        let markdown = document(&saying(&text), usize::MAX);
        prop_assert_eq!(markdown.lines().count(), document(&saying("harmless"), usize::MAX).lines().count());
        prop_assert!(rows(&markdown).iter().all(|row| row.len() == 7));
    }
}
