//! The edges between the JavaScript packages: page and worker know the package by its name only.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

/// A folder, and what within the repository it may not reach by a path.
const CLOSED: [(&str, &[&str]); 3] = [
    ("npm", &["crates", "tests", "web", "worker"]),
    ("web", &["crates", "npm", "worker"]),
    ("worker", &["crates", "npm", "web"]),
];

/// A package, and which packages of ours it may depend on.
const ALLOWED: [(&str, &[&str]); 3] = [
    ("npm", &[]),
    ("web", &["modelseal"]),
    ("worker", &["modelseal"]),
];

/// What is written by hand. Built files are not looked at.
const EXTENSIONS: [&str; 12] = [
    "css", "cjs", "html", "js", "json", "jsonc", "jsx", "mjs", "mts", "toml", "ts", "tsx",
];
const BUILT: [&str; 4] = ["coverage", "dist", "node_modules", "wasm"];

/// Every edge that is not allowed.
pub(super) fn check(repo: &Path) -> Result<Vec<String>> {
    let mut violations = Vec::new();
    for (folder, closed) in CLOSED {
        let mut files = Vec::new();
        let dir = repo.join(folder);
        if dir.is_dir() {
            written_files(&dir, &mut files)?;
        }
        for file in files {
            let relative = file.strip_prefix(repo)?.to_path_buf();
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            violations.extend(paths_out(&relative, &text, closed));
        }
    }
    let ours = package_names(repo)?;
    for (folder, allowed) in ALLOWED {
        let manifest = repo.join(folder).join("package.json");
        if manifest.is_file() {
            let manifest = crate::setup::node::read_json(&manifest)?;
            violations.extend(dependencies(folder, &manifest, &ours, allowed));
        }
    }
    Ok(violations)
}

/// String literals that lead from `file` into a closed folder.
fn paths_out(file: &Path, text: &str, closed: &[&str]) -> Vec<String> {
    let mut violations = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for literal in literals(line).filter(|literal| literal.contains("..")) {
            let folder = file.parent().unwrap_or(Path::new("")).join(literal);
            let Some(target) = normalize(&folder) else {
                continue;
            };
            if closed.iter().any(|closed| target.starts_with(closed)) {
                violations.push(format!(
                    "{}:{}: \"{literal}\" leads into {}: only a package's name may",
                    file.display(),
                    index + 1,
                    target.display()
                ));
            }
        }
    }
    violations
}

/// The texts between two quotes of one kind on a line.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    ['"', '\'', '`'].into_iter().flat_map(move |quote| {
        // Each piece is looked at, whether it began inside or outside a literal: quotes nest in odd ways.
        line.split(quote).skip(1)
    })
}

/// Resolves `.` and `..`; nothing above the repository.
pub(super) fn normalize(path: &Path) -> Option<PathBuf> {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if !result.pop() => return None,
            Component::Normal(name) => result.push(name),
            _ => {}
        }
    }
    Some(result)
}

fn dependencies(folder: &str, manifest: &Value, ours: &[String], allowed: &[&str]) -> Vec<String> {
    let mut violations = Vec::new();
    for kind in [
        "dependencies",
        "devDependencies",
        "optionalDependencies",
        "peerDependencies",
    ] {
        let Some(dependencies) = manifest[kind].as_object() else {
            continue;
        };
        for (name, version) in dependencies {
            if ours.contains(name) && !allowed.contains(&name.as_str()) {
                violations.push(format!("{folder}/package.json: {kind} may not name {name}"));
            }
            let version = version.as_str().unwrap_or_default();
            if version.starts_with("file:") || version.starts_with("link:") {
                violations.push(format!("{folder}/package.json: {name} is taken by a path"));
            }
        }
    }
    violations
}

fn package_names(repo: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for (folder, _) in ALLOWED {
        let manifest = repo.join(folder).join("package.json");
        if manifest.is_file() {
            let name = crate::setup::node::read_json(&manifest)?["name"]
                .as_str()
                .map(str::to_owned);
            names.push(name.with_context(|| format!("{} has no name", manifest.display()))?);
        }
    }
    Ok(names)
}

/// Every file under `dir` that is written by hand, sorted.
pub(super) fn written_files(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, name) = (
            entry.path(),
            entry.file_name().to_string_lossy().into_owned(),
        );
        if entry.file_type()?.is_dir() {
            if !BUILT.contains(&name.as_str()) && !name.starts_with('.') {
                written_files(&path, files)?;
            }
        } else if EXTENSIONS
            .iter()
            .any(|known| path.extension().is_some_and(|e| e == *known))
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CLOSED_TO_WEB: &[&str] = &["crates", "npm", "worker"];

    #[test]
    fn a_name_is_no_path() {
        let text =
            "import { verify } from \"modelseal\";\nimport \"./table.js\";\nimport '../style.css';";
        assert!(paths_out(Path::new("web/src/main.ts"), text, CLOSED_TO_WEB).is_empty());
    }

    #[test]
    fn a_path_into_another_package_is_found() {
        let found = |text| paths_out(Path::new("web/src/main.ts"), text, CLOSED_TO_WEB);
        assert_eq!(
            found("\nimport { verify } from \"../../npm/src/index.js\";"),
            [
                "web/src/main.ts:2: \"../../npm/src/index.js\" leads into npm/src/index.js: only a package's name may"
            ]
        );
        assert_eq!(
            found("const wasm = new URL('../../npm/wasm/x.wasm', import.meta.url)").len(),
            1
        );
        assert_eq!(found("await import(`../../worker/src/app.ts`)").len(), 1);
    }

    #[test]
    fn a_dependency_on_a_neighbour_is_found() {
        let ours = ["modelseal", "modelseal-page"].map(str::to_owned);
        let manifest = json!({ "devDependencies": { "modelseal-page": "0.1.0", "vite": "8" } });
        assert_eq!(
            dependencies("worker", &manifest, &ours, &["modelseal"]),
            ["worker/package.json: devDependencies may not name modelseal-page"]
        );
        let manifest = json!({ "dependencies": { "modelseal": "file:../npm" } });
        assert_eq!(
            dependencies("worker", &manifest, &ours, &["modelseal"]),
            ["worker/package.json: modelseal is taken by a path"]
        );
    }
}
