//! The picture: polls against detection lag, both logarithmic, a panel for each scale.
//! No figure is made here. Readable on light and on dark, because whoever shows it has a background of its own.

use std::fmt::Write as _;

use crate::durations::Durations;
use crate::labels::{Area, place};
use crate::play::{Average, LATENCY, Waiter};
use crate::table::human;

const WIDTH: f64 = 1600.0;
const HEIGHT: f64 = 1000.0;

/// Where the first panel begins, how wide each is, and how far the next.
const LEFT: f64 = 112.0;
const PANEL: f64 = 470.0;
const STEP: f64 = 502.0;
const TOP: f64 = 76.0;
const BOTTOM: f64 = 872.0;

/// The lags at the ends of the vertical axis, in seconds, and how many powers of ten of polls a panel shows.
const LAGS: (f64, f64) = (0.4, 150.0);
const POWERS: f64 = 2.2;

/// The size of the names of points.
const TEXT: f64 = 29.0;

const STYLE: &str = "
text { font: 29px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #59636e }
.title, .axis { fill: #1f2328 } .title { font-size: 33px; font-weight: 600 }
.grid { stroke: #d1d9e0; stroke-width: 1.5 } .leader { stroke: #818b98; stroke-width: 1.5 }
.line { fill: none; stroke: #818b98; stroke-width: 2.5; stroke-dasharray: 9 8 }
circle.peer, path.peer { fill: none; stroke: #59636e; stroke-width: 3.5 }
.ours { fill: #0969da } text.ours { font-weight: 600 }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 } .title, .axis { fill: #f0f6fc }
.grid { stroke: #3d444d } .leader, .line { stroke: #656c76 }
circle.peer, path.peer { stroke: #9198a1 } .ours { fill: #4493f8 }
}";

/// One scale: who waits there, and how.
pub(crate) struct Panel {
    title: String,
    mean: f64,
    points: Vec<Point>,
}

struct Point {
    name: &'static str,
    is_ours: bool,
    average: Average,
}

/// Where a panel stands, and the polls at its left edge.
struct Frame {
    left: f64,
    fewest: f64,
}

impl Panel {
    pub(crate) fn new(durations: &Durations, waiters: &[Waiter], averages: &[Average]) -> Self {
        let points = waiters.iter().zip(averages);
        Self {
            title: format!("{} usually", human(durations.median)),
            mean: durations.mean(),
            points: points
                .map(|(waiter, average)| Point {
                    name: waiter.name,
                    is_ours: waiter.is_ours,
                    average: *average,
                })
                .collect(),
        }
    }

    fn fewest(&self) -> f64 {
        0.75 * self.points.iter().map(|point| point.average.polls).fold(f64::INFINITY, f64::min)
    }
}

pub(crate) fn svg(panels: &[Panel]) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"Polls against detection lag, of lro and of other waiters\">\n<style>{STYLE}\n</style>\n"
    );
    let mut left = LEFT;
    for (number, panel) in panels.iter().enumerate() {
        let frame = Frame { left, fewest: panel.fewest() };
        grid(&mut out, &frame, &panel.title, number == 0);
        fixed(&mut out, &frame, panel.mean);
        points(&mut out, &frame, panel);
        left += STEP;
    }
    let middle = LEFT + STEP + PANEL / 2.0;
    text(&mut out, "axis", "middle", (middle, BOTTOM + 84.0), "polls");
    let (x, y) = (34.0, f64::midpoint(TOP, BOTTOM));
    let turned = format!("transform=\"rotate(-90 {x} {y})\"");
    let _ = writeln!(
        out,
        "<text class=\"axis\" text-anchor=\"middle\" x=\"{x}\" y=\"{y}\" {turned}>detection lag, seconds</text>"
    );
    text(&mut out, "tick", "start", (LEFT + 72.0, TOP + 40.0), "fixed intervals");
    better(&mut out);
    out.push_str("</svg>\n");
    out
}

impl Frame {
    fn x(&self, polls: f64) -> f64 {
        self.left + (polls / self.fewest).log10() / POWERS * PANEL
    }

    fn most(&self) -> f64 {
        self.fewest * 10_f64.powf(POWERS)
    }

    fn bounds(&self) -> Area {
        Area { left: self.left, top: TOP, width: PANEL, height: BOTTOM - TOP }
    }
}

fn y(lag: f64) -> f64 {
    BOTTOM - (lag / LAGS.0).log10() / (LAGS.1 / LAGS.0).log10() * (BOTTOM - TOP)
}

fn grid(out: &mut String, frame: &Frame, title: &str, is_first: bool) {
    text(out, "title", "start", (frame.left, TOP - 24.0), title);
    let right = frame.left + PANEL;
    for lag in [0.5, 1.0, 3.0, 10.0, 30.0, 100.0] {
        let y = y(lag);
        line(out, "grid", (frame.left, y), (right, y));
        if is_first {
            text(out, "tick", "end", (frame.left - 12.0, y + 9.0), &lag.to_string());
        }
    }
    for polls in [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0] {
        if (frame.fewest..frame.most()).contains(&polls) {
            let x = frame.x(polls);
            line(out, "grid", (x, TOP), (x, BOTTOM));
            text(out, "tick", "middle", (x, BOTTOM + 36.0), &polls.to_string());
        }
    }
}

/// What a fixed interval costs, for every interval: half of it, and one and a half polls more than fit.
fn curve(frame: &Frame, mean: f64) -> Vec<(f64, f64)> {
    let latency = LATENCY.as_secs_f64();
    let intervals = (0..=160).map(|step| 0.3 * 10_f64.powf(f64::from(step) / 50.0));
    let points = intervals.map(|interval| (mean / (interval + latency) + 1.5, interval / 2.0 + latency));
    let is_shown = |(polls, lag): &(f64, f64)| {
        (frame.fewest..frame.most()).contains(polls) && (LAGS.0..LAGS.1).contains(lag)
    };
    points.filter(is_shown).map(|(polls, lag)| (frame.x(polls), y(lag))).collect()
}

fn fixed(out: &mut String, frame: &Frame, mean: f64) {
    let path: Vec<_> = curve(frame, mean).into_iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    let _ = writeln!(out, "<path class=\"line\" d=\"M{}\"/>", path.join(" L"));
}

fn points(out: &mut String, frame: &Frame, panel: &Panel) {
    let at = |point: &Point| (frame.x(point.average.polls), y(point.average.lag));
    let mut taken: Vec<_> = panel.points.iter().map(at).map(|(x, y)| Area::around(x, y, 13.0)).collect();
    for point in &panel.points {
        let (x, y) = at(point);
        let class = if point.is_ours { "ours" } else { "peer" };
        mark(out, class, (x, y), point.average.given_up > 0.5);
        let letters = point.name.chars().fold(0.0, |sum, _| sum + 1.0);
        let size = (letters * TEXT * if point.is_ours { 0.65 } else { 0.58 }, TEXT);
        let area = place((x, y), size, &frame.bounds(), &taken);
        let middle = area.left + area.width / 2.0;
        let near = (x.clamp(area.left, area.left + area.width), y.clamp(area.top, area.top + area.height));
        if (near.0 - x).hypot(near.1 - y) > 30.0 {
            line(out, "leader", (x, y), near);
        }
        text(out, class, "middle", (middle, area.top + 0.8 * TEXT), point.name);
        taken.push(area);
    }
}

/// A full dot for ours, a ring for a peer, a cross for one that mostly gives up before.
fn mark(out: &mut String, class: &str, (x, y): (f64, f64), is_given_up: bool) {
    if is_given_up {
        line(out, class, (x - 8.0, y - 8.0), (x + 8.0, y + 8.0));
        line(out, class, (x - 8.0, y + 8.0), (x + 8.0, y - 8.0));
    } else {
        let radius = if class == "ours" { 11.0 } else { 8.0 };
        let _ = writeln!(out, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
    }
}

/// An arrow to where few polls know soon.
fn better(out: &mut String) {
    let (x, y) = (LEFT + 2.0 * STEP + 22.0, BOTTOM - 22.0);
    line(out, "leader", (x + 70.0, y - 70.0), (x, y));
    line(out, "leader", (x + 22.0, y), (x, y));
    line(out, "leader", (x, y - 22.0), (x, y));
    text(out, "axis", "start", (x + 78.0, y - 70.0), "better");
}

fn line(out: &mut String, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let _ = writeln!(out, "<path class=\"{class}\" d=\"M{x1:.1} {y1:.1} L{x2:.1} {y2:.1}\"/>");
}

fn text(out: &mut String, class: &str, anchor: &str, (x, y): (f64, f64), text: &str) {
    let _ = writeln!(
        out,
        "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
    );
}
