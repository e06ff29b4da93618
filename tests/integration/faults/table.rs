//! The matrix as it is printed: a line for each fault, and what is wrong with it.
//! What is right is not known here.

use std::collections::BTreeMap;

use super::cell::{self, Beside, Seen};
use super::check;
use super::row::Row;
use super::when::When;

/// The numbers of a row and of a column.
pub(super) type Place = (usize, usize);

pub(super) type Matrix = BTreeMap<Place, Cell>;

/// What came of a fault, and what is wrong with that.
pub(super) struct Cell {
    seen: Seen,
    wrong: Vec<String>,
    late: Option<String>,
}

impl Cell {
    pub(super) async fn play(row: &Row, when: When, beside: &Beside) -> Self {
        let seen = cell::meet(row, when, beside).await;
        Self { wrong: check::wrong(row, when, &seen), late: check::late(row, &seen), seen }
    }

    /// Whether what is wrong may be the machine's doing.
    pub(super) fn may_be_noise(&self) -> bool {
        let is_certain =
            |problem: &String| ["it panics", "memory"].iter().any(|what| problem.starts_with(what));
        self.is_wrong() && !self.wrong.iter().any(is_certain)
    }

    fn is_wrong(&self) -> bool {
        !self.wrong.is_empty() || self.late.is_some()
    }
}

/// Prints it, and returns what is wrong.
#[expect(clippy::print_stdout, reason = "the table is what the test is for")]
pub(super) fn print(rows: &[Row], matrix: &Matrix) -> Vec<String> {
    let names = When::ALL.map(When::name);
    println!("{:36}{:26}{:26}{:26}{:26}{:>8}", "fault", names[0], names[1], names[2], names[3], "peak");
    let mut wrong = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let cells = [0, 1, 2, 3].map(|column| &matrix[&(number, column)]);
        let [a, b, c, d] = cells.map(told);
        let peak = cells.iter().map(|cell| cell.seen.peak_kib).max().unwrap_or_default();
        println!("{:36}{a:26}{b:26}{c:26}{d:26}{:>4}.{} MiB", row.name, peak / 1024, peak % 1024 * 10 / 1024);
        for (when, cell) in When::ALL.into_iter().zip(cells) {
            let problems = cell.wrong.iter().chain(&cell.late);
            wrong.extend(problems.map(|problem| format!("{}, {}: {problem}", row.name, when.name())));
        }
    }
    wrong
}

/// `succeeded 1.02 s`, with a mark where something is wrong.
fn told(cell: &Cell) -> String {
    let outcome = cell.seen.document["outcome"].as_str().unwrap_or("nothing");
    let code = cell.seen.code.map_or_else(|| "?".to_owned(), |code| code.to_string());
    let mark = if cell.is_wrong() { " !" } else { "" };
    format!("{code} {outcome} {:.2} s{mark}", check::elapsed(&cell.seen).as_secs_f64())
}
