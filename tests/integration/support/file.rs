//! A file for the command to read.
//! What is in it is for each test to say.

use std::path::PathBuf;

/// A file that is gone after the test.
pub(crate) struct File(PathBuf);

impl File {
    /// With this in it, under a name that no other test gives.
    pub(crate) fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lro-{name}-{}", std::process::id()));
        std::fs::write(&path, content).expect("a file can be written");
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().expect("a path of text")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
