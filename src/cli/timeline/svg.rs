//! A run as a picture that stands alone: for a README, an artifact, a chat. It is in light and in dark.
//! What a bar looks like is not known here.

use super::axis::Axis;
use super::drawing::{self, HEIGHT, Names, fitting};
use super::markup::{Attribute, Markup};
use super::record::Run;
use super::track::Track;
use super::words::{self, Common, capital, precise, sentence, subject, word};
use super::{left_out, shown};

/// How many operations have a bar.
const MOST_BARS: usize = 40;

const WIDTH: u32 = 960;

/// Where the bars begin, and how wide they may become.
const LEFT: u32 = 262;
const ROOM: u32 = WIDTH - LEFT - 28;

/// Where the line of time is, and the first bar below it.
const TIMES: u32 = 94;
const TOP: u32 = TIMES + 26;

/// How far apart the bars are.
const ROW: u32 = HEIGHT + 8;

/// How wide letters are, in pixels: of an id, of a line of small text, and of the headline.
const OF_ID: f64 = 7.3;
const OF_LINE: f64 = 6.4;
const OF_HEADLINE: f64 = 9.6;

const STYLE: &str = include_str!("picture.css");

/// The picture of this run.
pub(crate) fn picture(run: &Run) -> String {
    let tracks = shown(&run.tracks, MOST_BARS);
    let note = left_out(run, tracks.len());
    let rows = u32::try_from(tracks.len()).unwrap_or_default();
    let height = TOP + rows * ROW + if note.is_some() { 34 } else { 14 };
    let axis = drawing::axis(run);
    let common = Common::of(&run.tracks);
    let mut picture = Markup::default();
    picture.open(
        "svg",
        &[
            ("xmlns", &"http://www.w3.org/2000/svg"),
            ("viewBox", &format_args!("0 0 {WIDTH} {height}")),
            ("width", &WIDTH),
            ("height", &height),
            ("role", &"img"),
            ("aria-labelledby", &"title desc"),
        ],
    );
    picture.with_text("title", &[("id", &"title")], format_args!("{}: {}", word(run.outcome), subject(run)));
    picture.with_text("desc", &[("id", &"desc")], description(&tracks));
    for style in [STYLE, drawing::STYLE] {
        picture.open("style", &[]);
        picture.constant(style);
        picture.close();
    }
    drawing::shapes(&mut picture);
    let paper: [Attribute<'_>; 6] = [
        ("class", &"paper"),
        ("x", &0.5),
        ("y", &0.5),
        ("width", &(WIDTH - 1)),
        ("height", &(height - 1)),
        ("rx", &8),
    ];
    picture.single("rect", &paper);
    headline(&mut picture, run);
    inner(&mut picture, TIMES, 18);
    drawing::times(&mut picture, axis);
    picture.close();
    for (track, y) in tracks.iter().zip((TOP..).step_by(ROW as usize)) {
        picture.line();
        let name = middle(&common.without(track), f64::from(LEFT - 40) / OF_ID);
        picture.with_text("text", &[("class", &"id"), ("x", &20), ("y", &(y + 15))], name);
        row(&mut picture, run, track, axis, y);
    }
    if let Some(text) = note {
        picture.with_text("text", &[("class", &"line"), ("x", &20), ("y", &(height - 14))], text);
    }
    picture.finish()
}

fn description(tracks: &[&Track]) -> String {
    let told = tracks.iter().take(10).map(|track| format!("{}: {}.", track.id, sentence(track)));
    told.collect::<Vec<_>>().join(" ")
}

fn headline(picture: &mut Markup, run: &Run) {
    picture.single("use", &[("href", &format_args!("#end-{}", run.outcome)), ("x", &30), ("y", &29)]);
    let room = f64::from(WIDTH - 70) / OF_HEADLINE;
    let text = format!("{} – {}", capital(word(run.outcome)), subject(run));
    let text = fitting(&text, room).unwrap_or_default();
    picture.with_text("text", &[("class", &"headline"), ("x", &48), ("y", &35)], text);
    let (ends, rest): (Vec<_>, Vec<_>) =
        words::facts(run).into_iter().partition(|(name, _)| *name == "operations");
    let ends = ends.into_iter().map(|(_, value)| value).collect();
    let rest = rest.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    for (parts, y) in [(ends, 57), (rest, 76)] {
        let parts: Vec<String> = parts;
        let text = fitting(&parts.join(" · "), f64::from(WIDTH - 40) / OF_LINE).unwrap_or_default();
        picture.with_text("text", &[("class", &"line"), ("x", &20), ("y", &y)], text);
    }
}

/// Opens the part of the picture where the bars are, at this height.
fn inner(picture: &mut Markup, y: u32, height: u32) {
    picture.open(
        "svg",
        &[("x", &LEFT), ("y", &y), ("width", &ROOM), ("height", &height), ("overflow", &"visible")],
    );
}

fn row(picture: &mut Markup, run: &Run, track: &Track, axis: Axis, y: u32) {
    let how = format!("{} after {}", word(track.end.outcome), precise(track.end.elapsed));
    picture.with_text("text", &[("class", &"line"), ("x", &20), ("y", &(y + 33))], how);
    inner(picture, y, HEIGHT);
    drawing::bar(picture, run, track, axis, Names::Fixed(f64::from(ROOM)));
    picture.close();
}

/// A name with as much of its beginning and end as there is room for: ids that begin alike end differently.
fn middle(id: &str, letters: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture is not that wide")]
    let most = letters as usize;
    let count = id.chars().count();
    if count <= most {
        return fitting(id, letters).unwrap_or_default();
    }
    let end = (most - 1) / 2;
    let begin = most - 1 - end;
    let middle: String = id.chars().take(begin).chain(['…']).chain(id.chars().skip(count - end)).collect();
    fitting(&middle, letters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        assert_eq!(middle("short", 10.0), "short");
        assert_eq!(middle("0123456789abcdef", 9.0), "0123…cdef");
        assert_eq!(middle("機械学習のジョブの名前", 8.0), "機械学…");
    }
}
