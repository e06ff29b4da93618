//! Who goes first, who waits, and who makes a connection: each rule by itself, without a server.

use super::*;
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::Connected;

#[tokio::test]
async fn the_first_goes_alone_until_it_is_answered_and_then_all_go() {
    let forerunner = Arc::<Forerunner>::default();
    let first = forerunner.follow().await;
    let mut others: Vec<_> = (0..3).map(|_| Box::pin(forerunner.follow())).collect();
    assert!(others.iter_mut().all(|other| other.now_or_never().is_none()));
    first.answered();
    for other in others {
        other.await.answered();
    }
    assert!(forerunner.follow().now_or_never().is_some());
}

#[tokio::test]
async fn when_one_fails_the_next_goes_alone() {
    let forerunner = Arc::<Forerunner>::default();
    forerunner.follow().await.answered();
    forerunner.follow().await.failed();
    let second = forerunner.follow().await;
    let mut third = Box::pin(forerunner.follow());
    assert!((&mut third).now_or_never().is_none());
    second.failed();
    assert!(third.now_or_never().is_some());
}

#[tokio::test]
async fn what_was_sent_before_the_way_was_lost_says_nothing_of_it_now() {
    let forerunner = Arc::<Forerunner>::default();
    forerunner.follow().await.answered();
    let [lost, late, later] = [(); 3].map(|()| forerunner.follow().now_or_never().unwrap());
    lost.failed();
    late.answered();
    let first = forerunner.follow().now_or_never().unwrap();
    assert!(forerunner.follow().now_or_never().is_none());
    first.answered();
    later.failed();
    assert!(forerunner.follow().now_or_never().is_some());
}

#[tokio::test]
async fn one_that_is_given_up_changes_nothing() {
    let forerunner = Arc::<Forerunner>::default();
    drop(forerunner.follow().await);
    let first = forerunner.follow().now_or_never().unwrap();
    assert!(forerunner.follow().now_or_never().is_none());
    first.answered();
    drop(forerunner.follow().await);
    let both = [(); 2].map(|()| forerunner.follow().now_or_never());
    assert!(both.iter().all(Option::is_some));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_longer_than_a_start() {
    let forerunner = Arc::<Forerunner>::default();
    let start = tokio::time::Instant::now();
    let _hangs = forerunner.follow().await;
    let _ = tokio::join!(forerunner.follow(), forerunner.follow());
    assert_eq!(start.elapsed(), HEAD_START);
}

/// A connection that was agreed to be of HTTP/2, or was not.
struct Made {
    can_be_shared: bool,
}

impl Connection for Made {
    fn connected(&self) -> Connected {
        let connected = Connected::new();
        if self.can_be_shared { connected.negotiated_h2() } else { connected }
    }
}

/// Whether this request gets a connection of its own when there is none: nothing is done for one that does not.
async fn connects(errand: &Errand<'_>, can_be_shared: bool) -> bool {
    let mut is_made = false;
    let connecting = async {
        is_made = true;
        Ok(Made { can_be_shared })
    };
    let connected = errand.send(connect(connecting)).await;
    assert_eq!(connected.is_ok(), is_made);
    if let Err(error) = connected {
        assert!(is_held_back(&*error));
    }
    is_made
}

#[tokio::test(start_paused = true)]
async fn who_does_not_go_first_makes_no_connection_that_can_be_shared() {
    let forerunner = Arc::<Forerunner>::default();
    let first = forerunner.follow().await;
    let late = forerunner.follow().await;
    assert!(!connects(&late, true).await);
    assert!(connects(&first, true).await);
    assert!(!connects(&late, true).await);
    first.answered();
    // That the server has answered says nothing of a connection that is gone since.
    let next = forerunner.follow().now_or_never().unwrap();
    assert!(!connects(&next, true).await);
}

#[tokio::test(start_paused = true)]
async fn a_server_whose_connections_take_one_each_is_connected_to_by_all() {
    let forerunner = Arc::<Forerunner>::default();
    let first = forerunner.follow().await;
    let late = forerunner.follow().await;
    assert!(connects(&first, false).await);
    assert!(connects(&late, false).await);
    // It may learn to share them.
    assert!(connects(&late, true).await);
    assert!(!connects(&late, true).await);
}

#[tokio::test(start_paused = true)]
async fn where_a_connection_hangs_one_more_is_made_every_few_seconds() {
    let forerunner = Arc::<Forerunner>::default();
    let [first, second, third] = [(); 3].map(|()| forerunner.follow());
    let (first, second, third) = (first.await, second.await, third.await);
    let hang = || Box::pin(connect(std::future::pending::<Result<Made, BoxError>>()));
    let mut hangs = Box::pin(first.send(hang()));
    assert!((&mut hangs).now_or_never().is_none());
    tokio::time::advance(OVERDUE / 2).await;
    assert!(!connects(&second, true).await);
    tokio::time::advance(OVERDUE / 2).await;
    let mut hangs_too = Box::pin(second.send(hang()));
    assert!((&mut hangs_too).now_or_never().is_none());
    assert!(!connects(&third, true).await);
    tokio::time::advance(OVERDUE).await;
    assert!(connects(&third, true).await);
    // It is there, so nobody else is to make one.
    tokio::time::advance(OVERDUE).await;
    assert!(!connects(&third, true).await);
}

#[tokio::test]
async fn over_plain_http_everybody_makes_a_connection() {
    assert!(connect(async { Ok(Made { can_be_shared: false }) }).await.is_ok());
}

#[tokio::test]
async fn when_one_is_held_back_a_connection_is_gone_or_is_yet_to_be_made() {
    let forerunner = Arc::<Forerunner>::default();
    forerunner.follow().await.answered();
    for errand in [(); 3].map(|()| forerunner.follow().now_or_never().unwrap()) {
        errand.held_back();
    }
    let first = forerunner.follow().now_or_never().unwrap();
    assert!(forerunner.follow().now_or_never().is_none());
    // One that follows without waiting any longer, in vain, is no reason to go alone once more.
    Errand { forerunner: &forerunner, way: first.way, ahead: None }.held_back();
    first.answered();
    let both = [(); 2].map(|()| forerunner.follow().now_or_never());
    assert!(both.iter().all(Option::is_some));
}

#[test]
fn each_server_has_its_own() {
    let forerunners = Forerunners::default();
    let to = |text: &str| forerunners.clone().to(&Endpoint::parse(text).unwrap());
    assert!(Arc::ptr_eq(&to("https://a.example"), &to("https://a.example")));
    assert!(!Arc::ptr_eq(&to("https://a.example"), &to("https://b.example")));
}
