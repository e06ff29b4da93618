//! Rust as text: what of it is code, and which paths are named in that.
//! It is read as the formatter leaves it; that is less than a parser, and enough.

/// A path that is named, from the root of a crate: `crate::http::Client`, `tokio::time::sleep`.
#[derive(Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) line: usize,
    pub(crate) path: String,
}

impl Name {
    /// Whether it is this path, or something in it.
    pub(crate) fn is_in(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

/// Blanks comments and what stands in quotes, so that only code is left, each line where it was.
pub(crate) fn only_code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            quoted(rest)
        } else if first == 'r' && !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            raw(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

/// How long the string is that begins here.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How long the raw string is that begins here; 0 when none does.
fn raw(text: &str) -> usize {
    let hashes = text[1..].chars().take_while(|&c| c == '#').count();
    let begin = hashes + 2;
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    text[begin..].find(&end).map_or(text.len(), |at| begin + at + end.len())
}

/// How long the character is that begins here; 0 when it is a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        // From the third on, because the escaped one may be a quote.
        (Some((_, '\\')), Some(_)) => chars.find(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

pub(crate) fn is_test_attribute(line: &str) -> bool {
    let line = line.trim_start();
    // What a fuzzer runs is run by the tests too, and is in no other build.
    ["#[cfg(test", "#[cfg(all(test", "#[cfg(any(fuzzing, test)", "#[cfg(all(any(fuzzing, test)"]
        .iter()
        .any(|begin| line.starts_with(begin))
}

/// Blanks every item that is only there for tests. The formatter sees to it that one ends where it begins.
pub(crate) fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if !is_test_attribute(line) {
            kept += line;
            kept.push('\n');
            continue;
        }
        kept.push('\n');
        let indent = line.len() - line.trim_start().len();
        for line in lines.by_ref() {
            kept.push('\n');
            let is_outer = line.len() - line.trim_start().len() == indent;
            if is_outer && !line.trim_start().starts_with('#') && line.trim_end().ends_with(['}', ';']) {
                break;
            }
        }
    }
    kept
}

/// Every path in the code, with groups taken apart, and from the root where it is said from here.
pub(crate) fn names(code: &str, module: &str) -> Vec<Name> {
    let mut names = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_name = first.is_alphabetic() || first == '_';
        if !is_name {
            line += usize::from(first == '\n');
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let begin = rest;
        let mut paths = Vec::new();
        rest = tree(rest, "", &mut paths);
        names.extend(paths.into_iter().map(|path| Name { line, path: absolute(&path, module) }));
        line += begin[..begin.len() - rest.len()].matches('\n').count();
    }
    names
}

/// Reads a path, or a tree of them in braces, and returns what comes after it.
fn tree<'a>(text: &'a str, prefix: &str, paths: &mut Vec<String>) -> &'a str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    let rest = &text[end..];
    let Some(after) = rest.strip_prefix("::") else {
        paths.push(path);
        return rest;
    };
    let prefix = format!("{path}::");
    if after.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return tree(after, &prefix, paths);
    }
    let Some(mut rest) = after.strip_prefix('{') else {
        // A star, or the parameters of a generic.
        paths.push(path);
        return after;
    };
    loop {
        rest = rest.trim_start_matches([' ', '\n', ',', '*']);
        if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            rest = tree(rest, &prefix, paths);
            // Another name for it is of no interest.
            if rest.starts_with(" as ") {
                rest = rest.find([',', '}']).map_or("", |end| &rest[end..]);
            }
        } else {
            return rest.strip_prefix('}').unwrap_or(rest);
        }
    }
}

/// `self` and `super` as seen from this module.
fn absolute(path: &str, module: &str) -> String {
    let mut module = module.to_owned();
    let mut path = path;
    if let Some(rest) = path.strip_prefix("self::") {
        return format!("{module}::{rest}");
    }
    let mut is_relative = false;
    while let Some(rest) = path.strip_prefix("super::") {
        module = module.rsplit_once("::").map_or_else(|| module.clone(), |(parent, _)| parent.to_owned());
        path = rest;
        is_relative = true;
    }
    if is_relative { format!("{module}::{path}") } else { path.to_owned() }
}
