//! The poll that starts an operation: the call is sent, and its answer says where to ask from then on.
//! What is answered there is not known here.

use std::sync::Arc;

use serde_json::Value;

use super::{Operation, Stage, answered};
use crate::http::error::HttpError;
use crate::http::start::Start;
use crate::http::status::{self, Status};
use crate::http::wire::{Refusal, Reply};
use crate::operation::{Answer, PollError, PollErrorKind, Verdict};
use crate::preset::Started;

impl Operation {
    /// Sends the starting call.
    pub(super) async fn start(&mut self, start: &Start) -> Result<Answer<Status>, PollError> {
        let was_open = self.is_open;
        // Also when this future is dropped on the way.
        self.is_open = true;
        if !start.may_be_sent_again() {
            self.stage = Stage::Open;
        }
        let headers = self.headers().and(start.headers());
        let reply = match self.client.exchange(&start.call().headers(headers)).await {
            Ok(reply) => reply,
            Err(refusal) => return Err(self.not_started(start, refusal, was_open)),
        };
        let accepted = self.accepted(start, &reply).map_err(|error| match error.kind() {
            PollErrorKind::Transient if !start.may_be_sent_again() => HttpError::Open(Box::new(error)),
            _ => error,
        });
        accepted.map_err(|error| error.with_retry_after(reply.retry_after))
    }

    /// What is wrong with a starting call, and whether it may be sent again.
    fn not_started(&mut self, start: &Start, refusal: Refusal, was_open: bool) -> PollError {
        let Refusal { error, retry_after, .. } = refusal;
        // With these the server says that it did nothing. Other redirects often follow what was done.
        let is_refused = matches!(error.status(), Some(307 | 308 | 400..=499));
        self.is_open = was_open || error.may_have_arrived() && !is_refused;
        let is_passing = error.kind() == PollErrorKind::Transient;
        if is_passing && (start.may_be_sent_again() || !error.may_have_arrived()) {
            self.stage = Stage::Starting(Arc::new(start.clone()));
            return error.with_retry_after(retry_after);
        }
        let error = match error {
            // What is refused now says nothing of a try before, and may even come of it.
            error if self.is_open => HttpError::Open(Box::new(error)),
            error if is_refused => HttpError::Refused(Box::new(error)),
            error => error,
        };
        error.with_retry_after(retry_after)
    }

    /// What the answer to a starting call says: done at once, or where the operation is.
    fn accepted(&mut self, start: &Start, reply: &Reply) -> Result<Answer<Status>, HttpError> {
        let started = Started::new(start.method(), reply.url(), answered(reply));
        if let Some((location, preset)) = self.preset.handle(&started) {
            let url = self.gone_on(reply, &location)?;
            self.preset = preset;
            self.started = Some(Arc::new(started));
            self.stage = Stage::Asking(url.clone());
            let status = Status { state: Some("accepted".to_owned()), url, ..Status::of(reply) };
            return Ok(Answer::pending(status).retry_after(reply.retry_after));
        }
        if !matches!(reply.status, 200 | 201 | 204) {
            return Err(HttpError::NoHandle);
        }
        // A page of somebody who stands in between is no word of the API.
        let status = Status { state: Some("done at once".to_owned()), ..Status::of(reply) };
        let body = Some(status.raw().trim()).filter(|_| !reply.body.is_empty());
        let result = body.filter(|body| !body.is_empty()).map(serde_json::from_str::<Value>).transpose();
        let result = result.map_err(|error| HttpError::undecodable("JSON", &error, &reply.body))?;
        // It may be the status of the operation already; what is none says that the call was carried out.
        if let Ok(ruling) = self.preset.judge(&started.answered, Some(&started)) {
            match ruling.verdict {
                Verdict::Failed | Verdict::Cancelled => return Ok(status::answer(ruling, reply)),
                Verdict::Pending | Verdict::Blocked if ruling.state.is_some() => {
                    return Err(HttpError::NoHandle);
                }
                Verdict::Pending | Verdict::Blocked | Verdict::Succeeded => {}
            }
        }
        Ok(Answer::succeeded(Status { result, ..status }))
    }
}
