//! Colors, for a terminal that is known to have them.
//! Whether it has them is not decided here.

/// The text in this style of ECMA-48, as `1;31` for bold red, or as it is.
pub(crate) fn paint(style: &str, text: &str, color: bool) -> String {
    if color { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
}
