//! `cargo xtask roots`: the trust roots that ship with modelseal, as registry packages have them.

mod difference;
mod origins;
mod packages;

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

use origins::Origin;
use packages::Package;

/// Where the roots lie, relative to the repository.
const ROOTS: &str = "crates/modelseal/roots";

/// Fetches every root and shows what is different from the bundled one; replaces it, unless this
/// is only a `check`.
pub(crate) fn run(host: &Host, ui: &Ui, check: bool) -> Result<()> {
    let table = host.repo.join(ROOTS).join("origins.rs");
    let mut origins = origins::read(&table)?;
    let mut changed = false;
    for origin in &mut origins {
        let package = ui.step(&format!("root `{}`: fetch", origin.name), |step| {
            packages::fetch(host, step, &origin.name)
        })?;
        changed |= refresh(host, ui, origin, &package, check)?;
    }
    if check || !changed {
        return Ok(());
    }
    origins::write(&table, &origins)?;
    ui.step("roots: known points", |step| {
        let mut points = host.cargo();
        points
            .args(["run", "--quiet", "--package", "modelseal-core-tests"])
            .args(["--example", "known_points", "--"])
            .arg(host.repo.join(ROOTS));
        process::run(step, &mut points).map(drop)
    })?;
    // The core has the last word on whether they can be used.
    ui.step("roots: read by the core", |step| {
        let arguments = "test -p modelseal --lib --features all-roots trust::";
        process::run(step, host.cargo().args(arguments.split(' '))).map(drop)
    })
}

/// Is the bundled root, or what is known of it, another one now?
fn refresh(
    host: &Host,
    ui: &Ui,
    origin: &mut Origin,
    package: &Package,
    check: bool,
) -> Result<bool> {
    let file = host.repo.join(ROOTS).join(format!("{}.json", origin.name));
    let bundled = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let (old, new) = (read(&bundled)?, read(&package.json)?);
    let Origin { name, source, .. } = &*origin;
    if bundled == package.json {
        ui.line(format!("{name}: the same in {}", package.source));
    } else {
        ui.line(format!("{name}: from {source} to {}", package.source));
        let lines = difference::lines(&old, &new);
        if lines.is_empty() {
            ui.line("  the same logs and authorities, written in another way");
        }
        lines.iter().for_each(|line| ui.line(line));
    }
    if bundled == package.json && *source == package.source {
        return Ok(false);
    }
    if !check {
        fs::write(&file, &package.json)
            .with_context(|| format!("cannot write {}", file.display()))?;
        origin.source = package.source.clone();
        origin.date = OffsetDateTime::now_utc().date().to_string();
        origin.sha256 = hex(&Sha256::digest(&package.json));
    }
    Ok(true)
}

fn read(json: &[u8]) -> Result<Value> {
    serde_json::from_slice(json).context("a trust root that is not JSON")
}

/// Lower-case hex.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
