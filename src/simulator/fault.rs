//! What goes wrong on the way: which request is hit by a fault, and bodies that arrive late or never whole.
//! Nothing here knows the API; a fault spoils whatever answer it is given.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::response::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fastrand::Rng;
use futures_core::Stream;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

/// How long a slow body takes from its first byte to its last.
const SLOW: Duration = Duration::from_secs(3);

/// How many pieces a slow body comes in at most.
const PIECES: usize = 31;

/// How long after the last byte a body that is cut short ends: time for that byte to leave.
const CUT: Duration = Duration::from_millis(10);

/// How long a request is kept without an answer, unless the client gives up before. Few wait for that long.
const STALL: Duration = Duration::from_secs(60);

/// What goes wrong with a request; see [`Builder::faults`](super::Builder::faults).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is reset, and nothing is answered.
    Reset,
    /// 500, in the words of the reference.
    Internal,
    /// 503 with `Retry-After: 1`.
    Unavailable,
    /// The body ends half-way, short of its `Content-Length`.
    Truncated,
    /// The body takes three seconds, and is whole.
    Slow,
    /// Nothing is answered for a minute; then the connection is reset.
    Stalled,
    /// 429 with `Retry-After: 1`.
    TooManyRequests,
    /// 502 with a page of HTML, as from a proxy whose server is gone.
    BadGateway,
    /// 504 with a page of HTML, as from a proxy whose server hangs.
    GatewayTimeout,
    /// The status is that of a success, the body half of one and no JSON, and its `Content-Length` agrees.
    Garbled,
}

impl Fault {
    /// Every kind there is.
    pub const ALL: [Self; 10] = [
        Self::Reset,
        Self::Internal,
        Self::Unavailable,
        Self::Truncated,
        Self::Slow,
        Self::Stalled,
        Self::TooManyRequests,
        Self::BadGateway,
        Self::GatewayTimeout,
        Self::Garbled,
    ];

    /// The kinds that are drawn unless it is said which. None of them takes long.
    pub const USUAL: [Self; 5] =
        [Self::Reset, Self::Internal, Self::Unavailable, Self::Truncated, Self::Slow];

    /// What it is called, as in `lro simulate --fault`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Internal => "500",
            Self::Unavailable => "503",
            Self::Truncated => "truncated",
            Self::Slow => "slow",
            Self::Stalled => "stalled",
            Self::TooManyRequests => "429",
            Self::BadGateway => "502",
            Self::GatewayTimeout => "504",
            Self::Garbled => "garbled",
        }
    }
}

/// Draws faults. Every kind is equally likely.
#[derive(Debug)]
pub(super) struct Faults {
    rate: f64,
    kinds: Vec<Fault>,
    pub(super) rng: Rng,
}

impl Faults {
    /// Of these kinds, of which there is one at least.
    pub(super) fn new(rate: f64, kinds: Vec<Fault>, rng: Rng) -> Self {
        Self { rate, kinds, rng }
    }

    /// Draws for the next request.
    pub(super) fn draw(&mut self) -> Option<Fault> {
        // Both are drawn for every request, so that a higher rate adds faults and moves none.
        let hit = self.rng.f64() < self.rate;
        let fault = self.kinds[self.rng.usize(..self.kinds.len())];
        hit.then_some(fault)
    }
}

/// Lets time pass as for a server that has forgotten the request.
pub(super) async fn stall() {
    // It never comes to anything: what is awaited is the end of the time.
    let _ = timeout(STALL, std::future::pending::<()>()).await;
}

/// The page of a proxy that has no answer to give.
pub(super) fn page(status: StatusCode) -> Response {
    let html = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n");
    (status, [(header::CONTENT_TYPE, "text/html")], html).into_response()
}

/// Leaves half of the body, as if that were all.
pub(super) async fn garble(response: Response) -> Response {
    let (mut head, body) = parts(response).await;
    let half = body.slice(..body.len() / 2);
    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(half.len()));
    Response::from_parts(head, Body::from(half))
}

/// Makes the body take about three seconds. It arrives whole.
pub(super) async fn slow(response: Response) -> Response {
    spoil(response, |body| {
        let size = body.len().div_ceil(PIECES).max(1);
        let mut pieces = VecDeque::new();
        let mut rest = body;
        while !rest.is_empty() {
            pieces.push_back(rest.split_to(size.min(rest.len())));
        }
        // Between n pieces are n - 1 pauses.
        let pauses = u32::try_from(pieces.len().saturating_sub(1)).unwrap_or(u32::MAX);
        Drip { pieces, pace: pace(SLOW / pauses.max(1)), breaks: false }
    })
    .await
}

