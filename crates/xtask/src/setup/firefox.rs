//! Firefox, for the page's tests.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt;
use crate::host::Host;
use crate::ui::Ui;

/// The names it goes by.
const NAMES: [&str; 2] = ["firefox-esr", "firefox"];

/// Where macOS keeps it.
const MACOS: &str = "Applications/Firefox.app/Contents/MacOS/firefox";

/// The browser's program, which the tests are given in the variable `FIREFOX`. Where there is none and none can be
/// installed, its tests are skipped by name.
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<Option<PathBuf>> {
    if let Some(chosen) = &host.firefox {
        if chosen.is_file() {
            return Ok(Some(chosen.clone()));
        }
        bail!("FIREFOX names {}, which is not a file", chosen.display());
    }
    let found = find(host);
    if found.is_some() || !apt::usable(host) {
        return Ok(found);
    }
    apt::install(host, ui, &["firefox-esr"])?;
    Ok(find(host))
}

fn find(host: &Host) -> Option<PathBuf> {
    let named = NAMES.iter().find_map(|name| host.find(name));
    named.or_else(|| Some(host.root.join(MACOS)).filter(|path| path.is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::sandbox::Sandbox;

    #[test]
    fn a_browser_on_the_path_is_taken() {
        let sandbox = Sandbox::new("firefox-found");
        sandbox.program("firefox", "");
        let found = prepare(&sandbox.host(), &Ui::new()).expect("it is there");
        assert_eq!(found, Some(sandbox.path("bin/firefox")));
        assert!(sandbox.calls().is_empty());
    }

    #[test]
    fn a_missing_browser_is_installed_by_the_superuser() {
        let sandbox = Sandbox::new("firefox-installed");
        let browser = sandbox.path("bin/firefox-esr");
        sandbox.installs("firefox-esr");
        let mut host = sandbox.host();
        host.superuser = true;
        let found = prepare(&host, &Ui::new()).expect("it was installed");
        assert_eq!(found, Some(browser));
    }

    #[test]
    fn others_go_without() {
        let sandbox = Sandbox::new("firefox-missing");
        sandbox.program("apt-get", "");
        let found = prepare(&sandbox.host(), &Ui::new()).expect("it is not needed");
        assert_eq!(found, None);
        assert!(sandbox.calls().is_empty());
    }
}
