//! The public vectors, brought from where they are published: those cases that the lists of `tests/suites/vectors` have
//! an answer for. What is not public under a repository's own name (inputs from the field, verdicts over skills) is not
//! among them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

/// A repository, the commit that its cases are taken from, and a few words on it.
struct Suite {
    name: &'static str,
    address: &'static str,
    commit: &'static str,
}

const OMS: Suite = Suite {
    name: "OMS conformance suite",
    address: "https://github.com/sampras343/model-signing-conformance",
    commit: "114b0f7",
};

const SIGSTORE: Suite = Suite {
    name: "Sigstore conformance suite",
    address: "https://github.com/sigstore/sigstore-conformance",
    commit: "a73de49",
};

const LIMBO: Suite = Suite {
    name: "x509-limbo",
    address: "https://github.com/C2SP/x509-limbo",
    commit: "8a2e6f4",
};

/// Clones the suites and copies their cases into target/vectors.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    let work = host.target("vectors-work");
    let folder = host.target("vectors");
    for old in [&work, &folder] {
        if old.is_dir() {
            fs::remove_dir_all(old)?;
        }
    }
    let part = work.join("vectors");
    let oms = clone(host, ui, &OMS, &work)?.join("test");
    for name in ["assets/keys", "assets/models"] {
        copy(&oms.join(name), &part.join("oms").join(name))?;
    }
    let lists = ["expected.json", "roundtrip.json"];
    let listed = lists.iter().map(|list| names(host, list));
    for name in listed.collect::<Result<Vec<_>>>()?.concat() {
        if let Some(case) = name.strip_prefix("oms/") {
            copy(&oms.join("test-cases").join(case), &part.join(&name))?;
        }
    }
    let sigstore = clone(host, ui, &SIGSTORE, &work)?.join("test/assets/bundle-verify");
    let to = part.join("sigstore/bundle-verify");
    copy(&sigstore.join("a.txt"), &to.join("a.txt"))?;
    for name in names(host, "sigstore.json")? {
        copy(&sigstore.join(&name), &to.join(&name))?;
    }
    limbo(&clone(host, ui, &LIMBO, &work)?, &part)?;
    fs::rename(&part, &folder).context("cannot move the vectors into place")?;
    fs::remove_dir_all(&work)?;
    ui.line(format!(
        "vectors are in {}; the tests find them there",
        folder.display()
    ));
    Ok(())
}

/// The names of a list of `tests/suites/vectors`.
fn names(host: &Host, list: &str) -> Result<Vec<String>> {
    let path = host.repo.join("tests/suites/vectors").join(list);
    let json: Value = serde_json::from_str(&fs::read_to_string(&path)?)
        .with_context(|| format!("{} is not JSON", path.display()))?;
    Ok(match json {
        Value::Object(cases) => cases.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    })
}

fn clone(host: &Host, ui: &Ui, suite: &Suite, work: &Path) -> Result<PathBuf> {
    let folder = work.join(suite.name.replace(' ', "-"));
    ui.step(suite.name, |step| {
        let git = |arguments: &[&str]| {
            let mut command = host.command("git");
            // No prompt where there is no one to answer it.
            command.env("GIT_TERMINAL_PROMPT", "0").args(arguments);
            command
        };
        let path = folder.to_string_lossy();
        let mut command = git(&["clone", "--quiet", "--no-checkout", suite.address, &path]);
        let (cloned, _) = process::try_run(step, &mut command)?;
        if !cloned {
            bail!("{} cannot be reached at {}", suite.name, suite.address);
        }
        let checkout: &mut Command = &mut git(&["-C", &path, "checkout", "--quiet", suite.commit]);
        process::run(step, checkout).map(drop)
    })?;
    Ok(folder)
}

/// The cases of x509-limbo without those of BetterTLS, which are hundreds of one kind.
fn limbo(clone: &Path, part: &Path) -> Result<()> {
    let text =
        fs::read_to_string(clone.join("limbo.json")).context("x509-limbo has no limbo.json")?;
    let mut suite: Value = serde_json::from_str(&text).context("limbo.json is not JSON")?;
    if let Some(cases) = suite["testcases"].as_array_mut() {
        cases.retain(|case| {
            !case["id"]
                .as_str()
                .is_some_and(|id| id.starts_with("bettertls"))
        });
    }
    let to = part.join("x509-limbo/limbo.json");
    fs::create_dir_all(to.parent().context("it lies in a folder")?)?;
    Ok(fs::write(to, suite.to_string())?)
}

/// Copies a file or a folder. A link is copied as what it leads to within the clone.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut left = BTreeSet::from([(from.to_owned(), to.to_owned())]);
    while let Some((from, to)) = left.pop_first() {
        let what = || format!("cannot copy {}", from.display());
        if from.is_dir() {
            fs::create_dir_all(&to).with_context(what)?;
            for entry in fs::read_dir(&from).with_context(what)? {
                let name = entry?.file_name();
                left.insert((from.join(&name), to.join(&name)));
            }
        } else {
            fs::create_dir_all(to.parent().with_context(what)?)?;
            fs::copy(&from, &to).with_context(what)?;
        }
    }
    Ok(())
}
