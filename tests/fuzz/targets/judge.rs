//! Made-up input for one way into the crate.
//! What has to hold of it stands in `src/fuzzing.rs`, and beside what is tried.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lro::fuzzing::try_on("judge", input));
