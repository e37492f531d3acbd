//! Files that are published in several places, each from one source.
//!
//! A package may only contain what lies in its folder, so the copies are committed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The source, and its copies.
const COPIES: [(&str, &[&str]); 3] = [
    (
        "LICENSE",
        &[
            "crates/modelseal/LICENSE",
            "crates/modelseal-cli/LICENSE",
            "crates/modelseal-hash/LICENSE",
            "npm/LICENSE",
        ],
    ),
    (
        "schema/artifact-verdict.schema.json",
        &["crates/modelseal/schema/artifact-verdict.schema.json"],
    ),
    (
        "schema/verdict.schema.json",
        &["crates/modelseal/schema/verdict.schema.json"],
    ),
];

/// Every copy that is not its source.
pub(super) fn check(repo: &Path) -> Result<Vec<String>> {
    let mut violations = Vec::new();
    for (source, copies) in COPIES {
        let bytes = read(&repo.join(source))?;
        for copy in copies {
            if fs::read(repo.join(copy)).ok().as_ref() != Some(&bytes) {
                violations.push(format!(
                    "{copy} is not {source}: `cargo xtask licences --write` copies it"
                ));
            }
        }
    }
    Ok(violations)
}

/// Makes every copy what its source is.
pub(super) fn write(repo: &Path) -> Result<()> {
    for (source, copies) in COPIES {
        let bytes = read(&repo.join(source))?;
        for copy in copies {
            let file = repo.join(copy);
            if let Some(dir) = file.parent() {
                fs::create_dir_all(dir)
                    .with_context(|| format!("cannot make {}", dir.display()))?;
            }
            fs::write(&file, &bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::sandbox::Sandbox;

    #[test]
    fn a_copy_that_differs_is_found_and_mended() {
        let sandbox = Sandbox::new("copies");
        for (source, _) in COPIES {
            sandbox.file(source, source);
        }
        let repo = sandbox.path("");
        write(&repo).expect("they can be written");
        assert!(check(&repo).expect("they can be read").is_empty());
        sandbox.file("npm/LICENSE", "another one");
        assert_eq!(
            check(&repo).expect("they can be read"),
            ["npm/LICENSE is not LICENSE: `cargo xtask licences --write` copies it"]
        );
        write(&repo).expect("they can be written");
        assert!(check(&repo).expect("they can be read").is_empty());
    }
}