/// Ends the body half-way, and the connection with it.
pub(super) async fn truncate(response: Response) -> Response {
    spoil(response, |body| {
        let half = body.slice(..body.len() / 2);
        Drip { pieces: VecDeque::from([half]), pace: pace(CUT), breaks: true }
    })
    .await
}

async fn spoil(response: Response, how: impl FnOnce(Bytes) -> Drip) -> Response {
    let (mut head, body) = parts(response).await;
    let length = HeaderValue::from(body.len());
    head.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(head, Body::from_stream(how(body)))
}

async fn parts(response: Response) -> (Parts, Bytes) {
    let (head, body) = response.into_parts();
    // The answers of the simulator are in memory: reading one neither waits nor fails.
    (head, axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default())
}

/// So long from each piece to the next, however late that one was: on a busy machine too, what was sent has left before
/// it breaks off.
fn pace(every: Duration) -> Interval {
    let mut pace = interval(every);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}

/// A body that comes piece by piece.
struct Drip {
    pieces: VecDeque<Bytes>,
    pace: Interval,
    /// Whether it breaks after the last piece, instead of ending.
    breaks: bool,
}

impl Stream for Drip {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.pieces.is_empty() && !self.breaks {
            return Poll::Ready(None);
        }
        // The first tick is at once. The break waits for one too: an error that followed at once on the last
        // piece would keep the server from sending anything.
        ready!(self.pace.poll_tick(cx));
        let piece = self.pieces.pop_front();
        Poll::Ready(Some(piece.ok_or(io::ErrorKind::UnexpectedEof.into())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use tokio::time::Instant;

    use super::*;

    fn drawn(rate: f64) -> Vec<Option<Fault>> {
        let mut faults = Faults::new(rate, Fault::ALL.to_vec(), Rng::with_seed(3));
        (0..1000).map(|_| faults.draw()).collect()
    }

    #[test]
    fn the_rate_is_the_share_of_requests_that_are_hit() {
        let hits = |rate| drawn(rate).iter().flatten().count();
        assert_eq!(hits(0.0), 0);
        assert_eq!(hits(1.0), 1000);
        assert!((250..350).contains(&hits(0.3)), "{}", hits(0.3));
    }

    #[test]
    fn every_kind_is_drawn() {
        let kinds: HashSet<_> = drawn(0.3).into_iter().flatten().collect();
        assert_eq!(kinds, HashSet::from(Fault::ALL));
    }

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: HashSet<_> = Fault::ALL.map(Fault::name).into();
        assert_eq!(names.len(), Fault::ALL.len());
    }

    #[test]
    fn a_higher_rate_adds_faults_and_moves_none() {
        for (low, high) in drawn(0.1).into_iter().zip(drawn(0.3)) {
            assert!(low.is_none() || low == high, "{low:?} became {high:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_arrives_whole_after_three_seconds() {
        for length in [2, 30, 31, 32, 5000] {
            let whole = Bytes::from(vec![b'x'; length]);
            let start = Instant::now();
            let response = slow(Response::new(Body::from(whole.clone()))).await;
            assert_eq!(response.headers()[header::CONTENT_LENGTH], length.to_string());
            let body = axum::body::to_bytes(response.into_body(), 10_000).await;
            assert_eq!(body.unwrap(), whole);
            let took = start.elapsed();
            assert!(
                (SLOW..=SLOW + Duration::from_millis(50)).contains(&took),
                "{length} bytes took {took:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_garbled_body_is_half_of_it_and_claims_to_be_all() {
        let response = garble(Response::new(Body::from("0123456789"))).await;
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "5");
        let body = axum::body::to_bytes(response.into_body(), 100).await;
        assert_eq!(body.unwrap(), "01234");
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_body_has_nothing_to_drip() {
        let start = Instant::now();
        let response = slow(Response::new(Body::empty())).await;
        let body = axum::body::to_bytes(response.into_body(), 10).await;
        assert_eq!(body.unwrap(), "");
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_truncated_body_promises_more_than_it_sends_and_breaks() {
        let response = truncate(Response::new(Body::from("0123456789"))).await;
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "10");
        let mut stream = response.into_body().into_data_stream();
        let mut next = async || std::future::poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await;
        assert_eq!(next().await.unwrap().unwrap(), "01234");
        assert!(next().await.unwrap().is_err());
    }
}
