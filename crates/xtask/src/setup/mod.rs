//! Set-up: each tool is looked for first, then installed, or named with the command that installs it.

use anyhow::Result;

use crate::host::Host;
use crate::ui::Ui;

mod apt;
pub(crate) mod chromium;
pub(crate) mod firefox;
pub(crate) mod hub_clients;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod rust_std;
#[cfg(test)]
pub(crate) mod sandbox;

/// Everything the test suite needs.
pub(crate) fn all(host: &Host, ui: &Ui) -> Result<()> {
    rust_std::prepare(host, ui, rust_std::WASM)?;
    node::prepare(host, ui)?;
    chromium::prepare(host, ui)?;
    firefox::prepare(host, ui)?;
    python::prepare(host, ui)?;
    hub_clients::prepare(host, ui)?;
    Ok(())
}
