//! Which operation is meant, in every form in which a person or the API says it.
//! Nothing is asked here.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;
use url::Url;

use crate::http::{LocationError, is_invisible, printable, shown_text};

/// What the API's paths begin with.
const PREFIX: &str = "/v1.0/plasconnector";

/// Ids are 1 to 36 characters long, says the API's reference.
const LONGEST_ID: usize = 36;

/// What may stand in a segment of a path as it is: RFC 3986, unreserved.
const NOT_IN_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which operation of which connector.
///
/// # Forms
///
/// * `CONNECTOR_ID/OPERATION_ID`
/// * a path, as the API returns it in `location`: `/v1.0/plasconnector/connectors/…/operations/…`
/// * a URL with such a path
///
/// ```
/// use lro::plas::Reference;
///
/// let path: Reference = "/v1.0/plasconnector/connector/c1/operations/o1".parse()?;
/// assert_eq!(path.to_string(), "c1/o1");
/// assert_eq!(path.location(), "/v1.0/plasconnector/connector/c1/operations/o1");
/// # Ok::<(), lro::plas::ReferenceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    location: Arc<str>,
    ids: Ids,
}

/// The ids of the connector and of the operation. Whoever waits for many operations keeps a reference for each.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ids {
    /// They stand in the location as they are: the connector from there on, so many bytes long, and the operation with
    /// so many bytes at the end.
    Spelled(u32, u8, u8),
    /// The location spells them in another way.
    Decoded(Box<[Box<str>; 2]>),
}

impl Reference {
    /// The operation with this id of the connector with that id.
    ///
    /// # Errors
    ///
    /// When an id is not 1 to 36 characters long, or holds what no id has: a character that cannot be seen, or only dots.
    pub fn from_ids(connector_id: &str, operation_id: &str) -> Result<Self, ReferenceError> {
        check_id("connector", connector_id)?;
        check_id("operation", operation_id)?;
        let location = format!(
            "{PREFIX}/connectors/{}/operations/{}",
            utf8_percent_encode(connector_id, NOT_IN_SEGMENT),
            utf8_percent_encode(operation_id, NOT_IN_SEGMENT),
        );
        Ok(Self::of(&location, [connector_id, operation_id]))
    }

    fn of(location: &str, ids: [&str; 2]) -> Self {
        let ids = spelled(location, ids).unwrap_or_else(|| Ids::Decoded(Box::new(ids.map(Box::from))));
        Self { location: location.into(), ids }
    }

    fn ids(&self) -> [&str; 2] {
        match &self.ids {
            Ids::Decoded(ids) => ids.each_ref().map(|id| &**id),
            Ids::Spelled(at, connector, operation) => {
                let connector =
                    self.location.get(*at as usize..).and_then(|rest| rest.get(..(*connector).into()));
                let begin = self.location.len().saturating_sub((*operation).into());
                [connector, self.location.get(begin..)].map(Option::unwrap_or_default)
            }
        }
    }

    /// What the call that started the operation answered: `{"location": "/v1.0/…"}`.
    ///
    /// # Errors
    ///
    /// When it is no JSON object with a `location`, or the location is no path of an operation.
    pub fn from_accepted(json: &str) -> Result<Self, ReferenceError> {
        #[derive(Deserialize)]
        struct Accepted {
            location: String,
        }
        // The parser takes a list for an object whose fields have lost their names.
        if !json.trim_start().starts_with('{') {
            return Err(ReferenceError::NotAccepted("it is no JSON object".to_owned()));
        }
        let accepted: Accepted =
            serde_json::from_str(json).map_err(|error| ReferenceError::NotAccepted(error.to_string()))?;
        accepted.location.parse()
    }

    /// The path or URL to ask, as it was given.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The id of the connector.
    #[must_use]
    pub fn connector_id(&self) -> &str {
        self.ids()[0]
    }

    /// The id of the operation.
    #[must_use]
    pub fn operation_id(&self) -> &str {
        self.ids()[1]
    }

    /// Whether it names its origin itself.
    #[must_use]
    pub fn is_url(&self) -> bool {
        !self.location.starts_with('/')
    }

    /// `CONNECTOR_ID/OPERATION_ID`, fit for a terminal, as every id was checked to be.
    pub(super) fn id(&self) -> String {
        self.ids().join("/")
    }

