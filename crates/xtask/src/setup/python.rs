//! The Python implementation of model signing: the interop tests sign with it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::host::Host;
use crate::process;
use crate::stamp::Stamp;
use crate::ui::Ui;

/// What is installed. The version is the one whose behaviour the tests pin.
const PACKAGES: [&str; 2] = ["model-signing==1.1.1", "pyopenssl"];

/// The virtual environment's interpreter. The tests are given it in the variable `MODELSEAL_PYTHON`.
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<PathBuf> {
    let venv = host.target("python");
    let python = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let stamp = Stamp::new(venv.join(".xtask-stamp")).text(&PACKAGES.join(" "));
    if stamp.is_current() && python.is_file() {
        return Ok(python);
    }
    let Some(system) = host.find("python3").or_else(|| host.find("python")) else {
        if !apt::usable(host) {
            bail!(
                "no `python3` on the PATH: `{}`",
                apt::by_hand(&["python3", "python3-venv"])
            );
        }
        apt::install(host, ui, &["python3", "python3-venv"])?;
        return prepare(host, ui);
    };
    // Debian splits `venv`: without `ensurepip` an environment cannot get its pip.
    let has_venv = process::capture(host.command(&system).args(["-c", "import venv, ensurepip"]));
    if has_venv.is_err() {
        if !apt::usable(host) {
            bail!(
                "this Python has no `venv`: `{}`",
                apt::by_hand(&["python3-venv"])
            );
        }
        apt::install(host, ui, &["python3-venv"])?;
    }
    ui.step(&format!("pip install {}", PACKAGES.join(" ")), |step| {
        process::run(
            step,
            host.command(&system)
                .args(["-m", "venv", "--clear"])
                .arg(&venv),
        )?;
        let mut pip = host.command(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(PACKAGES);
        process::run(step, &mut pip)
            .context("the interop tests need the Python implementation of model signing")
    })?;
    stamp.write()?;
    Ok(python)
}
