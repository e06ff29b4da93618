//! Which names may be meant by one that nobody has.
//! What the names are for is not known here.

/// How many names are told instead of one that nobody has.
const MOST: usize = 4;

/// From which likeness on, of 0 to 1, a name may be meant.
const NEAR: f64 = 0.85;

/// Those of the names that may be meant, the nearest first.
pub(crate) fn near(typed: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let typed = typed.to_lowercase();
    let is_part = |name: &str| typed.len() > 1 && (name.contains(&typed) || typed.contains(name));
    let likeness = |name: String| {
        let likeness = strsim::jaro_winkler(&typed, &name.to_lowercase());
        (likeness + f64::from(u8::from(is_part(&name))), name)
    };
    let mut near: Vec<_> = names.map(likeness).filter(|(likeness, _)| *likeness >= NEAR).collect();
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_are_near_are_told_nearest_first() {
        let names = ["otc-job", "otc-plas", "otc-rds-job", "google-lro", "tfc-run"];
        for (typed, expected) in [
            ("otc-jbo", &["otc-job", "otc-rds-job"][..]),
            ("job", &["otc-job", "otc-rds-job"]),
            ("OTC-PLAS", &["otc-plas"]),
            ("google-lro-operation", &["google-lro"]),
            ("x", &[]),
            ("nothing", &[]),
        ] {
            let near = near(typed, names.iter().map(ToString::to_string));
            assert_eq!(near, expected, "{typed}");
        }
    }
}
