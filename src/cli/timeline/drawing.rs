//! What the page and the picture draw alike: the bar of an operation with what happened along it, the line of time, and
//! the signs for each end. All places are in percent, so that a bar is as wide as there is room.
//! How wide that is, is not known here.

use std::fmt::Write;
use std::time::Duration;

use super::axis::{Axis, Percent};
use super::markup::{Attribute, Markup};
use super::record::Run;
use super::track::{State, Track, cut};
use super::words::{precise, sentence};
use crate::cli::duration::human;

/// The colors of bars and signs, in light and in dark.
pub(super) const STYLE: &str = include_str!("drawing.css");

/// The signs and patterns that bars are told apart by without colors.
const SHAPES: &str = include_str!("shapes.svg");

/// How high the drawing of one operation is.
pub(super) const HEIGHT: u32 = 40;

/// Below this share of the whole, in percent, nothing can be read on a part of a bar.
const NARROWEST: f64 = 3.0;

/// So near to its beginning no border is drawn on a bar, in parts of ten thousand of the whole.
const NARROW: u32 = 50;

/// How wide a letter of a name is, in pixels, on the average: a small one, and a capital.
const LETTER: (f64, f64) = (6.2, 7.8);

/// How states are named along a bar.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names {
    /// As text that is cut by whoever shows it.
    Flowing,
    /// As text that is cut here, because the bar is so many pixels wide.
    Fixed(f64),
}

/// All that is drawn by reference.
pub(super) fn shapes(markup: &mut Markup) {
    markup.constant(SHAPES);
}

/// The sign of an end, in the middle of a square of 20 pixels.
pub(super) fn sign(markup: &mut Markup, outcome: &'static str) {
    markup.open("svg", &[("class", &"sign"), ("viewBox", &"-10 -10 20 20"), ("aria-hidden", &"true")]);
    markup.single("use", &[("href", &format_args!("#end-{outcome}"))]);
    markup.close();
}

/// The line of time of this run.
pub(super) fn axis(run: &Run) -> Axis {
    let last = run.tracks.iter().map(|track| track.ended).max().unwrap_or_default();
    Axis::of(last.max(run.elapsed))
}

/// The names of moments above the bars.
pub(super) fn times(markup: &mut Markup, axis: Axis) {
    for (moment, name) in axis.named() {
        let at = axis.at(moment);
        // At the very end there is no room for a name.
        if at > Percent(96.0) {
            continue;
        }
        let anchor = if moment.is_zero() { "start" } else { "middle" };
        markup.with_text(
            "text",
            &[("class", &"time"), ("x", &at), ("y", &13), ("text-anchor", &anchor)],
            name,
        );
    }
}

