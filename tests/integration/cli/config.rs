//! What is said once so as not to be typed: variables and the configuration file, as a person meets them.
//! Which value counts, case by case, is proved beside the code.

mod shown;
mod used;
mod wrong;

use tokio::process::Command;

use crate::cli::Machine;

/// A machine with this configuration file where it usually is.
fn machine(test: &str, config: &str) -> Machine {
    let machine = Machine::new(test, &[("xdg/lro/config.toml", config)]);
    own(&machine.path("xdg/lro/config.toml"), 0o600);
    machine
}

/// `lro` there with these arguments, which finds the file.
fn lro(machine: &Machine, args: &[&str]) -> Command {
    let mut command = machine.lro(args);
    command.env_remove("LRO_CONFIG").env("XDG_CONFIG_HOME", machine.path("xdg"));
    command
}

/// A line of a table with one space between its columns, however wide they are.
fn columns(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sets who may read and write a file.
fn own(path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a file of our own");
}
