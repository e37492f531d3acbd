//! Chromium, for the browser tests.

use std::env;
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
pub fn prepare(host: &Host, ui: &Ui) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        let chosen = PathBuf::from(chosen);
        if chosen.is_file() {
            return Ok(chosen);
        }
        bail!("CHROMIUM names {}, which is no file", chosen.display());
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
