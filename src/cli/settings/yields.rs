//! What gives way to what is said in a place that counts for more, beside what clap knows to be in conflict.
//! A table; nothing is decided here.

/// Flags that give way.
pub(super) struct Yield {
    pub(super) flags: &'static [&'static str],
    /// To this one, from a place that counts for more.
    pub(super) to: To,
}

/// What something gives way to.
pub(super) enum To {
    Flag(&'static str),
    /// A flag with one of these values.
    Value(&'static str, &'static [&'static str]),
    /// A variable that is no flag's.
    Variable(&'static str),
    /// The absence of this flag of this verb.
    Without(&'static str, &'static str),
}

/// The flags that say which API it is.
const API: &[&str] = &["preset", "preset-file"];

/// The flags that describe an API, or change what a preset says of it.
const DESCRIBED: &[&str] = &[
    "state",
    "success",
    "failure",
    "cancelled",
    "blocked",
    "success-when",
    "failure-when",
    "until-gone",
    "message",
    "progress-from",
    "result",
    "method",
    "data",
];

pub(super) const YIELDS: &[Yield] = &[
    // What was said of one API is not about another one.
    Yield { flags: DESCRIBED, to: To::Flag("preset") },
    Yield { flags: DESCRIBED, to: To::Flag("preset-file") },
    // Nor is somebody's token for somebody else's cloud.
    Yield { flags: &["token-file", "token-command"], to: To::Flag("os-cloud") },
    Yield { flags: &["token-file", "token-command", "os-cloud"], to: To::Variable("LRO_TOKEN") },
    // What has no meaning with the schedule that is wanted.
    Yield { flags: &["max-interval", "jitter"], to: To::Value("schedule", &["fixed"]) },
    Yield { flags: &["cost"], to: To::Value("schedule", &["exponential", "fixed"]) },
    Yield { flags: &["backoff"], to: To::Value("schedule", &["balanced", "expected", "fixed"]) },
    Yield { flags: &["expect"], to: To::Value("schedule", &["exponential", "balanced", "fixed"]) },
    Yield { flags: &["schedule", "backoff"], to: To::Flag("expect") },
    Yield { flags: &["schedule", "expect", "cost"], to: To::Flag("backoff") },
    // Without an answer to be judged, nothing is asked of an API.
    Yield { flags: API, to: To::Without("presets", "explain") },
    Yield { flags: DESCRIBED, to: To::Without("presets", "explain") },
    Yield { flags: &["status"], to: To::Without("presets", "explain") },
];
