//! What is made from the arguments themselves: completions and manual pages.
//! Nothing here is written by hand.

#[cfg(all(test, feature = "simulator"))]
mod pages;
#[cfg(all(test, feature = "simulator"))]
mod printed;

use clap::CommandFactory;

use super::args::Cli;
use super::exit::Exit;
use super::failure::Failure;
use super::report;

pub(crate) fn completions(shell: clap_complete::Shell, color: bool) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "lro", &mut text);
    print(&text, color)
}

pub(crate) fn man(verb: Option<&str>, color: bool) -> Result<Exit, Failure> {
    let mut command = Cli::command().mut_subcommands(|verb| verb.disable_help_flag(true));
    command.build();
    let page = match verb {
        None => command,
        Some(verb) => {
            let known: Vec<String> =
                command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
            command.find_subcommand(verb).cloned().ok_or_else(|| {
                Failure::usage(format!("there is no verb `{verb}`"))
                    .hint(format!("the verbs are {}", known.join(", ")))
            })?
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Failure::usage("the manual page could not be made").caused_by(error))?;
    Ok(print(&text, color))
}

fn print(text: &[u8], color: bool) -> Exit {
    report::print(text, Exit::Succeeded, color);
    Exit::Succeeded
}
