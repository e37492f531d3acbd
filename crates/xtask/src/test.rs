//! The whole test suite: Rust, then JavaScript in Node, Chromium and workerd.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::generated;
use crate::host::Host;
use crate::process;
use crate::setup;
use crate::setup::node;
use crate::suites::Suites;
use crate::ui::Ui;
use crate::wasm;

/// Sets up, builds, and runs every suite.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    let mut suites = Suites::new(ui);
    if suites.check("set-up", || setup::all(host, ui)) {
        rust(host, ui, &mut suites)?;
        if suites.check("wasm and npm package", || wasm::build_npm(host, ui)) {
            suites.check("pages", || generated::pages(host, ui, true));
            javascript(host, ui, &mut suites)?;
        }
    }
    suites.finish()
}

/// The workspace's tests and documentation tests.
pub(crate) fn rust(host: &Host, ui: &Ui, suites: &mut Suites<'_>) -> Result<()> {
    // Tests that sign with the Python implementation find it here.
    let python = setup::python::prepare(host, ui)?;
    let test = |name: &str, arguments: &[&str]| {
        let mut command = host.cargo();
        command.args(["test", "--no-fail-fast"]).args(arguments);
        command.env("MODELSEAL_PYTHON", &python);
        // The whole workspace is tested, so that cargo has built the command before any test runs.
        command.env("MODELSEAL_CLI_IS_BUILT", "1");
        if host.ci {
            command.arg("--locked");
        }
        run_tests(ui, name, &mut command)
    };
    suites.test("rust tests", || {
        test("rust tests", &["--workspace", "--exclude", "xtask"])
    });
    // By itself and in its own profile: otherwise everything it is made of is built once more.
    suites.test("xtask tests", || {
        test("xtask tests", &["--package", "xtask", "--profile", "xtask"])
    });
    Ok(())
}

/// The suites of the npm workspaces, each by itself.
pub(crate) fn javascript(host: &Host, ui: &Ui, suites: &mut Suites<'_>) -> Result<()> {
    let chromium = setup::chromium::prepare(host, ui)?;
    let firefox = setup::firefox::prepare(host, ui)?;
    let python = setup::python::prepare(host, ui)?;
    let hub_clients = setup::hub_clients::prepare(host, ui)?;
    ui.step("cases of TUF for JavaScript", |step| {
        let mut cargo = host.cargo();
        cargo.args(["run", "--quiet", "--package", "modelseal-tuf-tests"]);
        cargo.args(["--example", "dump"]);
        let cases = process::capture(&mut cargo)?;
        let file = host.target("tuf-cases.jsonl");
        step.note(&format!("{} lines", cases.lines().count()));
        fs::write(&file, cases).with_context(|| format!("cannot write {}", file.display()))
    })?;
    for workspace in node::workspaces(host)? {
        if node::read_json(&workspace.join("package.json"))?["scripts"]["test"].is_null() {
            continue;
        }
        let folder = workspace
            .strip_prefix(&host.repo)?
            .to_string_lossy()
            .into_owned();
        let name = format!("{folder} tests");
        suites.test(&name, || {
            let mut command = host.npm();
            command.args(["test", "--workspace", &folder]);
            command
                .env("CHROMIUM", &chromium)
                .env("MODELSEAL_PYTHON", &python)
                .env("MODELSEAL_HUB_CLIENTS", &hub_clients);
            if let Some(firefox) = &firefox {
                command.env("FIREFOX", firefox);
            }
            run_tests(ui, &name, &mut command)
        });
    }
    Ok(())
}

/// A failed test is not an error yet: the other suites run, and the summary tells.
fn run_tests(ui: &Ui, name: &str, command: &mut Command) -> Result<(bool, String)> {
    ui.step(name, |step| {
        let result = process::try_run(step, command)?;
        if !result.0 {
            step.fail();
        }
        Ok(result)
    })
}
