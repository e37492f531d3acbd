//! The shortest road to a verdict: build, verify a model, then a tampered copy of it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::host::Host;
use crate::process;
use crate::ui::Ui;
use crate::wasm;

/// The model that the repository signs for its own tests.
const FIXTURES: &str = "tests/fixtures";
const MODEL: &str = "example-model";

/// Builds, then shows both verdicts.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    wasm::build_npm(host, ui)?;
    let fixtures = host.repo.join(FIXTURES);
    let copy = host.target("demo").join(MODEL);
    if copy.exists() {
        fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))?;
    }
    copy_folder(&fixtures.join(MODEL), &copy)?;
    let mut node = host.command("node");
    node.arg(host.repo.join("crates/xtask/demo.mjs"));
    node.arg(fixtures.join(MODEL)).arg(copy);
    node.arg(fixtures.join("model.sig"))
        .arg(fixtures.join("key.pub"));
    let succeeded = node.status().context("`node` did not start")?.success();
    if !succeeded {
        anyhow::bail!(
            "`{}`: a verdict was not the expected one",
            process::shown(&node)
        );
    }
    ui.line("\nNext: `cargo xtask serve` for the page and the worker on localhost.");
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}
