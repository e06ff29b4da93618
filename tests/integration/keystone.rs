//! The command and a real Keystone: how it logs in, what it does when a token ends, and what it tells of it.
//! Whatever a scripted server can prove is proved without one.

mod check;
mod login;
mod refused;
mod renewal;
mod token;

use tokio::process::Command;

use crate::support::account::Account;
use crate::support::command::{Ended, lro};
use crate::support::guard::Guard;
use crate::support::keystone::Keystone;

/// An API that says `pending` so many times, and an account of this name that finds it in the catalog.
async fn stage(keystone: &Keystone, name: &str, pending: usize) -> (Guard, Account) {
    let guard = Guard::start(keystone, pending).await;
    let account = Account::create(keystone, name, &guard.url()).await;
    (guard, account)
}

/// `lro wait` for the operation of the guard, asking again after this time, and with these arguments too.
fn wait(interval: &str, args: &[&str]) -> Command {
    let mut command = lro(&["wait", "c1/o1", "--schedule", "fixed", "--interval", interval]);
    command.args(args);
    command
}

fn assert_succeeded(ended: &Ended) {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.starts_with("c1/o1\tsucceeded\t"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("error"), "{}", ended.stderr);
}

fn assert_told_nowhere(ended: &Ended, secret: &str) {
    let told = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!secret.is_empty() && !told.contains(secret), "{told}");
}
