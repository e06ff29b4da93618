//! How an operation is started: the call is sent, never twice where that may do harm, and its answer says where the
//! operation is.
//! How it is asked for from then on is not known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::error::HttpError;
use super::location::shown_text;
use super::operation::{Operation, answered};
use super::reply::{Refusal, Reply};
use super::start::Start;
use super::status::{self, Status};
use crate::operation::{Answer, PollError, PollErrorKind, Verdict};
use crate::preset::{Started, is_error};

/// A starting call, and whether the server may have got it. All clones of an operation share it: it is one call.
pub(super) struct Starting {
    start: Start,
    is_out: AtomicBool,
}

impl Starting {
    pub(super) fn new(start: Start) -> Self {
        Self { start, is_out: AtomicBool::new(false) }
    }

    pub(super) fn location(&self) -> &str {
        self.start.location()
    }

    pub(super) fn is_out(&self) -> bool {
        self.is_out.load(Ordering::SeqCst)
    }
}

impl Operation {
    /// Sends the starting call.
    pub(super) async fn start(&mut self, starting: &Starting) -> Result<Answer<Status>, PollError> {
        let start = &starting.start;
        let headers = self.headers().and(start.headers());
        let call = start.call().headers(headers);
        // Whoever gives credentials may be slow, and as long as they are nothing has left.
        self.client.prepare(&call).await?;
        // Said before, because this future may be dropped on the way.
        let was_out = starting.is_out.swap(true, Ordering::SeqCst);
        if was_out && !start.may_be_sent_again() {
            let silence = HttpError::NotUnderstood("it was sent, and there was no answer".to_owned());
            return Err(HttpError::Open(Box::new(silence)).into());
        }
        let refusal = match self.client.exchange(&call).await {
            Ok(reply) => match self.accepted(start, &reply) {
                Ok(answer) => return Ok(answer),
                Err(error) => Refusal::from(error).after(reply.retry_after),
            },
            Err(refusal) => refusal,
        };
        let Refusal { error, retry_after, .. } = refusal;
        let error = not_started(start, error, was_out);
        let is_refused = matches!(error.status(), Some(400..=499)) || matches!(error, HttpError::Refused(_));
        let nothing_done = is_refused || !error.may_have_arrived();
        if nothing_done {
            starting.is_out.store(was_out, Ordering::SeqCst);
        }
        Err(error.with_retry_after(retry_after))
    }

    /// What the answer to a starting call says: done at once, or where the operation is.
    fn accepted(&mut self, start: &Start, reply: &Reply) -> Result<Answer<Status>, HttpError> {
        let started = Started::new(start.method(), reply.url(), answered(reply));
        if let Some((location, preset)) = self.preset.handle(&started) {
            // Whether it may be asked there is seen when it is: that the call was accepted is true in any case.
            let url = reply.join(&location).map_err(HttpError::Misled)?;
            self.preset = preset;
            let url: Arc<str> = url.into();
            self.whereabouts.begin(started, Arc::clone(&url));
            let status = Status { state: Some("accepted".into()), ..Status::of(reply, &self.preset, url) };
            return Ok(Answer::pending(status).retry_after(reply.retry_after));
        }
        if !matches!(reply.status, 200 | 201 | 204) {
            let location = reply.header("location").map(|location| shown_text(&location));
            return Err(HttpError::no_handle(location.as_deref(), &reply.body));
        }
        // Done at once. A page of somebody who stands in between is no word of the API.
        let status = Status {
            state: Some("done at once".into()),
            ..Status::of(reply, &self.preset, reply.url().into())
        };
        let body = Some(status.raw().trim()).filter(|_| !reply.body.is_empty());
        let result = body.filter(|body| !body.is_empty()).map(serde_json::from_str::<Value>).transpose();
        let result = result.map_err(|error| HttpError::undecodable("JSON", &error, &reply.body))?;
        if result.as_ref().is_some_and(is_error) {
            return Err(HttpError::undecodable(
                "that of a call that was carried out",
                &"it says `error`",
                &reply.body,
            ));
        }
        // It may be the status of the operation already; what is none says that the call was carried out.
        if let Ok(ruling) = self.preset.judge(&started.answered, Some(&started)) {
            match ruling.verdict {
                Verdict::Failed | Verdict::Cancelled => {
                    return Ok(status::answer(ruling, reply, &self.preset, reply.url().into()));
                }
                Verdict::Pending | Verdict::Blocked if ruling.state.is_some() => {
                    return Err(HttpError::no_handle(None, &reply.body));
                }
                Verdict::Pending | Verdict::Blocked | Verdict::Succeeded => {}
            }
        }
        Ok(Answer::succeeded(Status { result: result.map(Box::new), ..status }))
    }
}

/// What an error says of a starting call. `was_out`: the call had been sent before, and that is still open.
fn not_started(start: &Start, error: HttpError, was_out: bool) -> HttpError {
    let may_have_arrived = error.may_have_arrived();
    let is_passing = error.kind() == PollErrorKind::Transient;
    if is_passing && (start.may_be_sent_again() || !may_have_arrived) {
        return error;
    }
    match (&error, error.status()) {
        (HttpError::NoHandle { .. } | HttpError::Misled(_), _) => error,
        // With these the server says that it did nothing. Other redirects are what some servers answer when they are
        // done, and what an earlier try has changed may be why a later one is refused.
        (_, Some(307 | 308 | 400..=499)) if !was_out => HttpError::Refused(Box::new(error)),
        _ if may_have_arrived || was_out => HttpError::Open(Box::new(error)),
        _ => error,
    }
}
