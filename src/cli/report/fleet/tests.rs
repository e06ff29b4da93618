//! What is told of a fleet, event by event: real events on paused time, of operations that answer as scripted.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::OnceLock;
use std::time::Duration;

use lro::http::{Client, Endpoint, Operation, Status};
use lro::operation::from_fn;
use lro::preset::Preset;
use lro::schedule::Fixed;
use lro::{
    Answer, Event, EventKind, Fleet, FleetEvent, MaxErrors, PollError, PollErrorKind, Verdict, WaitError,
};

use super::herald::Herald;
use super::roster::{Roster, unsuccessful};
use crate::cli::exit::Exit;
use crate::cli::tally::Tally;

/// What an operation is answered.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Pending(&'static str),
    Percent(f64),
    Odd(&'static str),
    Blocked,
    Done,
    Failed,
    Down(&'static str),
    Denied,
}
use Turn::{Blocked, Denied, Done, Down, Failed, Odd, Pending, Percent};

/// A status, as only the answer of a server makes one.
pub(crate) fn status() -> Status {
    static STATUS: OnceLock<Status> = OnceLock::new();
    let asked = || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/o", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let head = BufReader::new(stream.try_clone().unwrap()).lines();
            assert!(head.map(Result::unwrap).any(|line| line.is_empty()));
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let preset = Preset::from_toml("any", "title = \"Any\"\nsuccess_when = \"s == 'done'\"").unwrap();
        let client = Client::builder(Endpoint::of(&url).unwrap()).without_proxy().build().unwrap();
        let mut operation = Operation::new(client, &url, preset).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(lro::Operation::poll(&mut operation)).unwrap();
        server.join().unwrap();
        answer.status
    };
    // On a thread of its own, because a test has a runtime already, and its time does not pass.
    STATUS.get_or_init(|| std::thread::spawn(asked).join().unwrap()).clone()
}

fn answer(turn: Turn) -> Result<Answer<Status>, PollError> {
    let mut status = status();
    let verdict = match turn {
        Pending(state) => {
            status.state = Some(state.into());
            Verdict::Pending
        }
        Percent(percent) => return Ok(Answer::pending(status).progress(percent)),
        Odd(problem) => {
            status.problems = [problem.to_owned()].into();
            Verdict::Pending
        }
        Blocked => return Ok(Answer::new(Verdict::Blocked, status).reason("say yes")),
        Done => Verdict::Succeeded,
        Failed => Verdict::Failed,
        Down(what) => return Err(PollError::transient(what)),
        Denied => return Err(PollError::new(PollErrorKind::Denied, "no")),
    };
    Ok(Answer::new(verdict, status))
}

/// Whoever is told of a fleet, and what the lines were.
struct Watch {
    roster: Roster,
    herald: Herald,
    tally: Tally,
    elapsed: Duration,
    told: Vec<String>,
}

impl Watch {
    fn hear(&mut self, event: &FleetEvent<Status>) {
        if let FleetEvent::Of { index, event } = event {
            self.roster.note(*index, event);
            self.elapsed = event.elapsed;
        }
        let lines = self.herald.lines(event, &self.roster);
        self.told.extend(lines.into_iter().map(|line| format!("{} {}", line.elapsed.as_secs(), line.text)));
        if let FleetEvent::Of { event: Event { kind: EventKind::Finished(outcome), .. }, .. } = event {
            let (word, exit) = match outcome {
                Ok(_) => ("succeeded", Exit::Succeeded),
                Err(WaitError::Failed(_)) => ("failed", Exit::Failed),
                Err(_) => ("error", Exit::NoAnswer),
            };
            self.tally.add(word, exit);
            self.roster.ended(&self.tally);
        }
    }
}

