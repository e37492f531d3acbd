//! Clients of model hubs, unchanged: the gateway is tested with them.

use std::path::PathBuf;

use anyhow::Result;

use super::{apt, python};
use crate::host::Host;
use crate::ui::Ui;

/// Each environment with what is installed into it: the newest huggingface_hub, the last of two older lines, and
/// transformers.
const ENVIRONMENTS: [(&str, &[&str]); 4] = [
    ("2.4.0", &["huggingface_hub==2.4.0", "hf_xet==1.8.0"]),
    ("1.33.0", &["huggingface_hub==1.33.0"]),
    ("0.36.2", &["huggingface_hub==0.36.2"]),
    ("transformers-5.24.0", &["transformers==5.24.0", "jinja2"]),
];

/// Programs that download one address, by the name of their Debian package and of their command.
const PROGRAMS: [(&str, &str); 3] = [("wget", "wget"), ("curl", "curl"), ("aria2", "aria2c")];

/// The folder with the environments. The tests are given it in the variable `MODELSEAL_HUB_CLIENTS`.
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<PathBuf> {
    let folder = host.target("hub-clients");
    for (name, packages) in ENVIRONMENTS {
        python::environment(host, ui, &folder.join(name), packages)?;
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
