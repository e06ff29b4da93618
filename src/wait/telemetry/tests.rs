//! That a wait, each of its polls and whatever happens are told under names that stay, each in the span that it is part of;
//! and what is told of a text that is anybody's.

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::Brief;
use crate::operation::{Answer, FromFn, PollError, from_fn};

/// What was told, in its order: `parent > name` with the fields that have a value.
#[derive(Clone)]
struct Told {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<Mutex<Vec<&'static str>>>,
    most: Level,
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // How long something took is another one each time.
        let is_time = matches!(field.name(), "latency_ms" | "elapsed_ms");
        let value = if is_time { "_".to_owned() } else { format!("{value:?}") };
        if field.name() != "message" {
            self.0.extend([" ", field.name(), "=", &value]);
        }
    }
}

impl Told {
    fn upto(most: Level) -> Self {
        Self { lines: Arc::default(), spans: Arc::default(), most }
    }

    fn name(&self, id: &Id) -> &'static str {
        self.spans.lock().unwrap()[usize::try_from(id.into_u64()).unwrap() - 1]
    }

    fn tell(&self, parent: Option<&Id>, name: &str, record: impl FnOnce(&mut Fields)) {
        let mut fields = Fields(String::new());
        record(&mut fields);
        let parent = parent.map_or("-", |parent| self.name(parent));
        self.lines.lock().unwrap().push(format!("{parent} > {name}{}", fields.0));
    }
}

