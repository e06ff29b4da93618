//! An operation of any API that a preset describes: asked over HTTP, and followed to where its answers lead.
//! What an answer means is the preset's to say, and when to ask again is the wait's.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::call::Call;
use super::client::Client;
use super::error::HttpError;
use super::location::{LocationError, shown_text};
use super::reply::{Refusal, Reply};
use super::span;
use super::start::Start;
use super::status::{self, Status};
use super::submit::Starting;
use super::whereabouts::{Once, Place, Stage, Whereabouts};
use crate::auth::Headers;
use crate::operation::{Answer, PollError, PollErrorKind, Verdict};
use crate::preset::{Answered, Found, Preset};

/// An operation that a preset describes.
///
/// ```no_run
/// use lro::auth::Token;
/// use lro::http::{Client, Endpoint, Operation};
/// use lro::preset::Preset;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoint = Endpoint::parse("https://gitlab.example")?;
/// let client = Client::builder(endpoint).token(Token::file("token").bearer()).build()?;
/// let preset = Preset::builtin("gitlab-pipeline").ok_or("no such preset")?;
/// let pipeline = Operation::new(client, "/api/v4/projects/7/pipelines/42", preset)?;
/// let done = lro::wait_for_completion(pipeline).await?;
/// println!("{:?}", done.status().state);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Operation {
    pub(super) client: Client,
    pub(super) preset: Preset,
    pub(super) whereabouts: Whereabouts,
    fetch_result: bool,
    require_result: bool,
}

impl Operation {
    /// The operation at this location: an absolute path, or a URL.
    ///
    /// # Errors
    ///
    /// When the location is neither at the endpoint of the client nor on a host that is
    /// [allowed](super::ClientBuilder::allow_host).
    pub fn new(client: Client, location: &str, preset: Preset) -> Result<Self, LocationError> {
        let url = client.locate(location)?.map(String::from);
        let asked: Arc<str> = url.as_deref().unwrap_or(location).into();
        Ok(Self::on(Whereabouts::asking(asked, &shown_text(location)), client, preset))
    }

    /// An operation that is yet to be started: the first poll sends the call that starts it.
    ///
    /// A call that is not idempotent is never sent twice, neither by a later poll nor by a clone; see [`Start`].
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn submit(client: Client, start: Start, preset: Preset) -> Result<Self, LocationError> {
        client.locate(start.location())?;
        Ok(Self::on(Whereabouts::starting_by(start), client, preset))
    }

    fn on(whereabouts: Whereabouts, client: Client, preset: Preset) -> Self {
        Self { client, preset, whereabouts, fetch_result: false, require_result: false }
    }

    /// The same operation under a name of its own, for reports and events. Default the location without its query.
    #[must_use]
    pub fn named(mut self, id: impl Into<Arc<str>>) -> Self {
        self.whereabouts.rename(id.into());
        self
    }

    /// Fetches the result of a success where the API says that it is, before the success is told. Default: what
    /// stands in the answer is enough.
    #[must_use]
    pub fn fetch_result(mut self, fetched: bool) -> Self {
        self.fetch_result = fetched;
        self
    }

    /// Takes a success without a word of the API for its state for not understood, instead of for a success.
    #[must_use]
    pub fn require_result(mut self, required: bool) -> Self {
        self.require_result = required;
        self
    }

