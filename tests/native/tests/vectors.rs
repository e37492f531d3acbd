//! The public OMS vectors: every case of `oms/verify`, with its exact outcome and reasons.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{AuditOptions, Error, Policy, Verdict};
use modelseal_tests::case::{ignored, outcome, same};
use modelseal_tests::vectors::{self, NOW, WHERE};
use modelseal_tests::{Tree, clock, judge, open};
use serde_json::{Value, json};

fn main() {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit();
}

fn trials() -> Vec<Trial> {
    let expected = vectors::expected();
    let Some(folder) = vectors::folder() else {
        let names = expected.keys();
        return names.map(|name| ignored(name, WHERE)).collect();
    };
    let mut trials = vec![complete(&folder, expected.keys().cloned().collect())];
    for (name, expected) in expected {
        let case = Case::new(&folder, &name);
        if expected["waiting"] == "keyless" {
            trials.push(Trial::test(
                format!("waiting for keyless: {name}"),
                move || case.must_wait(),
            ));
            continue;
        }
        if expected["digestsV01"] == true {
            let refused = json!({ "outcome": "failed", "reasons": ["legacy-not-allowed"] });
            let case = Case::new(&folder, &name);
            trials.push(Trial::test(
                format!("{name} without opting in"),
                move || {
                    case.run(
                        &json!({ "outcome": refused["outcome"], "reasons": refused["reasons"] }),
                    )
                },
            ));
        }
        trials.push(Trial::test(name, move || case.run(&expected)));
    }
    trials
}

/// Every vector has an expectation, and every expectation a vector.
fn complete(folder: &Path, expected: Vec<String>) -> Trial {
    let verify = folder.join("oms/verify");
    Trial::test("every vector is expected", move || {
        let mut found = Vec::new();
        for category in vectors::folders_in(&verify) {
            let cases = vectors::folders_in(&verify.join(&category));
            found.extend(
                cases
                    .iter()
                    .map(|case| format!("oms/verify/{category}/{case}")),
            );
        }
        same("names of vectors", &json!(found), &json!(expected))
    })
}

struct Case {
    folder: PathBuf,
    assets: PathBuf,
}

impl Case {
    fn new(vectors: &Path, name: &str) -> Self {
        Self {
            folder: vectors.join(name),
            assets: vectors.join("oms/assets"),
        }
    }

    fn run(&self, expected: &Value) -> Result<(), Failed> {
        let config = vectors::read_json(&self.folder.join("config.json"));
        let verify = &config["verify"];
        let policy = self.policy(&config, expected)?;
        let bundle = fs::read(self.folder.join("bundle.sig"))?;
        let options = AuditOptions {
            ignore_paths: strings(&verify["ignore_paths"]),
            ignore_unsigned: verify["ignore_unsigned_files"] == true,
            ..AuditOptions::default()
        };
        let verdict = judge(&bundle, &policy, clock(NOW), &self.model(&config)?, options);
        let wanted = json!({ "outcome": expected["outcome"], "reasons": expected["reasons"] });
        same("verdict", &outcome(&verdict), &wanted)?;

        let signed = &config["expected_signed_files"];
        if signed.is_array() {
            let manifest = open(&bundle, &policy, clock(NOW))?;
            let files = manifest.files().iter();
            let files: Vec<_> = files.map(|file| file.path()).collect();
            same("signed files", &json!(files), signed)?;
        }
        Ok(())
    }

    /// The keyless method has its own issue. Until then its bundles are refused by that name.
    fn must_wait(&self) -> Result<(), Failed> {
        let bundle = fs::read(self.folder.join("bundle.sig"))?;
        let policy = Policy::from_json(r#"{"method":"sigstore"}"#)?;
        let error = open(&bundle, &policy, clock(NOW)).err();
        if error != Some(Error::MethodUnsupported) {
            return Err(format!("expected method-unsupported, got {error:?}").into());
        }
        let verdict = Verdict::rejected(Error::MethodUnsupported, &bundle, &policy, clock(NOW));
        let wanted = json!({ "outcome": "failed", "reasons": ["method-unsupported"] });
        same("verdict", &outcome(&verdict), &wanted)
    }

    fn policy(&self, config: &Value, expected: &Value) -> Result<Policy, Failed> {
        let asset = |name: &Value| {
            let name = name.as_str().ok_or("the name of a file")?;
            Ok::<_, Failed>(fs::read_to_string(self.assets.join(name))?)
        };
        let verify = &config["verify"];
        let policy = match config["method"].as_str() {
            Some("key") => {
                // One case names a key that the assets do not have.
                let key = match &expected["publicKey"] {
                    Value::Null => &verify["public_key"],
                    other => other,
                };
                json!({ "method": "key", "publicKey": asset(key)? })
            }
            Some("certificate") => {
                let anchors = verify["cert_chain"].as_array().ok_or("no anchors")?;
                let anchors = anchors.iter().map(asset).collect::<Result<Vec<_>, _>>()?;
                let mut policy = json!({ "method": "certificate", "anchors": anchors });
                if expected["digestsV01"] == true {
                    policy["digestsV01"] = true.into();
                }
                policy
            }
            other => return Err(format!("method {other:?}").into()),
        };
        Ok(Policy::from_json(&policy.to_string())?)
    }

    fn model(&self, config: &Value) -> Result<Tree, Failed> {
        let root = match config["model_relative_to"].as_str() {
            Some("test_dir") => &self.folder,
            None => &self.assets,
            Some(other) => return Err(format!("relative to {other}").into()),
        };
        let model = config["model"].as_str().ok_or("no model")?;
        let mut tree = Tree::read(&root.join(model))?;
        let changes = config["model_modifications"].as_object();
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

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}
