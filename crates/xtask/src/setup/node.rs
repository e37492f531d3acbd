//! Node, npm and the packages of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::host::Host;
use crate::process;
use crate::stamp::Stamp;
use crate::ui::Ui;

/// The oldest Node that the package promises to run on (`engines` in package.json).
const OLDEST: u32 = 20;

const HOW: &str = "install Node 20 or later with npm (on Debian: NodeSource's or nvm's; \
                   `node --version` tells what is there)";

/// Node, npm, and the packages that the lock file names.
pub fn prepare(host: &Host, ui: &Ui) -> Result<()> {
    check(host)?;
    let modules = host.repo.join("node_modules");
    let mut stamp = Stamp::new(modules.join(".xtask-stamp")).file(&lock(host));
    for manifest in manifests(host)? {
        stamp = stamp.file(&manifest);
    }
    if stamp.is_current() {
        return Ok(());
    }
    // `npm ci` begins by deleting what is there: right for a clean clone and for CI, rude while one is at work.
    let clean = lock(host).is_file() && (host.ci || !modules.is_dir());
    let verb = if clean { "ci" } else { "install" };
    ui.step(&format!("npm {verb}"), |step| {
        process::run(step, host.npm().args([verb, "--no-audit", "--no-fund"]))
    })?;
    // `npm install` may have brought the lock file up to date.
    let mut stamp = Stamp::new(modules.join(".xtask-stamp")).file(&lock(host));
    for manifest in manifests(host)? {
        stamp = stamp.file(&manifest);
    }
    stamp.write()
}

/// The workspaces of the root's package.json that are there.
pub fn workspaces(host: &Host) -> Result<Vec<PathBuf>> {
    let root = read_json(&host.repo.join("package.json"))?;
    let names = root["workspaces"]
        .as_array()
        .context("package.json lists no workspaces")?;
    let paths = names
        .iter()
        .filter_map(Value::as_str)
        .map(|name| host.repo.join(name));
    Ok(paths
        .filter(|path| path.join("package.json").is_file())
        .collect())
}

/// A JSON file.
pub fn read_json(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

fn check(host: &Host) -> Result<()> {
    if host.find("node").is_none() {
        bail!("no `node` on the PATH: {HOW}");
    }
    let version = process::capture(host.command("node").arg("--version"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST) {
        bail!("`node --version` says {version}: {HOW}");
    }
    process::capture(host.npm().arg("--version"))
        .with_context(|| format!("`node` is there, `npm` is not: {HOW}"))?;
    Ok(())
}

fn lock(host: &Host) -> PathBuf {
    host.repo.join("package-lock.json")
}

fn manifests(host: &Host) -> Result<Vec<PathBuf>> {
    let mut manifests = vec![host.repo.join("package.json")];
    manifests.extend(
        workspaces(host)?
            .iter()
            .map(|path| path.join("package.json")),
    );
    Ok(manifests)
}
