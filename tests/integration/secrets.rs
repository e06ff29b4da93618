//! Secrets, put in by every way that there is, and looked for in everything that comes out.
//! That each arrives where it should is part of it: what was never in use is kept easily.

#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod around;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod command;
mod forms;
mod library;
mod shown;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod situation;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod told;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod way;
