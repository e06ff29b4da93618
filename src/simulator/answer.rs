//! How the simulator says no: the shape of an error, and which status each refusal is.
//! No decision is taken here; whoever refuses has its reasons.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::model::Refused;

/// An error, as the cloud's API gateway words one. Codes of the service itself are not documented: `PLAS.` and
/// the status is what the simulator makes of it.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after: Option<u16>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    fn retry_after(mut self, seconds: u16) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PLAS.0400", message)
    }

    pub(super) fn too_large(bound: usize) -> Self {
        let message = format!("the body is longer than {bound} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "APIG.0201", message)
    }

    pub(super) fn token_missing() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "APIG.1000", "The token is missing.")
    }

    pub(super) fn token_wrong() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "APIG.0301",
            "Incorrect IAM authentication information: token is invalid",
        )
    }

    pub(super) fn no_such_path(path: &str) -> Self {
        let message = format!("there is no {path} in this API");
        Self::new(StatusCode::NOT_FOUND, "APIG.0101", message)
    }

    pub(super) fn wrong_method(method: &str, path: &str) -> Self {
        let message = format!("{method} is not a call of {path}");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "PLAS.0405", message)
    }

    /// The reference's own words.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "PLAS.0500",
            "The server encountered an unexpected condition",
        )
    }

    pub(super) fn unavailable() -> Self {
        let message = "The service is unavailable for the moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "PLAS.0503", message).retry_after(1)
    }

    pub(super) fn too_many() -> Self {
        let message = "The throttling threshold has been reached.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "APIG.0308", message).retry_after(1)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::NoConnector(_) | Refused::NoOperation(..) => {
                Self::new(StatusCode::NOT_FOUND, "PLAS.0404", message)
            }
            Refused::NotAvailable(..) | Refused::Updating(_) => {
                Self::new(StatusCode::CONFLICT, "PLAS.0409", message)
            }
            Refused::TooManyConnectors | Refused::TooManyOperations => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "APIG.0308", message).retry_after(60)
            }
        }
    }
}

#[derive(Serialize)]
struct Document {
    error_code: &'static str,
    error_msg: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let document = Document { error_code: self.code, error_msg: self.message };
        let mut response = (self.status, Json(document)).into_response();
        if let Some(seconds) = self.retry_after {
            let value = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_memory_has_the_status_that_says_what_to_do() {
        let id = || "id".to_owned();
        for (refused, status, wait) in [
            (Refused::NoConnector(id()), 404, None),
            (Refused::NoOperation(id(), id()), 404, None),
            (Refused::Updating(id()), 409, None),
            (Refused::TooManyConnectors, 429, Some("60")),
            (Refused::TooManyOperations, 429, Some("60")),
        ] {
            let response = Refusal::from(refused.clone()).into_response();
            assert_eq!(response.status().as_u16(), status, "{refused:?}");
            let seconds = response.headers().get(header::RETRY_AFTER);
            assert_eq!(seconds.map(|it| it.to_str().unwrap()), wait, "{refused:?}");
        }
    }

    #[tokio::test]
    async fn an_error_is_a_document_with_a_code_and_a_message() {
        let response = Refusal::invalid("connector is missing").into_response();
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        assert_eq!(body, r#"{"error_code":"PLAS.0400","error_msg":"connector is missing"}"#);
    }
}
