//! How the result of an operation is fetched, where an answer says only where it is.
//! Whether that may be asked is seen before.

use serde_json::Value;

use super::call::Call;
use super::error::HttpError;
use super::operation::Operation;
use super::reply::{Refusal, Reply};
use super::status::Status;
use super::whereabouts::Place;
use crate::operation::Answer;

impl Operation {
    /// Fetches the result. The operation is not asked again meanwhile: some servers tell an end only once.
    pub(super) async fn fetched(
        &self,
        mut answer: Answer<Status>,
        place: &Place,
    ) -> Result<Answer<Status>, Refusal> {
        let call = Call::new(&*place.url).headers(self.headers());
        let no_result = |refusal: Refusal| {
            Refusal::from(HttpError::NoResult(Box::new(refusal.error))).after(refusal.retry_after)
        };
        let reply = self.client.exchange(&call).await.map_err(no_result)?;
        if reply.status == 202 {
            let error = HttpError::undecodable("the result", &"it is not ready", &reply.body);
            return Err(no_result(Refusal::from(error).after(reply.retry_after)));
        }
        let text = String::from_utf8_lossy(reply.secret_body().trim_ascii());
        if is_page(&reply, &text) {
            let error = HttpError::undecodable("the result", &"it is a page for a browser", &reply.body);
            // What answers with a page, to log in perhaps, will not stop because it is asked again.
            return Err(no_result(HttpError::NotUnderstood(error.to_string()).into()));
        }
        let result = || serde_json::from_str(&text).unwrap_or_else(|_| Value::from(&*text));
        answer.status.result =
            (!text.is_empty()).then(result).map(|value| Box::new(reply.redacted_value(value)));
        Ok(answer)
    }
}

/// Whether this is for a browser to show, whatever was asked for.
fn is_page(reply: &Reply, text: &str) -> bool {
    let is_html = reply.header("content-type").is_some_and(|kind| kind.trim().starts_with("text/html"));
    let begins = |tag: &str| text.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    is_html || begins("<!doctype html") || begins("<html")
}
