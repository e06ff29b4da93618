//! Sets of values, compared without case, with globs.
//! What a value means is not known here.

/// Values that a state may have.
#[derive(Debug, Clone, Default)]
pub(super) struct Values(Vec<Pattern>);

/// One value, in lower case; `*` stands for any text and `?` for any character.
#[derive(Debug, Clone)]
struct Pattern {
    written: String,
    characters: Vec<char>,
}

impl Values {
    pub(super) fn new(values: &[String]) -> Self {
        let pattern = |value: &String| Pattern {
            written: value.clone(),
            characters: value.to_lowercase().chars().collect(),
        };
        Self(values.iter().map(pattern).collect())
    }

    /// The value of this set that the state has, as it is written.
    pub(super) fn find(&self, state: &str) -> Option<&str> {
        let state: Vec<char> = state.to_lowercase().chars().collect();
        // A state has no globs: a star in it is a star.
        let found = self.0.iter().find(|pattern| meet(&pattern.characters, &state, false));
        found.map(|pattern| pattern.written.as_str())
    }

    /// A value of this set and one of the other that some state would both have.
    pub(super) fn overlap<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b)));
        pairs
            .filter(|(a, b)| meet(&a.characters, &b.characters, true))
            .map(|(a, b)| (a.written.as_str(), b.written.as_str()))
            .next()
    }
}

/// Whether some text fits both. Globs of the second one count only if they are to.
///
/// Row by row through a table, so that no pattern takes longer than the product of the lengths.
fn meet(a: &[char], b: &[char], globs_in_b: bool) -> bool {
    let is_any = |c: char| c == '*';
    let fits = |a: char, b: char| a == b || a == '?' || globs_in_b && b == '?';
    // row[j]: whether what is left of `a` from here and of `b` from j have a text in common.
    let mut below = vec![false; b.len() + 1];
    below[b.len()] = true;
    for j in (0..b.len()).rev() {
        below[j] = globs_in_b && is_any(b[j]) && below[j + 1];
    }
    for &from_a in a.iter().rev() {
        let mut row = vec![false; b.len() + 1];
        row[b.len()] = is_any(from_a) && below[b.len()];
        for j in (0..b.len()).rev() {
            // A star takes one more character of the other side, or ends here.
            row[j] = if is_any(from_a) || globs_in_b && is_any(b[j]) {
                below[j] || row[j + 1]
            } else {
                fits(from_a, b[j]) && below[j + 1]
            };
        }
        below = row;
    }
    below[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[&str]) -> Values {
        Values::new(&values.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn a_state_is_found_without_case_and_by_globs() {
        for (value, state, fits) in [
            ("SUCCESS", "success", true),
            ("SUCCESS", "Successful", false),
            ("*_COMPLETE", "create_complete", true),
            ("*_COMPLETE", "_COMPLETE", true),
            ("*_COMPLETE", "create_completed", false),
            ("*fail*", "deploy failed", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("ÄNDERN", "ändern", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            // What a server says is no glob.
            ("done", "*", false),
            ("done", "d?ne", false),
        ] {
            assert_eq!(values(&[value]).find(state).is_some(), fits, "{value} {state}");
        }
    }

    #[test]
    fn two_sets_overlap_when_one_state_would_be_in_both() {
        for (a, b, overlap) in [
            ("DONE", "done", true),
            ("DONE", "finished", false),
            ("*_COMPLETE", "ROLLBACK_COMPLETE", true),
            ("*_COMPLETE", "*_FAILED", false),
            ("CREATE_*", "*_FAILED", true),
            ("a?c", "ab?", true),
            ("a?c", "a?d", false),
            ("*", "x", true),
            ("a*", "b*", false),
            ("*a*", "*b*", true),
        ] {
            assert_eq!(values(&[a]).overlap(&values(&["other", b])).is_some(), overlap, "{a} {b}");
            assert_eq!(values(&[b]).overlap(&values(&[a])).is_some(), overlap, "{b} {a}");
        }
    }

    #[test]
    fn a_long_state_and_many_stars_take_no_time() {
        let state = "a".repeat(20_000);
        assert!(values(&["*a*a*a*a*a*a*a*a*b"]).find(&state).is_none());
    }
}
