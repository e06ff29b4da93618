//! The presets that are built in.
//! What they say is data: it stands in the files beside this one.

/// Each file with its name, in alphabetical order.
pub(super) const FILES: [(&str, &str); 2] =
    [("otc-job", include_str!("builtin/otc-job.toml")), ("otc-plas", include_str!("builtin/otc-plas.toml"))];