/// The bar of an operation, with all that happened along it.
pub(super) fn bar(markup: &mut Markup, run: &Run, track: &Track, axis: Axis, names: Names) {
    let outcome = track.end.outcome;
    let (from, to) = (axis.at(track.began), axis.at(track.ended));
    let width = Percent((to.0 - from.0).max(0.3));
    strokes(markup, &[("grid", grid(axis))]);
    let kind = format!("bar {outcome}");
    let place: [Attribute<'_>; 5] = [("x", &from), ("y", &6), ("width", &width), ("height", &18), ("rx", &3)];
    markup.single("rect", &[&[("class", &kind as &dyn std::fmt::Display)], &place[..]].concat());
    if outcome != "succeeded" {
        let fill = format!("url(#fill-{outcome})");
        let look: [Attribute<'_>; 2] = [("class", &"pattern"), ("fill", &fill)];
        markup.single("rect", &[&look[..], &place[..]].concat());
    }
    states(markup, track, axis, names);
    for pause in &track.pauses {
        let until = (pause.at + pause.asked).min(track.ended);
        let share = Percent(axis.at(until).0 - axis.at(pause.at).0);
        let x = axis.at(pause.at);
        markup.open("rect", &[("class", &"pause"), ("x", &x), ("y", &28), ("width", &share), ("height", &8)]);
        let asked = human(pause.asked);
        markup.with_text(
            "title",
            &[],
            format_args!("{}: left alone for {asked}, as the server asks", at(pause.at)),
        );
        markup.close();
    }
    let polls = track.polls.iter().map(|poll| line(axis, poll, 28, 36)).collect();
    let limit = run.limit.filter(|limit| axis.has(*limit));
    let limit = limit.map(|limit| line(axis, limit, 0, HEIGHT)).unwrap_or_default();
    strokes(markup, &[("poll", polls), ("limit", limit)]);
    for fault in &track.faults {
        let place: [Attribute<'_>; 3] = [("x", &axis.at(fault.at)), ("y", &32), ("overflow", &"visible")];
        markup.open("svg", &place);
        markup.open("path", &[("class", &"fault"), ("d", &"M0-6 6 0 0 6-6 0Z")]);
        markup.with_text("title", &[], format_args!("{}: no usable answer: {}", at(fault.at), fault.text));
        markup.close();
        markup.close();
    }
    markup.open("use", &[("href", &format_args!("#end-{outcome}")), ("x", &to), ("y", &15)]);
    markup.with_text("title", &[], sentence(track));
    markup.close();
}

fn at(moment: Duration) -> String {
    format!("at {}", precise(moment))
}

/// The states of an operation, each as a part of its bar with a name.
fn states(markup: &mut Markup, track: &Track, axis: Axis, names: Names) {
    let mut borders = String::new();
    for (nth, state) in track.states.iter().enumerate() {
        let next = track.states.get(nth + 1).map_or(track.ended, |next| next.at);
        let (x, width) = (axis.at(state.at), Percent(axis.at(next).0 - axis.at(state.at).0));
        if axis.parts(state.at) > axis.parts(track.began) + NARROW && next > state.at {
            borders.push_str(&line(axis, state.at, 6, 24));
        }
        markup.open("rect", &[("class", &"state"), ("x", &x), ("y", &6), ("width", &width), ("height", &18)]);
        markup.with_text("title", &[], format_args!("{}: {}", at(state.at), state.text));
        markup.close();
        if width.0 >= NARROWEST {
            name(markup, state, (x, width), names);
        }
    }
    strokes(markup, &[("border", borders)]);
}

fn name(markup: &mut Markup, state: &State, (x, width): (Percent, Percent), names: Names) {
    match names {
        Names::Flowing => {
            let place: [Attribute<'_>; 5] =
                [("class", &"named"), ("x", &x), ("y", &6), ("width", &width), ("height", &18)];
            markup.open("foreignObject", &place);
            markup.open("div", &[("class", &"name")]);
            markup.with_text("span", &[("dir", &"auto")], &state.name);
            markup.close();
            markup.close();
        }
        Names::Fixed(pixels) => {
            // The sign of the end takes half of its own width.
            let capitals = state.name.chars().filter(|c| c.is_uppercase()).count();
            let letter = if capitals * 2 > state.name.chars().count() { LETTER.1 } else { LETTER.0 };
            let room = (pixels * width.0 / 100.0 - 18.0) / letter;
            if let Some(name) = fitting(&state.name, room) {
                markup.open("svg", &[("x", &x), ("y", &6), ("width", &width), ("height", &18)]);
                markup.with_text("text", &[("class", &"name"), ("x", &7), ("y", &13)], name);
                markup.close();
            }
        }
    }
}

/// How many letters of ours are as wide as this: those of Chinese, Japanese and Korean are as wide as two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum()
}

/// As much of the text as there is room for, if anything can be read of it.
pub(super) fn fitting(text: &str, letters: f64) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture is not that wide")]
    let letters = letters.max(0.0) as usize;
    if columns(text) <= letters {
        return Some(text.to_owned());
    }
    // Of wide letters half as many fit.
    let most = if columns(text) > text.chars().count() { letters / 2 } else { letters };
    (most >= 3).then(|| cut(text, most))
}

/// Lines from top to bottom, in one stroke each, however many there are.
fn strokes(markup: &mut Markup, paths: &[(&'static str, String)]) {
    if paths.iter().all(|(_, path)| path.is_empty()) {
        return;
    }
    markup.open(
        "svg",
        &[
            ("viewBox", &format_args!("0 0 10000 {HEIGHT}")),
            ("preserveAspectRatio", &"none"),
            ("width", &"100%"),
            ("height", &HEIGHT),
        ],
    );
    for (class, path) in paths.iter().filter(|(_, path)| !path.is_empty()) {
        markup.single("path", &[("class", class), ("d", path)]);
    }
    markup.close();
}

fn line(axis: Axis, moment: Duration, top: u32, bottom: u32) -> String {
    let mut path = String::new();
    let _ = write!(path, "M{} {top}V{bottom}", axis.parts(moment));
    path
}

fn grid(axis: Axis) -> String {
    axis.named().into_iter().map(|(moment, _)| line(axis, moment, 0, HEIGHT)).collect()
}
