//! Servers that ask to be left alone, and a fleet that does so.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_pause_that_one_is_asked_for_holds_back_all_of_the_same_origin_and_no_other() {
    let server = Server::new();
    let busy = server.operation("busy", &[Turn::Busy(20), Turn::Succeeded]);
    let neighbors = ["b", "c", "d"].map(|name| server.operation(name, &[Turn::Pending, Turn::Succeeded]));
    let elsewhere =
        Scripted { origin: "https://b", ..server.operation("elsewhere", &[Turn::Pending, Turn::Succeeded]) };
    let operations = [busy].into_iter().chain(neighbors).chain([elsewhere]);
    let ended = fleet(operations).await.unwrap();
    assert!(ended.is_success());
    assert!(matches!(server.asked("busy")[..], [0, 20_100..=21_100]), "{:?}", server.asked("busy"));
    assert_eq!(server.asked("elsewhere").len(), 2);
    assert!(server.asked("elsewhere")[1] < 6000);
    for name in ["b", "c", "d"] {
        // Each was asked before it was known, at most; and then not all at once.
        let later: Vec<_> = server.asked(name).into_iter().filter(|time| *time > 100).collect();
        assert!(later.iter().all(|time| (20_100..26_300).contains(time)), "{name}: {later:?}");
    }
    let held = ["b", "c", "d"].map(|name| *server.asked(name).iter().find(|time| **time > 100).unwrap());
    assert!(held[0] != held[1] && held[1] != held[2], "{held:?}");
}

#[tokio::test(start_paused = true)]
async fn those_that_were_all_asked_to_pause_do_not_come_back_all_at_once() {
    let server = Server::new();
    let operations =
        ["a", "b", "c", "d"].map(|name| server.operation(name, &[Turn::Busy(20), Turn::Succeeded]));
    // All are asked before the first is answered.
    let ended = fleet(operations).spread(millis(80)).await.unwrap();
    assert!(ended.is_success());
    let late = ["a", "b", "c", "d"].map(|name| match server.asked(name)[..] {
        [first, second] => second - first - 20_100,
        ref other => panic!("{name}: {other:?}"),
    });
    // The last answer holds back the first ones a little longer.
    assert!(late.iter().all(|late| *late <= 300) && late.iter().any(|late| *late > 1), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn a_pause_past_the_limit_ends_the_wait_for_those_it_holds_back() {
    let server = Server::new();
    let ended =
        fleet([server.operation("busy", &[Turn::Busy(300)]), server.operation("neighbor", &[Turn::Pending])])
            .await
            .unwrap();
    assert_eq!(words(&ended), ["timed out"; 2]);
    for error in ended.errors() {
        assert!(matches!(error, WaitError::TimedOut { limit: Limit::RetryAfter { .. }, .. }), "{error}");
    }
    assert_eq!(server.polls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_pause_of_nothing_holds_nobody_back_and_delays_nobody() {
    let server = Server::new();
    let busy = (0..20).map(|_| server.operation("busy", &[Turn::Busy(0), Turn::Succeeded]));
    let neighbor = server.operation("neighbor", &[Turn::Pending, Turn::Succeeded]);
    let ended = fleet(busy.chain([neighbor])).await.unwrap();
    assert!(ended.is_success());
    // All begin within a second, and the first pause after an error is a second at most.
    assert!(server.asked("busy").iter().all(|time| *time <= 2100), "{:?}", server.asked("busy"));
    let neighbor = server.asked("neighbor");
    assert_eq!(neighbor[1] - neighbor[0], 5100);
}

#[tokio::test(start_paused = true)]
async fn a_pause_of_a_year_is_kept_where_there_is_no_limit() {
    let server = Server::new();
    let year = secs(365 * 24 * 3600);
    let busy = server.operation("busy", &[Turn::Busy(year.as_secs()), Turn::Succeeded]);
    let neighbor = server.operation("neighbor", &[Turn::Pending, Turn::Succeeded]);
    let ended = fleet([busy, neighbor]).spread(Duration::ZERO).without_timeout().await.unwrap();
    assert!(ended.is_success());
    for name in ["busy", "neighbor"] {
        assert!(server.asked(name)[1] >= year.as_millis(), "{name}: {:?}", server.asked(name));
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_success_elsewhere_ends_a_wait_for_any_and_the_caller_ends_one_for_all() {
    let server = Server::new();
    let operations = |last| {
        let busy = server.operation("busy", &[Turn::Busy(30)]);
        let held = server.operation("held", &[Turn::Pending, Turn::Succeeded]);
        let elsewhere = server.operation("elsewhere", &[Turn::Pending, last]);
        [busy, held, Scripted { origin: "https://b", ..elsewhere }]
    };
    let start = tokio::time::Instant::now();
    let ended = fleet(operations(Turn::Succeeded)).until(Until::Any).spread(Duration::ZERO).await.unwrap();
    assert_eq!(words(&ended), ["interrupted", "interrupted", "succeeded"]);
    assert_eq!(start.elapsed(), millis(5200));

    let start = tokio::time::Instant::now();
    #[expect(clippy::disallowed_methods, reason = "the caller's own time, on paused time")]
    let cancel = tokio::time::sleep(secs(10));
    let ended = fleet(operations(Turn::Pending)).spread(Duration::ZERO).cancel_on(cancel).await.unwrap();
    assert_eq!(words(&ended), ["interrupted"; 3]);
    assert_eq!(start.elapsed(), secs(10));
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_while_a_server_is_left_alone_waits_for_the_initial_delay_all_the_same() {
    let server = Server::new();
    let busy = server.operation("busy", &[Turn::Busy(2), Turn::Succeeded]);
    let mut fleet = fleet([busy]).initial_delay(secs(10)).spread(Duration::ZERO);
    let adder = fleet.adder();
    let mut events = fleet.events().unwrap();
    while let Some(event) = events.next().await {
        let FleetEvent::Of { event, .. } = event else { continue };
        if matches!(event.kind, EventKind::Erred { .. }) {
            adder.add(server.operation("late", &[Turn::Succeeded])).unwrap();
        } else if matches!(event.kind, EventKind::Finished(_)) && server.polls() == 3 {
            break;
        }
    }
    let late = server.asked("late");
    assert!((20_100..20_200).contains(&late[0]), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn one_alone_is_asked_as_by_a_single_wait() {
    let turns = [Turn::Pending, Turn::Busy(20), Turn::Pending, Turn::Busy(0), Turn::Succeeded];
    for turns in
        [&turns[..3], &turns[4..], &[Turn::Pending, Turn::Failed], &[Turn::Busy(20), Turn::Busy(100)]]
    {
        let [alone, single] = [Server::new(), Server::new()];
        let mut ended = fleet([alone.operation("one", turns)]).await.unwrap();
        let wait = crate::wait_for_completion(single.operation("one", turns)).timeout(secs(60));
        let outcome = wait.schedule(Fixed::new(secs(5)).unwrap()).await;
        // The clock of the second server began when that was made, as that of the wait did when it was polled.
        let begin = single.asked("one")[0];
        let asked: Vec<_> = single.asked("one").into_iter().map(|time| time - begin).collect();
        assert_eq!(alone.asked("one"), asked);
        let ended = ended.outcomes.remove(0);
        assert_eq!(word(&ended), word(&outcome));
        let elapsed = |outcome: &Outcome<_>| match outcome {
            Ok(done) => done.report.elapsed,
            Err(error) => error.report().unwrap().elapsed,
        };
        assert_eq!(elapsed(&ended), elapsed(&outcome));
    }
}
