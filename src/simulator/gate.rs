//! What every request passes before it is understood: counted, perhaps hit by a fault, read, and let in.
//! No call of the API is known here.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;

use super::answer::Refusal;
use super::fault::{self, Fault};
use super::line::Cutter;
use super::model::uuid;
use super::server::{Shared, lock};

/// How long a request's body may be, in bytes.
const BODY: usize = 64 * 1024;

/// How much of a body that is too long is read and thrown away. A connection that is closed on unread bytes is
/// reset, and the client never sees the 413.
const DISCARDED: usize = 1024 * 1024;

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn pass(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request,
    next: Next,
) -> Response {
    shared.requests.fetch_add(1, Ordering::Relaxed);
    let (id, fault) = {
        let mut faults = lock(&shared.faults);
        (uuid(&mut faults.rng), faults.draw())
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());

    if fault == Some(Fault::Stalled) {
        fault::stall().await;
    }
    if matches!(fault, Some(Fault::Reset | Fault::Stalled)) {
        cutter.cut();
    }
    let mut response =
        answer(&shared, fault, request, next).await.unwrap_or_else(IntoResponse::into_response);

    let status = response.status().as_u16();
    tracing::event!(
        name: "lro.simulator.answered", target: "lro", tracing::Level::DEBUG,
        %method, path, status, ?fault, request_id = id,
        "a request was answered"
    );
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A request that changes something is carried out only when its answer arrives whole.
async fn answer(
    shared: &Shared,
    fault: Option<Fault>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let body = read(body).await;
    match fault {
        // Where the connection is cut, the client sees nothing of this.
        Some(Fault::Reset | Fault::Stalled | Fault::Internal) => return Err(Refusal::internal()),
        Some(Fault::Unavailable) => return Err(Refusal::unavailable()),
        Some(Fault::TooManyRequests) => return Err(Refusal::too_many()),
        Some(Fault::BadGateway) => return Ok(fault::page(StatusCode::BAD_GATEWAY)),
        Some(Fault::GatewayTimeout) => return Ok(fault::page(StatusCode::GATEWAY_TIMEOUT)),
        Some(Fault::Truncated | Fault::Garbled | Fault::Slow) | None => {}
    }
    let is_whole = matches!(fault, Some(Fault::Slow) | None);
    let response = match admit(shared, &head.headers).and(body) {
        _ if !is_whole && !head.method.is_safe() => Refusal::internal().into_response(),
        Ok(body) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(refusal) => refusal.into_response(),
    };
    Ok(match fault {
        Some(Fault::Truncated) => fault::truncate(response).await,
        Some(Fault::Garbled) => fault::garble(response).await,
        Some(Fault::Slow) => fault::slow(response).await,
        _ => response,
    })
}

fn admit(shared: &Shared, headers: &axum::http::HeaderMap) -> Result<(), Refusal> {
    match (&shared.token, headers.get(TOKEN)) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Refusal::token_missing()),
        (Some(token), Some(sent)) if sent.as_bytes() == token.as_bytes() => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::token_wrong()),
    }
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    let mut stream = pin!(body.into_data_stream());
    let mut kept = Vec::new();
    let mut seen = 0;
    while let Some(piece) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        let piece = piece.map_err(|error| Refusal::invalid(format!("the body broke off: {error}")))?;
        seen += piece.len();
        if seen <= BODY {
            kept.extend_from_slice(&piece);
        } else if seen > DISCARDED {
            break;
        }
    }
    if seen > BODY {
        return Err(Refusal::too_large(BODY));
    }
    Ok(kept.into())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::sync::atomic::AtomicUsize;
    use std::task::{Context, Poll};

    use super::*;

    const PIECE: Bytes = Bytes::from_static(&[b' '; 1024]);

    /// A body in pieces of 1 KiB, of which the number left can be watched.
    struct Watched(Arc<AtomicUsize>);

    impl Stream for Watched {
        type Item = Result<Bytes, Infallible>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            let left = self.0.load(Ordering::Relaxed);
            self.0.store(left.saturating_sub(1), Ordering::Relaxed);
            Poll::Ready((left > 0).then_some(Ok(PIECE)))
        }
    }

    /// The status of the refusal, if any, and how many KiB were never read.
    async fn read_of(kib: usize) -> (Option<u16>, usize) {
        let left = Arc::new(AtomicUsize::new(kib));
        let refusal = read(Body::from_stream(Watched(Arc::clone(&left)))).await;
        let status = refusal.err().map(|it| it.into_response().status().as_u16());
        (status, left.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_read_to_its_end_unless_it_is_endless() {
        assert_eq!(read_of(64).await, (None, 0));
        assert_eq!(read_of(65).await, (Some(413), 0));
        assert_eq!(read_of(1024).await, (Some(413), 0));
        assert_eq!(read_of(2000).await, (Some(413), 2000 - 1025));
    }
}
