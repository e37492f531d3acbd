//! What is stated of speed and memory, measured: side by side with the peers, and on hostile bundles.
//!
//! The measuring is in `tests/bench`, since most of what is measured runs in JavaScript hosts, and in
//! `tests/hostile`. Here is what they need: the packages, the browser, the command and the Python implementation.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::host::Host;
use crate::process;
use crate::setup;
use crate::ui::Ui;
use crate::wasm;

const B3SUM: &str = "1.8.7";

/// What to measure, and how thoroughly.
#[derive(Args)]
pub(crate) struct Options {
    /// What to measure; everything if left out
    suites: Vec<Suite>,
    /// Two minutes at most: less data and fewer pairs. No bar is decided by it
    #[arg(long)]
    quick: bool,
    /// Only entries whose name has this in it
    #[arg(long)]
    only: Option<String>,
}

/// Each writes `target/bench/<name>.json`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// What the gateway costs in workerd, beside the same work without modelseal
    Gateway,
    /// How fast files are hashed
    Hash,
    /// What bundles cost that ask for as much work as they can
    Hostile,
    /// How fast the page answers in Chromium, and how long its main thread is taken at a time
    Page,
    /// How long a whole refresh of a trust root takes on the processor, natively and in Wasm
    Tuf,
    /// How long a keyless bundle takes
    Verify,
}

impl Suite {
    const ALL: [Self; 6] = [
        Self::Hash,
        Self::Verify,
        Self::Hostile,
        Self::Tuf,
        Self::Gateway,
        Self::Page,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Hash => "hash",
            Self::Hostile => "hostile",
            Self::Page => "page",
            Self::Tuf => "tuf",
            Self::Verify => "verify",
        }
    }
}

/// Builds what is measured, and measures it.
pub(crate) fn run(host: &Host, ui: &Ui, options: &Options) -> Result<()> {
    let suites = match options.suites.as_slice() {
        [] => &Suite::ALL,
        chosen => chosen,
    };
    let results = host.target("bench");
    fs::create_dir_all(&results).with_context(|| format!("cannot make {}", results.display()))?;
    if suites.contains(&Suite::Tuf) {
        tuf(host, ui)?;
    }
    if suites.contains(&Suite::Gateway) {
        gateway(host, ui, options)?;
    }
    if suites.contains(&Suite::Page) {
        page(host, ui, options)?;
    }
    if suites
        .iter()
        .all(|suite| matches!(suite, Suite::Gateway | Suite::Page | Suite::Tuf))
    {
        return Ok(());
    }
    let command = build_command(host, ui)?;
    let javascript: Vec<Suite> = suites
        .iter()
        .copied()
        .filter(|suite| matches!(suite, Suite::Hash | Suite::Verify))
        .collect();
    if !javascript.is_empty() {
        peers(host, ui, options, &javascript, &command)?;
    }
    if suites.contains(&Suite::Hostile) {
        hostile(host, ui, options, &command)?;
    }
    Ok(())
}

/// Side by side with the peers, in JavaScript's hosts and on the command line.
fn peers(host: &Host, ui: &Ui, options: &Options, suites: &[Suite], command: &Path) -> Result<()> {
    let chromium = setup::chromium::prepare(host, ui)?;
    let python = setup::python::prepare(host, ui)?;
    wasm::build_npm(host, ui)?;
    let b3sum = b3sum(host, ui)?;
    if suites.contains(&Suite::Verify) {
        own_bundles(host, ui)?;
    }
    let mut bench = host.command("node");
    bench.arg(host.repo.join("tests/bench/run.mjs"));
    bench.args(suites.iter().map(|suite| suite.name()));
    if options.quick {
        bench.arg("--quick");
    }
    if let Some(only) = &options.only {
        bench.args(["--only", only]);
    }
    bench
        .env("CHROMIUM", chromium)
        .env("MODELSEAL_PYTHON", python)
        .env("MODELSEAL_CLI", command)
        .env("MODELSEAL_B3SUM", b3sum);
    shown(&mut bench)
}

/// Bundles of a little Sigstore of our own, for where there are no public vectors.
fn own_bundles(host: &Host, ui: &Ui) -> Result<()> {
    ui.step("bundles of our own", |step| {
        let mut cargo = host.cargo();
        cargo.args(["run", "--quiet", "--package", "modelseal-forge-sigstore"]);
        cargo.args(["--example", "bench", "--"]);
        process::run(step, cargo.arg(host.target("bench/vectors"))).map(drop)
    })
}

/// The gateway in workerd, with an origin on this machine.
fn gateway(host: &Host, ui: &Ui, options: &Options) -> Result<()> {
    wasm::build_npm(host, ui)?;
    let mut bench = host.command("node");
    bench.arg(host.repo.join("tests/bench/gateway.mjs"));
    if options.quick {
        bench.arg("--quick");
    }
    shown(&mut bench)
}

