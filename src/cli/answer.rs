//! An answer as somebody has it at hand: its body, or all that `curl -i` prints.
//! What it means is not known here.

use lro::preset::Answered;

/// The status of an answer of which only the body is there.
const STATUS: u16 = 200;

/// What is said of a head without an end: what is missing may be what counts.
const CUT_OFF: &str = "it is cut off: there is no empty line after the headers";

const EMPTY: &str = "it is empty: that an answer has no body, --status says";

/// The answer in these bytes. `status` is for those that do not say it.
pub(crate) fn read(input: &[u8], status: Option<u16>) -> Result<Answered<'static>, String> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input).trim_ascii_start();
    if input.is_empty() && status.is_none() {
        return Err(EMPTY.to_owned());
    }
    if !is_head(input) {
        return Ok(Answered::new(status.unwrap_or(STATUS), input));
    }
    if status.is_some() {
        return Err("it says its status itself: leave --status out".to_owned());
    }
    let mut rest = input;
    loop {
        let (mut answered, body) = head(rest)?;
        // 100 Continue, the word of a proxy or a redirect comes before the answer itself.
        if !is_head(body) {
            answered.body = body.to_vec().into();
            return Ok(answered);
        }
        rest = body;
    }
}

fn is_head(input: &[u8]) -> bool {
    input.starts_with(b"HTTP/")
}

/// The status and the headers that the input begins with, and what follows the empty line after them.
fn head(input: &[u8]) -> Result<(Answered<'static>, &[u8]), String> {
    let (line, mut rest) = line(input);
    let status = line.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    let status = status.filter(|status| (100..=999).contains(status));
    let mut answered = Answered::new(status.ok_or_else(|| format!("`{line}` has no status"))?, []);
    loop {
        if rest.is_empty() {
            return Err(CUT_OFF.to_owned());
        }
        let (line, after) = self::line(rest);
        rest = after;
        if line.is_empty() {
            break;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("`{line}` is no header, and the body comes after an empty line"))?;
        answered = answered.header(name.trim().to_owned(), value.trim().to_owned());
    }
    Ok((answered, rest))
}

/// The first line and what follows it.
fn line(input: &[u8]) -> (String, &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n');
    let (line, rest) = end.map_or((input, &[][..]), |end| (&input[..end], &input[end + 1..]));
    (String::from_utf8_lossy(line).trim_end().to_owned(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_alone_has_the_status_that_is_said() {
        for (input, status, expected) in [
            (&b"{}"[..], None, Answered::new(200, "{}")),
            (b"\xef\xbb\xbf\n {}\n", Some(202), Answered::new(202, "{}\n")),
            (b"", Some(204), Answered::new(204, "")),
            (b"<html>", None, Answered::new(200, "<html>")),
        ] {
            assert_eq!(read(input, status), Ok(expected));
        }
    }

    #[test]
    fn what_curl_prints_is_the_last_answer_with_its_headers() {
        let answered = |status, body: &str| Answered::new(status, body);
        for (input, expected) in [
            (
                "HTTP/2 202 \r\nlocation: /a:b\r\nRetry-After:5\r\n\r\n{\"a\":\r\n1}",
                answered(202, "{\"a\":\r\n1}").header("location", "/a:b").header("Retry-After", "5"),
            ),
            ("HTTP/1.1 204 No Content\n\n", answered(204, "")),
            ("HTTP/1.1 404 Not Found\nA: b\n\n", answered(404, "").header("A", "b")),
            (
                "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n{}",
                answered(200, "{}").header("A", "b"),
            ),
        ] {
            assert_eq!(read(input.as_bytes(), None), Ok(expected), "{input}");
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for (input, status, told) in [
            ("HTTP/1.1 200 OK\n\n{}", Some(202), "it says its status itself: leave --status out"),
            ("HTTP/1.1 fine\n\n{}", None, "`HTTP/1.1 fine` has no status"),
            ("HTTP/1.1 20000 OK\n\n{}", None, "`HTTP/1.1 20000 OK` has no status"),
            ("HTTP/1.1 404 Not Found\nA: b", None, CUT_OFF),
            ("HTTP/1.1 404 Not Found\r\nA: b\r\n", None, CUT_OFF),
            ("HTTP/1.1 204 No Content", None, CUT_OFF),
            ("HTTP/1.1 100 Continue\n\nHTTP/1.1 204 No Content\n", None, CUT_OFF),
            ("", None, EMPTY),
            (" \r\n", None, EMPTY),
            ("HTTP/1.1 200 OK\n{}", None, "`{}` is no header, and the body comes after an empty line"),
        ] {
            assert_eq!(read(input.as_bytes(), status), Err(told.to_owned()), "{input}");
        }
    }
}
