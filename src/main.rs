//! The `lro` command.
fn main() {}
