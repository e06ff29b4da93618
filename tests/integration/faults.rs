//! The matrix of faults: the command meets every one, once and for ever, at its first poll and at a later one.
//! Each row is data; what a single fault is for one poll is proved closer to it.

mod cell;
mod check;
mod play;
mod row;
mod rows;
mod table;
mod when;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::SUCCESS;
use crate::support::file::File;
use crate::support::server::{Reply, Script};
use crate::support::tls::{self, Authority, config};
use cell::Beside;
use row::Row;
use table::{Cell, Matrix, Place};
use when::When;

/// How many waits there are at once. They mostly wait.
const AT_ONCE: usize = 48;

/// A machine that is busy makes a wait late, and a server that answers too late for a poll. So what is not as it should be
/// is looked at again, so many times and with few others beside it: what is wrong for a reason of its own is wrong each
/// time. A panic and a process that is too large are no matter of time, and stay.
const AGAIN: usize = 2;
const FEW: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_ends_as_documented_in_time_and_without_much_memory() {
    let authority = Authority::new("an authority of the test's own");
    let config = config(&authority.issue("127.0.0.1", |_| {}), None);
    let well = tls::start(config, Script::new([Reply::json(200, SUCCESS)])).await;
    let (url, trust) = (well.url().replace("http://", "https://"), File::new("faults", &authority.pem()));
    let beside = Arc::new(Beside::start(&url, trust.path()).await);
    let clock = Arc::clone(&beside);
    let clock = tokio::spawn(async move { clock.go_on(&url, trust.path()).await });
    let rows: Arc<[Row]> = rows::all().into();
    let every = (0..rows.len()).flat_map(|row| (0..When::ALL.len()).map(move |column| (row, column)));
    let mut matrix = play(&rows, every.collect(), &beside, AT_ONCE).await;
    for _ in 0..AGAIN {
        let noisy = matrix.iter().filter(|(_, cell)| cell.may_be_noise()).map(|(place, _)| *place).collect();
        matrix.extend(play(&rows, noisy, &beside, FEW).await);
    }
    clock.abort();
    let wrong = table::print(&rows, &matrix);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Plays these cells, so many at a time.
async fn play(rows: &Arc<[Row]>, cells: Vec<Place>, beside: &Arc<Beside>, at_once: usize) -> Matrix {
    let room = Arc::new(Semaphore::new(at_once));
    let mut playing = JoinSet::new();
    for (row, column) in cells {
        let (rows, room, beside) = (Arc::clone(rows), Arc::clone(&room), Arc::clone(beside));
        playing.spawn(async move {
            let _room = room.acquire().await.expect("room");
            ((row, column), Cell::play(&rows[row], When::ALL[column], &beside).await)
        });
    }
    playing.join_all().await.into_iter().collect()
}
