//! The presets that are built in, held against what their APIs answer.
//! Nothing is asked here; the answers are data, in fixtures/presets.

mod builtin;
mod sample;
