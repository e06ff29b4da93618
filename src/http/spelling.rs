//! A secret in a text, found however the text spells it: as it is, or escaped for JSON, a URL or HTML, also in part.
//! What is done with it, and where it comes from, is not known here.

/// How many backslashes before one character are passed over: JSON in JSON in JSON doubles them each time.
const MOST_BACKSLASHES: usize = 8;

/// How long a character may be in HTML, from `&` to `;`.
const LONGEST_REFERENCE: usize = 10;

/// What JSON, and most else that escapes with a backslash, writes behind one for a control character.
const ESCAPED: [(char, u8); 5] = [('\n', b'n'), ('\r', b'r'), ('\t', b't'), ('\u{8}', b'b'), ('\u{c}', b'f')];

/// The characters of HTML that have names, and those.
const NAMED: [(char, &[u8]); 5] =
    [('&', b"amp"), ('<', b"lt"), ('>', b"gt"), ('"', b"quot"), ('\'', b"apos")];

/// The text with this in the place of the secret; none when it does not hold that. Backslashes count for nothing: where a
/// text has them beside a secret or within, they may be its own or escape something.
pub(super) fn without(text: &[u8], whole: &str, blot: &str) -> Option<Vec<u8>> {
    let secret: Vec<char> = whole.chars().filter(|c| *c != '\\').collect();
    let first = *secret.first()?;
    let raw = first.encode_utf8(&mut [0; 4]).as_bytes()[0];
    let may_begin =
        |byte: u8| byte == raw || matches!(byte, b'\\' | b'%' | b'&') || byte == b'+' && first == ' ';
    let mut clean: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(skipped) = text[at..].iter().position(|byte| may_begin(*byte)) {
        let begin = at + skipped;
        // As it is, it may look as if it were escaped.
        let plainly = text[begin..].strip_prefix(whole.as_bytes());
        match plainly.or_else(|| secret.iter().try_fold(&text[begin..], |rest, c| after(*c, rest))) {
            Some(rest) => {
                let clean = clean.get_or_insert_default();
                clean.extend_from_slice(&text[copied..begin]);
                clean.extend_from_slice(blot.as_bytes());
                at = text.len() - rest.len();
                copied = at;
            }
            None => at = begin + 1,
        }
    }
    clean.map(|mut clean| {
        clean.extend_from_slice(&text[copied..]);
        clean
    })
}

/// What comes after this character, if the text begins with it in any spelling.
fn after(c: char, text: &[u8]) -> Option<&[u8]> {
    let backslashes = text.iter().take(MOST_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
    let rest = &text[backslashes..];
    let mut utf8 = [0; 4];
    let utf8 = c.encode_utf8(&mut utf8).as_bytes();
    let escaped = || {
        let is_escaped = backslashes > 0;
        let (_, letter) = ESCAPED.iter().find(|(known, _)| *known == c && is_escaped)?;
        rest.strip_prefix(&[*letter])
    };
    let space = || rest.strip_prefix(b"+").filter(|_| c == ' ');
    after_units(c, text)
        .or_else(|| utf8.iter().try_fold(rest, |rest, byte| after_hex(b"%", 2, u32::from(*byte), rest)))
        .or_else(|| after_reference(c, rest))
        .or_else(|| rest.strip_prefix(utf8))
        .or_else(escaped)
        .or_else(space)
}

/// The same where it is spelled as `\u00e4`, and as two of these if it takes two.
fn after_units(c: char, text: &[u8]) -> Option<&[u8]> {
    c.encode_utf16(&mut [0; 2]).iter().try_fold(text, |text, unit| {
        let backslashes = text.iter().take(MOST_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
        let rest = &text[backslashes..];
        (backslashes > 0).then(|| after_hex(b"u", 4, u32::from(*unit), rest))?
    })
}

/// The same where it is spelled as `&amp;`, `&#38;` or `&#x26;`.
fn after_reference(c: char, text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"&")?;
    let end = rest.iter().take(LONGEST_REFERENCE).position(|byte| *byte == b';')?;
    let (name, rest) = (&rest[..end], &rest[end + 1..]);
    let number = |digits: &[u8], radix| u32::from_str_radix(str::from_utf8(digits).ok()?, radix).ok();
    let is_named = NAMED.contains(&(c, name));
    let is_numbered = match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16) == Some(u32::from(c)),
        [b'#', digits @ ..] => number(digits, 10) == Some(u32::from(c)),
        _ => false,
    };
    (is_named || is_numbered).then_some(rest)
}