impl Subscriber for Told {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "lro" && *metadata.level() <= self.most
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.tell(span.parent(), span.metadata().name(), |fields| span.record(fields));
        let mut spans = self.spans.lock().unwrap();
        spans.push(span.metadata().name());
        Id::from_u64(spans.len().try_into().unwrap())
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        self.tell(Some(id), "+", |fields| values.record(fields));
    }

    fn event(&self, event: &Event<'_>) {
        self.tell(event.parent(), event.metadata().name(), |fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What is asked, fails once, asks for a pause, and ends by this answer.
fn operation(
    end: Answer<()>,
) -> FromFn<impl FnMut() -> std::future::Ready<Result<Answer<()>, PollError>> + Send> {
    let mut polls = 0;
    from_fn(move || {
        polls += 1;
        std::future::ready(match polls {
            1 => Err(PollError::transient("503\u{1b}[2J")),
            2 => Ok(Answer::pending(()).progress(40.0).retry_after(Duration::from_secs(7))),
            _ => Ok(end.clone()),
        })
    })
    .named("o1")
}

async fn told(most: Level, tried: impl IntoFuture) -> Vec<String> {
    let told = Told::upto(most);
    let listening = tracing::subscriber::set_default(told.clone());
    // What another test comes to for the first time at this moment may be kept as what nobody listens to: so all of it
    // has been come to before that is looked up anew.
    let _ = wait(Answer::succeeded(())).await;
    tracing::callsite::rebuild_interest_cache();
    told.lines.lock().unwrap().clear();
    let _ = tried.await;
    drop(listening);
    let mut lines = told.lines.lock().unwrap();
    std::mem::take(&mut *lines)
}

fn wait(end: Answer<()>) -> crate::Wait<impl crate::Operation<Status = ()> + Send + 'static> {
    let every = crate::schedule::Fixed::new(Duration::from_secs(2)).unwrap();
    crate::wait_for_completion(operation(end)).timeout(Duration::from_secs(60)).schedule(every)
}

#[tokio::test(start_paused = true)]
async fn all_of_a_wait_is_told_where_it_belongs() {
    let pauses = |line: &String| !line.contains("lro.wait.paused");
    let lines = told(Level::TRACE, wait(Answer::failed(()).reason("no free line"))).await;
    assert_eq!(lines.iter().filter(|line| !pauses(line)).count(), 2, "{lines:#?}");
    assert_eq!(
        lines.into_iter().filter(pauses).collect::<Vec<_>>(),
        [
            "- > lro.wait id=o1",
            "lro.wait > lro.wait.started id=o1 timeout_ms=60000",
            "lro.wait > lro.poll poll=1",
            "lro.poll > + error.type=\"transient\"",
            "lro.poll > + error=no usable answer: 503 [2J",
            "lro.poll > + otel.status_code=\"ERROR\"",
            "lro.poll > lro.poll.erred id=o1 poll=1 error.type=\"transient\" error=no usable answer: 503 [2J latency_ms=_",
            "lro.wait > lro.poll poll=2",
            "lro.poll > + verdict=\"pending\"",
            "lro.poll > lro.poll.answered id=o1 poll=2 verdict=\"pending\" progress=40.0 retry_after_ms=7000 latency_ms=_",
            "lro.wait > lro.poll poll=3",
            "lro.poll > + verdict=\"failed\"",
            "lro.poll > lro.poll.answered id=o1 poll=3 verdict=\"failed\" latency_ms=_",
            "lro.wait > + outcome=\"failed\"",
            "lro.wait > + polls=3",
            "lro.wait > + transient_errors=1",
            "lro.wait > + elapsed_ms=_",
            "lro.wait > + error=operation o1 failed: no free line",
            "lro.wait > + otel.status_code=\"ERROR\"",
            "lro.wait > lro.wait.finished id=o1 outcome=\"failed\" polls=3 transient_errors=1 elapsed_ms=_ error=operation o1 failed: no free line",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn who_listens_to_less_is_told_of_which_operation_all_the_same() {
    let erred = "error.type=\"transient\" error=no usable answer: 503 [2J latency_ms=_";
    assert_eq!(
        told(Level::WARN, wait(Answer::succeeded(()))).await,
        [format!("- > lro.poll.erred id=o1 poll=1 {erred}")]
    );
    let lines = told(Level::INFO, wait(Answer::succeeded(()))).await;
    let names: Vec<_> = lines.iter().map(|line| line.split(" id").next().unwrap()).collect();
    assert_eq!(names[..3], ["- > lro.wait", "lro.wait > lro.wait.started", "lro.wait > lro.poll.erred"]);
    assert!(names.last().unwrap().starts_with("lro.wait > lro.wait.finished"), "{names:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fleet_tells_the_same_of_each() {
    let one = |lines: Vec<String>| {
        // The first pauses of a fleet and of a wait are drawn apart.
        let lines = lines.into_iter().filter(|line| !line.contains("paused"));
        let without = |line: String| line.split(" elapsed_ms").next().unwrap_or_default().to_owned();
        lines.map(without).filter(|line| !line.ends_with('+')).collect::<Vec<_>>()
    };
    let fleet = crate::wait_for_all([operation(Answer::succeeded(()))]).timeout(Duration::from_secs(60));
    assert_eq!(
        one(told(Level::TRACE, fleet.into_future()).await),
        one(told(Level::TRACE, wait(Answer::succeeded(()))).await)
    );
}

/// An error that counts how often it is put into words.
#[derive(Debug, Clone)]
struct Counting(Arc<AtomicUsize>);

impl std::error::Error for Counting {}

impl std::fmt::Display for Counting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fetch_add(1, Ordering::Relaxed);
        f.write_str("counted")
    }
}

#[tokio::test(start_paused = true)]
async fn where_nobody_listens_nothing_is_put_into_words() {
    let count = Arc::new(AtomicUsize::new(0));
    let error = Counting(Arc::clone(&count));
    let wait = || {
        let error = error.clone();
        let failing =
            from_fn(move || std::future::ready(Err::<Answer<()>, _>(PollError::transient(error.clone()))));
        crate::wait_for_completion(failing).max_errors(2)
    };
    wait().await.unwrap_err();
    assert_eq!(count.load(Ordering::Relaxed), 0);
    // Of each poll the span and the event tell it, and of the wait both.
    told(Level::TRACE, wait()).await;
    assert_eq!(count.load(Ordering::Relaxed), 6);
}

#[test]
fn of_a_long_text_the_beginning_is_told_and_nothing_that_steers() {
    for (text, most, expected) in [
        ("", 3, ""),
        ("abc", 3, "abc"),
        ("abcd", 3, "abc…"),
        ("\u{e9}\u{e9}\u{e9}\u{e9}", 3, "\u{e9}\u{e9}\u{e9}…"),
        ("a\nb\u{1b}", 3, "a b…"),
        ("a\r\u{7f}", 3, "a  "),
    ] {
        assert_eq!(Brief(text, most).to_string(), expected, "{text:?}");
    }
}
