//! Chromium, for the browser tests.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt;
use crate::host::Host;
use crate::ui::Ui;

/// The names it goes by.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

/// Where macOS keeps it.
const MACOS: [&str; 2] = [
    "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The browser's program. The tests are given it in the variable `CHROMIUM`.
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<PathBuf> {
    if let Some(chosen) = &host.chromium {
        if chosen.is_file() {
            return Ok(chosen.clone());
        }
        bail!("CHROMIUM names {}, which is not a file", chosen.display());
    }
    if let Some(found) = find(host) {
        return Ok(found);
    }
    if apt::usable(host) {
        apt::install(host, ui, &["chromium"])?;
        if let Some(found) = find(host) {
            return Ok(found);
        }
    }
    bail!(
        "no Chromium or Chrome: `{}`, or set CHROMIUM to the program's path",
        apt::by_hand(&["chromium"])
    );
}

fn find(host: &Host) -> Option<PathBuf> {
    let named = NAMES.iter().find_map(|name| host.find(name));
    named.or_else(|| {
        MACOS
            .iter()
            .map(|path| host.root.join(path))
            .find(|path| path.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::sandbox::Sandbox;

    #[test]
    fn a_browser_on_the_path_is_taken() {
        let sandbox = Sandbox::new("chromium-found");
        sandbox.program("google-chrome", "");
        let host = sandbox.host();
        let found = prepare(&host, &Ui::new()).expect("it is there");
        assert_eq!(found, sandbox.path("bin/google-chrome"));
        assert!(sandbox.calls().is_empty());
    }

    #[test]
    fn a_chosen_browser_has_to_be_there() {
        let sandbox = Sandbox::new("chromium-chosen");
        sandbox.program("chromium", "");
        let mut host = sandbox.host();
        host.chromium = Some(sandbox.path("nowhere"));
        let error = prepare(&host, &Ui::new()).expect_err("it is not a file");
        assert!(
            error.to_string().ends_with("nowhere, which is not a file"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_browser_is_installed_by_the_superuser() {
        let sandbox = Sandbox::new("chromium-installed");
        let browser = sandbox.path("bin/chromium");
        sandbox.installs("chromium");
        let mut host = sandbox.host();
        host.superuser = true;
        assert_eq!(
            prepare(&host, &Ui::new()).expect("it was installed"),
            browser
        );
        assert_eq!(
            sandbox.calls(),
            [
                "apt-get update",
                "apt-get install -y --no-install-recommends chromium"
            ]
        );
    }

    #[test]
    fn a_missing_browser_is_named_to_others() {
        let sandbox = Sandbox::new("chromium-missing");
        sandbox.program("apt-get", "");
        let error = prepare(&sandbox.host(), &Ui::new()).expect_err("there is none");
        assert_eq!(
            error.to_string(),
            "no Chromium or Chrome: `sudo apt-get update && sudo apt-get install -y \
             --no-install-recommends chromium`, or set CHROMIUM to the program's path"
        );
        assert!(sandbox.calls().is_empty());
    }
}
