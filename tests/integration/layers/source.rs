//! The files of the source, each with the code that is no test and the paths that are named in it.
//! What may be named where is not known here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::code::{Name, is_test_attribute, names, only_code, without_tests};

/// A file of the source that is no test.
pub(crate) struct File {
    /// From `src`, with slashes.
    pub(crate) path: String,
    /// Its text, with spaces for everything that is no code.
    pub(crate) code: String,
    pub(crate) names: Vec<Name>,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        let code = without_tests(&only_code(text));
        let names = names(&code, &module(path));
        Self { path: path.to_owned(), code, names }
    }

    /// The module right below the root that it belongs to.
    pub(crate) fn part(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }
}

/// Every file below `src` with its text, tests too.
pub(crate) fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("a path below src");
                let name = name.to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    files.sort();
    files
}

/// Every file below `src` that is no test.
pub(crate) fn files() -> Vec<File> {
    let all = all();
    let tests: Vec<String> =
        all.iter().flat_map(|(path, text)| test_modules(path, &only_code(text))).collect();
    let is_test = |path: &str| {
        let module = module(path);
        tests.iter().any(|test| module == *test || module.starts_with(&format!("{test}::")))
    };
    all.iter().filter(|(path, _)| !is_test(path)).map(|(path, text)| File::new(path, text)).collect()
}

/// What the root of the library re-exports, each with the module that it is from.
pub(crate) fn reexports() -> BTreeMap<String, String> {
    let lib = files().into_iter().find(|file| file.path == "lib.rs").expect("a library");
    let split = |name: &Name| {
        let (module, item) = name.path.rsplit_once("::")?;
        Some((item.to_owned(), module.trim_start_matches("crate::").to_owned()))
    };
    lib.names.iter().filter_map(split).collect()
}

/// The module of a file: `http/client.rs` is `crate::http::client`.
fn module(path: &str) -> String {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(path, "lib" | "main") {
        "crate".to_owned()
    } else {
        format!("crate::{}", path.replace('/', "::"))
    }
}

/// The modules that are tests and have files of their own.
fn test_modules(path: &str, code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.lines().map(str::trim).collect();
    let declared =
        lines.iter().enumerate().filter(|(_, line)| is_test_attribute(line)).filter_map(|(at, _)| {
            let item = lines[at + 1..].iter().find(|line| !line.starts_with('#'))?;
            let (_, name) = item.strip_suffix(';')?.split_once("mod ")?;
            Some(format!("{}::{name}", module(path)))
        });
    declared.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, text: &str) -> Vec<(usize, String)> {
        File::new(path, text).names.into_iter().map(|name| (name.line, name.path)).collect()
    }

    #[test]
    fn a_path_is_found_in_every_form() {
        let text =
            "use crate::{http::{self, Client as C}, plas};\nuse tokio::{\n    net,\n    time::*,\n};\n";
        let paths: Vec<String> = named("wait.rs", text).into_iter().map(|(_, path)| path).collect();
        let expected = [
            "use",
            "crate::http::self",
            "crate::http::Client",
            "crate::plas",
            "use",
            "tokio::net",
            "tokio::time",
        ];
        assert_eq!(paths, expected);
        let from = |path, text| named(path, text)[0].1.clone();
        assert_eq!(from("wait/drive.rs", "super::super::http::Client"), "crate::http::Client");
        assert_eq!(from("wait/drive.rs", "super::Wait"), "crate::wait::Wait");
        assert_eq!(from("http/mod.rs", "super::plas::Client"), "crate::plas::Client");
        assert_eq!(from("http/mod.rs", "self::client::Client"), "crate::http::client::Client");
    }

    #[test]
    fn lines_are_counted_through_groups_and_quotes() {
        let text = "let a = \"x\n\ny\";\nuse b::{\n    c,\n};\nd\n";
        let lines = named("x.rs", text);
        assert_eq!(lines.last().unwrap(), &(7, "d".to_owned()), "{lines:?}");
    }

    #[test]
    fn comments_quotes_and_tests_are_not_code() {
        for text in [
            "// reqwest",
            "/// [`reqwest`]",
            "/* reqwest */",
            r#"" \" reqwest""#,
            "r#\" \" reqwest\"#",
            "#[cfg(test)]\nmod tests {\n    use reqwest;\n}",
            "#[cfg(test)]\n#[expect(dead_code)]\nuse reqwest::Client;",
            "#[cfg(all(test, feature = \"http\"))]\nfn one() { reqwest() }",
        ] {
            assert_eq!(named("x.rs", text).iter().find(|(_, path)| path.contains("reqwest")), None, "{text}");
        }
        for text in [
            "'\"'; reqwest; '\"'",
            "'\\''; reqwest; '\\''",
            "fn a<'a>(b: &'a reqwest) {}",
            "#[cfg(test)]\nmod tests {\n}\nuse reqwest;",
            "#[cfg(test)]\nmod tests;\nuse reqwest;",
            "for r in reqwest {}",
        ] {
            assert!(named("x.rs", text).iter().any(|(_, path)| path == "reqwest"), "{text}");
        }
    }

    #[test]
    fn a_module_of_tests_is_known_by_its_declaration() {
        let declared =
            test_modules("machine.rs", "#[cfg(test)]\nmod one;\n#[cfg(test)]\nmod two {\n}\nmod three;\n");
        assert_eq!(declared, ["crate::machine::one"]);
        assert_eq!(
            test_modules("http/mod.rs", "#[cfg(test)]\npub(crate) mod tests;"),
            ["crate::http::tests"]
        );
    }
}
