//! What a test runner is told about a bundle.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The time of judgement of every case that does not say otherwise.
pub const AT: &str = "2026-11-01T00:00:00Z";

/// What a verifier must answer.
#[derive(Clone, Debug)]
pub enum Expect {
    /// The outcome `failed`, for this reason alone: stage and code.
    Failed(&'static str, &'static str),
    /// The outcome `failed`, for several reasons of stage `files`.
    FailedFiles(&'static [&'static str]),
    /// The outcome `incomplete`, for this reason alone.
    Incomplete(&'static str),
    /// No verdict at all: the policy itself is refused. Stage and code.
    Misuse(&'static str, &'static str),
    /// The outcome `verified`.
    Verified,
}

impl Expect {
    fn to_json(&self) -> Value {
        match self {
            Self::Failed(stage, code) => {
                json!({ "outcome": "failed", "stage": stage, "code": code, "reasons": [code] })
            }
            Self::FailedFiles(reasons) => {
                json!({ "outcome": "failed", "stage": "files", "code": reasons[0], "reasons": reasons })
            }
            Self::Incomplete(code) => {
                json!({ "outcome": "incomplete", "stage": "files", "code": code, "reasons": [code] })
            }
            Self::Misuse(stage, code) => {
                json!({ "outcome": "misuse", "stage": stage, "code": code })
            }
            Self::Verified => json!({ "outcome": "verified", "reasons": [] }),
        }
    }
}

/// One bundle, and what must be said of it.
pub struct Case {
    name: String,
    /// Path of the bundle below the folder of `cases.json`, and its bytes.
    bundle: (String, Vec<u8>),
    policy: Value,
    at: &'static str,
    model: String,
    rule: String,
    expect: Expect,
    options: Map<String, Value>,
}

impl Case {
    /// Judges at another time.
    pub fn at(&mut self, at: &'static str) -> &mut Self {
        self.at = at;
        self
    }

    /// Audits another model: a path below the folder of `cases.json`.
    pub fn model(&mut self, model: &str) -> &mut Self {
        self.model = model.into();
        self
    }

    /// Sets an option of the audit: `ignorePaths`, `ignoreUnsigned`, `allowSymlinks`, `single`.
    pub fn option(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.options.insert(name.into(), value.into());
        self
    }

    /// Stores the bundle under another path.
    pub fn stored_as(&mut self, path: &str) -> &mut Self {
        self.bundle.0 = path.into();
        self
    }

    fn to_json(&self) -> Value {
        let mut case = json!({
            "name": self.name,
            "bundle": self.bundle.0,
            "policy": self.policy,
            "at": self.at,
            "model": self.model,
            "rule": self.rule,
            "expect": self.expect.to_json(),
        });
        case.as_object_mut()
            .expect("an object")
            .extend(self.options.clone());
        case
    }
}

/// The cases of one folder.
#[derive(Default)]
pub struct Cases {
    model: &'static str,
    cases: Vec<Case>,
}

impl Cases {
    /// Cases over this model unless one says otherwise.
    pub fn over(model: &'static str) -> Self {
        Self {
            model,
            cases: Vec::new(),
        }
    }

    /// Adds a case, its bundle stored under its name. `rule` says what it breaks, and where the standard says so.
    pub fn add(
        &mut self,
        name: &str,
        rule: &str,
        bundle: impl Into<BundleText>,
        policy: Value,
        expect: Expect,
    ) -> &mut Case {
        let BundleText(bytes) = bundle.into();
        // Cases that differ by their policy alone share a bundle.
        let same = self.cases.iter().find(|case| case.bundle.1 == bytes);
        let path = same.map_or_else(|| format!("{name}.sig"), |case| case.bundle.0.clone());
        self.cases.push(Case {
            name: name.into(),
            bundle: (path, bytes),
            policy,
            at: AT,
            model: self.model.into(),
            rule: rule.into(),
            expect,
            options: Map::new(),
        });
        self.cases.last_mut().expect("just pushed")
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// The bundles and `cases.json`: path and bytes.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut names = BTreeSet::new();
        for case in &self.cases {
            assert!(
                names.insert(&case.name),
                "two cases are named {}",
                case.name
            );
        }
        let list: Vec<_> = self.cases.iter().map(Case::to_json).collect();
        let mut text = serde_json::to_string_pretty(&list).expect("a JSON value can be written");
        text.push('\n');
        let mut files = BTreeMap::from([("cases.json".to_owned(), text.into_bytes())]);
        for case in &self.cases {
            let (path, bytes) = case.bundle.clone();
            let before = files.insert(path, bytes);
            let same = before.is_none_or(|before| before == case.bundle.1);
            assert!(same, "{} is two different bundles", case.bundle.0);
        }
        files.into_iter().collect()
    }
}

/// A bundle's bytes.
pub struct BundleText(Vec<u8>);

impl From<Value> for BundleText {
    fn from(value: Value) -> Self {
        Self(value.to_string().into_bytes())
    }
}

impl From<String> for BundleText {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl From<Vec<u8>> for BundleText {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}