    /// Whether it begins as all paths of the API do, so that it cannot lead elsewhere than to the endpoint.
    pub(super) fn is_path_of_the_api(&self) -> bool {
        self.location.starts_with(PREFIX)
    }

    fn from_location(location: &str) -> Result<Self, ReferenceError> {
        let text = || shown_text(location);
        // Only the path counts here. Whether the origin is the endpoint's is for the client to say.
        let base = Url::parse("http://localhost").map_err(|_| ReferenceError::NoOperation(text()))?;
        let url = base.join(location).map_err(|error| {
            ReferenceError::Location(LocationError::Invalid { url: text(), reason: error.to_string() })
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(LocationError::Credentials.into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(ReferenceError::NoOperation(text()));
        }
        let mut segments = url.path_segments().into_iter().flatten().rev();
        let [operation, operations, connector, connectors] = std::array::from_fn(|_| segments.next());
        if operations != Some("operations") || !matches!(connectors, Some("connector" | "connectors")) {
            return Err(ReferenceError::NoOperation(text()));
        }
        let decoded = |segment: Option<&str>| {
            let segment = percent_decode_str(segment.unwrap_or_default());
            segment.decode_utf8().map(String::from).map_err(|_| ReferenceError::NoOperation(text()))
        };
        let (connector, operation) = (decoded(connector)?, decoded(operation)?);
        check_id("connector", &connector)?;
        check_id("operation", &operation)?;
        Ok(Self::of(location, [&connector, &operation]))
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.starts_with('/') || text.contains("://") {
            return Self::from_location(text);
        }
        match text.split_once('/') {
            Some((connector, operation)) if !operation.contains('/') => Self::from_ids(connector, operation),
            _ => Err(ReferenceError::NoReference(shown_text(text))),
        }
    }
}

/// `CONNECTOR_ID/OPERATION_ID`, fit for a terminal and for a command line.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

/// Where these ids stand in the location, if they are its last part and the last but two.
fn spelled(location: &str, [connector, operation]: [&str; 2]) -> Option<Ids> {
    let rest = location.strip_suffix(operation)?.strip_suffix('/')?;
    let (rest, _) = rest.rsplit_once('/')?;
    let before = rest.strip_suffix(connector).filter(|before| before.ends_with('/'))?;
    let length = |id: &str| u8::try_from(id.len()).ok();
    Some(Ids::Spelled(u32::try_from(before.len()).ok()?, length(connector)?, length(operation)?))
}

/// The same location in the API's other spelling of `connectors`.
pub(super) fn other_spelling(location: &str) -> Option<String> {
    let [singular, plural] = ["/plasconnector/connector/", "/plasconnector/connectors/"];
    if location.contains(singular) {
        Some(location.replacen(singular, plural, 1))
    } else if location.contains(plural) {
        Some(location.replacen(plural, singular, 1))
    } else {
        None
    }
}

fn check_id(whose: &'static str, id: &str) -> Result<(), ReferenceError> {
    let length = id.chars().count();
    let problem = if length == 0 {
        "is empty".to_owned()
    } else if length > LONGEST_ID {
        format!("is {length} characters long")
    } else if id.chars().any(|c| c.is_control() || is_invisible(c)) {
        "holds a character that cannot be seen".to_owned()
    } else if matches!(id, "." | "..") {
        "is no id".to_owned()
    } else {
        return Ok(());
    };
    Err(ReferenceError::Id { whose, id: printable(id).into_owned(), problem })
}

/// Why a text is no reference to an operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// It has none of the forms.
    #[error("`{0}` is neither CONNECTOR_ID/OPERATION_ID, nor a path that starts with /, nor a URL")]
    NoReference(String),
    /// It is a path or a URL, but not of an operation.
    #[error("`{0}` is not the location of an operation: …/plasconnector/connectors/ID/operations/ID")]
    NoOperation(String),
    /// An id is not as the API has them.
    #[error("the {whose} id `{id}` {problem}; ids have 1 to 36 characters")]
    Id {
        /// Of a connector or of an operation.
        whose: &'static str,
        /// The id.
        id: String,
        /// What is wrong with it.
        problem: String,
    },
    /// It is not what a starting call answers.
    #[error("this is not the answer of a call that starts an operation, {{\"location\": …}}: {0}")]
    NotAccepted(String),
    /// The location is not at the endpoint.
    #[error(transparent)]
    Location(#[from] LocationError),
}

#[cfg(test)]
mod tests;
