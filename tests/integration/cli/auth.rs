//! Who asks and where, as the command finds it on a machine, tells it, and asks with it.
//! Each rule by itself is proved beside the code; here it is what a person gets.

mod again;
mod asked;
mod told;
mod warned;

use std::fs;
use std::path::PathBuf;

use tokio::process::Command;

use crate::support::command::{lro, shell};
use crate::support::server::{Reply, Server};

/// A directory of its own, where the command runs, with these files. It is removed at the end.
pub(crate) struct Machine(PathBuf);

impl Machine {
    pub(crate) fn new(test: &str, files: &[(&str, &str)]) -> Self {
        let directory =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        for (name, text) in files {
            let path = directory.join(name);
            fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
            fs::write(path, text).expect("a file");
        }
        Self(directory)
    }

    /// `lro` with these arguments in this directory, with a home where nothing is.
    pub(crate) fn lro(&self, args: &[&str]) -> Command {
        self.at_home(lro(args))
    }

    /// A shell there that is given this to run.
    pub(crate) fn shell(&self, typed: &str) -> Command {
        self.at_home(shell(typed))
    }

    fn at_home(&self, mut command: Command) -> Command {
        command.current_dir(&self.0).env("HOME", self.0.join("home"));
        command
    }

    /// The path of the file with this name.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("text").to_owned()
    }

    /// This text with this directory as `HERE`.
    pub(super) fn here(&self, text: &str) -> String {
        text.replace(&*self.0.to_string_lossy(), "HERE")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // It is fine when the test has removed it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A Keystone that gives this token, with PLAS at this URL in its catalog.
async fn keystone(token: &str, plas: &str) -> Server {
    Server::start([issued(token, plas)]).await
}

/// A token, good for an hour by the server's clock.
fn issued(token: &str, plas: &str) -> Reply {
    issued_with(
        token,
        &format!(
            r#"{{"type": "plas", "endpoints": [{{"interface": "public", "region": "eu-de", "url": "{plas}"}}]}}"#
        ),
    )
}

/// The same with no PLAS in the catalog.
fn unlisted(token: &str) -> Reply {
    issued_with(token, "")
}

fn issued_with(token: &str, catalog: &str) -> Reply {
    let body = format!(
        r#"{{"token": {{"expires_at": "2015-11-09T01:00:00.000000Z",
            "user": {{"id": "u1", "name": "alice", "domain": {{"id": "d1", "name": "D"}}}},
            "project": {{"id": "p1", "name": "eu-de", "domain": {{"id": "d1", "name": "D"}}}},
            "catalog": [{catalog}]}}}}"#
    );
    Reply::json(201, body).header("X-Subject-Token", token).header("Date", "Mon, 09 Nov 2015 00:00:00 GMT")
}

/// A `clouds.yaml` with a cloud `dev` at this Keystone, whose user has the password `s3cret-w0rd`.
fn clouds(keystone: &str) -> String {
    format!(
        "clouds:\n  dev:\n    region_name: eu-de\n    auth:\n      auth_url: {keystone}\n      username: alice\n      \
         user_domain_name: D\n      project_name: eu-de\n      password: s3cret-w0rd\n"
    )
}

/// The password of [`clouds`], which nothing may tell.
const PASSWORD: &str = "s3cret-w0rd";
