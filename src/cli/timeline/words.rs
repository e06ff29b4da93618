//! A run in words: what a person calls each end, the headline, and the facts below it.
//! How a text is escaped is not known here.

use std::time::Duration;

use super::record::Run;
use super::track::Track;
use crate::cli::duration::human;
use crate::cli::report::abbreviated;

/// An end as it is told: the word for JSON, that for a person, and the sign beside it in Markdown.
pub(super) struct Word {
    pub(super) outcome: &'static str,
    pub(super) told: &'static str,
    pub(super) emoji: &'static str,
    pub(super) sign: &'static str,
}

const fn end(outcome: &'static str, word: &'static str, emoji: &'static str, sign: &'static str) -> Word {
    Word { outcome, told: word, emoji, sign }
}

/// Each end, from the best on. What the words say is what the shapes and the colors say too.
pub(super) const WORDS: [Word; 7] = [
    end("succeeded", "succeeded", "✅", "✓"),
    end("interrupted", "interrupted", "⏸️", "‖"),
    end("timed_out", "out of time", "⏱️", "◷"),
    end("error", "no usable answer", "❓", "△"),
    end("blocked", "waits for a person", "✋", "◇"),
    end("cancelled", "cancelled", "🚫", "⊘"),
    end("failed", "failed", "❌", "✗"),
];

pub(super) fn of(outcome: &str) -> &'static Word {
    WORDS.iter().find(|word| word.outcome == outcome).unwrap_or(&WORDS[3])
}

/// The word for a person.
pub(crate) fn word(outcome: &str) -> &'static str {
    of(outcome).told
}

/// How long, to the tenth of a second where that matters.
pub(super) fn precise(duration: Duration) -> String {
    // What is nearer to a minute is one.
    if duration < Duration::from_millis(59_950) {
        format!("{:.1}s", duration.as_secs_f64())
    } else {
        human(duration.max(Duration::from_secs(60)))
    }
}

/// `1 poll`, `12 polls`.
pub(super) fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// How the run ended: `Succeeded`.
pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What it was about: the operation, or how many of them succeeded.
pub(super) fn subject(run: &Run) -> String {
    let all: usize = run.counts.values().sum();
    let good = run.counts.get("succeeded").copied().unwrap_or_default();
    match (&run.tracks[..], all) {
        ([track], 1) => track.id.to_string(),
        (_, 0) => "there was no operation".to_owned(),
        (_, 1) => format!("{good} of 1 operation succeeded"),
        _ if good == all => format!("all {all} operations succeeded"),
        _ => format!("{good} of {all} operations succeeded"),
    }
}

/// From how many characters on a name is long.
const LONG: usize = 40;

/// What all names begin and end with, where there are several: nothing that tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Common {
    begin: usize,
    end: usize,
}

impl Common {
    pub(super) fn of(tracks: &[Track]) -> Self {
        let [first, rest @ ..] = tracks else { return Self { begin: 0, end: 0 } };
        if rest.is_empty() {
            return Self { begin: 0, end: 0 };
        }
        let alike = |one: &str, other: &str| {
            one.char_indices()
                .zip(other.chars())
                .find(|((_, a), b)| a != b)
                .map_or(one.len(), |((at, _), _)| at)
        };
        let begin = rest.iter().fold(first.id.len(), |begin, track| alike(&first.id[..begin], &track.id));
        let begin = first.id[..begin].rfind('/').map_or(0, |slash| slash + 1);
        let mark = "?…";
        let end = if tracks.iter().all(|track| track.id[begin..].ends_with(mark)) { mark.len() } else { 0 };
        Self { begin, end }
    }

    /// The name of one of them as far as it tells it from the others: ids that are long for a line by their beginnings.
    pub(super) fn without(self, track: &Track) -> String {
        let name = track.id.get(self.begin..track.id.len() - self.end).unwrap_or_default();
        match name.chars().count() {
            0 => track.id.to_string(),
            LONG.. => abbreviated(name),
            _ => name.to_owned(),
        }
    }
}

/// What is known of all together, each with its name.
pub(super) fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let ends = WORDS.iter().filter_map(|word| Some((run.counts.get(word.outcome)?, word.told)));
    let ends: Vec<_> = ends.map(|(count, word)| format!("{count} {word}")).collect();
    let mut facts = vec![
        ("began", run.began.after(Duration::ZERO)),
        ("operations", if ends.is_empty() { "none".to_owned() } else { ends.join(", ") }),
        ("took", precise(run.elapsed)),
    ];
    // Where nothing began, nobody has said what the limit would be.
    if !ends.is_empty() {
        facts.push(("limit", run.limit.map_or_else(|| "none".to_owned(), human)));
    }
    facts.extend([("polls", run.polls.to_string()), ("errors", run.errors.to_string())]);
    facts
}

/// How an operation ended, in one sentence, for whoever does not see its bar.
pub(super) fn sentence(track: &Track) -> String {
    let why = track.end.why().map(|why| format!(": {why}")).unwrap_or_default();
    let effort = format!(
        "{} after {}, {}, {}",
        word(track.end.outcome),
        precise(track.end.elapsed),
        counted(u64::from(track.end.polls), "poll"),
        counted(u64::from(track.end.errors), "error"),
    );
    format!("{effort}{why}")
}

/// What happened to an operation, in the order of time: when, what kind of thing, and in which words.
pub(super) fn story(track: &Track) -> Vec<(Duration, &'static str, String)> {
    let states = track.states.iter().map(|state| (state.at, "state", state.text.to_string()));
    let faults =
        track.faults.iter().map(|fault| (fault.at, "fault", format!("no usable answer: {}", fault.text)));
    let pauses = track.pauses.iter().map(|pause| {
        (pause.at, "pause", format!("the server asks to be left alone for {}", human(pause.asked)))
    });
    let mut story: Vec<_> = states.chain(faults).chain(pauses).collect();
    story.sort_by_key(|(at, ..)| *at);
    story
}

/// What is missing in the story, if something is.
pub(super) fn missing(track: &Track) -> Option<String> {
    let kinds = ["change of state", "fault", "pause"].into_iter().zip(track.left_out);
    let told: Vec<_> = kinds
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| match (kind, count) {
            ("change of state", 1) => "1 more change of state".to_owned(),
            ("change of state", _) => format!("{count} more changes of state"),
            (kind, 1) => format!("1 more {kind}"),
            (kind, count) => format!("{count} more {kind}s"),
        })
        .collect();
    (!told.is_empty()).then(|| format!("and {}, which are not kept", told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_to_the_tenth_of_a_second_up_to_a_minute() {
        for (milliseconds, told) in [
            (0, "0.0s"),
            (1_250, "1.2s"),
            (59_949, "59.9s"),
            (59_950, "1m"),
            (60_000, "1m"),
            (61_999, "1m 1s"),
        ] {
            assert_eq!(precise(Duration::from_millis(milliseconds)), told, "{milliseconds}");
        }
    }
}