/// Watches operations that answer like this, one a second, up to the event that is wanted or to the end.
async fn watch(verbose: bool, members: &[(&'static str, &[Turn])], is_wanted: fn(&Watch) -> bool) -> Watch {
    let is_brief = true;
    let mut watch = Watch {
        roster: Roster::new(members.len(), true),
        herald: Herald::new(verbose, is_brief),
        tally: Tally::default(),
        elapsed: Duration::ZERO,
        told: Vec::new(),
    };
    let operations = members.iter().map(|(name, turns)| {
        let mut turns: VecDeque<Turn> = turns.iter().copied().collect();
        from_fn(move || {
            let turn = if turns.len() > 1 { turns.pop_front() } else { turns.front().copied() };
            std::future::ready(answer(turn.expect("a turn")))
        })
        .named(*name)
    });
    let mut fleet = Fleet::new().schedule(|| Fixed::new(Duration::from_secs(1)).unwrap());
    fleet = fleet.spread(Duration::ZERO).max_errors(MaxErrors::Always(200));
    fleet = fleet.timeout(Duration::from_secs(600)).heartbeat(Duration::from_millis(2500));
    fleet.extend(operations);
    let mut events = fleet.events().unwrap();
    while let Some(event) = events.next().await {
        watch.hear(&event);
        if is_wanted(&watch) {
            break;
        }
    }
    watch
}

/// What is told of these to their end.
async fn told(members: &[(&'static str, &[Turn])]) -> Vec<String> {
    let mut told = watch(false, members, |_| false).await.told;
    told.retain(|line| !line.contains("still waiting"));
    told
}

#[tokio::test(start_paused = true)]
async fn where_all_begin_is_no_news_and_each_change_is() {
    let turns = [Pending("queued"), Pending("queued"), Pending("running"), Done];
    assert_eq!(told(&[("c/a", &turns), ("c/b", &[Done])]).await, ["2 c/a: pending (running)"]);
    assert_eq!(told(&[("c/a", &[Percent(10.0), Percent(20.0), Done])]).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn that_somebody_has_to_act_is_told_at_once() {
    let lines = told(&[("c/a", &[Blocked, Blocked, Done])]).await;
    assert_eq!(lines, ["0 c/a: blocked, waits for a person: say yes"]);
}

#[tokio::test(start_paused = true)]
async fn a_long_name_is_told_as_far_as_people_tell_it_apart() {
    let lines = told(&[("0123456789abcdef/o", &[Blocked, Done])]).await;
    assert_eq!(lines, ["0 01234567…/o: blocked, waits for a person: say yes"]);
}

#[tokio::test(start_paused = true)]
async fn one_fault_of_a_server_is_told_once_and_again_once_it_was_over() {
    let down = [Down("down"), Down("down"), Pending("on"), Pending("on"), Down("down"), Done];
    let lines = told(&[("c/a", &down), ("c/b", &down), ("c/c", &[Done])]).await;
    // Of which operation it is told first is nobody's concern.
    let faults: Vec<&String> = lines.iter().filter(|line| line.ends_with(": down")).collect();
    let over: Vec<&String> = lines.iter().filter(|line| line.contains("all are answered again")).collect();
    assert_eq!(faults.len(), 2, "{lines:?}");
    assert_eq!(over.len(), 2, "{lines:?}");
    assert!(over[0].ends_with("all are answered again, after 4 errors"), "{lines:?}");
    assert!(over[1].ends_with("all are answered again, after 2 errors"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn who_ended_with_a_fault_was_not_answered_again() {
    let lines =
        told(&[("c/a", &[Down("down"), Denied]), ("c/b", &[Pending("on"), Pending("on"), Done])]).await;
    assert_eq!(lines, ["0 c/a: down"]);
    let lines = told(&[("c/a", &[Denied])]).await;
    assert_eq!(lines, [""; 0], "what ends a wait is told by its end");
}

#[tokio::test(start_paused = true)]
async fn the_heartbeat_says_how_all_stand_and_what_is_wrong() {
    let members: [(_, &[Turn]); 3] = [("c/a", &[Down("down")]), ("c/b", &[Pending("on")]), ("c/c", &[Done])];
    let watch = watch(false, &members, |watch| watch.told.iter().any(|line| line.contains("still"))).await;
    let beat = "2 still waiting: 2 of 3 pending, 1 succeeded, 1 without an answer: down";
    assert_eq!(watch.told.last().map(String::as_str), Some(beat));
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_it_is_told_every_poll_and_pause() {
    let watch = watch(true, &[("c/a", &[Down("down"), Pending("on"), Done])], |_| false).await;
    let expected = [
        "c/a: no usable answer: down (poll 1, after 0 ms)",
        "c/a: asking again in ",
        "c/a: pending (on) (poll 2, answered in 0 ms)",
        "c/a: asking again in 1s",
        "c/a: succeeded (poll 3, answered in 0 ms)",
    ];
    assert_eq!(watch.told.len(), expected.len(), "{:?}", watch.told);
    assert!(watch.told.iter().zip(expected).all(|(line, text)| line.contains(text)), "{:?}", watch.told);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_always_says_something_else_is_heard_for_so_long() {
    let text = |number: usize| -> &'static str { format!("text {number}").leak() };
    let changes: Vec<Turn> = (0..150).map(|number| Pending(text(number))).chain([Done]).collect();
    assert_eq!(told(&[("c/a", &changes)]).await.len(), 100);
    let faults: Vec<[Turn; 2]> = (0..150).map(|number| [Down(text(number)), Done]).collect();
    let members: Vec<(_, &[Turn])> = faults.iter().map(|turns| ("c/a", &turns[..])).collect();
    let lines = told(&members).await;
    assert_eq!(lines.len(), 101, "and that all are answered again: {lines:?}");
    let odd: Vec<Turn> = (0..150).map(|number| Odd(text(number % 120))).chain([Done]).collect();
    assert_eq!(told(&[("c/a", &odd), ("c/b", &odd)]).await.len(), 100, "each is told once for all");
}

#[tokio::test(start_paused = true)]
async fn a_few_have_a_line_each_in_the_order_given() {
    let members: [(_, &[Turn]); 4] = [
        ("c/a", &[Percent(50.0)]),
        ("c/b", &[Done]),
        ("c/c", &[Down("down")]),
        ("c/0123456789abc", &[Pending("on")]),
    ];
    let all_sleep = |watch: &Watch| {
        watch.roster.lines(watch.elapsed, 4).iter().filter(|line| line.contains(" · next in ")).count() == 3
    };
    let watch = watch(false, &members, all_sleep).await;
    let lines = watch.roster.lines(Duration::from_millis(1200), 4);
    assert_eq!(lines[0], "3 of 4 pending · 1 succeeded · 1 without an answer · 1s of 10m");
    assert!(lines[1].starts_with("c/a pending (50 %) · 1s · 1 poll · next in "), "{lines:?}");
    assert!(lines[2].starts_with("c/c no answer yet (1 error) · 1s · 1 poll · next in "), "{lines:?}");
    assert!(lines[3].starts_with("c/01234567… pending (on) · 1s · 1 poll · next in "), "{lines:?}");
    assert_eq!(lines.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn too_many_for_a_line_each_are_a_sum_the_slowest_and_what_comes_next() {
    // Whoever tells how far it is and is least so is the slowest; else whoever began first.
    for (turns, slowest) in [
        ([Percent(50.0), Percent(20.5), Percent(20.6)], "slowest c/b pending (20 %) · "),
        ([Pending("on"), Pending("on"), Pending("on")], "slowest c/a pending (on) · "),
        ([Pending("on"), Percent(99.0), Pending("on")], "slowest c/b pending (99 %) · "),
    ] {
        let turns = turns.map(|turn| [turn]);
        let members: Vec<(_, &[Turn])> =
            ["c/a", "c/b", "c/c"].into_iter().zip(&turns).map(|(name, turns)| (name, &turns[..])).collect();
        let all_sleep = |watch: &Watch| {
            let lines = watch.roster.lines(watch.elapsed, 9);
            lines.iter().filter(|line| line.ends_with(" · 1 poll · next in 1s")).count() == 3
        };
        let watch = watch(false, &members, all_sleep).await;
        let lines = watch.roster.lines(watch.elapsed, 3);
        assert_eq!(lines[0], "3 of 3 pending · 0s of 10m · next in 1s");
        assert!(lines.len() == 2 && lines[1].starts_with(slowest), "{slowest}: {lines:?}");
        // Where there is no room at all it is the same.
        assert_eq!(watch.roster.lines(watch.elapsed, 0).len(), 2);
    }
}

#[test]
fn before_the_first_has_come_it_is_said_that_there_is_none() {
    let roster = Roster::new(0, true);
    assert_eq!(roster.lines(Duration::from_secs(61), 20), ["no operation yet · 1m 1s"]);
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_takes_no_room_and_is_counted() {
    let members: [(_, &[Turn]); 3] =
        [("c/a", &[Blocked, Done]), ("c/b", &[Pending("on"), Failed]), ("c/c", &[Down("down"), Denied])];
    let watch = watch(false, &members, |_| false).await;
    assert_eq!(watch.roster.summary(" · "), "0 of 3 pending · 1 succeeded · 1 unknown · 1 failed");
    assert_eq!(watch.roster.lines(watch.elapsed, 20).len(), 1);
    assert_eq!(unsuccessful(&watch.tally, false), "1 unknown, 1 failed");
    let mut tally = watch.tally;
    tally.add("interrupted", Exit::Interrupted);
    assert_eq!(unsuccessful(&tally, false), "1 interrupted, 1 unknown, 1 failed");
    assert_eq!(unsuccessful(&tally, true), "1 unknown, 1 failed", "what is left to itself is no end");
}
