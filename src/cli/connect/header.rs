//! Headers that a person wants sent along, as they are typed or as they stand in a file.
//! Whether they can be sent is the library's to say.

use lro::http::{ClientBuilder, printable};

use crate::cli::failure::Failure;
use crate::cli::file;

/// How long a file of headers may be, in MiB.
const LONGEST: u64 = 1;

/// What the name of a header has in it when its value is a secret.
const SECRET: [&str; 10] = [
    "auth",
    "cookie",
    "token",
    "secret",
    "password",
    "api-key",
    "apikey",
    "credential",
    "session",
    "signature",
];

/// What the name of such a header ends with, too.
const SECRET_END: &str = "-key";

/// What is called a key and opens nothing.
const NO_SECRET: [&str; 2] = ["idempotency-key", "x-idempotency-key"];

/// A header to be sent along.
pub(crate) struct Header {
    name: String,
    value: String,
    /// What stands in a file may be a secret.
    is_secret: bool,
}

impl Header {
    /// The client with this header.
    pub(super) fn added(&self, http: ClientBuilder) -> ClientBuilder {
        if self.is_secret {
            http.secret_header(&self.name, self.value.clone())
        } else {
            http.header(&self.name, &self.value)
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it says who asks.
    pub(super) fn is_credential(&self) -> bool {
        ["authorization", "x-auth-token"].iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    fn parse(line: &str, is_secret: bool) -> Option<Self> {
        let (name, value) = line.split_once(':')?;
        let (name, value) = (name.trim(), value.trim());
        (!name.is_empty()).then(|| Self { name: name.to_owned(), value: value.to_owned(), is_secret })
    }
}

impl std::fmt::Debug for Header {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Header").field(&self.name).finish()
    }
}

/// The headers that are typed, and those in the files that are named.
pub(super) fn read(said: &[String]) -> Result<Vec<Header>, Failure> {
    let mut headers = Vec::new();
    for said in said {
        match said.strip_prefix('@') {
            Some(file) => headers.extend(in_file(file)?),
            None => headers.push(typed(said)?),
        }
    }
    Ok(headers)
}

fn typed(line: &str) -> Result<Header, Failure> {
    // Whatever it is, it may be a secret: it is not told.
    let wrong = || Failure::usage("a header is written 'Name: value'");
    let header = Header::parse(line, false).ok_or_else(wrong)?;
    // The arguments of a process are there for everyone on the machine to read.
    if is_secret(&header.name.to_lowercase()) {
        return Err(Failure::usage(format!(
            "-H '{}: …' holds a secret, which every user of this machine could read",
            printable(&header.name)
        ))
        .hint("put the line into a file, and give -H @FILE".to_owned()));
    }
    Ok(header)
}

/// Whether the header of this name in small letters holds a secret.
fn is_secret(name: &str) -> bool {
    let is_named = name.ends_with(SECRET_END) || SECRET.iter().any(|secret| name.contains(secret));
    is_named && !NO_SECRET.contains(&name)
}

fn in_file(said: &str) -> Result<Vec<Header>, Failure> {
    let wrong = || Failure::usage(format!("the file of -H, `{said}`, cannot be used"));
    let bytes = file::read(said.as_ref(), LONGEST).map_err(|error| wrong().caused_by(error))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong().caused_by("it is not text"))?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            Header::parse(line, true)
                .ok_or_else(|| wrong().caused_by(format!("line {number}: it is not `Name: value`")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_typed_or_stands_in_a_file() {
        let file = std::env::temp_dir().join(format!("lro-headers-{}", std::process::id()));
        std::fs::write(&file, "Authorization: Bearer x:y\n\n X-Api-Key :  k \n").unwrap();
        let said = ["X-Version: 2".to_owned(), format!("@{}", file.display())];
        let read: Vec<_> = read(&said).unwrap().into_iter().map(|h| (h.name, h.value, h.is_secret)).collect();
        let header = |name: &str, value: &str, is_secret| (name.to_owned(), value.to_owned(), is_secret);
        assert_eq!(
            read,
            [
                header("X-Version", "2", false),
                header("Authorization", "Bearer x:y", true),
                header("X-Api-Key", "k", true)
            ]
        );
        std::fs::remove_file(&file).unwrap();
    }

    #[test]
    fn a_secret_is_not_typed_and_not_told() {
        for line in [
            "Authorization: s3cret",
            "X-AUTH-TOKEN:s3cret",
            "cookie: s3cret",
            "X-Api-Key: s3cret",
            "apikey: s3cret",
            "X-Api-Key-2: s3cret",
            "X-Auth-Key: s3cret",
            "Ocp-Apim-Subscription-Key: s3cret",
            "X-Functions-Key: s3cret",
            "X-Amz-Credential: s3cret",
            "X-Session-Id: s3cret",
            "X-Hub-Signature: s3cret",
            "s3cret",
        ] {
            let error = format!("{:?}", read(&[line.to_owned()]).unwrap_err());
            assert!(!error.contains("s3cret"), "{error}");
        }
        for line in ["Idempotency-Key: 7", "x-idempotency-key: 7", "X-Keyboard: de", "X-Version: 2"] {
            assert_eq!(read(&[line.to_owned()]).map(|headers| headers.len()).ok(), Some(1), "{line}");
        }
        let header = Header::parse("Authorization: s3cret", true).unwrap();
        assert!(header.is_credential());
        assert_eq!(format!("{header:?}"), r#"Header("Authorization")"#);
    }
}
