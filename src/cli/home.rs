//! Where the user's own configuration is: `lro` among that of other programs.
//! What is in it is not known here.

use std::env::{home_dir, var_os};
use std::path::PathBuf;

/// The folder of the configuration of whoever runs the command.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = |name: &str| var_os(name).map(PathBuf::from);
    let home = home_dir().filter(|home| !home.as_os_str().is_empty());
    folder_of(path("XDG_CONFIG_HOME"), path("APPDATA").filter(|_| cfg!(windows)), home)
}

/// In `$XDG_CONFIG_HOME`; else, on Windows, in `%APPDATA%`; else in `~/.config`. A relative path counts for none, as the
/// XDG Base Directory Specification says.
pub(crate) fn folder_of(
    configuration: Option<PathBuf>,
    roaming: Option<PathBuf>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let given = [configuration, roaming].into_iter().flatten().find(|path| path.is_absolute());
    Some(given.or_else(|| Some(home?.join(".config")))?.join("lro"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_among_the_configuration_of_the_user() {
        let path = |text: &str| Some(PathBuf::from(text));
        for (configuration, roaming, home, folder) in [
            (path("/c"), None, path("/home/u"), path("/c/lro")),
            (None, None, path("/home/u"), path("/home/u/.config/lro")),
            (path("relative"), None, path("/home/u"), path("/home/u/.config/lro")),
            (path(""), None, path("/home/u"), path("/home/u/.config/lro")),
            (None, path("/roaming"), path("/home/u"), path("/roaming/lro")),
            (path("/c"), path("/roaming"), path("/home/u"), path("/c/lro")),
            (None, path("relative"), path("/home/u"), path("/home/u/.config/lro")),
            (None, None, None, None),
        ] {
            assert_eq!(folder_of(configuration, roaming, home), folder);
        }
    }
}
