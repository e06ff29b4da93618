//! A real terminal with the command on it, read back as its screen.
//! What is to be seen there is not known here.

use std::num::NonZero;
use std::time::Duration;

use pty_process::{Command, Pty, Size};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Child;
use tokio::time::timeout;

use super::command::{PATIENCE, search_path, status};

/// The size of a common terminal.
pub(crate) const ROWS: u16 = 24;
pub(crate) const COLUMNS: u16 = 80;

/// Where nothing came for so long, all of a screen is there; what moves is written anew after twice that.
const STILL: Duration = Duration::from_millis(50);

pub(crate) struct Terminal {
    pty: Pty,
    child: Child,
    columns: u16,
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

impl Terminal {
    /// `lro` with these arguments on a common terminal of this size, and with nothing in its environment but that and
    /// this. A variable that is empty here is not there.
    pub(crate) fn start(rows: u16, columns: u16, args: &[&str], env: &[(&str, &str)]) -> Self {
        Self::run(rows, columns, env!("CARGO_BIN_EXE_lro"), args, env)
    }

    /// The same of another program, which finds `lro` and the usual ones.
    pub(crate) fn run(rows: u16, columns: u16, program: &str, args: &[&str], env: &[(&str, &str)]) -> Self {
        let (pty, pts) = pty_process::open().expect("a terminal");
        pty.resize(Size::new(rows, columns)).expect("its size can be set");
        let command = Command::new(program)
            .args(args)
            .env_clear()
            .env("PATH", search_path())
            .env("TERM", "xterm-256color")
            .env("LRO_CONFIG", "")
            .env("LANG", "C.UTF-8")
            .envs(env.iter().copied())
            .kill_on_drop(true);
        let child = command.spawn(pts).expect("the command starts");
        let size = |cells| NonZero::new(cells).expect("a screen has room");
        let screen = vt100::Parser::new(size(rows), size(columns), 0);
        Self { pty, child, columns, screen, bytes: Vec::new() }
    }

    /// Makes it as large as this. What is on it is cut off, and not broken anew.
    pub(crate) fn resize(&mut self, rows: u16, columns: u16) {
        self.pty.resize(Size::new(rows, columns)).expect("its size can be set");
        let size = |cells| NonZero::new(cells).expect("a screen has room");
        self.screen.set_size(size(rows), size(columns));
        self.columns = columns;
    }

    /// The lines on the screen that are not empty.
    pub(crate) fn lines(&self) -> Vec<String> {
        let rows = self.screen.screen().rows(0, self.columns);
        rows.map(|row| row.trim_end().to_owned()).filter(|row| !row.is_empty()).collect()
    }

    /// Reads until the screen is as wanted and nothing more is being written there; false when the command ended before
    /// that.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&[String]) -> bool) -> bool {
        let seen = timeout(PATIENCE, self.read_until(wanted)).await;
        seen.unwrap_or_else(|_| panic!("the screen stayed at {:#?}", self.lines()))
    }

    async fn read_until(&mut self, wanted: impl Fn(&[String]) -> bool) -> bool {
        loop {
            if wanted(&self.lines()) {
                // What is written at once may come in pieces, and a screen between two of them is seen by nobody.
                while let Ok(true) = timeout(STILL, self.read()).await {}
                if wanted(&self.lines()) {
                    return true;
                }
            }
            if !self.read().await {
                return false;
            }
        }
    }

    /// Reads what is there, or comes next; false if nothing will come any more.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        // A terminal whose other side is gone is an error on Linux.
        let Ok(read @ 1..) = self.pty.read(&mut bytes).await else { return false };
        self.screen.process(&bytes[..read]);
        self.bytes.extend_from_slice(&bytes[..read]);
        true
    }

    /// Reads until the command ends.
    pub(crate) async fn end(&mut self) -> Option<i32> {
        self.until(|_| false).await;
        status(&mut self.child).await.code()
    }

    /// Presses these keys.
    pub(crate) async fn type_in(&mut self, keys: &[u8]) {
        self.pty.write_all(keys).await.expect("keys can be typed");
    }

    pub(crate) fn hides_cursor(&self) -> bool {
        self.screen.screen().hide_cursor()
    }

    /// What the program of the terminal was told by sequences that end with ST, without their frames: `9;4;3;`.
    pub(crate) fn commands(&self) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        let parts = text.split("\u{1b}]").skip(1).filter_map(|part| part.split_once("\u{1b}\\"));
        parts.map(|(command, _)| command.to_owned()).collect()
    }

    /// All that was written there.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
