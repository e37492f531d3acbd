//! Circles among the modules of a JavaScript package.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::graph;
use super::packages::{normalize, written_files};

/// The folders whose modules are looked at.
pub(super) const FOLDERS: [&str; 3] = ["npm/src", "web/src", "worker/src"];

/// Groups of files that import one another, types included.
pub(super) fn circles(repo: &Path, folder: &str) -> Result<Vec<Vec<PathBuf>>> {
    let mut files = Vec::new();
    let dir = repo.join(folder);
    if dir.is_dir() {
        written_files(&dir, &mut files)?;
    }
    let mut modules = Vec::new();
    for file in files {
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        modules.push((file.strip_prefix(repo)?.to_path_buf(), text));
    }
    Ok(among(&modules))
}

fn among(modules: &[(PathBuf, String)]) -> Vec<Vec<PathBuf>> {
    let places: HashMap<&Path, usize> = modules
        .iter()
        .enumerate()
        .map(|(index, (path, _))| (path.as_path(), index))
        .collect();
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, (path, text)) in modules.iter().enumerate() {
        let folder = path.parent().unwrap_or(Path::new(""));
        let imported = imports(text).filter_map(|import| {
            let target = normalize(&folder.join(import))?;
            // TypeScript names the file that will be built.
            ["ts", "js", "mts"]
                .iter()
                .find_map(|kind| places.get(target.with_extension(kind).as_path()))
        });
        next.insert(index, imported.copied().collect());
    }
    let named = |circle: Vec<usize>| circle.into_iter().map(|file| modules[file].0.clone());
    let circles = graph::circles(&next).into_iter();
    circles.map(|circle| named(circle).collect()).collect()
}

/// The relative paths that a module imports or exports from.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    ["from \"", "import \"", "import(\""]
        .into_iter()
        .flat_map(move |before| text.split(before).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|import| import.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(modules: &[(&str, &str)]) -> Vec<Vec<PathBuf>> {
        let modules: Vec<(PathBuf, String)> = modules
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
            .collect();
        among(&modules)
    }

    #[test]
    fn modules_that_import_one_another_are_found() {
        let modules = [
            ("a.ts", "import type { B } from \"./b/c.js\";"),
            ("b/c.ts", "export * from \"../d.js\";"),
            ("d.ts", "const a = await import(\"./a.js\");"),
            ("e.ts", "import \"./a.js\";"),
        ];
        assert_eq!(
            found(&modules),
            [["a.ts", "b/c.ts", "d.ts"].map(PathBuf::from)]
        );
    }

    #[test]
    fn one_way_is_no_circle() {
        let modules = [
            (
                "a.ts",
                "import {\n  b,\n} from \"./b.js\";\nimport x from \"modelseal\";",
            ),
            ("b.ts", "// nothing"),
        ];
        assert!(found(&modules).is_empty());
    }
}
