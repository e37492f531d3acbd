//! Clients of model hubs, unchanged: the gateway is tested with them.

use std::path::PathBuf;

use anyhow::Result;

use super::{apt, python};
use crate::host::Host;
use crate::ui::Ui;

/// The versions of huggingface_hub, each with what it is installed with: the newest, and the last of two older lines.
const HUGGINGFACE_HUB: [(&str, &[&str]); 3] = [
    ("2.4.0", &["huggingface_hub==2.4.0", "hf_xet==1.8.0"]),
    ("1.33.0", &["huggingface_hub==1.33.0"]),
    ("0.36.2", &["huggingface_hub==0.36.2"]),
];

/// Programs that download one address, by the name of their Debian package and of their command.
const PROGRAMS: [(&str, &str); 3] = [("wget", "wget"), ("curl", "curl"), ("aria2", "aria2c")];

/// The folder with an environment for each version. The tests are given it in the variable `MODELSEAL_HUB_CLIENTS`.
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<PathBuf> {
    let folder = host.target("hub-clients");
    for (version, packages) in HUGGINGFACE_HUB {
        python::environment(host, ui, &folder.join(version), packages)?;
    }
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(_, command)| host.find(command).is_none())
        .map(|(package, _)| *package)
        .collect();
    // Without one the tests skip it by name.
    if !missing.is_empty() && apt::usable(host) {
        apt::install(host, ui, &missing)?;
    }
    Ok(folder)
}
