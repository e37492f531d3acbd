//! The public vectors beside the checkout, and what is expected of them.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use modelseal::{AuditOptions, Policy};
use serde_json::{Value, json};

use crate::Tree;

/// The time of judgement of every public vector: their leaves are valid then.
pub const NOW: &str = "2026-06-01T00:00:00Z";

/// Says where vectors are looked for.
pub const WHERE: &str = "set MODELSEAL_VECTORS, or put them into ../shared/vectors";

/// The folder of vectors, if there is one.
pub fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("MODELSEAL_VECTORS").map(PathBuf::from);
    let beside = || Some(crate::repository().parent()?.join("shared/vectors"));
    given.or_else(beside).filter(|path| path.is_dir())
}

/// Reads a JSON file.
///
/// # Panics
/// If it cannot be read: a test cannot go on then.
pub fn read_json(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `tests/suites/vectors/expected.json`: outcome and reasons of every vector, for every runner.
pub fn expected() -> serde_json::Map<String, Value> {
    let expected = read_json(&crate::repository().join("tests/suites/vectors/expected.json"));
    expected.as_object().expect("an object").clone()
}

/// The names of the folders in `folder`, sorted.
pub fn folders_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

/// A public vector: a folder with a bundle and a configuration.
pub struct Case {
    folder: PathBuf,
    assets: PathBuf,
    config: Value,
    expected: Value,
}

impl Case {
    /// Reads the configuration of the case `name`.
    pub fn read(vectors: &Path, name: &str, expected: &Value) -> Self {
        let folder = vectors.join(name);
        Self {
            config: read_json(&folder.join("config.json")),
            folder,
            assets: vectors.join("oms/assets"),
            expected: expected.clone(),
        }
    }

    /// What the suite says: model, method, what to sign and verify with.
    pub fn config(&self) -> &Value {
        &self.config
    }

    /// What the suite says about verification.
    pub fn verify(&self) -> &Value {
        &self.config["verify"]
    }

    /// The signature.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn bundle(&self) -> Result<Vec<u8>, Failed> {
        Ok(fs::read(self.folder.join("bundle.sig"))?)
    }

    /// A file of the suite's assets.
    ///
    /// # Errors
    /// If `name` is not text.
    pub fn asset(&self, name: &Value) -> Result<PathBuf, Failed> {
        let name = name.as_str().ok_or("the name of a file")?;
        Ok(self.assets.join(name))
    }

    /// The policy, in its JSON form. `digests_v01` opts in to the form of v0.2.0.
    ///
    /// # Errors
    /// For a configuration of another shape, and those of the file system.
    pub fn policy(&self, digests_v01: bool) -> Result<Policy, Failed> {
        let read = |name: &Value| Ok::<_, Failed>(fs::read_to_string(self.asset(name)?)?);
        let policy = match self.config["method"].as_str() {
            Some("key") => {
                // One case names a key that the assets do not have.
                let key = match &self.expected["publicKey"] {
                    Value::Null => &self.verify()["public_key"],
                    other => other,
                };
                json!({ "method": "key", "publicKey": read(key)? })
            }
            Some("certificate") => {
                let anchors = self.verify()["cert_chain"].as_array();
                let anchors = anchors.ok_or("no anchors")?.iter().map(read);
                json!({
                    "method": "certificate",
                    "anchors": anchors.collect::<Result<Vec<_>, _>>()?,
                    "digestsV01": digests_v01,
                })
            }
            // Bundled root: the suite's bundles are from the public instance.
            Some("sigstore") => json!({
                "method": "sigstore",
                "trustRoot": "production",
                "identities": [{
                    "issuer": self.verify()["identity_provider"],
                    "identity": self.verify()["identity"],
                }],
            }),
            other => return Err(format!("method {other:?}").into()),
        };
        Ok(Policy::from_json(&policy.to_string())?)
    }

    /// What the caller asks of the audit.
    pub fn options(&self) -> AuditOptions {
        crate::options(|options| {
            options.ignore_paths = strings(&self.verify()["ignore_paths"]);
            options.ignore_unsigned = self.verify()["ignore_unsigned_files"] == true;
        })
    }

    /// Where the model lies, before the case's changes.
    ///
    /// # Errors
    /// For a configuration of another shape.
    pub fn model_path(&self) -> Result<PathBuf, Failed> {
        let root = match self.config["model_relative_to"].as_str() {
            Some("test_dir") => &self.folder,
            None => &self.assets,
            Some(other) => return Err(format!("relative to {other}").into()),
        };
        Ok(root.join(self.config["model"].as_str().ok_or("no model")?))
    }

    /// The model with the case's changes.
    ///
    /// # Errors
    /// For a configuration of another shape, and those of the file system.
    pub fn model(&self) -> Result<Tree, Failed> {
        let mut tree = Tree::read(&self.model_path()?)?;
        let changes = self.config["model_modifications"].as_object();
        for (change, files) in changes.into_iter().flatten() {
            match (change.as_str(), files) {
                ("delete", Value::Array(_)) => {
                    strings(files).iter().for_each(|path| tree.remove(path));
                }
                ("inject" | "tamper", Value::Object(files)) => {
                    for (path, text) in files {
                        let there = tree.entries.contains_key(path);
                        assert_eq!(there, change == "tamper", "{change} {path}");
                        tree.insert(path, text.as_str().ok_or("no text")?);
                    }
                }
                _ => return Err(format!("unknown change {change}").into()),
            }
        }
        Ok(tree)
    }
}

/// The texts of a list.
pub fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}