/// What comes after this mark and so many digits of this number.
fn after_hex<'a>(mark: &[u8], digits: usize, number: u32, text: &'a [u8]) -> Option<&'a [u8]> {
    let (hex, rest) = text.strip_prefix(mark)?.split_at_checked(digits)?;
    let read = u32::from_str_radix(str::from_utf8(hex).ok()?, 16).ok()?;
    (read == number).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str, secret: &str) -> String {
        let clean = without(text.as_bytes(), secret, "…");
        clean.map_or_else(|| text.to_owned(), |clean| String::from_utf8(clean).unwrap())
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let secret = "a/b+c=\"ä😀' <&>\n-_.";
        for spelled in [
            secret,
            r#"a\/b+c=\"ä😀' <&>\n-_."#,
            r#"a\\/b+c=\\\"\u00e4\uD83D\ude00\u0027 \u003C\u0026\u003e\u000a-_."#,
            r"a\/b\u002bc\u003d\u0022\u00E4\ud83d\ude00\u0027\u0020\u003c\u0026\u003e\u000A\u002d_.",
            "a%2Fb%2Bc%3D%22%C3%A4%F0%9F%98%80%27%20%3C%26%3E%0A-_.",
            "a%2fb%2bc%3d%22%c3%a4%f0%9f%98%80'+%3c%26%3e%0a%2D%5f%2e",
            "a/b+c=&quot;ä😀&#39; &lt;&amp;&gt;\n-_.",
            "a&#x2F;b&#43;c&#x3d;&#34;&#228;&#128512;&apos;&#32;&#60;&#38;&#62;&#10;-_.",
        ] {
            assert_eq!(clean(&format!("<{spelled}> \\u{spelled}%2"), secret), "<…> \\u…%2", "{spelled}");
        }
    }

    #[test]
    fn what_is_another_text_is_left_as_it_is() {
        for text in [
            "",
            "t0ke",
            "T0ken",
            "%",
            "%74",
            "%7",
            "&",
            "&#116;0ke",
            "\\",
            "\\u",
            "\\u007",
            "t0k%6",
            "ä",
            "t&",
        ] {
            assert_eq!(without(text.as_bytes(), "t0ken", "…"), None, "{text}");
        }
        assert_eq!(without(b"a\xff\xfet0ken\xff", "t0ken", "-"), Some(b"a\xff\xfe-\xff".to_vec()));
        assert_eq!((without(b"abc", "", "…"), without(b"\\\\", "\\", "…")), (None, None));
        assert_eq!(clean("t0kent0ken t0t0ken", "t0ken"), "…… t0…");
        assert_eq!(clean("50%25 &amp; %", "50%25 &amp; %"), "…");
    }

    #[test]
    fn a_secret_with_backslashes_is_found_with_as_many_as_there_are() {
        for spelled in [r"a\b", r"a\\b", r"a\\\\b", "a%5Cb"] {
            let found = clean(spelled, r"a\b");
            assert_eq!(found, if spelled.contains('%') { spelled } else { "…" });
        }
    }

    #[test]
    fn nothing_a_server_sends_takes_long() {
        for filler in ["\\", "%", "&", "&#", "a", "%61", "\\u0061"] {
            let text = filler.repeat(64 * 1024 / filler.len());
            assert_eq!(without(text.as_bytes(), &("a".repeat(20) + "b"), "…"), None, "{filler}");
        }
    }
}
