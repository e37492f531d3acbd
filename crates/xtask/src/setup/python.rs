//! Python, in virtual environments: the implementation of model signing, and the clients of hubs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::apt;
use crate::host::Host;
use crate::process;
use crate::stamp::Stamp;
use crate::ui::Ui;

/// What the interop tests sign with. The version is the one whose behaviour the tests pin.
const SIGNER: [&str; 2] = ["model-signing==1.1.1", "pyopenssl"];

/// The interpreter of the environment with the signer. The tests are given it in the variable `MODELSEAL_PYTHON`.
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<PathBuf> {
    environment(host, ui, &host.target("python"), &SIGNER)
        .context("the interop tests need the Python implementation of model signing")
}

/// An environment with these packages, made where it is missing. Returns its interpreter.
pub(super) fn environment(host: &Host, ui: &Ui, venv: &Path, packages: &[&str]) -> Result<PathBuf> {
    let python = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let stamp = Stamp::new(venv.join(".xtask-stamp")).text(&packages.join(" "));
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
        return environment(host, ui, venv, packages);
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
    ui.step(&format!("pip install {}", packages.join(" ")), |step| {
        process::run(
            step,
            host.command(&system)
                .args(["-m", "venv", "--clear"])
                .arg(venv),
        )?;
        let mut pip = host.command(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(packages);
        process::run(step, &mut pip)
    })?;
    stamp.write()?;
    Ok(python)
}
