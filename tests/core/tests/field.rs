//! Inputs from the field: what people hand in, and the right answer to each
//! (`tests/suites/vectors/field.json`).

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{
    AnyPolicy, ArtifactBundles, ArtifactDigests, AuditOptions, Error, Limits, TrustRoot, TrustRoots,
};
use modelseal_core_tests::bundles::digests;
use modelseal_core_tests::case::{ignored, json_of, same};
use modelseal_core_tests::vectors::{self, WHERE, read_json};
use modelseal_core_tests::{Tree, clock, judge, repository};
use serde_json::{Value, json};

/// When they are judged: their certificates were valid then.
const AT: &str = "2026-12-01T00:00:00Z";

fn main() {
    let cases = read_json(&repository().join("tests/suites/vectors/field.json"));
    let cases = cases.as_object().expect("an object").clone();
    let folder = vectors::folder().map(|folder| folder.join("field"));
    let trials = cases.into_iter().map(|(name, case)| match &folder {
        None => ignored(&format!("field/{name}"), WHERE),
        Some(folder) => {
            let case = Case {
                folder: folder.clone(),
                case,
            };
            Trial::test(format!("field/{name}"), move || case.run())
        }
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

struct Case {
    folder: PathBuf,
    case: Value,
}

impl Case {
    fn run(&self) -> Result<(), Failed> {
        let mut expected = self.case.clone();
        let members = expected.as_object_mut().ok_or("a case")?;
        members.retain(|name, _| {
            ["outcome", "reasons", "code", "stage", "notes", "algorithm"].contains(&name.as_str())
        });
        let verdict = match self.judge() {
            Ok(verdict) => verdict,
            Err(error) => {
                let found = json!({ "code": error.code(), "stage": error.stage().name() });
                return same("error", &found, &expected);
            }
        };
        let mut found = json!({ "outcome": verdict["outcome"], "reasons": verdict["reasons"] });
        if expected.get("notes").is_some() {
            found["notes"] = verdict["notes"].clone();
        }
        if expected.get("algorithm").is_some() {
            found["algorithm"] = verdict["signature"]["algorithm"].clone();
        }
        same("verdict", &found, &expected)
    }

    fn judge(&self) -> Result<Value, Error> {
        let bundle = self.read("bundle").expect("a bundle");
        if let Some(model) = self.path("model") {
            let policy = AnyPolicy::from_json(&self.policy().to_string(), &self.roots()?)?;
            let tree = Tree::read(&model).expect("a model");
            let verdict = judge(&bundle, policy, clock(AT), &tree, AuditOptions::default())?;
            return Ok(json_of(&verdict));
        }
        let policy = self.policy().to_string();
        let policy = AnyPolicy::for_artifacts_from_json(&policy, &self.roots()?)?;
        let bundles = ArtifactBundles::parse(&bundle, &Limits::default())?;
        let digests = match self.read("artifact") {
            Some(bytes) => digests(&bytes),
            None => self.stated_digest(),
        };
        let verdict = policy.judge(bundles, clock(AT), &digests)?;
        Ok(serde_json::from_str(&verdict.to_json()).expect("JSON"))
    }

    /// Who is expected: a key, or an authority; no one where the case names neither.
    fn policy(&self) -> Value {
        let mut policy = match (self.text("key"), self.text("anchors")) {
            (Some(key), _) => json!({ "method": "key", "publicKey": key }),
            (None, Some(anchors)) => json!({ "method": "certificate", "anchors": [anchors] }),
            (None, None) => json!({ "method": "sigstore", "reportOnly": true }),
        };
        if self.case["root"].is_string() {
            policy["trustRoot"] = "given".into();
        }
        if self.case["predicateTypes"].is_array() {
            policy["predicateTypes"] = self.case["predicateTypes"].clone();
        }
        policy
    }

    fn roots(&self) -> Result<TrustRoots, Error> {
        let mut roots = TrustRoots::default();
        if let Some(root) = self.read("root") {
            roots.insert("given", TrustRoot::parse(&root)?);
        }
        Ok(roots)
    }

    fn stated_digest(&self) -> ArtifactDigests {
        let digest = self.case["digest"].as_str().expect("a digest");
        let (algorithm, hex) = digest.split_once(':').expect("an algorithm");
        let bytes = |length| {
            let hex = hex.as_bytes().chunks(2).map(|pair| {
                let pair = std::str::from_utf8(pair).expect("hex");
                u8::from_str_radix(pair, 16).expect("hex")
            });
            let bytes: Vec<u8> = hex.collect();
            assert_eq!(bytes.len(), length, "{digest}");
            bytes
        };
        match algorithm {
            "sha256" => ArtifactDigests::sha256(bytes(32).try_into().expect("32 bytes")),
            "sha512" => ArtifactDigests::sha512(bytes(64).try_into().expect("64 bytes")),
            _ => panic!("{digest}: another algorithm"),
        }
    }

    fn path(&self, member: &str) -> Option<PathBuf> {
        Some(self.folder.join(Path::new(self.case[member].as_str()?)))
    }

    fn read(&self, member: &str) -> Option<Vec<u8>> {
        let path = self.path(member)?;
        let bytes = fs::read(&path);
        Some(bytes.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    fn text(&self, member: &str) -> Option<String> {
        String::from_utf8(self.read(member)?).ok()
    }
}
