//! A run as a page: one file that needs no network and no script, in light and in dark, on a phone and on a desk.
//! What a bar looks like is not known here.

use super::drawing::{self, Names};
use super::markup::{Attribute, Markup};
use super::record::Run;
use super::track::Track;
use super::words::{self, Common, capital, counted, facts, missing, precise, sentence, story, subject, word};
use super::{left_out, shown};

/// How many operations have a bar.
const MOST_BARS: usize = 100;

/// How many operations have a row in the table.
const MOST_ROWS: usize = 500;

const STYLE: &str = include_str!("page.css");

/// What a browser may do with the page: nothing but to show it, in the two styles that it has. Tests hold the hashes and
/// the styles together.
const POLICY: &str = "default-src 'none'; style-src 'sha256-tzVTRBtBzuVtYg+MO+8pOIt3ijSfbX15DmFJg+KtHFU=' 'sha256-iu/15onnKyPI8gRES3h62pemOwfeBqdMSwGMVkQlQMc='; base-uri 'none'; form-action 'none'";

/// The page of this run.
pub(crate) fn page(run: &Run) -> String {
    let mut page = Markup::default();
    page.constant("<!DOCTYPE html>\n");
    page.open("html", &[("lang", &"en")]);
    head(&mut page, run);
    page.open("body", &[]);
    page.open("main", &[]);
    title(&mut page, run);
    timeline(&mut page, run);
    table(&mut page, run);
    page.open("footer", &[]);
    page.text(format_args!("written by lro {}", env!("CARGO_PKG_VERSION")));
    page.finish()
}

fn head(page: &mut Markup, run: &Run) {
    page.open("head", &[]);
    page.single("meta", &[("charset", &"utf-8")]);
    page.single("meta", &[("http-equiv", &"Content-Security-Policy"), ("content", &POLICY)]);
    page.single("meta", &[("name", &"viewport"), ("content", &"width=device-width, initial-scale=1")]);
    page.single("meta", &[("name", &"color-scheme"), ("content", &"light dark")]);
    page.single("meta", &[("name", &"referrer"), ("content", &"no-referrer")]);
    page.with_text("title", &[], format_args!("{}: {}", word(run.outcome), subject(run)));
    for style in [STYLE, drawing::STYLE] {
        page.open("style", &[]);
        page.constant(style);
        page.close();
    }
    page.close();
    page.line();
}

fn title(page: &mut Markup, run: &Run) {
    page.open("svg", &[("class", &"shapes"), ("aria-hidden", &"true")]);
    drawing::shapes(page);
    page.close();
    page.open("header", &[]);
    page.open("p", &[("class", &format_args!("outcome {}", run.outcome))]);
    drawing::sign(page, run.outcome);
    page.text(capital(word(run.outcome)));
    page.close();
    page.with_text("h1", &[("dir", &"auto")], capital_of_sentence(run));
    page.open("dl", &[("class", &"facts")]);
    for (name, value) in facts(run) {
        page.open("div", &[]);
        page.with_text("dt", &[], name);
        page.with_text("dd", &[], value);
        page.close();
    }
    page.close();
    page.close();
    page.line();
}

/// An id is told as it is, and a sentence begins with a capital.
fn capital_of_sentence(run: &Run) -> String {
    let subject = subject(run);
    if matches!(&run.tracks[..], [track] if *track.id == subject) { subject } else { capital(&subject) }
}

fn timeline(page: &mut Markup, run: &Run) {
    let tracks = shown(&run.tracks, MOST_BARS);
    if tracks.is_empty() {
        return;
    }
    let axis = drawing::axis(run);
    let common = Common::of(&run.tracks);
    page.open("section", &[("aria-labelledby", &"timeline")]);
    page.with_text("h2", &[("id", &"timeline")], "Timeline");
    if let Some(text) = left_out(run, tracks.len()) {
        page.with_text("p", &[("class", &"note")], text);
    }
    page.open("div", &[("class", &"chart")]);
    page.open("div", &[("class", &"row times"), ("aria-hidden", &"true")]);
    page.with_text("div", &[("class", &"who")], "since the wait began");
    page.open("svg", &[("class", &"track"), ("height", &18), ("width", &"100%")]);
    drawing::times(page, axis);
    page.close();
    page.close();
    for track in &tracks {
        page.line();
        page.open("div", &[("class", &"row")]);
        page.open("div", &[("class", &"who")]);
        page.with_text(
            "div",
            &[("class", &"id"), ("dir", &"auto"), ("title", &track.id)],
            common.without(track),
        );
        page.open("div", &[("class", &"how")]);
        drawing::sign(page, track.end.outcome);
        page.text(format_args!("{} after {}", word(track.end.outcome), precise(track.end.elapsed)));
        page.close();
        page.close();
        let text = format!("{}: {}", track.id, sentence(track));
        page.open("div", &[("class", &"what")]);
        page.open(
            "svg",
            &[
                ("class", &"track"),
                ("height", &drawing::HEIGHT),
                ("width", &"100%"),
                ("role", &"img"),
                ("aria-label", &text),
            ],
        );
        drawing::bar(page, run, track, axis, Names::Flowing);
        page.close();
        details(page, track, tracks.len() == 1);
        page.close();
        page.close();
    }
    page.close();
    legend(page, run);
    page.close();
    page.line();
}

