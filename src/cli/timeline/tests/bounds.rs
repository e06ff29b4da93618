//! A record stays small, whatever a server does and however many operations there are, and says what it left out.
//! Events are real ones, on time that does not pass.

use std::collections::BTreeMap;
use std::time::Duration;

use lro::operation::from_fn;
use lro::schedule::Fixed;
use lro::{Answer, EventKind, Fleet, FleetEvent, PollError, Verdict};

use super::super::{Record, Run, document, page, picture};
use super::{ms, run, track};
use crate::cli::report::{Ended, some_status};

fn ended(outcome: &'static str, id: &str) -> Ended {
    Ended {
        outcome,
        id: id.to_owned(),
        url: None,
        answer: None,
        last_error: None,
        polls: 1,
        transient_errors: 0,
        elapsed: ms(5),
        is_asking: false,
        is_open: false,
        is_submitted: false,
        endpoint: None,
    }
}

/// The record of so many operations that are answered like this, as they end like this by their place.
async fn recorded(
    count: usize,
    answer: impl Fn(u32) -> Result<Answer<lro::http::Status>, PollError> + Send + Clone + 'static,
    end: impl Fn(usize) -> &'static str,
) -> Run {
    let operation = |_| {
        let answer = answer.clone();
        let mut nth = 0;
        from_fn(move || {
            nth += 1;
            std::future::ready(answer(nth))
        })
    };
    let mut fleet = Fleet::new()
        .schedule(|| Fixed::new(Duration::from_secs(1)).unwrap())
        .timeout(Duration::from_secs(100_000));
    fleet.extend((0..count).map(operation));
    let mut events = fleet.events().unwrap();
    let mut record = Record::begin();
    while let Some(event) = events.next().await {
        let FleetEvent::Of { index, event } = event else { continue };
        record.note(index, &event);
        if matches!(event.kind, EventKind::Finished(_)) {
            record.ended(index, &ended(end(index), &event.id), event.elapsed);
        }
    }
    record.finish("failed", Duration::from_secs(1))
}

fn done() -> Answer<lro::http::Status> {
    Answer::succeeded(some_status())
}

#[tokio::test(start_paused = true)]
async fn of_very_many_polls_some_are_kept_all_along_the_time() {
    let answer = |nth: u32| Ok(if nth <= 3000 { Answer::pending(some_status()) } else { done() });
    let run = recorded(1, answer, |_| "succeeded").await;
    let polls: Vec<_> = run.tracks[0].polls.iter().collect();
    assert!((128..=256).contains(&polls.len()), "{}", polls.len());
    let gaps: Vec<_> = polls.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).as_secs()).collect();
    assert!(gaps.iter().all(|gap| *gap == gaps[0]), "{gaps:?}");
    assert!(polls.last().unwrap().as_secs() > 2900);
    assert_eq!(run.polls, 3001);
    assert!(page(&run).contains("poll (of very many, some)"));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_changes_all_the_time_is_told_for_so_long_and_the_rest_is_counted() {
    let answer = |nth: u32| {
        let mut status = some_status();
        status.state = Some(format!("step {nth}").into());
        let pending = Answer::new(Verdict::Pending, status).retry_after(ms(10));
        match nth {
            401.. => Ok(done()),
            _ if nth.is_multiple_of(2) => Err(PollError::transient(format!("down {nth}"))),
            _ => Ok(pending),
        }
    };
    let run = recorded(1, answer, |_| "succeeded").await;
    let track = &run.tracks[0];
    assert_eq!((track.states.len(), track.faults.len(), track.pauses.len()), (65, 64, 64));
    assert_eq!(track.left_out, [137, 136, 136]);
    let note = "and 137 more changes of state, 136 more faults, 136 more pauses, which are not kept";
    assert!(page(&run).contains(note), "{}", page(&run));
    assert!(page(&run).contains("201 states · 200 faults · "), "{}", page(&run));
    assert_eq!((run.polls, run.errors), (401, 200));
}

