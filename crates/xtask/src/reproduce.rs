//! `cargo xtask reproduce`: the same Wasm wherever it is built.
//!
//! Two clean builds by the same compiler, in two copies of the checkout whose paths, target folders and `CARGO_HOME`
//! differ, must give the same bytes; so must the build of the checkout itself, which is what ships.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::{env, io};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::host::Host;
use crate::process;
use crate::setup::rust_std::{self, Toolchain, WASM};
use crate::ui::{Step, Ui};
use crate::wasm::{self, Place, Std};

/// What cargo needs of its home to build without a network. No settings, no credentials.
const CARGO_HOME: [&str; 2] = ["registry/cache", "registry/index"];

/// Builds in three places, and compares.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    let shipped = wasm::build(host, ui)?;
    let toolchain = rust_std::prepare(host, ui, WASM)?;
    let folder = Folder::new()?;
    // The second path is longer, and deeper.
    let places = [
        place(&folder.0.join("a"), None),
        place(
            &folder.0.join("another/folder that is deeper"),
            Some("home"),
        ),
    ];
    let mut digests = vec![("this checkout".to_owned(), digest(&shipped)?)];
    for (number, place) in places.iter().enumerate() {
        let name = format!("copy {}", number + 1);
        let file = ui.step(&format!("reproduce: {name}"), |step| {
            prepare(host, step, place)?;
            build(host, step, &toolchain, place)
        })?;
        digests.push((name, digest(&file)?));
    }
    for (name, digest) in &digests {
        ui.line(format!("{digest}  {name}"));
    }
    compare(&digests)
}

fn compare(digests: &[(String, String)]) -> Result<()> {
    let (_, first) = digests.first().context("nothing was built")?;
    let others: Vec<&str> = digests
        .iter()
        .filter(|(_, digest)| digest != first)
        .map(|(name, _)| name.as_str())
        .collect();
    if !others.is_empty() {
        bail!(
            "the Wasm of {} is not that of this checkout",
            others.join(" and ")
        );
    }
    Ok(())
}

fn place(folder: &Path, cargo_home: Option<&str>) -> Place {
    Place {
        checkout: folder.join("checkout"),
        target: folder.join("target"),
        cargo_home: cargo_home.map(|name| folder.join(name)),
    }
}

/// Copies what is built from, and cargo's registry if the place has one of its own.
fn prepare(host: &Host, step: &Step, place: &Place) -> Result<()> {
    for name in sources(host)? {
        copy(&host.repo.join(&name), &place.checkout.join(&name))?;
    }
    let Some(home) = &place.cargo_home else {
        return Ok(());
    };
    let usual = host.cargo_home().context("there is no CARGO_HOME")?;
    for name in CARGO_HOME {
        if usual.join(name).is_dir() {
            copy_folder(&usual.join(name), &home.join(name))?;
        } else {
            step.note(
                "cargo's registry is not where it usually is: this build may need the network",
            );
        }
    }
    Ok(())
}

fn build(host: &Host, step: &Step, toolchain: &Toolchain, place: &Place) -> Result<PathBuf> {
    let compiled = wasm::compile(host, step, toolchain, Std::of(toolchain), place, wasm::CORE)?;
    wasm::finish(
        host,
        step,
        &compiled,
        &place.target.join("bindgen"),
        wasm::CORE,
    )
}

/// The files of the checkout that cargo may read, as git knows them; what is not committed yet belongs to them.
fn sources(host: &Host) -> Result<Vec<PathBuf>> {
    let mut git = host.command("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    git.args([
        "--",
        "Cargo.toml",
        "Cargo.lock",
        ".cargo",
        "crates",
        "examples/*.toml",
        "examples/*.rs",
        "tests/*.toml",
        "tests/*.rs",
    ]);
    let listed = process::capture(&mut git)
        .context("the files of the checkout are listed by git, which did not do so")?;
    let names = listed.split('\0').filter(|name| !name.is_empty());
    let paths: Vec<PathBuf> = names.map(PathBuf::from).collect();
    let inside = |path: &PathBuf| {
        path.components().all(|part| matches!(part, Component::Normal(_)))
            // Listed, but deleted since.
            && host.repo.join(path).is_file()
    };
    Ok(paths.into_iter().filter(inside).collect())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = || -> io::Result<()> {
        if let Some(dir) = to.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::copy(from, to)?;
        Ok(())
    };
    copied().with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn digest(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let digest = Sha256::digest(&bytes);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A fresh folder outside the checkout, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let dir = env::temp_dir().join(format!("modelseal-reproduce-{}", std::process::id()));
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
    use super::*;

    #[test]
    fn a_build_that_differs_is_named() {
        let digests = |last: &str| {
            [("this checkout", "aa"), ("copy 1", "aa"), ("copy 2", last)]
                .map(|(name, digest)| (name.to_owned(), digest.to_owned()))
        };
        compare(&digests("aa")).expect("they are the same");
        let error = compare(&digests("bb")).expect_err("one differs");
        assert_eq!(
            error.to_string(),
            "the Wasm of copy 2 is not that of this checkout"
        );
    }
}
