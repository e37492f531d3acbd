//! Every dependency's licence and source, and the crates that are not wanted.
//!
//! Security advisories are not looked up: that takes a database from the network.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

/// Licences that ask for no more than their own text.
const LICENCES: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that name a file instead of a licence, and what was found in it.
const READ: [(&str, &str); 1] = [("sigstore-protobuf-specs-derive", "Apache-2.0")];

/// Cargo's name for crates.io, whatever mirror stands in for it.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

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
const SHIPPED: [&str; 4] = [
    "modelseal",
    "modelseal-cli",
    "modelseal-hash",
    "modelseal-wasm",
];

/// Prints every violation, and fails if there is one.
pub fn run(host: &Host, ui: &Ui) -> Result<()> {
    ui.step(
        "licences and sources (advisories are not checked offline)",
        |step| {
            let mut command = host.cargo();
            command.args(["metadata", "--format-version", "1", "--all-features"]);
            let metadata: Value = serde_json::from_str(&process::capture(&mut command)?)
                .context("`cargo metadata` gave no JSON")?;
            let violations = check(&metadata)?;
            for line in &violations {
                step.note(&format!("error: {line}"));
            }
            if !violations.is_empty() {
                bail!(
                    "{} dependencies may not be used as they are",
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
    for name in shipped(metadata, packages)? {
        if UNWANTED.contains(&name.as_str()) {
            violations.insert(format!("{name} would be shipped: it is not wanted"));
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

/// The names of all crates that end in something shipped: normal edges from our own.
fn shipped(metadata: &Value, packages: &[Value]) -> Result<BTreeSet<String>> {
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
    let ours = names.iter().filter(|(_, name)| SHIPPED.contains(name));
    let mut queue: Vec<&str> = ours.map(|(id, _)| *id).collect();
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

/// Can an SPDX expression be met with the licences above? `/` is an older way to write OR.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest) == Some(true) && rest.is_empty()
}

fn any(words: &mut &[&str]) -> Option<bool> {
    let mut allowed = all(words)?;
    while words.first() == Some(&"OR") {
        *words = &words[1..];
        // Both sides are read, whatever the first one said.
        let next = all(words)?;
        allowed = allowed || next;
    }
    Some(allowed)
}

fn all(words: &mut &[&str]) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.first() == Some(&"AND") {
        *words = &words[1..];
        let next = one(words)?;
        allowed = allowed && next;
    }
    Some(allowed)
}

fn one(words: &mut &[&str]) -> Option<bool> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    if *first == "(" {
        let allowed = any(words)?;
        let (close, rest) = words.split_first()?;
        *words = rest;
        return (*close == ")").then_some(allowed);
    }
    let mut name = (*first).to_owned();
    if let ["WITH", exception, rest @ ..] = *words {
        name = format!("{name} WITH {exception}");
        *words = rest;
    }
    Some(LICENCES.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn licence_expressions() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "MIT OR",
            "(MIT",
            "MIT WITH x",
            "",
            "MIT MIT",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }

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
            ["ring would be shipped: it is not wanted"]
        );
        assert!(found(&metadata("ring", "MIT", CRATES_IO, json!("dev"))).is_empty());
        let mut any = metadata("x", "MIT", CRATES_IO, Value::Null);
        any["packages"][0]["dependencies"][0]["req"] = json!("*");
        assert_eq!(found(&any), ["modelseal takes any version of x"]);
    }
}
