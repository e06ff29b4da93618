//! What is asked: the PLAS API on loopback, as small and fast as it can be, in a process of its own that counts polls.
//! Nothing is measured here but what was asked, and when.

use std::cell::RefCell;
use std::error::Error;
use std::fmt::Write as _;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::LocalSet;

use super::plan::read_id;

/// One operation, as it was asked for.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    /// How many polls are to tell its end.
    planned: u32,
    polls: u32,
    /// When it was first asked for.
    since: Duration,
    /// Whether its end was told.
    is_told: bool,
    after_the_end: u32,
}

/// All that was asked for since the last `begin`.
#[derive(Debug, Default)]
struct Seen(Vec<Asked>);

/// Serves until standard input ends. Says where on standard output, and then for each line on standard input: to `begin`
/// that all is forgotten, to anything else what was seen.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn serve() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut stdout = tokio::io::stdout();
    stdout.write_all(format!("http://{}\n", listener.local_addr()?).as_bytes()).await?;
    stdout.flush().await?;

    let seen = Rc::new(RefCell::new(Seen::default()));
    let served = Rc::clone(&seen);
    let tasks = LocalSet::new();
    tasks.spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A connection that goes wrong shows in what is asked, or not.
            tokio::task::spawn_local(answer_all(stream, Rc::clone(&served)));
        }
    });
    let told = async {
        let mut lines = BufReader::new(tokio::io::stdin()).lines();
        while let Some(line) = lines.next_line().await? {
            if line == "begin" {
                *seen.borrow_mut() = Seen::default();
            }
            let report = seen.borrow().report();
            stdout.write_all(report.as_bytes()).await?;
            stdout.flush().await?;
        }
        Ok(())
    };
    tasks.run_until(told).await
}

async fn answer_all(mut stream: TcpStream, seen: Rc<RefCell<Seen>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut came = Vec::with_capacity(4096);
    let mut answer = String::with_capacity(1024);
    while stream.read_buf(&mut came).await? > 0 {
        // No request has a body, and nobody sends the next one before the answer to the last.
        if !came.ends_with(b"\r\n\r\n") {
            continue;
        }
        let path = came.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        answer.clear();
        seen.borrow_mut().answer(std::str::from_utf8(path).unwrap_or_default(), &mut answer);
        came.clear();
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

impl Seen {
    /// Writes the answer to this question.
    fn answer(&mut self, path: &str, answer: &mut String) {
        let now = now();
        let Some((ends_after, planned, number)) = read_id(path) else {
            answer.push_str("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
            return;
        };
        if self.0.len() <= number {
            self.0.resize(number + 1, Asked::default());
        }
        let asked = &mut self.0[number];
        if asked.polls == 0 {
            (asked.since, asked.planned) = (now, planned);
        }
        asked.polls += 1;
        asked.after_the_end += u32::from(asked.is_told);
        let end = asked.since + ends_after;
        asked.is_told |= now >= end;
        let id = path.rsplit('/').next().unwrap_or_default();
        let begin = format!(r#"{{"operationId":"{id}","operationType":"create","operateAt":"1517274000","#);
        let rest = if asked.is_told {
            let at = end.as_millis();
            format!(r#""finished":true,"finishedAt":"{at}","result":{{"result":"success","reason":""}}}}"#)
        } else {
            r#""finished":false}"#.to_owned()
        };
        let length = begin.len() + rest.len();
        // A text takes everything that is written to it.
        let _ = write!(
            answer,
            "HTTP/1.1 200 OK\r\ndate: Thu, 26 Nov 2026 12:00:00 GMT\r\ncontent-type: application/json\r\n\
             cache-control: no-cache\r\nx-request-id: 3f6f3a5e-2b1d-4c57-9d1c-0a8f5f0c6b7d\r\n\
             content-length: {length}\r\n\r\n{begin}{rest}"
        );
    }

    /// What was seen, as a line of numbers: see [`Report`](super::child::Report).
    fn report(&self) -> String {
        let asked = || self.0.iter().filter(|asked| asked.polls > 0);
        let polls: u32 = asked().map(|asked| asked.polls).sum();
        let unplanned = asked().filter(|asked| asked.planned > 0 && asked.polls != asked.planned).count();
        let after_the_end: u32 = asked().map(|asked| asked.after_the_end).sum();
        let first = asked().map(|asked| asked.since).min().unwrap_or_default();
        let last = asked().map(|asked| asked.since).max().unwrap_or_default();
        let operations = asked().count();
        let [first, last] = [first, last].map(|time| time.as_micros());
        format!("{operations} {polls} {unplanned} {after_the_end} {first} {last}\n")
    }
}

/// The time since the beginning of 1970.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
