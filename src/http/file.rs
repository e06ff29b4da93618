//! Reading a file that is not longer than it should be.
//! What is in it is not known here.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// All that is in a file, which may be this many MiB long. It is read blockingly.
///
/// # Errors
///
/// When it cannot be read, or is longer.
pub fn read_file(path: &Path, mebibytes: u64) -> io::Result<Vec<u8>> {
    let longest = mebibytes.saturating_mul(1024 * 1024);
    let mut bytes = Vec::new();
    File::open(path)?.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        let text = format!("it is longer than {mebibytes} MiB");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let path = std::env::temp_dir().join(format!("lro-file-{}", std::process::id()));
        let longest = vec![b'x'; 2 * 1024 * 1024];
        std::fs::write(&path, &longest).unwrap();
        assert!(read_file(&path, 2).unwrap() == longest);
        let error = read_file(&path, 1).unwrap_err();
        assert_eq!(error.to_string(), "it is longer than 1 MiB");
        std::fs::write(&path, [longest, vec![b'x']].concat()).unwrap();
        assert_eq!(read_file(&path, 2).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read_file(&path, 2).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
