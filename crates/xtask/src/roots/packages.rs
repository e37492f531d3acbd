//! Trust roots out of registry packages, through the registries' ordinary clients.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64ct::{Base64, Encoding};
use serde_json::Value;

use crate::host::Host;
use crate::process;
use crate::ui::Step;

/// A trust root as a package has it.
pub(super) struct Package {
    /// The registry, the package and its version.
    pub source: String,
    pub json: Vec<u8>,
}

/// Fetches the newest package that carries the root of this name.
pub(super) fn fetch(host: &Host, step: &Step, name: &str) -> Result<Package> {
    let dir = host.target("roots").join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot empty {}", dir.display()))?;
    }
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    match name {
        "production" => from_npm(host, step, &dir),
        "staging" => from_pypi(host, step, &dir),
        "github" => from_crates(host, &dir),
        _ => bail!("no package is known for the trust root `{name}`"),
    }
}

/// Sigstore's own client for npm carries the public instance's root as its seed.
fn from_npm(host: &Host, step: &Step, dir: &Path) -> Result<Package> {
    fs::write(dir.join("package.json"), "{ \"private\": true }")?;
    let arguments = "install --ignore-scripts --no-package-lock --no-audit --no-fund";
    let mut npm = host.npm();
    npm.current_dir(dir).args(arguments.split(' '));
    process::run(step, npm.arg("@sigstore/tuf@latest"))?;
    let package = dir.join("node_modules/@sigstore/tuf");
    let manifest = json(&package.join("package.json"))?;
    let seeds = json(&package.join("seeds.json"))?;
    let root = &seeds["https://tuf-repo-cdn.sigstore.dev"]["targets"]["trusted_root.json"];
    let root = root.as_str().context("the seeds have no trust root")?;
    Ok(Package {
        source: format!("npm @sigstore/tuf {}", text(&manifest["version"])?),
        json: Base64::decode_vec(root)
            .ok()
            .context("the seed is not base64")?,
    })
}

/// Sigstore's own client for Python carries both instances' roots.
fn from_pypi(host: &Host, step: &Step, dir: &Path) -> Result<Package> {
    let arguments = "-m pip install --no-deps --only-binary :all: --no-compile \
                     --disable-pip-version-check --target";
    let mut pip = host.command("python3");
    pip.args(arguments.split_whitespace())
        .arg(dir)
        .arg("sigstore");
    process::run(step, &mut pip)?;
    let store = dir.join("sigstore/_store/https%3A%2F%2Ftuf-repo-cdn.sigstage.dev");
    Ok(Package {
        source: format!("PyPI sigstore {}", installed_version(dir, "sigstore")?),
        json: bytes(&store.join("trusted_root.json"))?,
    })
}

/// The version in the name of a package's metadata, as in `sigstore-4.5.1.dist-info`.
fn installed_version(dir: &Path, package: &str) -> Result<String> {
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let version = name
            .to_str()
            .and_then(|name| name.strip_prefix(package)?.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(".dist-info"));
        if let Some(version) = version {
            return Ok(version.to_owned());
        }
    }
    bail!("pip did not say which {package} it installed")
}

/// GitHub's root is in no package of GitHub's; a crate carries it.
fn from_crates(host: &Host, dir: &Path) -> Result<Package> {
    let name = "sigstore-trust-root";
    let manifest = format!(
        "[workspace]\n[package]\nname = \"roots\"\nedition = \"2024\"\n\
         [dependencies]\n{name} = {{ version = \"*\", default-features = false }}\n"
    );
    fs::write(dir.join("Cargo.toml"), manifest)?;
    fs::create_dir_all(dir.join("src"))?;
    fs::write(dir.join("src/lib.rs"), "")?;
    let mut cargo = host.cargo();
    cargo
        .current_dir(dir)
        .args(["metadata", "--format-version", "1", "--quiet"]);
    let metadata: Value = serde_json::from_str(&process::capture(&mut cargo)?)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let package = packages
        .into_iter()
        .find(|package| package["name"] == name)
        .with_context(|| format!("cargo did not find {name}"))?;
    let manifest = PathBuf::from(text(&package["manifest_path"])?);
    Ok(Package {
        source: format!("crate {name} {}", text(&package["version"])?),
        json: bytes(
            &manifest
                .with_file_name("src")
                .join("trusted_root_github.json"),
        )?,
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn json(path: &Path) -> Result<Value> {
    let bytes = bytes(path)?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", path.display()))
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("a text is missing")
}
