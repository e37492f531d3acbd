//! `cargo xtask package`: what is published, built and tested on its own.
//!
//! The crates are packaged as for crates.io, unpacked outside the checkout and resolved among themselves. What a
//! package misses is then missing, and a path that leads out of it leads nowhere.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::host::Host;
use crate::process;
use crate::structure;
use crate::suites::Counts;
use crate::ui::{Step, Ui};
use crate::wasm;

/// The crates that are published, each after those that it needs.
pub(crate) const PUBLISHED: [&str; 4] = [
    "modelseal-hash",
    "modelseal",
    "modelseal-tuf",
    "modelseal-cli",
];

/// What each of them contains at least.
const FILES: [&str; 4] = ["Cargo.toml", "LICENSE", "README.md", "src"];

/// Curve arithmetic without optimisation makes tests crawl; the rest is quick to build.
const OPTIMISED: [&str; 9] = [
    "crypto-bigint",
    "curve25519-dalek",
    "modelseal",
    "modelseal-hash",
    "modelseal-tuf",
    "p256",
    "p384",
    "primefield",
    "sha2",
];

/// The crates, then the npm package.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    crates(host, ui)?;
    wasm::build_npm(host, ui)?;
    ui.step("package: the npm package", |step| {
        let mut command = host.npm();
        command.args(["test", "--workspace", "tests/js", "--", "packaging.test.ts"]);
        process::run(step, &mut command).map(drop)
    })
}

