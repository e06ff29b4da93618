//! Operations that come while the fleet runs, and what becomes of them when it is over.

use super::*;

#[tokio::test(start_paused = true)]
async fn operations_join_while_the_fleet_runs_and_it_is_over_when_nobody_can_add_more() {
    let server = Server::new();
    let mut fleet = fleet([server.operation("first", &[Turn::Succeeded])]);
    let adder = fleet.adder();
    let mut completions = fleet.completions().unwrap();
    assert_eq!(completions.next().await.unwrap().0, 0);
    for name in ["second", "third"] {
        adder.add(server.operation(name, &[Turn::Pending, Turn::Succeeded])).unwrap();
    }
    let later =
        tokio::spawn(async move { adder.add(server.operation("fourth", &[Turn::Succeeded])).unwrap() });
    let mut ids = Vec::new();
    while let Some((index, outcome)) = completions.next().await {
        ids.push((index, outcome.unwrap().report.id.to_string()));
    }
    later.await.unwrap();
    ids.sort();
    assert_eq!(ids, [(1, "second".to_owned()), (2, "third".to_owned()), (3, "fourth".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_fleet_that_is_over_takes_no_more() {
    let server = Server::new();
    let mut fleet = fleet([server.operation("first", &[Turn::Failed])]).until(Until::Failure);
    let adder = fleet.adder();
    let ended = fleet.await.unwrap();
    assert_eq!(words(&ended), ["failed"]);
    let Closed(back) = adder.add(server.operation("late", &[Turn::Succeeded])).unwrap_err();
    assert_eq!(back.name, "late");
}

#[tokio::test(start_paused = true)]
async fn the_limit_passes_also_while_more_may_come() {
    let server = Server::new();
    for operations in [vec![], vec![server.operation("pending", &[Turn::Pending])]] {
        let count = operations.len();
        let mut fleet = fleet(operations);
        let adder = fleet.adder();
        let start = tokio::time::Instant::now();
        let ended = fleet.await.unwrap();
        assert_eq!(start.elapsed(), secs(60));
        assert_eq!(words(&ended), vec!["timed out"; count]);
        assert!(adder.add(server.operation("late", &[Turn::Succeeded])).is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_added_in_the_last_moment_is_told_too() {
    let server = Server::new();
    let bad = server.operation("bad", &[Turn::Failed]);
    let mut fleet = fleet([bad]).until(Until::Failure);
    let adder = fleet.adder();
    let mut completions = fleet.completions().unwrap();
    assert_eq!(completions.next().await.unwrap().0, 0);
    adder.add(server.operation("late", &[Turn::Succeeded])).unwrap();
    let (index, outcome) = completions.next().await.expect("it was added");
    assert_eq!((index, word(&outcome)), (1, "interrupted"));
    assert_eq!(&*outcome.unwrap_err().report().unwrap().id, "late");
    assert!(completions.next().await.is_none() && server.asked("late").is_empty());
}
