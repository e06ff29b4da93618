//! `lro presets`: lists the presets, prints one, checks a file, and says what an answer means.
//! Nothing is sent, and what an answer means is the library's to say.

mod explain;
mod list;

use std::io::{self, IsTerminal, Read};
use std::path::Path;

use lro::http::printable;
use lro::preset::Preset;

use super::answer;
use super::args::{Output, PresetsArgs, Shape};
use super::exit::Exit;
use super::failure::Failure;
use super::preset::{self, Folder, LONGEST};
use super::report;
use explain::Explanation;

/// How long an answer may be, with its headers, in MiB.
const LONGEST_ANSWER: u64 = 2;

pub(crate) fn presets(args: PresetsArgs, color: bool) -> Result<Exit, Failure> {
    if args.explain {
        return explain(args, color);
    }
    if let Some(flag) = described(&args.shape) {
        return Err(Failure::usage(format!("{flag} describes an API, and here is nothing to judge by it"))
            .hint("lro presets --explain judges the answer on standard input".to_owned()));
    }
    if let Some(path) = &args.check {
        return check(path);
    }
    let text = match (&args.name, args.output) {
        (Some(name), output) => one(name, output)?,
        (None, Output::Text) => list::text(&list::entries(&Folder::here(), color)),
        (None, Output::Json) => list::document(&list::entries(&Folder::here(), color), None),
        (None, Output::None) => String::new(),
    };
    report::print(text.as_bytes(), Exit::Succeeded, color);
    Ok(Exit::Succeeded)
}

/// A preset as it stands in its file.
fn one(name: &str, output: Output) -> Result<String, Failure> {
    let folder = Folder::here();
    let preset = preset::by_name(name, &folder)?;
    let text = preset.text().unwrap_or_default().to_owned();
    Ok(match output {
        Output::Json => list::document(&[list::Entry::of(preset, folder.file(name))], Some(&text)),
        Output::Text if io::stdout().is_terminal() => {
            text.lines().flat_map(|line| [printable(line), "\n".into()]).collect()
        }
        Output::Text => text,
        Output::None => String::new(),
    })
}

/// The first flag that says which API it is.
fn described(shape: &Shape) -> Option<&'static str> {
    let named = shape.named.preset.as_ref().map(|_| "--preset");
    let file = shape.named.preset_file.as_ref().map(|_| "--preset-file");
    named.or(file).or_else(|| shape.described().first().map(|(flag, _)| *flag))
}

fn check(path: &Path) -> Result<Exit, Failure> {
    let (what, preset) = if path == Path::new("-") {
        let what = "what is on standard input".to_owned();
        let bytes = input(LONGEST)
            .map_err(|error| Failure::usage(format!("{what} cannot be read")).caused_by(error))?;
        let preset = preset::from_bytes("-", &bytes, &what)?;
        (what, preset)
    } else {
        (format!("`{}`", path.display()), preset::from_file(path)?)
    };
    let title = explain::told(&preset.definition().title);
    report::say(&printable(&format!("ok: {what} can be used as a preset: {title}")));
    if Preset::builtin(preset.name()).is_some() {
        let name = preset.name();
        report::say(&format!(
            "`{name}` is built in too, so it is only for --preset-file, or under another name"
        ));
    }
    Ok(Exit::Succeeded)
}

fn explain(args: PresetsArgs, color: bool) -> Result<Exit, Failure> {
    let mut shape = args.shape;
    shape.named.preset = shape.named.preset.or(args.name);
    let preset = preset::find(&shape)?.preset;
    if io::stdin().is_terminal() {
        report::say("reading the answer from standard input");
    }
    let unreadable = || Failure::usage("there is no answer on standard input");
    let input = input(LONGEST_ANSWER).map_err(|error| unreadable().caused_by(error))?;
    let answered = answer::read(&input, args.status).map_err(|why| unreadable().caused_by(why))?;
    let explanation = Explanation::of(&preset, &answered);
    let failure = explanation.failure();
    let exit = failure.as_ref().map_or(Exit::Succeeded, |failure| failure.exit);
    let text = match args.output {
        Output::Text => explanation.text(),
        Output::Json => explanation.json(),
        Output::None => String::new(),
    };
    report::print(text.as_bytes(), exit, color);
    failure.map_or(Ok(exit), Err)
}

/// All of standard input, which may be this many MiB long.
fn input(mebibytes: u64) -> io::Result<Vec<u8>> {
    let longest = mebibytes * 1024 * 1024;
    let mut bytes = Vec::new();
    io::stdin().lock().take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is longer than {mebibytes} MiB"),
        ));
    }
    Ok(bytes)
}
