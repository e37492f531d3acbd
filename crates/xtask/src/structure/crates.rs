//! The edges between crates: shells, core, hashes, one way.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::host::Host;
use crate::process;

/// Which of our own crates a crate may depend on. Tests and tools are free.
const ALLOWED: [(&str, &[&str]); 6] = [
    // The threads and workers of these two hash pieces that the core never sees.
    (
        "modelseal-cli",
        &["modelseal", "modelseal-hash", "modelseal-tuf"],
    ),
    // No code of TUF: who does not refresh does not load it.
    ("modelseal-wasm", &["modelseal", "modelseal-hash"]),
    ("modelseal-tuf-wasm", &["modelseal", "modelseal-tuf"]),
    ("modelseal-tuf", &["modelseal", "modelseal-hash"]),
    ("modelseal", &["modelseal-hash"]),
    ("modelseal-hash", &[]),
];

/// Our crates that translate for JavaScript.
pub(super) const TRANSLATIONS: [&str; 2] = ["modelseal-tuf-wasm", "modelseal-wasm"];

/// Crates that speak to JavaScript: those of ours that translate name them.
const JAVASCRIPT: [&str; 5] = [
    "js-sys",
    "serde-wasm-bindgen",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
];

/// What `cargo metadata` says of the workspace.
pub(crate) fn metadata(host: &Host) -> Result<Value> {
    let mut command = host.cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps"]);
    serde_json::from_str(&process::capture(&mut command)?).context("`cargo metadata` gave no JSON")
}

/// The folders of the workspace's crates, relative to its root.
pub(super) fn workspace_crates(host: &Host) -> Result<Vec<String>> {
    let metadata = metadata(host)?;
    let root = host.repo.canonicalize()?;
    let mut dirs = Vec::new();
    for package in packages(&metadata)? {
        let manifest = package["manifest_path"]
            .as_str()
            .context("a package without a manifest")?;
        let dir = fs::canonicalize(manifest)?;
        let dir = dir
            .parent()
            .context("a manifest without a folder")?
            .strip_prefix(&root)?;
        dirs.push(dir.to_string_lossy().replace('\\', "/"));
    }
    Ok(dirs)
}

/// Every edge that is not allowed.
pub(super) fn check(metadata: &Value) -> Result<Vec<String>> {
    let packages = packages(metadata)?;
    let names: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut violations = Vec::new();
    for package in packages {
        let name = package["name"]
            .as_str()
            .context("a package without a name")?;
        let allowed = ALLOWED.iter().find(|(crate_name, _)| *crate_name == name);
        for dependency in package["dependencies"]
            .as_array()
            .context("no dependencies")?
        {
            let target = dependency["name"]
                .as_str()
                .context("a dependency without a name")?;
            if JAVASCRIPT.contains(&target) && !TRANSLATIONS.contains(&name) {
                violations.push(format!(
                    "{name} depends on {target}: only {} may",
                    TRANSLATIONS.join(" and ")
                ));
            }
            // A crate's tests may use what its code may not.
            let for_tests = dependency["kind"].as_str() == Some("dev");
            let Some((_, allowed)) = allowed else {
                continue;
            };
            if !for_tests && names.contains(&target) && !allowed.contains(&target) {
                violations.push(format!("{name} depends on {target}: that way is not open"));
            }
        }
    }
    Ok(violations)
}

fn packages(metadata: &Value) -> Result<&Vec<Value>> {
    metadata["packages"]
        .as_array()
        .context("`cargo metadata` lists no packages")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn violations(name: &str, target: &str, kind: Value) -> Vec<String> {
        let ours = [
            "modelseal",
            "modelseal-cli",
            "modelseal-hash",
            "modelseal-tuf",
            "modelseal-tuf-wasm",
            "modelseal-wasm",
            "xtask",
        ];
        let packages: Vec<Value> = ours
            .iter()
            .map(|ours| match *ours == name {
                true => json!({ "name": ours, "dependencies": [{ "name": target, "kind": kind }] }),
                false => json!({ "name": ours, "dependencies": [] }),
            })
            .collect();
        check(&json!({ "packages": packages })).expect("it is metadata")
    }

    #[test]
    fn the_open_ways_are_open() {
        assert!(violations("modelseal-cli", "modelseal", Value::Null).is_empty());
        assert!(violations("modelseal-cli", "modelseal-hash", Value::Null).is_empty());
        assert!(violations("modelseal", "modelseal-hash", Value::Null).is_empty());
        assert!(violations("modelseal-cli", "modelseal-tuf", Value::Null).is_empty());
        assert!(violations("modelseal-tuf", "modelseal", Value::Null).is_empty());
        assert!(violations("modelseal-tuf-wasm", "wasm-bindgen", Value::Null).is_empty());
        assert!(violations("modelseal", "sha2", Value::Null).is_empty());
        assert!(violations("modelseal-wasm", "wasm-bindgen", Value::Null).is_empty());
        assert!(violations("modelseal", "modelseal-cli", json!("dev")).is_empty());
    }

    #[test]
    fn an_edge_the_wrong_way_is_found() {
        let found = violations("modelseal-hash", "modelseal", Value::Null);
        assert_eq!(
            found,
            ["modelseal-hash depends on modelseal: that way is not open"]
        );
        let found = violations("modelseal-cli", "modelseal-wasm", json!("build"));
        assert_eq!(
            found,
            ["modelseal-cli depends on modelseal-wasm: that way is not open"]
        );
        // TUF stays out of what everyone loads.
        for (name, target) in [
            ("modelseal-wasm", "modelseal-tuf"),
            ("modelseal", "modelseal-tuf"),
        ] {
            let found = violations(name, target, Value::Null);
            let expected = format!("{name} depends on {target}: that way is not open");
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn javascript_outside_the_translation_is_found() {
        let found = violations("modelseal", "js-sys", json!("dev"));
        assert_eq!(
            found,
            ["modelseal depends on js-sys: only modelseal-tuf-wasm and modelseal-wasm may"]
        );
    }
}
