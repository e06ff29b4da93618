//! How the ends of several operations add up: how many of each, and the one end and exit code for all.
//! How an operation ended is known before it comes here.

use super::exit::Exit;

/// Each word for an end, from the least on: what is told of all is the word of the worst.
const WORDS: [&str; 8] =
    ["succeeded", "pending", "interrupted", "timed_out", "error", "blocked", "cancelled", "failed"];

/// The ends so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    counts: [usize; WORDS.len()],
    worst: Option<(usize, usize, &'static str, Exit)>,
}

impl Tally {
    /// One more has ended, with this word and, if it were the only one, this exit code.
    pub(crate) fn add(&mut self, word: &'static str, exit: Exit) {
        let place = WORDS.iter().position(|known| *known == word).unwrap_or(WORDS.len() - 1);
        self.counts[place] += 1;
        let ended = (exit.gravity(), place, word, exit);
        let is_worse = self.worst.is_none_or(|worst| (ended.0, ended.1) > (worst.0, worst.1));
        if is_worse {
            self.worst = Some(ended);
        }
    }

    /// How many have ended.
    pub(crate) fn ended(&self) -> usize {
        self.counts.iter().sum()
    }

    /// How many have ended with this word.
    pub(crate) fn count(&self, word: &str) -> usize {
        self.counts().find(|(known, _)| *known == word).map_or(0, |(_, count)| count)
    }

    /// Each word for an end with its count, also where that is 0, from success on to the worst.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        WORDS.into_iter().zip(self.counts)
    }

    /// The word and the exit code of the worst; none when nothing has ended.
    pub(crate) fn worst(&self) -> Option<(&'static str, Exit)> {
        self.worst.map(|(.., word, exit)| (word, exit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(ends: &[(&'static str, Exit)]) -> Option<(&'static str, Exit)> {
        let mut tally = Tally::default();
        for (word, exit) in ends {
            tally.add(word, *exit);
        }
        assert_eq!(tally.ended(), ends.len());
        tally.worst()
    }

    #[test]
    fn the_worst_end_is_that_of_all_in_whatever_order_they_come() {
        let ends = [
            ("succeeded", Exit::Succeeded),
            ("pending", Exit::Pending),
            ("blocked", Exit::Pending),
            ("timed_out", Exit::TimedOut),
            ("error", Exit::NoAnswer),
            ("error", Exit::NotFound),
            ("error", Exit::Denied),
            ("blocked", Exit::Failed),
            ("cancelled", Exit::Failed),
            ("failed", Exit::Failed),
        ];
        for (place, end) in ends.iter().enumerate() {
            assert_eq!(worst(&ends[..=place]), Some(*end));
            let backwards: Vec<_> = ends[..=place].iter().rev().copied().collect();
            assert_eq!(worst(&backwards), Some(*end));
        }
        assert_eq!(worst(&[]), None);
    }
}