#[tokio::test(start_paused = true)]
async fn the_last_state_that_is_kept_does_not_go_on_where_others_are_not() {
    let answer = |nth: u32| {
        let mut status = some_status();
        status.state = Some(format!("step {}", nth.min(100)).into());
        Ok(Answer::new(if nth < 1000 { Verdict::Pending } else { Verdict::Succeeded }, status))
    };
    let run = recorded(1, answer, |_| "succeeded").await;
    let track = &run.tracks[0];
    // What stays as it is does not change, kept or not.
    assert_eq!((track.states.len(), track.left_out[0]), (65, 36));
    let [.., last, rest] = &track.states[..] else { panic!("{:?}", track.states) };
    assert_eq!(
        (&*last.name, &*rest.name, rest.at.saturating_sub(last.at)),
        ("step 64", "…", Duration::from_secs(1))
    );
    let chart = document(&run, usize::MAX);
    let bars: Vec<_> = chart.lines().filter(|line| line.contains(" :")).collect();
    assert_eq!(bars.len(), 50, "{chart}");
    assert!(bars[48].contains("· step 49 :t48, ") && bars[49].contains("✓ … :done, t49, "), "{chart}");
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_ends_a_wait_is_counted_where_all_are() {
    let run = recorded(1, |_| Err(PollError::permanent("HTTP 403")), |_| "error").await;
    assert_eq!((run.errors, run.tracks[0].end.errors), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn of_too_many_operations_those_that_did_not_succeed_are_kept() {
    const COUNT: usize = 10_050;
    let end = |place: usize| if place >= COUNT - 100 { "failed" } else { "succeeded" };
    let run = recorded(COUNT, |_| Ok(done()), end).await;
    assert_eq!(run.tracks.len(), 10_000);
    assert_eq!(run.forgotten, 50);
    assert_eq!(run.counts, BTreeMap::from([("failed", 100), ("succeeded", COUNT - 100)]));
    let failed = run.tracks.iter().filter(|track| track.end.outcome == "failed");
    assert_eq!(failed.count(), 100);
    let sizes = [page(&run).len(), picture(&run).len(), document(&run, 900 * 1024).len()];
    assert!(sizes.iter().all(|size| *size < 1024 * 1024), "{sizes:?}");
    assert!(page(&run).contains("100 of 10050 operations are shown here"));
}

#[tokio::test(start_paused = true)]
async fn a_document_is_as_long_as_it_may_be() {
    let run = recorded(120, |_| Ok(done()), |_| "succeeded").await;
    let whole = document(&run, usize::MAX);
    let longest = whole.len() - 2000;
    let short = document(&run, longest);
    assert!(short.len() <= longest && short.len() > longest - 1000, "{} of {longest}", short.len());
    let rows = short.lines().filter(|line| line.starts_with("| ")).count() - 1;
    assert!(rows < 120 && short.contains(&format!("{rows} of 120 operations are shown here")), "{short}");
}

#[test]
fn a_document_is_never_longer_than_it_may_be() {
    let long = |nth| track(&format!("{nth}{}", "日@".repeat(1000)), "failed");
    for count in [1, 60] {
        let run = run((0..count).map(long).collect());
        for longest in (4096..60_000).step_by(997) {
            let document = document(&run, longest);
            assert!(document.len() <= longest, "{} of {longest}", document.len());
        }
        assert!(document(&run, usize::MAX).contains("```mermaid"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_any_more_is_interrupted() {
    let mut fleet = Fleet::new();
    fleet.extend([from_fn(|| std::future::ready(Ok(Answer::pending(some_status()).reason("step 2"))))]);
    let mut events = fleet.events().unwrap();
    let mut record = Record::begin();
    while let Some(FleetEvent::Of { index, event }) = events.next().await {
        record.note(index, &event);
        if let EventKind::Answered { poll: 3, .. } = event.kind {
            break;
        }
    }
    let run = record.finish("interrupted", Duration::from_secs(9));
    let end = &run.tracks[0].end;
    assert_eq!((end.outcome, end.polls, end.why()), ("interrupted", 3, Some("step 2")));
    assert_eq!(run.tracks[0].ended, Duration::from_secs(9));
    assert_eq!(run.counts, BTreeMap::from([("interrupted", 1)]));
}
