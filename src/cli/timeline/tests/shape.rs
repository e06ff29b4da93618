//! What a reader is told, in each format: each end by word and shape, what happened along a bar, and what is left out.
//! How a text is escaped is proved beside this.

use roxmltree::{Document, ParsingOptions};

use super::super::words::WORDS;
use super::super::{document, page, picture};
use super::{ms, run, track};

fn all() -> [fn(&super::Run) -> String; 3] {
    [page, picture, |run| document(run, usize::MAX)]
}

#[test]
fn each_end_is_told_by_a_word_and_a_shape_and_not_by_color_alone() {
    for word in WORDS {
        let run = run(vec![track("c1/o1", word.outcome)]);
        for text in [page(&run), picture(&run)] {
            let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
            let document = Document::parse_with_options(&text, options).unwrap();
            let sign = format!("#end-{}", word.outcome);
            let is_sign = |node: &roxmltree::Node<'_, '_>| node.attribute("href") == Some(&*sign);
            assert!(document.descendants().any(|node| is_sign(&node)), "{}", word.outcome);
            let id = &sign[1..];
            assert!(
                document.descendants().any(|node| node.attribute("id") == Some(id)),
                "there is no shape {sign}"
            );
            let fill = format!("fill-{}", word.outcome);
            let is_fill = |node: &roxmltree::Node<'_, '_>| node.attribute("id") == Some(&*fill);
            assert_eq!(document.descendants().any(|node| is_fill(&node)), word.outcome != "succeeded");
            assert!(text.contains(&format!("{} after 10.0s", word.told)), "{text}");
        }
        let markdown = document(&run, usize::MAX);
        assert!(markdown.contains(&format!("| {} {} |", word.emoji, word.told)), "{markdown}");
    }
}

#[test]
fn a_bar_shows_states_faults_and_pauses_at_their_time() {
    let text = page(&run(vec![track("c1/o1", "failed")]));
    // The states, from their first answer to the next; the last is of the end itself.
    for (x, width, told) in [
        ("0.10%", "39.90%", "at 0.0s: pending (queued)"),
        ("40.00%", "60.00%", "at 4.0s: pending (building)"),
        ("100.00%", "0.00%", "at 10.0s: pending (over)"),
    ] {
        let rect =
            format!(r#"<rect class="state" x="{x}" y="6" width="{width}" height="18"><title>{told}</title>"#);
        assert!(text.contains(&rect), "{rect}\n{text}");
    }
    assert!(
        text.contains(r#"<span dir="auto">queued</span>"#)
            && text.contains(r#"<span dir="auto">building</span>"#)
    );
    assert!(!text.contains(r#"<span dir="auto">over</span>"#), "there is no room for it");
    assert!(text.contains(r#"<path class="border" d="M4000 6V24"/>"#), "{text}");
    let polls = "M0 28V36M2000 28V36M4000 28V36M6000 28V36M8000 28V36M10000 28V36";
    assert!(text.contains(&format!(r#"<path class="poll" d="{polls}"/>"#)), "{text}");
    assert!(text.contains("<title>at 2.0s: no usable answer: HTTP 503</title>"));
    assert!(text.contains(r#"<rect class="pause" x="20.10%" y="28" width="15.00%" height="8">"#), "{text}");
    assert!(!text.contains(r#"class="limit""#), "the limit is after the end");
}

#[test]
fn the_limit_is_drawn_where_it_ended_the_wait() {
    let mut late = run(vec![track("c1/o1", "timed_out")]);
    late.limit = Some(ms(10_000));
    assert!(page(&late).contains(r#"<path class="limit" d="M10000 0V40"/>"#));
    assert!(page(&late).contains("limit of the wait"));
}

#[test]
fn a_query_is_told_nowhere() {
    for form in all() {
        let text = form(&run(vec![track("c1/o1", "failed")]));
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert!(page(&run(vec![track("c1/o1", "failed")])).contains("https://plas.example/v1/o1?…"));
}

#[test]
fn what_all_names_have_in_common_is_left_out_of_a_bar_and_not_of_the_table() {
    let ids = ["https://a.example/jobs/one?…", "https://a.example/jobs/two?…"];
    let run = run(ids.map(|id| track(id, "succeeded")).into());
    let text = page(&run);
    assert!(text.contains(&format!(r#"title="{}">one</div>"#, ids[0])), "{text}");
    assert!(text.contains(&format!(">{}</td>", ids[1])), "{text}");
    assert!(picture(&run).contains(">two</text>"));
    assert!(document(&run, usize::MAX).contains("✓ two :done, t1, "));
}

#[test]
fn the_headline_says_how_many_succeeded() {
    for (outcomes, told) in [
        (vec!["succeeded", "succeeded"], "Succeeded: all 2 operations succeeded"),
        (vec!["failed", "succeeded"], "Failed: 1 of 2 operations succeeded"),
        (vec!["timed_out"], "Out of time: <code>o0</code>"),
        (vec![], "No usable answer: there was no operation"),
    ] {
        let tracks = outcomes.iter().enumerate().map(|(nth, outcome)| track(&format!("o{nth}"), outcome));
        let run = run(tracks.collect());
        let markdown = document(&run, usize::MAX);
        assert!(markdown.lines().next().is_some_and(|line| line.ends_with(told)), "{told}\n{markdown}");
        for form in all() {
            assert!(form(&run).contains("2026-11-18T"), "when it began");
            let text = form(&run);
            let text = text.rsplit_once("</style>").map_or(&*text, |(_, shown)| shown);
            assert_eq!(text.contains("limit"), !run.tracks.is_empty(), "{text}");
        }
    }
}

#[test]
fn the_states_of_a_single_operation_are_its_chart() {
    let text = document(&run(vec![track("c1/o1", "failed")]), usize::MAX);
    let chart: Vec<_> =
        text.lines().skip_while(|line| !line.contains("todayMarker")).skip(1).take(3).collect();
    let told: Vec<_> = chart.iter().map(|line| line.split(", 2026").next().unwrap().trim()).collect();
    assert_eq!(told, ["· queued :t0", "· building :t1", "✗ over :crit, milestone, t2"]);
}

#[test]
fn of_too_many_what_did_not_succeed_is_shown_first_and_it_is_said_what_is_left_out() {
    let mut tracks: Vec<_> = (0..600).map(|nth| track(&format!("good-{nth}"), "succeeded")).collect();
    tracks[7].end.elapsed = ms(10_001);
    tracks.push(track("the-bad-one", "failed"));
    let run = run(tracks);
    for (form, drawn) in all().into_iter().zip([100, 40, 200]) {
        let text = form(&run);
        let note =
            format!("{drawn} of 601 operations are shown here: what did not succeed first, then what took");
        assert!(text.contains(&note), "{note}");
        assert!(
            text.contains("the-bad-one") && (text.contains("good-7<") || text.contains("good-7 ")),
            "{drawn}"
        );
        assert!(!text.contains("good-599"));
    }
}
