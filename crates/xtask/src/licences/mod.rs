//! Checks every dependency's licence and source, and what goes with each package: licence, notices, schemas.
//!
//! Security advisories are not looked up: that takes a database from the network.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

mod copies;
mod expression;
mod notices;

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

use expression::is_allowed;

/// Crates that name a file instead of a licence, and what was found in it.
const READ: [(&str, &str); 1] = [("sigstore-protobuf-specs-derive", "Apache-2.0")];

/// Cargo's name for crates.io, whatever mirror stands in for it.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The one exception: TLS of `modelseal roots update`. It carries bytes that are verified afterwards, and rustls has no
/// finished provider in Rust alone. Nothing that verifies may come to depend on it.
const TRANSPORT: (&str, &str) = ("modelseal-cli", "ring");

/// What is shipped is Rust: no second implementation of cryptography, none in C.
const UNWANTED: [&str; 8] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "boring-sys",
    "mbedtls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "ring",
];

/// The crates that are shipped.
const SHIPPED: [&str; 6] = [
    "modelseal",
    "modelseal-cli",
    "modelseal-hash",
    "modelseal-tuf",
    "modelseal-tuf-wasm",
    "modelseal-wasm",
];

/// Prints every violation, and fails if there is one. What follows from one source can be written anew first.
pub(crate) fn run(host: &Host, ui: &Ui, write: bool) -> Result<()> {
    ui.step(
        "licences and sources (advisories are not checked offline)",
        |step| {
            let mut command = host.cargo();
            command.args(["metadata", "--format-version", "1", "--all-features"]);
            let metadata: Value = serde_json::from_str(&process::capture(&mut command)?)
                .context("`cargo metadata` printed something that is not JSON")?;
            if write {
                copies::write(&host.repo)?;
                notices::write(host, &metadata)?;
            }
            let mut violations = check(&metadata)?;
            violations.extend(copies::check(&host.repo)?);
            violations.extend(notices::check(host, &metadata)?);
            for line in &violations {
                step.note(&format!("error: {line}"));
            }
            if !violations.is_empty() {
                bail!(
                    "licences and sources: {} violations, see above",
                    violations.len()
                );
            }
            let count = metadata["packages"].as_array().map_or(0, Vec::len);
            step.note(&format!(
                "{count} packages, each under a permissive licence and from crates.io"
            ));
            Ok(())
        },
    )
}

fn check(metadata: &Value) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("no packages")?;
    let mut violations = BTreeSet::new();
    for package in packages {
        let name = package["name"]
            .as_str()
            .context("a package without a name")?;
        let read = READ
            .iter()
            .find(|(read, _)| *read == name)
            .map(|(_, licence)| *licence);
        let licence = package["license"].as_str().or(read);
        if !licence.is_some_and(is_allowed) {
            violations.insert(format!(
                "{name} is under {}",
                licence.unwrap_or("no licence")
            ));
        }
        match package["source"].as_str() {
            // A member of the workspace.
            None => violations.extend(wildcards(name, package)),
            Some(CRATES_IO) => {}
            Some(source) => {
                violations.insert(format!("{name} comes from {source}"));
            }
        }
    }
    let (shell, carrier) = TRANSPORT;
    for ours in SHIPPED {
        for name in shipped(metadata, packages, ours)? {
            let is_exception = ours == shell && name == carrier;
            if UNWANTED.contains(&name.as_str()) && !is_exception {
                violations.insert(format!(
                    "{name} would be shipped in {ours}: it is not wanted"
                ));
            }
        }
    }
    Ok(violations.into_iter().collect())
}

/// A requirement of any version at all.
fn wildcards(name: &str, package: &Value) -> Vec<String> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let any =
        dependencies.filter(|dependency| dependency["path"].is_null() && dependency["req"] == "*");
    any.filter_map(|dependency| dependency["name"].as_str())
        .map(|dependency| format!("{name} takes any version of {dependency}"))
        .collect()
}

/// The names of all crates that end in one that is shipped: normal edges from it.
fn shipped(metadata: &Value, packages: &[Value], ours: &str) -> Result<BTreeSet<String>> {
    let names: BTreeMap<&str, &str> = packages
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
        .collect();
    let nodes = metadata["resolve"]["nodes"]
        .as_array()
        .context("`cargo metadata` resolved nothing")?;
    let edges: BTreeMap<&str, &Value> = nodes
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, &node["deps"])))
        .collect();
    let roots = names.iter().filter(|(_, name)| **name == ours);
    let mut queue: Vec<&str> = roots.map(|(id, _)| *id).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        for edge in edges
            .get(id)
            .and_then(|edges| edges.as_array())
            .into_iter()
            .flatten()
        {
            let kinds = edge["dep_kinds"].as_array().into_iter().flatten();
            // Code of a kind `null` is linked; tests and build scripts stay behind.
            if kinds.into_iter().any(|kind| kind["kind"].is_null()) {
                queue.extend(edge["pkg"].as_str());
            }
        }
    }
    Ok(seen
        .iter()
        .filter_map(|id| names.get(id))
        .map(|name| (*name).to_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Metadata of a core with one dependency.
    fn metadata(name: &str, licence: &str, source: &str, kind: Value) -> Value {
        let kinds = json!([{ "kind": kind }]);
        json!({
            "packages": [
                { "id": "m", "name": "modelseal", "license": "Apache-2.0", "source": null,
                  "dependencies": [{ "name": name, "req": "^1", "path": null }] },
                { "id": "d", "name": name, "license": licence, "source": source, "dependencies": [] },
            ],
            "resolve": { "nodes": [
                { "id": "m", "deps": [{ "pkg": "d", "dep_kinds": kinds }] },
                { "id": "d", "deps": [] },
            ] },
        })
    }

    #[test]
    fn what_is_wrong_is_found() {
        let found = |metadata: &Value| check(metadata).expect("it is metadata");
        assert!(found(&metadata("sha2", "MIT", CRATES_IO, Value::Null)).is_empty());
        assert_eq!(
            found(&metadata("x", "AGPL-3.0", CRATES_IO, Value::Null)),
            ["x is under AGPL-3.0"]
        );
        assert_eq!(
            found(&metadata("x", "MIT", "git+ssh://a", Value::Null)),
            ["x comes from git+ssh://a"]
        );
        assert_eq!(
            found(&metadata("ring", "MIT", CRATES_IO, Value::Null)),
            ["ring would be shipped in modelseal: it is not wanted"]
        );
        assert!(found(&metadata("ring", "MIT", CRATES_IO, json!("dev"))).is_empty());
        let mut any = metadata("x", "MIT", CRATES_IO, Value::Null);
        any["packages"][0]["dependencies"][0]["req"] = json!("*");
        assert_eq!(found(&any), ["modelseal takes any version of x"]);
    }
}