/// What happened, in words.
fn details(page: &mut Markup, track: &Track, is_open: bool) {
    let story = story(track);
    if story.is_empty() {
        return;
    }
    let open: [Attribute<'_>; 1] = [("open", &"")];
    page.open("details", if is_open { &open } else { &[] });
    let summary = [
        counted(track.state_count() as u64, "state"),
        counted(track.fault_count() as u64, "fault"),
        counted(u64::from(track.end.polls), "poll"),
    ];
    page.with_text("summary", &[], summary.join(" · "));
    page.open("ol", &[("class", &"story")]);
    for (at, kind, text) in story {
        page.open("li", &[("class", &kind)]);
        page.with_text("time", &[], precise(at));
        page.with_text("span", &[("dir", &"auto")], text);
        page.close();
    }
    page.close();
    if let Some(missing) = missing(track) {
        page.with_text("p", &[("class", &"note")], missing);
    }
    page.close();
}

/// What the signs mean, as far as they stand above.
fn legend(page: &mut Markup, run: &Run) {
    page.open("ul", &[("class", &"legend")]);
    let mut entry = |sign: &'static str, text: &str| {
        page.open("li", &[]);
        page.constant(sign);
        page.text(text);
        page.close();
    };
    let has = |what: fn(&Track) -> bool| run.tracks.iter().any(what);
    let is_thinned = has(|track| track.polls.is_thinned());
    entry(
        r#"<svg class="sign" viewBox="0 0 20 20" aria-hidden="true"><path class="poll" d="M6 5v10M14 5v10"/></svg>"#,
        if is_thinned { "poll (of very many, some)" } else { "poll" },
    );
    if has(|track| !track.faults.is_empty()) {
        let sign = r#"<svg class="sign" viewBox="-10 -10 20 20" aria-hidden="true"><path class="fault" d="M0-6 6 0 0 6-6 0Z"/></svg>"#;
        entry(sign, "poll without a usable answer");
    }
    if has(|track| !track.pauses.is_empty()) {
        let sign = r#"<svg class="sign" viewBox="0 0 20 20" aria-hidden="true"><rect class="pause" x="2" y="6" width="16" height="8"/></svg>"#;
        entry(sign, "left alone, as the server asks");
    }
    let axis = drawing::axis(run);
    if run.limit.is_some_and(|limit| axis.has(limit)) {
        let sign = r#"<svg class="sign" viewBox="0 0 20 20" aria-hidden="true"><path class="limit" d="M10 0v20"/></svg>"#;
        entry(sign, "limit of the wait");
    }
    page.close();
}

fn table(page: &mut Markup, run: &Run) {
    let tracks = shown(&run.tracks, MOST_ROWS);
    if tracks.is_empty() {
        return;
    }
    page.open("section", &[("aria-labelledby", &"operations")]);
    page.with_text("h2", &[("id", &"operations")], "Operations");
    if let Some(text) = left_out(run, tracks.len()) {
        page.with_text("p", &[("class", &"note")], text);
    }
    page.open("table", &[("role", &"table")]);
    page.open("thead", &[("role", &"rowgroup")]);
    page.open("tr", &[("role", &"row")]);
    for name in COLUMNS {
        page.with_text("th", &[("role", &"columnheader"), ("scope", &"col")], name);
    }
    page.close();
    page.close();
    page.open("tbody", &[("role", &"rowgroup")]);
    for track in tracks {
        page.line();
        row(page, track);
    }
    page.close();
    page.close();
    page.close();
    page.line();
}

const COLUMNS: [&str; 7] = ["Operation", "Outcome", "Reason", "Polls", "Errors", "Took", "Location"];

fn row(page: &mut Markup, track: &Track) {
    let end = &track.end;
    let place = end.place();
    page.open("tr", &[("role", &"row")]);
    let texts = [
        ("id", Some(track.id.to_string())),
        ("outcome", None),
        ("reason", end.why().map(str::to_owned)),
        ("number", Some(end.polls.to_string())),
        ("number", Some(end.errors.to_string())),
        ("number", Some(precise(end.elapsed))),
        ("place", place),
    ];
    for (name, (class, text)) in COLUMNS.into_iter().zip(texts) {
        page.open("td", &[("role", &"cell"), ("class", &class), ("data-name", &name), ("dir", &"auto")]);
        if class == "outcome" {
            drawing::sign(page, end.outcome);
            page.text(words::word(end.outcome));
        } else {
            page.text(text.as_deref().unwrap_or("–"));
        }
        page.close();
    }
    page.close();
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_of_the_page_allows_its_styles_and_nothing_else() {
        let hash = |style: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(style)));
        let allowed = format!("style-src {} {};", hash(STYLE), hash(drawing::STYLE));
        assert!(POLICY.contains(&allowed), "{allowed}");
        assert!(POLICY.starts_with("default-src 'none';") && !POLICY.contains("unsafe"));
        for style in [STYLE, drawing::STYLE] {
            assert!(!style.contains(['<', '&']) && !style.contains("@import") && !style.contains("url(h"));
        }
    }
}
