//! The variables that stand for flags: what is wrong with one is told by its name.
//! What they mean is defined with the flags.

use std::io::Write;

use clap::error::ErrorKind;
use lro::http::printable;

use super::failure::Failure;

/// Each variable, and the flags that it stands for.
const VARIABLES: [(&str, &[&str]); 5] = [
    ("LRO_ENDPOINT", &["--endpoint"]),
    ("LRO_PRESET", &["--preset"]),
    ("LRO_REQUIRE_HTTPS", &["--require-https"]),
    ("LRO_SIGNATURE", &["--signature"]),
    ("LRO_TIMEOUT", &["--timeout", "-t"]),
];

/// Refuses a variable that is not text; the parser of the arguments would not say which one it is.
pub(crate) fn check() -> Result<(), Failure> {
    let not_text = |name: &str| std::env::var_os(name).is_some_and(|value| value.into_string().is_err());
    match VARIABLES.iter().find(|(name, _)| not_text(name)) {
        Some((name, _)) => Err(Failure::usage(format!("the variable {name} cannot be used: it is not text"))),
        None => Ok(()),
    }
}

/// Whether what was typed, or stands in a variable for it, may be repeated as it is: a script may have had it of a
/// server.
pub(crate) fn typed_is_plain() -> bool {
    let variables = VARIABLES.iter().filter_map(|(name, _)| std::env::var_os(name));
    let mut typed = std::env::args_os().chain(variables);
    typed.all(|text| text.to_str().is_some_and(|text| printable(text) == text))
}

/// Names the variable when this error is about the value of a flag that nobody typed.
pub(crate) fn tell_if_at_fault(error: &clap::Error) {
    if !matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) {
        return;
    }
    let error = error.to_string();
    let typed = |flag: &str| std::env::args_os().any(|arg| arg.to_string_lossy().starts_with(flag));
    for (name, flags) in VARIABLES {
        if std::env::var_os(name).is_some()
            && error.contains(flags[0])
            && !flags.iter().any(|flag| typed(flag))
        {
            // That nobody listens there changes nothing.
            let _ = writeln!(std::io::stderr().lock(), "  hint: the value is that of the variable {name}");
        }
    }
}
