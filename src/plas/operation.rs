//! One operation, asked over HTTP: where it is, in which spelling, and what an answer of the API makes of it.
//! How long to wait and when to ask is not known here.

use std::borrow::Cow;
use std::sync::Arc;

use super::document::{Status, Undecodable};
use super::reference::{self, Reference};
use crate::http::{self, Call, HttpError};
use crate::operation::{Answer, PollError, PollErrorKind};

/// An operation of the PLAS API.
#[derive(Debug, Clone)]
pub struct Operation {
    http: http::Client,
    reference: Reference,
    /// Where it is asked for, once that is another place than the reference says.
    moved: Option<Arc<str>>,
    require_result: bool,
}

impl Operation {
    pub(super) fn new(http: http::Client, reference: Reference) -> Self {
        Self { http, reference, moved: None, require_result: false }
    }

    /// Takes an operation that is finished but has no result for not understood, instead of for a success.
    #[must_use]
    pub fn require_result(mut self, required: bool) -> Self {
        self.require_result = required;
        self
    }

    /// Where it is asked for. With an endpoint from a catalog that is known after the first poll.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.http.endpoint()?.resolve(self.location()).ok().map(String::from)
    }

    /// The client that it is asked with.
    #[must_use]
    pub fn http(&self) -> &http::Client {
        &self.http
    }

    /// Which operation it is.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    fn location(&self) -> &str {
        self.moved.as_deref().unwrap_or(self.reference.location())
    }

    async fn ask(&self, location: &str) -> Result<Answer<Status>, PollError> {
        let reply = self.http.exchange(&Call::new(location)).await?;
        let undecodable = |mut error: Undecodable| {
            error.redact(|text| reply.redacted(text));
            HttpError::from(error).with_retry_after(reply.retry_after)
        };
        let told = Status::from_json(&reply.body).map_err(undecodable);
        // What is told is what is meant, unless a secret that was sent is blotted out of it.
        let (verdict, mut status) = if reply.is_as_it_came() {
            let status = told?;
            (status.verdict(self.require_result), status)
        } else {
            let meant = match Status::from_json(reply.secret_body()) {
                Ok(meant) => meant,
                Err(error) => return Err(told.err().unwrap_or_else(|| undecodable(error))),
            };
            (meant.verdict(self.require_result), told.unwrap_or_else(|_| meant.without_texts()))
        };
        status.reason = status.reason.map(|reason| reply.redacted(reason.into()).into());
        let verdict = verdict.map_err(|text| {
            let text = status.verdict(self.require_result).err().unwrap_or(text);
            HttpError::NotUnderstood(reply.redacted(text))
        })?;
        let reason = status.reason.as_deref().unwrap_or_default().to_owned();
        Ok(Answer::new(verdict, status).reason(reason).retry_after(reply.retry_after))
    }
}

impl crate::Operation for Operation {
    type Status = Status;

    /// Asks once. The API spells its own locations in two ways, `/connector/` and `/connectors/`; the spelling at
    /// hand is followed, and when the server does not know it, the other one is tried and kept if that works.
    async fn poll(&mut self) -> Result<Answer<Status>, PollError> {
        let error = match self.ask(self.location()).await {
            Err(error) if error.kind() == PollErrorKind::NotFound => error,
            answer => return answer,
        };
        let Some(other) = reference::other_spelling(self.location()) else { return Err(error) };
        // Hardly ever needed, so no poll has to have room for it.
        match Box::pin(self.ask(&other)).await {
            Ok(answer) => {
                self.moved = Some(other.into());
                Ok(answer)
            }
            // It may be the right one, only not now.
            Err(passing) if passing.kind() == PollErrorKind::Transient => Err(passing),
            // What a server says to a path that it may not have at all is no word on the operation.
            Err(_) => Err(error),
        }
    }

    /// `CONNECTOR_ID/OPERATION_ID`.
    fn id(&self) -> Cow<'_, str> {
        Cow::Owned(self.reference.id())
    }

    fn origin(&self) -> Option<Cow<'_, str>> {
        self.http.origin_of(self.location())
    }
}
