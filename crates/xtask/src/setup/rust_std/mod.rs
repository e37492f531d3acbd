//! The standard library for a target that the installed toolchain may not have.
//!
//! In this order: it is there already; rustup fetches it, where it may; Debian's compiler builds it from
//! Debian's source.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::host::Host;
use crate::process;
use crate::ui::Ui;

/// A target, and what it needs of the standard library.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    /// The target's triple.
    pub triple: &'static str,
    /// The libraries that must be there, which `-Zbuild-std` is asked for as well.
    pub libraries: &'static [&'static str],
    /// What `-Zbuild-std-features` is asked for, where the libraries are built along.
    pub features: &'static [&'static str],
    /// Is anything linked for it?
    pub linked: bool,
}

/// What the browser runs.
pub(crate) const WASM: Target = Target {
    triple: "wasm32-unknown-unknown",
    libraries: &["std", "panic_abort"],
    // It is downloaded: sorting and formatting in their small form.
    features: &["optimize_for_size"],
    linked: true,
};

/// A target that has no `std` at all: what builds for it uses none.
pub(crate) const NO_STD: Target = Target {
    triple: "thumbv7em-none-eabi",
    libraries: &["core", "alloc"],
    features: &[],
    linked: false,
};

/// Debian's packages: a compiler, and the source of exactly its standard library.
const DEBIAN: [&str; 2] = ["rustc-web", "rust-web-src"];

/// The oldest compiler that builds this workspace (`rust-version` in Cargo.toml).
const OLDEST: (u32, u32) = (1, 88);

/// How to build for a target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The ordinary toolchain has the target.
    Ordinary,
    /// Debian's compiler, which builds the standard library along with the rest.
    Debian {
        /// Debian's compiler.
        rustc: PathBuf,
        /// A linker for the target: Debian's compiler has none.
        linker: Option<PathBuf>,
    },
}

impl Toolchain {
    /// A `cargo` command that builds for the target.
    pub(crate) fn cargo(&self, host: &Host, verb: &str, target: Target) -> Command {
        let mut command = host.cargo();
        command.args([verb, "--target", target.triple]);
        if let Self::Debian { rustc, linker } = self {
            // `-Z` is for nightly compilers; Debian's source and compiler are one version, so it holds here.
            command.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1");
            command.arg(format!("-Zbuild-std={}", target.libraries.join(",")));
            if !target.features.is_empty() {
                command.arg(format!(
                    "-Zbuild-std-features={}",
                    target.features.join(",")
                ));
            }
            if let Some(linker) = linker {
                let value = serde_json::Value::from(linker.to_string_lossy());
                command
                    .arg("--config")
                    .arg(format!("target.{}.linker={value}", target.triple));
            }
        }
        command
    }
}

/// Finds a way to build for `target`, and installs what that takes.
pub(crate) fn prepare(host: &Host, ui: &Ui, target: Target) -> Result<Toolchain> {
    if is_present(host, target) {
        return Ok(Toolchain::Ordinary);
    }
    let mut refused = None;
    if host.rustup_installs && host.find("rustup").is_some() {
        match rustup(host, ui, target) {
            Ok(()) => return Ok(Toolchain::Ordinary),
            // There is another way yet.
            Err(error) => refused = Some(error),
        }
    }
    match (debian(host, ui, target)?, refused) {
        (Some(toolchain), _) => Ok(toolchain),
        (None, Some(error)) => Err(error),
        (None, None) => bail!(
            "no standard library for {0}. Either `rustup target add {0}` (with rustup), \
             or on Debian `{1}` (version 1.{2} or later)",
            target.triple,
            apt::by_hand(&DEBIAN),
            OLDEST.1
        ),
    }
}

/// Has rustup fetch the target's libraries.
fn rustup(host: &Host, ui: &Ui, target: Target) -> Result<()> {
    ui.step(&format!("rustup target add {}", target.triple), |step| {
        let mut rustup = host.command("rustup");
        process::run(step, rustup.args(["target", "add", target.triple]))
    })?;
    if is_present(host, target) {
        return Ok(());
    }
    bail!(
        "rustup added {0}, but the active `rustc` does not see it: is it another toolchain's? \
         `rustc --print target-libdir --target {0}` should name a folder that exists",
        target.triple
    );
}

