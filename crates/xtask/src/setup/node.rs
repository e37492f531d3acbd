//! Node, npm and the packages of the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
pub(crate) fn prepare(host: &Host, ui: &Ui) -> Result<()> {
    let Some(mut command) = pending(host)? else {
        return Ok(());
    };
    let verb = command.get_args().next().unwrap_or_default();
    let name = format!("npm {}", verb.to_string_lossy());
    ui.step(&name, |step| process::run(step, &mut command))?;
    installed(host)
}

/// The command that installs the packages; nothing where they are there. [`installed`] is to be called after it.
pub(crate) fn pending(host: &Host) -> Result<Option<Command>> {
    check(host)?;
    if stamp(host)?.is_current() {
        return Ok(None);
    }
    // `npm ci` begins by deleting what is there: right for a clean clone and for CI, rude while one is at work.
    let modules = host.repo.join("node_modules");
    let clean = lock(host).is_file() && (host.ci || !modules.is_dir());
    let mut command = host.npm();
    command.args([
        if clean { "ci" } else { "install" },
        "--no-audit",
        "--no-fund",
    ]);
    Ok(Some(command))
}

/// Notes that the packages are there. `npm install` may have brought the lock file up to date.
pub(crate) fn installed(host: &Host) -> Result<()> {
    stamp(host)?.write()
}

fn stamp(host: &Host) -> Result<Stamp> {
    let file = host.repo.join("node_modules/.xtask-stamp");
    let mut stamp = Stamp::new(file).file(&lock(host));
    for manifest in manifests(host)? {
        stamp = stamp.file(&manifest);
    }
    Ok(stamp)
}

/// The workspaces of the root's package.json that are there.
pub(crate) fn workspaces(host: &Host) -> Result<Vec<PathBuf>> {
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
pub(crate) fn read_json(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::sandbox::Sandbox;

    /// A checkout with Node 20 and an npm that makes `node_modules`.
    fn sandbox(name: &str) -> Sandbox {
        let sandbox = Sandbox::new(name);
        sandbox.program("node", "echo v20.1.0");
        sandbox.program(
            "npm",
            "case $1 in ci|install) /bin/mkdir -p node_modules;; esac; echo 10.0.0",
        );
        sandbox.file("package.json", r#"{ "workspaces": ["a", "missing"] }"#);
        sandbox.file("a/package.json", "{}");
        sandbox
    }

    fn installs(sandbox: &Sandbox) -> Vec<String> {
        let calls = sandbox.calls().into_iter();
        calls.filter(|call| call.ends_with("--no-fund")).collect()
    }

    #[test]
    fn packages_are_installed_once_and_again_after_a_change() {
        let sandbox = sandbox("node-once");
        sandbox.file("package-lock.json", "{}");
        let host = sandbox.host();
        prepare(&host, &Ui::new()).expect("npm works");
        prepare(&host, &Ui::new()).expect("npm works");
        assert_eq!(installs(&sandbox), ["npm ci --no-audit --no-fund"]);
        sandbox.file("a/package.json", r#"{ "name": "a" }"#);
        prepare(&host, &Ui::new()).expect("npm works");
        assert_eq!(
            installs(&sandbox),
            [
                "npm ci --no-audit --no-fund",
                "npm install --no-audit --no-fund"
            ]
        );
    }

    #[test]
    fn ci_takes_what_the_lock_file_says() {
        let sandbox = sandbox("node-ci");
        sandbox.file("package-lock.json", "{}");
        sandbox.file("node_modules/x", "");
        let mut host = sandbox.host();
        host.ci = true;
        prepare(&host, &Ui::new()).expect("npm works");
        assert_eq!(installs(&sandbox), ["npm ci --no-audit --no-fund"]);
    }

    #[test]
    fn a_failed_install_is_tried_again() {
        let sandbox = sandbox("node-failed");
        sandbox.program("npm", "[ $1 = --version ]");
        let host = sandbox.host();
        let error = prepare(&host, &Ui::new()).expect_err("npm fails");
        assert!(
            error
                .to_string()
                .starts_with("`npm install --no-audit --no-fund` failed")
        );
        prepare(&host, &Ui::new()).expect_err("npm fails again");
        assert_eq!(installs(&sandbox).len(), 2);
    }

    #[test]
    fn an_old_node_is_named() {
        let sandbox = sandbox("node-old");
        sandbox.program("node", "echo v18.19.0");
        let error = prepare(&sandbox.host(), &Ui::new()).expect_err("it is too old");
        assert!(
            error
                .to_string()
                .starts_with("`node --version` says v18.19.0: install Node 20")
        );
    }

    #[test]
    fn a_missing_node_is_named() {
        let sandbox = Sandbox::new("node-missing");
        let error = prepare(&sandbox.host(), &Ui::new()).expect_err("it is missing");
        assert!(
            error
                .to_string()
                .starts_with("no `node` on the PATH: install Node 20")
        );
    }
}
