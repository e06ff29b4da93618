//! A run as a Gantt chart of mermaid, which GitHub and GitLab draw: an operation each, or the states of a single one.
//! What stands around the chart is not known here.

use std::fmt::Write;
use std::time::Duration;

use super::record::Run;
use super::shown;
use super::track::{Track, cut};
use super::words::{Common, of};

/// How many bars there are at most: of more nothing can be told from one another.
const MOST_BARS: usize = 50;

/// How long a name is at most.
const LONGEST_NAME: usize = 48;

/// The chart, between the marks that make it one; empty where there is nothing to draw.
pub(super) fn chart(run: &Run) -> String {
    let bars: Vec<_> = match &run.tracks[..] {
        [] => return String::new(),
        [track] => states(track),
        tracks => {
            let common = Common::of(tracks);
            let bars = shown(tracks, MOST_BARS).into_iter();
            bars.map(|track| Bar { name: common.without(track), ..whole(track) }).collect()
        }
    };
    let format = if run.elapsed < Duration::from_secs(24 * 3600) { "%H:%M:%S" } else { "%m-%d %H:%M" };
    let mut text = String::new();
    let _ = writeln!(text, "\n```mermaid\ngantt\n    dateFormat YYYY-MM-DDTHH:mm:ss.SSS");
    let _ = writeln!(text, "    axisFormat {format}\n    todayMarker off");
    for (nth, bar) in bars.iter().enumerate() {
        // One that took no time is not drawn, and one without a beginning is an error.
        let to = bar.to.max(bar.from + Duration::from_millis(1));
        let is_moment = bar.to == bar.from && bars.len() > 1;
        let tags =
            [bar.tag, if is_moment { "milestone" } else { "" }].into_iter().filter(|tag| !tag.is_empty());
        let tag: String = tags.flat_map(|tag| [tag, ", "]).collect();
        let _ = writeln!(
            text,
            "    {} {} :{tag}t{nth}, {}, {}",
            bar.sign,
            name(&bar.name),
            moment(run, bar.from),
            moment(run, to)
        );
    }
    text.push_str("```\n\nThe times of the chart are in UTC.\n");
    text
}

struct Bar {
    sign: &'static str,
    name: String,
    /// What mermaid calls the look of a bar.
    tag: &'static str,
    from: Duration,
    to: Duration,
}

fn whole(track: &Track) -> Bar {
    let name = track.id.to_string();
    let tag = match track.end.outcome {
        "succeeded" => "done",
        "interrupted" => "active",
        _ => "crit",
    };
    Bar { sign: of(track.end.outcome).sign, name, tag, from: track.began, to: track.ended }
}

/// The states of an operation, the last of them as the operation ended.
fn states(track: &Track) -> Vec<Bar> {
    let ends = whole(track);
    let most = if track.states.len() > MOST_BARS { MOST_BARS - 1 } else { MOST_BARS };
    let mut bars: Vec<_> = track
        .states
        .iter()
        .take(most)
        .enumerate()
        .map(|(nth, state)| {
            let to = track.states.get(nth + 1).map_or(track.ended, |next| next.at);
            Bar { sign: "·", name: state.name.to_string(), tag: "", from: state.at, to }
        })
        .collect();
    if let Some(rest) = track.states.get(most) {
        bars.push(Bar { sign: "·", name: "…".to_owned(), tag: "", from: rest.at, to: track.ended });
    }
    match bars.last_mut() {
        Some(last) => (last.sign, last.tag) = (ends.sign, ends.tag),
        None => bars.push(ends),
    }
    bars
}

/// A name in which nothing is left that means something in a chart. A sign stands before it, so that it is no keyword.
fn name(text: &str) -> String {
    let is_harmless = |c: char| c.is_alphanumeric() || "-_/.· …".contains(c);
    let text: String = text.chars().map(|c| if is_harmless(c) { c } else { ' ' }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { "–".to_owned() } else { cut(&text, LONGEST_NAME) }
}

/// When it was, without the zone: mermaid would not take it.
fn moment(run: &Run, at: Duration) -> String {
    run.began.after(at).trim_end_matches('Z').to_owned()
}
