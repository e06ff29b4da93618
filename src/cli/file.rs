//! Files that a person names. Who waits for one that may never come to its end is told for what.
//! What is in them is not known here.

use std::fs::metadata;
use std::io;
use std::path::Path;

use lro::http::printable;

use super::report;

/// All that is in a file, which may be this many MiB long. A pipe with a name is told of: it has nothing until somebody
/// writes into it. One that the shell has made for the command has a writer already.
pub(crate) fn read(path: &Path, mebibytes: u64) -> io::Result<Vec<u8>> {
    let is_of_shell = ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.starts_with(folder));
    let is_other = || metadata(path).is_ok_and(|file| !file.is_file() && !file.is_dir());
    if !is_of_shell && is_other() {
        report::say(&printable(&format!("reading `{}`", path.display())));
    }
    lro::http::read_file(path, mebibytes)
}
