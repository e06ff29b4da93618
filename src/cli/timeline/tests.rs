//! What a run becomes in each format, whatever a server says, and that it stays small.
//! What the command makes of it is proved where the command is run.

mod bounds;
mod escaping;
mod shape;

use std::sync::Arc;
use std::time::Duration;

use super::record::Run;
use super::track::{End, Fault, Pause, State, Track};
use crate::cli::clock::Day;

pub(super) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// An operation with this name that ended like this after ten seconds, with all that can happen to one.
pub(super) fn track(id: &str, outcome: &'static str) -> Track {
    let mut track = Track::new(&Arc::from(id), ms(0), 1);
    for poll in [0, 2_000, 4_000, 6_000, 8_000, 10_000] {
        track.polls.add(ms(poll));
    }
    for (at, name) in [(10, "queued"), (4_000, "building"), (10_000, "over")] {
        track.states.push(State { at: ms(at), name: name.into(), text: format!("pending ({name})").into() });
    }
    track.faults.push(Fault { at: ms(2_010), text: "HTTP 503".into() });
    track.pauses.push(Pause { at: ms(2_010), asked: ms(1_500) });
    track.ended = ms(10_000);
    track.end = End {
        outcome,
        reason: Some("no free line".to_owned()),
        error: None,
        location: Some("https://plas.example/v1/o1?sig=s3cret".to_owned()),
        polls: 6,
        errors: 1,
        elapsed: ms(10_000),
    };
    track
}

/// The run of these, which lasted ten seconds of at most twenty.
pub(super) fn run(tracks: Vec<Track>) -> Run {
    let mut counts = std::collections::BTreeMap::new();
    for track in &tracks {
        *counts.entry(track.end.outcome).or_default() += 1;
    }
    let polls = tracks.iter().map(|track| u64::from(track.end.polls)).sum();
    let errors = tracks.iter().map(|track| u64::from(track.end.errors)).sum();
    Run {
        outcome: tracks.first().map_or("error", |track| track.end.outcome),
        began: Day::of_epoch(Duration::from_secs(1_795_000_000)),
        elapsed: ms(10_000),
        limit: Some(ms(20_000)),
        tracks,
        forgotten: 0,
        counts,
        polls,
        errors,
    }
}
