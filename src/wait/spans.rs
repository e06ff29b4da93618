//! That a wait and each of its polls are spans of `tracing`, under names that stay.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::operation::{Answer, from_fn};

/// The name of a span, and of the span that it is told to be in.
type Name = (&'static str, Option<&'static str>);

/// Remembers the names of spans.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<Name>>>);

impl Subscriber for Names {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span()
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut names = self.0.lock().unwrap();
        let index = |id: &Id| usize::try_from(id.into_u64()).unwrap() - 1;
        let parent = span.parent().map(|parent| names[index(parent)].0);
        names.push((span.metadata().name(), parent));
        Id::from_u64(names.len().try_into().unwrap())
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_a_span_and_each_poll_is_one_within_it() {
    let names = Names::default();
    let told = tracing::subscriber::set_default(names.clone());
    let mut polls = 0;
    let twice = from_fn(move || {
        polls += 1;
        async move { Ok(if polls < 2 { Answer::pending(()) } else { Answer::succeeded(()) }) }
    });
    crate::wait_for_completion(twice).timeout(Duration::from_secs(60)).await.unwrap();
    drop(told);
    let poll = ("lro.poll", Some("lro.wait"));
    assert_eq!(*names.0.lock().unwrap(), [("lro.wait", None), poll, poll]);
}
