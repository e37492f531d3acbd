//! Which entry of the model a path of the caller's names.

use std::path::{Component, Path, PathBuf};

use crate::{
    exit::{Failure, quoted},
    model::Model,
};

/// The rules of `--ignore-paths`, relative to the model.
///
/// As in the Python CLI a path is absolute or relative to the current folder. If that does not
/// lie in the model, a relative path is one of the model. A rule that means nothing is an error:
/// silently dropped, it would hide a mistake.
///
/// # Errors
/// For a path outside the model, or the model itself.
pub fn ignored(model: &Model, paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
    paths.iter().map(|path| ignored_one(model, path)).collect()
}

fn ignored_one(model: &Model, path: &Path) -> Result<String, Failure> {
    let refused = |why| {
        Failure::new(
            "usage-invalid",
            format!("--ignore-paths {} {why}", quoted(path)),
        )
    };
    if model.single().is_some() {
        return Err(refused("has no meaning: the model is a single file"));
    }
    let below = within(model, path).or_else(|| within(model, &model.root().join(path)));
    match below.as_deref() {
        None => Err(refused("does not lie in the model")),
        Some("") => Err(refused("would leave out the whole model")),
        Some(rule) => Ok(rule.to_owned()),
    }
}

/// The signature's own path, if it lies in the model.
pub fn signature(model: &Model, path: &Path) -> Option<String> {
    if model.single().is_some() {
        return None;
    }
    within(model, path).filter(|path| !path.is_empty())
}

/// `path` relative to the model, with `/`; empty for the model itself.
fn within(model: &Model, path: &Path) -> Option<String> {
    let absolute = resolve(&std::path::absolute(path).ok()?)?;
    let relative = absolute.strip_prefix(model.root()).ok()?;
    let names: Option<Vec<&str>> = relative.iter().map(|name| name.to_str()).collect();
    Some(names?.join("/"))
}

/// Resolves links and `..` in all of `path` but its last name, which may be a link of the model,
/// and need not exist.
fn resolve(path: &Path) -> Option<PathBuf> {
    let mut missing = Vec::new();
    let mut rest = path;
    if let Some(Component::Normal(name)) = path.components().next_back() {
        missing.push(name);
        rest = path.parent()?;
    }
    loop {
        match (rest.canonicalize(), rest.components().next_back()) {
            (Ok(mut resolved), _) => {
                resolved.extend(missing.iter().rev());
                return Some(resolved);
            }
            (Err(_), Some(Component::Normal(name))) => {
                missing.push(name);
                rest = rest.parent()?;
            }
            // `..` of something that does not exist leads nowhere.
            (Err(_), _) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn model() -> (tempfile::TempDir, Model) {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("model");
        fs::create_dir_all(root.join("d")).unwrap();
        fs::write(root.join("d/f"), "").unwrap();
        let model = Model::open(&root, None).unwrap();
        (temporary, model)
    }

    fn rule(model: &Model, path: impl AsRef<Path>) -> Result<String, Failure> {
        ignored_one(model, path.as_ref())
    }

    #[test]
    fn absolute_paths_in_the_model() {
        let (temporary, model) = model();
        let root = temporary.path().join("model");
        assert_eq!(rule(&model, root.join("d/f")).unwrap(), "d/f");
        assert_eq!(rule(&model, root.join("d/")).unwrap(), "d");
        assert_eq!(
            rule(&model, root.join("./d/../new/file")).unwrap(),
            "new/file"
        );
        assert_eq!(rule(&model, root.join("d/../d/f")).unwrap(), "d/f");
    }

    #[test]
    fn relative_paths_of_the_model() {
        let (_temporary, model) = model();
        assert_eq!(rule(&model, "d").unwrap(), "d");
        assert_eq!(rule(&model, "not-there").unwrap(), "not-there");
    }

    #[test]
    fn everything_else_is_refused() {
        let (temporary, model) = model();
        let message = |path: &Path| rule(&model, path).unwrap_err().message().into_owned();
        for path in ["..", "../x", "d/../../x", "/", "nothing/../../x"] {
            let refused = message(Path::new(path));
            assert!(
                refused.ends_with("does not lie in the model"),
                "{path}: {refused}"
            );
        }
        assert!(message(temporary.path()).ends_with("does not lie in the model"));
        let root = temporary.path().join("model");
        assert!(message(&root).ends_with("would leave out the whole model"));
        assert!(message(&root.join("d/..")).ends_with("would leave out the whole model"));
    }

    #[test]
    fn a_sibling_with_the_same_beginning_lies_outside() {
        let (temporary, model) = model();
        fs::create_dir(temporary.path().join("model-2")).unwrap();
        assert!(rule(&model, temporary.path().join("model-2")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_on_the_way_to_the_model_are_resolved() {
        let (temporary, model) = model();
        std::os::unix::fs::symlink("model", temporary.path().join("link")).unwrap();
        std::os::unix::fs::symlink("f", temporary.path().join("model/d/g")).unwrap();
        assert_eq!(
            rule(&model, temporary.path().join("link/d/g")).unwrap(),
            "d/g"
        );
        assert_eq!(
            signature(&model, &temporary.path().join("link/d/g")),
            Some("d/g".to_owned())
        );
        assert_eq!(signature(&model, temporary.path()), None);
    }
}