/// The page in Chromium, built and served on this machine.
fn page(host: &Host, ui: &Ui, options: &Options) -> Result<()> {
    let chromium = setup::chromium::prepare(host, ui)?;
    wasm::build_npm(host, ui)?;
    let mut bench = host.command("node");
    bench.arg(host.repo.join("tests/bench/page.mjs"));
    if options.quick {
        bench.arg("--quick");
    }
    shown(bench.env("CHROMIUM", chromium))
}

/// What a refresh may take on the processor, in milliseconds: natively, and in Wasm.
const REFRESH_MS: [f64; 2] = [100.0, 400.0];

/// A whole refresh from an old root, over the copy of Sigstore's production.
fn tuf(host: &Host, ui: &Ui) -> Result<()> {
    let beside = host.repo.join("../shared/vectors");
    let vectors = std::env::var_os("MODELSEAL_VECTORS").map_or(beside, PathBuf::from);
    let production = vectors.join("tuf/production");
    if !production.is_dir() {
        ui.line("tuf: skipped, the copy of Sigstore's production is not here");
        return Ok(());
    }
    wasm::build(host, ui)?;
    let mut native = host.cargo();
    let arguments = "run --quiet --release --package modelseal-tuf-tests --example refresh_time --";
    native.args(arguments.split(' ')).arg(&production);
    let mut in_wasm = host.command("node");
    in_wasm
        .arg(host.repo.join("tests/bench/tuf.mjs"))
        .arg(&production);
    let mut results = Vec::new();
    for (command, bar) in [&mut native, &mut in_wasm].into_iter().zip(REFRESH_MS) {
        let line = process::capture(command)?;
        let result: Value = serde_json::from_str(line.trim()).context("a result in JSON")?;
        let (name, median) = (&result["name"], &result["medianMs"]);
        ui.line(format!("{name}: {median} ms, the bar is {bar} ms"));
        if median.as_f64().is_none_or(|median| median > bar) {
            bail!("a refresh is slower than its bar");
        }
        results.push(result);
    }
    let file = host.target("bench/tuf.json");
    let text = format!("{:#}\n", Value::from(results));
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// Hostile bundles, each by the command in a process of its own.
fn hostile(host: &Host, ui: &Ui, options: &Options, command: &Path) -> Result<()> {
    let harness = build(host, ui, "hostile bundles: build", "modelseal-hostile")?;
    let part = options.only.as_ref().map_or("", |_| ".part");
    let file = host.target("bench").join(format!("hostile{part}.json"));
    let mut bench = host.command(harness);
    bench.arg(command).arg(&file).args(&options.only);
    let status = bench
        .status()
        .context("the hostile bundles could not be run")?;
    ui.line(format!("written to {}", file.display()));
    if !status.success() {
        bail!("hostile bundles: not every run is within the bar, see above");
    }
    Ok(())
}

/// Runs what prints the result: it is not folded into a step.
fn shown(command: &mut Command) -> Result<()> {
    let status = command.status();
    let status = status.with_context(|| format!("`{}` did not start", process::shown(command)))?;
    if !status.success() {
        bail!(
            "`{}` failed; what it said is above",
            process::shown(command)
        );
    }
    Ok(())
}

/// The command as it is released.
fn build_command(host: &Host, ui: &Ui) -> Result<PathBuf> {
    build(host, ui, "command: build", "modelseal-cli")?;
    let name = format!("modelseal{}", std::env::consts::EXE_SUFFIX);
    Ok(host.target("release").join(name))
}

/// Builds a package for speed. The program that is named like it, if there is one.
fn build(host: &Host, ui: &Ui, step: &str, package: &str) -> Result<PathBuf> {
    ui.step(step, |step| {
        let mut cargo = host.cargo();
        cargo.args(["build", "--release", "--package", package]);
        if host.ci {
            cargo.arg("--locked");
        }
        process::run(step, &mut cargo)
    })?;
    let name = format!("{package}{}", std::env::consts::EXE_SUFFIX);
    Ok(host.target("release").join(name))
}

/// The peer for BLAKE3: the one that is installed, or one of the project's own.
fn b3sum(host: &Host, ui: &Ui) -> Result<PathBuf> {
    if let Some(found) = host.find("b3sum") {
        return Ok(found);
    }
    let root = host.target("b3sum");
    let program = root.join(format!("bin/b3sum{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        ui.step("b3sum: install", |step| {
            let mut cargo = host.cargo();
            cargo.args(["install", "--locked", "--version", B3SUM, "b3sum", "--root"]);
            process::run(step, cargo.arg(&root))
        })?;
    }
    Ok(program)
}
