//! The `lro` command. All it does is in `cli/`, and all of that goes through the library as a stranger would.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
