//! What the Wasm is made of besides our own code, and the notices that those licences ask for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::expression::is_met_by;
use crate::host::Host;
use crate::process;
use crate::setup::rust_std::WASM;

/// Shipped with the npm package, which contains the Wasm.
const FILE: &str = "npm/THIRD-PARTY-NOTICES.md";

/// The licence of our own that most dependencies can be used under.
const OURS: &str = "Apache-2.0";

const HEAD: &str = "\
# Third-party notices

The WebAssembly of this package and its JavaScript are built from modelseal and from the crates and libraries below. This file is
written by `cargo xtask licences --write`.

## The Rust standard library

Copyright (c) The Rust Project Contributors. <https://github.com/rust-lang/rust>. MIT OR Apache-2.0, used under
Apache-2.0; its text is in LICENSE. It contains `dlmalloc` and `hashbrown` (MIT OR Apache-2.0, used under Apache-2.0)
and `compiler-builtins`, parts of which come from LLVM (Apache-2.0 WITH LLVM-exception) and from musl:

```text
Copyright (c) 2005-2020 Rich Felker, et al.

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
\"Software\"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
```
";

/// A crate that the Wasm is built from.
struct Part {
    name: String,
    version: String,
    licence: String,
    repository: String,
    /// Where its source is.
    folder: PathBuf,
}

/// Says whether the committed notices are those of today's dependencies.
pub(super) fn check(host: &Host, metadata: &Value) -> Result<Vec<String>> {
    let text = text(&parts(host, metadata)?)?;
    let committed = fs::read_to_string(host.repo.join(FILE)).unwrap_or_default();
    if committed == text {
        return Ok(Vec::new());
    }
    let line =
        format!("{FILE} is out of date: `cargo xtask licences --write` brings it up to date");
    Ok(vec![line])
}

/// Writes them.
pub(super) fn write(host: &Host, metadata: &Value) -> Result<()> {
    let file = host.repo.join(FILE);
    fs::write(&file, text(&parts(host, metadata)?)?)
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Every crate that is linked into the Wasm. Macros run while compiling, and are not in it.
fn parts(host: &Host, metadata: &Value) -> Result<Vec<Part>> {
    let mut command = host.cargo();
    command.args(["tree", "--package", "modelseal-wasm"]);
    command.args(["--package", "modelseal-tuf-wasm", "--target", WASM.triple]);
    command.args(["--edges", "normal,no-proc-macro"]);
    command.args(["--prefix", "none", "--format", "{p}"]);
    let mut parts = BTreeMap::new();
    let tree = process::capture(&mut command)?;
    // An empty line stands between the trees of the two.
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            bail!("`cargo tree` said `{line}`, which names no crate");
        };
        let version = version.trim_start_matches('v');
        let package = find(metadata, name, version)?;
        if package["source"].is_null() {
            // One of ours.
            continue;
        }
        let field = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let folder = PathBuf::from(field("manifest_path"));
        let part = Part {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: field("license"),
            repository: field("repository"),
            folder: folder
                .parent()
                .context("a manifest without a folder")?
                .to_owned(),
        };
        parts.insert((part.name.clone(), part.version.clone()), part);
    }
    Ok(parts.into_values().collect())
}

fn find<'value>(metadata: &'value Value, name: &str, version: &str) -> Result<&'value Value> {
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let found = packages.find(|package| package["name"] == name && package["version"] == version);
    found.with_context(|| format!("`cargo metadata` does not know {name} {version}"))
}

fn text(parts: &[Part]) -> Result<String> {
    let (plain, others): (Vec<&Part>, Vec<&Part>) = parts
        .iter()
        .partition(|part| is_met_by(&part.licence, &[OURS]));
    let mut text = format!("{HEAD}\n## Crates under Apache-2.0\n\nIts text is in LICENSE.\n\n");
    for part in &plain {
        writeln!(text, "- {}", line(part))?;
    }
    for part in plain {
        for file in licence_files(&part.folder)? {
            if name(&file).starts_with("NOTICE") {
                writeln!(text, "\n{} says:\n\n{}", part.name, fenced(&file)?)?;
            }
        }
    }
    text.push_str("\n## Crates under other licences\n");
    for part in others {
        writeln!(text, "\n### {}\n\n{}\n", part.name, line(part))?;
        let files = licence_files(&part.folder)?;
        let shown: Vec<&PathBuf> = files.iter().filter(|file| is_shown(file)).collect();
        if shown.is_empty() {
            bail!(
                "{} {} contains no licence to be quoted",
                part.name,
                part.version
            );
        }
        let fenced: Result<Vec<String>> = shown.into_iter().map(|file| fenced(file)).collect();
        text.push_str(&fenced?.join("\n"));
    }
    Ok(text)
}

fn line(part: &Part) -> String {
    format!(
        "{} {}: {}. <{}>",
        part.name, part.version, part.licence, part.repository
    )
}

/// Texts that need not be quoted: ours, and those that ask for nothing.
fn is_shown(file: &Path) -> bool {
    let name = name(file).to_uppercase();
    !name.contains("APACHE") && !name.contains("UNLICENSE")
}

fn licence_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let upper = name(&path).to_uppercase();
        let known = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];
        if path.is_file() && known.iter().any(|start| upper.starts_with(start)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn fenced(file: &Path) -> Result<String> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    // Line ends as everywhere in the repository.
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    Ok(format!("```text\n{}\n```\n", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::sandbox::Sandbox;

    fn part(sandbox: &Sandbox, name: &str, licence: &str) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            repository: format!("https://example.com/{name}"),
            folder: sandbox.path(name),
        }
    }

    #[test]
    fn notices_are_quoted_where_a_licence_asks_for_them() {
        let sandbox = Sandbox::new("notices");
        sandbox.file("both/LICENSE-MIT", "not needed");
        sandbox.file("bsd/LICENSE", "Copyright (c) Someone  \r\nRedistribution\n");
        sandbox.file("bsd/src/lib.rs", "");
        let parts = [
            part(&sandbox, "both", "MIT OR Apache-2.0"),
            part(&sandbox, "bsd", "BSD-3-Clause"),
        ];
        let text = text(&parts).expect("each has what it needs");
        let (apache, others) = text.split_once("## Crates under other").expect("two parts");
        assert!(apache.contains("- both 1.0.0: MIT OR Apache-2.0. <https://example.com/both>"));
        assert!(others.contains("```text\nCopyright (c) Someone\nRedistribution\n```"));
        assert!(!text.contains("not needed"));
    }

    #[test]
    fn a_crate_without_its_licence_is_an_error() {
        let sandbox = Sandbox::new("notices-missing");
        sandbox.file("bsd/src/lib.rs", "");
        let error = text(&[part(&sandbox, "bsd", "BSD-3-Clause")]).expect_err("it has none");
        assert_eq!(
            error.to_string(),
            "bsd 1.0.0 contains no licence to be quoted"
        );
    }
}
