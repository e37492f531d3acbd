//! What the README states of speed and memory, measured side by side with the peers.
//!
//! The measuring is in `tests/bench`, since what is measured runs in JavaScript hosts. Here is what
//! has to be there before: the packages, the browser, the command and the Python implementation.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::host::Host;
use crate::process;
use crate::setup;
use crate::ui::Ui;
use crate::wasm;

const B3SUM: &str = "1.8.7";

/// What to measure, and how thoroughly.
#[derive(Args)]
pub struct Options {
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
#[derive(Clone, Copy, ValueEnum)]
enum Suite {
    /// How fast files are hashed
    Hash,
    /// How long a keyless bundle takes
    Verify,
}

impl Suite {
    const fn name(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Verify => "verify",
        }
    }
}

/// Builds what is measured, and measures it.
pub fn run(host: &Host, ui: &Ui, options: &Options) -> Result<()> {
    let chromium = setup::chromium::prepare(host, ui)?;
    let python = setup::python::prepare(host, ui)?;
    wasm::build_npm(host, ui)?;
    let command = build_command(host, ui)?;
    let b3sum = b3sum(host, ui)?;
    let results = host.target("bench");
    fs::create_dir_all(&results).with_context(|| format!("cannot make {}", results.display()))?;
    let mut bench = host.command("node");
    bench.arg(host.repo.join("tests/bench/run.mjs"));
    bench.args(options.suites.iter().map(|suite| suite.name()));
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
    // Its output is the result: it is not folded into a step.
    let succeeded = bench.status().context("`node` did not start")?.success();
    if !succeeded {
        anyhow::bail!("`{}` failed", process::shown(&bench));
    }
    Ok(())
}

/// The command as it is released.
fn build_command(host: &Host, ui: &Ui) -> Result<PathBuf> {
    ui.step("command: build", |step| {
        let mut cargo = host.cargo();
        cargo.args(["build", "--release", "--package", "modelseal-cli"]);
        if host.ci {
            cargo.arg("--locked");
        }
        process::run(step, &mut cargo)
    })?;
    let name = format!("modelseal{}", std::env::consts::EXE_SUFFIX);
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