    /// Where it is asked for, as far as that is known: not before it is started, and with an endpoint from a catalog
    /// after the first poll.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        match self.whereabouts.stage() {
            Stage::Asking(location) => match self.whereabouts.told() {
                Some(told) => Some(told.to_string()),
                None => self.client.locate(location).ok()?.map(String::from),
            },
            Stage::Once(once) => match &**once {
                Once::Fetching(answer, _) => Some(answer.status.url.to_string()),
                Once::Starting(_) => None,
            },
        }
    }

    /// Whether it is yet to be started.
    #[must_use]
    pub fn is_start(&self) -> bool {
        self.whereabouts.starting().is_some()
    }

    /// Whether it is yet to be started, and the server may have got the call that starts it: sent by this one or by a
    /// clone, and not known to be refused.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.whereabouts.starting().is_some_and(Starting::is_out)
    }

    /// The client that it is asked with.
    #[must_use]
    pub fn http(&self) -> &Client {
        &self.client
    }

    /// The preset that judges its answers.
    #[must_use]
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// Asks once for the state.
    async fn ask(&mut self, location: &str) -> Result<Answer<Status>, PollError> {
        if self.whereabouts.started().is_some() {
            // The location is the server's word.
            self.client.locate(location).map_err(HttpError::Misled)?;
        }
        let answer = self.asked(location).await;
        let is_missing = match &answer {
            // Where that is an answer: what is not found in one spelling is not gone yet.
            Ok(reply) => reply.status == 404,
            Err(refusal) => refusal.error.kind() == PollErrorKind::NotFound,
        };
        let Some(other) = is_missing.then(|| self.preset.other_spelling(location)).flatten() else {
            return Ok(self.judged(&answer?).await?);
        };
        match Box::pin(self.asked(&other)).await {
            Ok(reply) if reply.status != 404 => {
                let told = self.whereabouts.told().and_then(|told| self.preset.other_spelling(told));
                self.whereabouts.move_to(other.into(), told.map(Into::into));
                Ok(self.judged(&reply).await?)
            }
            // It may be the right one, only not now.
            Err(passing) if passing.error.kind() == PollErrorKind::Transient => Err(passing.into()),
            // What a server says to a path that it may not have at all is no word on the operation.
            Ok(_) | Err(_) => Ok(self.judged(&answer?).await?),
        }
    }

    async fn asked(&self, location: &str) -> Result<Reply, Refusal> {
        let definition = self.preset.definition();
        let call = Call::new(location).headers(self.headers()).answers(self.preset.statuses());
        let call = call.body(definition.data.clone().unwrap_or_default());
        let call = match &definition.method {
            Some(method) => call.method(method).unwrap_or_else(|_| unreachable!("a preset is checked")),
            None => call,
        };
        self.client.exchange(&call).await
    }

    /// What an answer means, and where to go on after it.
    async fn judged(&mut self, reply: &Reply) -> Result<Answer<Status>, Refusal> {
        let answered = as_it_came(reply);
        let misfit = |misfit| Refusal::from(status::misfitting(&misfit, reply)).after(reply.retry_after);
        let picked = self.preset.picked(&answered).map_err(misfit)?;
        let preset = picked.as_ref().unwrap_or(&self.preset);
        let ruling = preset.judge(&answered, self.whereabouts.started()).map_err(misfit)?;
        // Not before it has understood an answer: the first one may be of somebody else.
        self.preset = picked.unwrap_or_else(|| self.preset.clone());
        if self.require_result && ruling.verdict == Verdict::Succeeded && ruling.state.is_none() {
            let text = "the operation is finished, but has no result";
            return Err(HttpError::NotUnderstood(text.to_owned()).into());
        }
        if let Some(next) = ruling.next.as_deref() {
            let Place { url, told } = self.gone_on(reply, next)?;
            self.whereabouts.move_to(url.into(), Some(told.into()));
        }
        let result = ruling.result.clone();
        let url = self.whereabouts.told_at(reply.url());
        let mut answer = status::answer(ruling, reply, &self.preset, url);
        span::understood(&answer);
        match result {
            Some(Found::Value(value)) => answer.status.result = Some(Box::new(reply.redacted_value(value))),
            Some(Found::At(location)) if self.fetch_result => {
                let no_result = |error| HttpError::NoResult(Box::new(error));
                let place = self.gone_on(reply, &location).map_err(no_result)?;
                answer.status.result_url = Some(place.told.as_str().into());
                self.whereabouts.fetch(answer.clone(), place.clone());
                return Box::pin(self.fetched(answer, &place)).await;
            }
            // A success that sends whoever asks away, to log in perhaps, is one only where it may be asked.
            Some(Found::At(location)) if (300..=399).contains(&reply.status) => {
                answer.status.result_url = Some(self.gone_on(reply, &location)?.told.into());
            }
            // What nobody wants to fetch changes nothing.
            Some(Found::At(location)) => match told(reply, &location) {
                Ok(url) => answer.status.result_url = Some(url.into()),
                Err(error) => {
                    let told = std::mem::take(&mut answer.status.problems).into_vec();
                    let nowhere = format!("there is a result, but nowhere: {error}");
                    answer.status.problems = told.into_iter().chain([nowhere]).collect();
                }
            },
            None => {}
        }
        Ok(answer)
    }

    /// The place of a location that the server names, if it may be asked.
    fn gone_on(&self, reply: &Reply, location: &str) -> Result<Place, HttpError> {
        let asked = |location: &str| {
            let url = reply.join(location)?;
            self.client.locate(&url).map(|_| url)
        };
        let place = asked(location).and_then(|url| Ok(Place { url, told: told(reply, location)? }));
        place.map_err(|error| {
            // The error tells the location.
            let clean = reply.redacted_location(location);
            let error = if clean == location { Some(error) } else { asked(&clean).err() };
            // If it is well without the secret, then that stands where none may.
            HttpError::Misled(error.unwrap_or(LocationError::Credentials))
        })
    }

    pub(super) fn headers(&self) -> Headers {
        let headers = &self.preset.definition().headers;
        headers.iter().fold(Headers::new(), |headers, (name, value)| headers.plain(name.clone(), value))
    }
}

impl crate::Operation for Operation {
    type Status = Status;

    async fn poll(&mut self) -> Result<Answer<Status>, PollError> {
        // What is done once has room of its own: no other poll has to carry it.
        match self.whereabouts.stage().clone() {
            Stage::Asking(location) => self.ask(&location).await,
            Stage::Once(once) => match &*once {
                Once::Starting(start) => Box::pin(self.start(start)).await,
                Once::Fetching(answer, place) => Ok(Box::pin(self.fetched(answer.clone(), place)).await?),
            },
        }
    }

    fn id(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.whereabouts.name())
    }

    /// The endpoint of the client, or the allowed host that it was moved to.
    fn origin(&self) -> Option<Cow<'_, str>> {
        self.client.origin_of(self.whereabouts.location())
    }
}

/// The whole URL of a location as it is told.
fn told(reply: &Reply, location: &str) -> Result<String, LocationError> {
    // Before it is made a URL, which would spell a secret in it in another way; and it spells the blot as well.
    Ok(reply.join(&reply.redacted_location(location))?.replace("%E2%80%A6", "…"))
}

/// The answer to a starting call: where that leads is told, so nothing stands in it that was sent in secret. Cookies
/// may, because a server may name an operation in one and in its location.
pub(super) fn answered(reply: &Reply) -> Answered<'static> {
    let answered = Answered::new(reply.status, reply.body_with_cookies());
    let headers = reply.secret_headers();
    headers.fold(answered, |answered, (name, value)| {
        answered.header(name.to_owned(), reply.redacted_location(value))
    })
}

/// An answer as it came: what is blotted out would mean something else.
fn as_it_came(reply: &Reply) -> Answered<'_> {
    let answered = Answered::borrowed(reply.status, reply.secret_body());
    reply.secret_headers().fold(answered, |answered, (name, value)| answered.header(name, value))
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("id", &self.whereabouts.name())
            .field("preset", &self.preset.name())
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