/// Packages the crates, and runs the tests that each contains.
pub(crate) fn crates(host: &Host, ui: &Ui) -> Result<()> {
    let folder = Folder::new()?;
    let unpacked = ui.step("package: pack and unpack", |step| {
        unpublished(&structure::metadata(host)?)?;
        pack(host, step)?;
        let mut unpacked = Vec::new();
        for name in PUBLISHED {
            unpacked.push(unpack(host, step, &folder.0, name)?);
        }
        write_workspace(host, &folder.0, &unpacked)?;
        Ok(unpacked)
    })?;
    // Each is tried, so that one run tells everything.
    let mut failed = Vec::new();
    for (name, dir) in PUBLISHED.iter().zip(&unpacked) {
        if let Err(error) = test(host, ui, name, dir) {
            failed.push(format!("{name}: {error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    Ok(())
}

/// Everything else in the workspace must not be published by accident.
fn unpublished(metadata: &Value) -> Result<()> {
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        // `publish = false` is an empty list of registries.
        let published = package["publish"].is_null();
        if published && !PUBLISHED.contains(&name) {
            bail!("`cargo publish --workspace` would publish {name}: it needs `publish = false`");
        }
    }
    Ok(())
}

fn pack(host: &Host, step: &Step) -> Result<()> {
    let mut command = host.cargo();
    // They are built and tested below. What is not committed yet is packaged too.
    command.args(["package", "--no-verify", "--allow-dirty"]);
    for name in PUBLISHED {
        command.args(["--package", name]);
    }
    command.arg("--target-dir").arg(host.target("package"));
    process::run_offline_first(step, &mut command)?;
    Ok(())
}

/// The folder of an unpacked crate.
fn unpack(host: &Host, step: &Step, folder: &Path, name: &str) -> Result<PathBuf> {
    let file = newest(&host.target("package/package"), name)?;
    let mut tar = host.command("tar");
    // In a package all files have one fixed time: with that, cargo would take an older build for this one's.
    tar.arg("-xzmf").arg(&file).arg("-C").arg(folder);
    process::run(step, &mut tar)?;
    let stem = file.file_stem().context("a package without a name")?;
    let dir = folder.join(stem);
    for wanted in FILES {
        if !dir.join(wanted).exists() {
            bail!("the package of {name} does not contain {wanted}");
        }
    }
    let manifest = dir.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    if let Some(line) = leads_out(&text, &host.repo) {
        bail!("the manifest of the package {name} leads out of it: `{line}`");
    }
    Ok(dir)
}

/// `name-1.2.3.crate`; an older version may lie beside it.
fn newest(dir: &Path, name: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let version = file
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('-'));
        if file.ends_with(".crate")
            && version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        {
            found.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    let newest = found.into_iter().max().map(|(_, path)| path);
    newest.with_context(|| format!("cargo made no package of {name}"))
}

/// The first line of a manifest that names a path outside the package.
fn leads_out<'text>(manifest: &'text str, repo: &Path) -> Option<&'text str> {
    let repo = repo.to_string_lossy();
    manifest
        .lines()
        .find(|line| line.contains("../") || line.contains(&*repo))
}

/// A workspace of the unpacked crates, in which they take one another instead of what is on crates.io.
fn write_workspace(host: &Host, folder: &Path, unpacked: &[PathBuf]) -> Result<()> {
    let names: Vec<String> = unpacked
        .iter()
        .filter_map(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let mut text =
        format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n\n[patch.crates-io]\n");
    for (name, dir) in PUBLISHED.iter().zip(&names) {
        text.push_str(&format!("{name} = {{ path = {dir:?} }}\n"));
    }
    text.push_str("\n[profile.dev]\ndebug = false\n");
    for name in OPTIMISED {
        text.push_str(&format!("[profile.dev.package.{name}]\nopt-level = 1\n"));
    }
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, text).with_context(|| format!("cannot write {}", manifest.display()))?;
    // The versions that the repository is tested with, which are on this machine.
    let lock = host.repo.join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock"))
        .with_context(|| format!("cannot copy {}", lock.display()))?;
    Ok(())
}

/// Runs the tests of one crate. None at all is a failure: a package may have lost them.
fn test(host: &Host, ui: &Ui, name: &str, dir: &Path) -> Result<()> {
    ui.step(&format!("package: test {name} on its own"), |step| {
        let mut command = host.cargo();
        command
            .args([
                "test",
                "--no-fail-fast",
                "--all-features",
                "--package",
                name,
            ])
            .arg("--target-dir")
            .arg(host.target("package-test"));
        outside(&mut command, dir);
        let output = process::run_offline_first(step, &mut command)?;
        let counts = Counts::read(&output);
        if counts.passed() == 0 {
            bail!("the package of {name} contains no test");
        }
        step.note(&format!("{name}: {} tests passed", counts.passed()));
        Ok(())
    })
}

/// Starts a command in `dir`, without what leads back to the checkout.
fn outside(command: &mut Command, dir: &Path) {
    command.current_dir(dir);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("MODELSEAL_") {
            command.env_remove(&name);
        }
    }
}

/// A fresh folder outside the checkout, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let name = format!(
            "modelseal-package-{}-{}",
            std::process::id(),
            now.as_nanos()
        );
        let dir = env::temp_dir().join(name);
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Self(dir))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_out_of_a_package_is_found() {
        let repo = Path::new("/home/me/modelseal");
        assert_eq!(leads_out("[lib]\npath = \"src/lib.rs\"\n", repo), None);
        assert_eq!(
            leads_out("[a]\npath = \"../modelseal-hash\"\n", repo),
            Some("path = \"../modelseal-hash\"")
        );
        assert_eq!(
            leads_out("path = \"/home/me/modelseal/crates/x\"", repo),
            Some("path = \"/home/me/modelseal/crates/x\"")
        );
    }

    #[test]
    fn what_would_be_published_by_accident_is_found() {
        let metadata = |publish: Value| {
            json!({ "packages": [
                { "name": "modelseal", "publish": null },
                { "name": "modelseal-wasm", "publish": publish },
            ] })
        };
        unpublished(&metadata(json!([]))).expect("it is not published");
        let error = unpublished(&metadata(Value::Null)).expect_err("it would be published");
        assert_eq!(
            error.to_string(),
            "`cargo publish --workspace` would publish modelseal-wasm: it needs `publish = false`"
        );
    }
}
