//! Files that are made from the core's own tables: written here, never by a test.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

/// The unions of codes, stages and notes in TypeScript.
const CODES: &str = "npm/src/types/codes.ts";

/// The exact code of each case of x509-limbo that is rejected.
const LIMBO_CODES: &str = "crates/modelseal/src/x509/tests/limbo-codes.json";

/// `cargo xtask codes`: writes [`CODES`], or says whether it is as made.
pub(crate) fn codes(host: &Host, ui: &Ui, check: bool) -> Result<()> {
    ui.step("codes in TypeScript", |step| {
        let mut command = host.cargo();
        command.args(["run", "--quiet", "--package", "modelseal-core-tests"]);
        command.args(["--example", "codes"]);
        let made = process::capture(&mut command)? + "\n";
        let path = host.repo.join(CODES);
        if !check {
            return write(&path, &made);
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        if found != made {
            bail!("{CODES} is not what the core's tables say: run `cargo xtask codes`");
        }
        step.note(&format!("{CODES} is as the core's tables say"));
        Ok(())
    })
}

/// `cargo xtask pages`: writes the pages of `tests/cli-output` with the native command, or holds both commands to them.
/// The npm package must be built for that.
pub(crate) fn pages(host: &Host, ui: &Ui, check: bool) -> Result<()> {
    ui.step("pages of both commands", |step| {
        // The same crates as in the tests, so that what these have built is built once.
        let mut build = host.cargo();
        build.args(["build", "--workspace", "--exclude", "xtask", "--bins"]);
        process::run(step, &mut build)?;
        let program =
            |name: &str| host.target(&format!("debug/{name}{}", std::env::consts::EXE_SUFFIX));
        let native = program("modelseal");
        let mut run = Command::new(program("modelseal-cli-output"));
        if !check {
            return process::run(step, run.arg("write").arg(native)).map(drop);
        }
        process::run(step, run.arg("check").arg(native))?;
        let mut run = Command::new(program("modelseal-cli-output"));
        let node = host.find("node").context("there is no node")?;
        run.arg("check")
            .arg(node)
            .arg(host.repo.join("npm/bin/modelseal.js"));
        process::run(step, &mut run).map(drop)
    })
}

/// `cargo xtask limbo-codes`: writes [`LIMBO_CODES`] from a run of the suite. What changed is to be read
/// before it is committed.
pub(crate) fn limbo_codes(host: &Host, ui: &Ui) -> Result<()> {
    ui.step("codes of x509-limbo", |step| {
        let arguments = "test --package modelseal --lib x509_limbo -- --nocapture";
        let mut command = host.cargo();
        command
            .args(arguments.split(' '))
            .env("MODELSEAL_LIMBO_CODES", "1");
        // The test fails where a code changed, and prints all of them first.
        let (_, text) = process::try_run(step, &mut command)?;
        let (start, end) = (text.find("{\n"), text.find("\n}"));
        let json = start
            .zip(end)
            .and_then(|(start, end)| text.get(start..end + 2));
        let json = json.context("the test did not print the codes: is the suite there?")?;
        write(&host.repo.join(LIMBO_CODES), &format!("{json}\n"))
    })
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
