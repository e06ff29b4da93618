//! How often each schedule asks and how late it knows of an end, beside the waiters in use: played, not measured.
//! Nothing here is random from run to run: the same bytes come out each time. No rule of a schedule is repeated here.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it saw")]

mod durations;
mod labels;
mod ours;
mod peers;
mod play;
mod plot;
mod table;

use std::error::Error;
use std::path::Path;

use durations::{Durations, SCALES};

/// Where the picture is that the README shows.
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schedules.svg");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next().as_deref() {
        None => {
            table::print();
            let written = std::fs::write(PICTURE, picture());
            written.map_err(|error| format!("{PICTURE} was not written: {error}"))?;
            println!("\nThe picture is in {}", Path::new(PICTURE).display());
            Ok(())
        }
        Some("--check") => check(),
        Some(other) => {
            Err(format!("{other} is not known; --check compares the picture that is committed").into())
        }
    }
}

/// The three scales at a coefficient of variation of 0.3.
fn picture() -> String {
    let waiters = ours::drawn().into_iter().chain(peers::all()).collect::<Vec<_>>();
    let panels = SCALES.map(|scale| {
        let durations = Durations::lognormal(scale, 0.3);
        let averages = play::all(&waiters, &durations);
        plot::Panel::new(&durations, &waiters, &averages)
    });
    plot::svg(&panels)
}

fn check() -> Result<(), Box<dyn Error>> {
    let committed = std::fs::read_to_string(PICTURE).map_err(|error| format!("{PICTURE}: {error}"))?;
    if committed == picture() {
        println!("{PICTURE} is what the schedules do");
        return Ok(());
    }
    Err(format!(
        "{PICTURE} is not what the schedules do any more: cargo bench --bench schedule writes it anew"
    )
    .into())
}