fn debian(host: &Host, ui: &Ui, target: Target) -> Result<Option<Toolchain>> {
    let mut rustc = debian_rustc(host);
    if rustc.is_none() && apt::usable(host) && debian_offers(host, ui) {
        apt::install(host, ui, &DEBIAN)?;
        rustc = debian_rustc(host);
    }
    let Some(rustc) = rustc else { return Ok(None) };
    if !target.linked {
        return Ok(Some(Toolchain::Debian {
            rustc,
            linker: None,
        }));
    }
    let mut linker = find_linker(host);
    if linker.is_none() && apt::usable(host) {
        apt::install(host, ui, &["lld"])?;
        linker = find_linker(host);
    }
    if linker.is_none() {
        bail!(
            "no linker for {}: `{}`",
            target.triple,
            apt::by_hand(&["lld"])
        );
    }
    Ok(Some(Toolchain::Debian { rustc, linker }))
}

/// Does the active toolchain have the target's libraries?
fn is_present(host: &Host, target: Target) -> bool {
    let mut rustc = ordinary_rustc(host);
    let arguments = ["--print", "target-libdir", "--target", target.triple];
    let Ok(dir) = process::capture(rustc.args(arguments)) else {
        return false;
    };
    let Ok(entries) = fs::read_dir(dir) else {
        return false;
    };
    let names: Vec<OsString> = entries.flatten().map(|entry| entry.file_name()).collect();
    target.libraries.iter().all(|library| {
        let start = format!("lib{library}-");
        names
            .iter()
            .any(|name| name.to_string_lossy().starts_with(&start))
    })
}

fn ordinary_rustc(host: &Host) -> Command {
    host.command("rustc")
}

/// Debian's compiler, if it and its source are there and new enough.
fn debian_rustc(host: &Host) -> Option<PathBuf> {
    let rustc = host.root.join("usr/bin/rustc");
    let source = host
        .root
        .join("usr/lib/rustlib/src/rust/library/Cargo.lock");
    if !rustc.is_file() || !source.is_file() {
        return None;
    }
    let version = process::capture(host.command(&rustc).arg("--version")).ok()?;
    (parse_version(&version)? >= OLDEST).then_some(rustc)
}

/// Would `apt-get install` install a compiler that is new enough? Unknown counts as yes.
///
/// Package lists may be missing or old: they are refreshed before the answer is no.
fn debian_offers(host: &Host, ui: &Ui) -> bool {
    let offers = || {
        let mut command = host.command("apt-cache");
        let text = process::capture(command.args(["policy", DEBIAN[0]])).ok()?;
        let candidate = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("Candidate:"));
        Some(candidate.and_then(parse_version)? >= OLDEST)
    };
    if offers() == Some(false) {
        apt::update(host, ui);
    }
    offers() != Some(false)
}

/// `rustc 1.96.0 (…)`, or Debian's `1.96.0+dfsg1-1`: major and minor.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let word = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = word.split(['.', '+', '-', '~']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// `rust-lld` comes with the ordinary toolchain; `wasm-ld` with Debian's `lld`.
fn find_linker(host: &Host) -> Option<PathBuf> {
    bundled_linker(host)
        .ok()
        .flatten()
        .or_else(|| host.find("rust-lld"))
        .or_else(|| {
            let debian = host.root.join("usr/bin/wasm-ld");
            host.find("wasm-ld")
                .or_else(|| debian.is_file().then_some(debian))
        })
}

fn bundled_linker(host: &Host) -> Result<Option<PathBuf>> {
    let sysroot = process::capture(ordinary_rustc(host).args(["--print", "sysroot"]))?;
    let version = process::capture(ordinary_rustc(host).arg("-vV"))?;
    let triple = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("`rustc -vV` names no host")?;
    let name = if cfg!(windows) {
        "rust-lld.exe"
    } else {
        "rust-lld"
    };
    let linker = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(triple)
        .join("bin")
        .join(name);
    Ok(linker.is_file().then_some(linker))
}

#[cfg(test)]
mod tests;
