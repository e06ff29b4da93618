//! What goes wrong on the way: which request is hit by a fault, and bodies that arrive late or never whole.
//! Nothing here knows the API; a fault spoils whatever answer it is given.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use fastrand::Rng;
use futures_core::Stream;
use tokio::time::{Interval, interval};

/// How long a slow body takes from its first byte to its last.
const SLOW: Duration = Duration::from_secs(3);

/// How many pieces a slow body comes in at most.
const PIECES: usize = 31;

/// How long after the last byte a body that is cut short ends: time for that byte to leave.
const CUT: Duration = Duration::from_millis(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    /// The connection is reset, and nothing is answered.
    Reset,
    /// 500.
    Internal,
    /// 503 with `Retry-After`.
    Unavailable,
    /// The body ends before its `Content-Length`.
    Truncated,
    /// The body drips.
    Slow,
}

const FAULTS: [Fault; 5] = [Fault::Reset, Fault::Internal, Fault::Unavailable, Fault::Truncated, Fault::Slow];

/// Draws faults. Every kind is equally likely.
#[derive(Debug)]
pub(super) struct Faults {
    rate: f64,
    pub(super) rng: Rng,
}

impl Faults {
    pub(super) fn new(rate: f64, rng: Rng) -> Self {
        Self { rate, rng }
    }

    /// Draws for the next request.
    pub(super) fn draw(&mut self) -> Option<Fault> {
        // Both are drawn for every request, so that a higher rate adds faults and moves none.
        let hit = self.rng.f64() < self.rate;
        let fault = FAULTS[self.rng.usize(..FAULTS.len())];
        hit.then_some(fault)
    }
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
        Drip { pieces, pace: interval(SLOW / pauses.max(1)), breaks: false }
    })
    .await
}

/// Ends the body half-way, and the connection with it.
pub(super) async fn truncate(response: Response) -> Response {
    spoil(response, |body| {
        let half = body.slice(..body.len() / 2);
        Drip { pieces: VecDeque::from([half]), pace: interval(CUT), breaks: true }
    })
    .await
}

async fn spoil(response: Response, how: impl FnOnce(Bytes) -> Drip) -> Response {
    let (mut head, body) = response.into_parts();
    // The answers of the simulator are in memory: reading one neither waits nor fails.
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = HeaderValue::from(body.len());
    head.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(head, Body::from_stream(how(body)))
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
        let mut faults = Faults::new(rate, Rng::with_seed(3));
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
        assert_eq!(kinds, HashSet::from(FAULTS));
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
