//! Every bundle of `tests/malformed` and `tests/fixtures`: exact outcome, code and stage.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{AuditOptions, Error, Policy, Verdict, verdict::SignatureAnswer};
use modelseal_core_tests::case::{json_of, same};
use modelseal_core_tests::{Tree, clock, judge, options, repository};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for folder in ["malformed", "fixtures"] {
        let folder = repository().join("tests").join(folder);
        let cases = fs::read(folder.join("cases.json")).expect("the forge wrote cases.json");
        let cases: Vec<Value> = serde_json::from_slice(&cases).expect("an array of cases");
        trials.extend(cases.into_iter().map(|case| {
            let case = Case {
                folder: folder.clone(),
                case,
            };
            Trial::test(case.name(), move || case.run())
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

struct Case {
    folder: PathBuf,
    case: Value,
}

impl Case {
    fn name(&self) -> String {
        let folder = self.folder.file_name().and_then(|name| name.to_str());
        format!(
            "{}/{}",
            folder.expect("a folder of tests"),
            self.text("name")
        )
    }

    fn run(&self) -> Result<(), Failed> {
        let policy = Policy::from_json(&self.case["policy"].to_string());
        let actual = match policy.map(|policy| self.judge(policy)) {
            Ok(Ok(verdict)) => judged(&verdict),
            // What cannot be judged has no verdict.
            Ok(Err(error)) | Err(error) => json!({
                "outcome": "misuse",
                "code": error.code(),
                "stage": error.stage().name(),
            }),
        };
        same(self.text("rule"), &actual, &self.case["expect"])
    }

    fn judge(&self, policy: Policy) -> Result<Verdict, Error> {
        let bundle = fs::read(self.folder.join(self.text("bundle"))).expect("a bundle");
        let tree = Tree::read(&self.folder.join(self.text("model"))).expect("a model");
        let single = self.case["single"] == true;
        let is_single = tree.single.is_some();
        assert_eq!(single, is_single, "`single` says what the model is");
        let clock = clock(self.text("at"));
        judge(&bundle, policy, clock, &tree, self.options())
    }

    fn options(&self) -> AuditOptions {
        let ignored = self.case["ignorePaths"].as_array().into_iter().flatten();
        options(|options| {
            options.ignore_paths = ignored
                .map(|path| path.as_str().expect("a path").to_owned())
                .collect();
            options.ignore_unsigned = self.case["ignoreUnsigned"] == true;
            options.allow_symlinks = self.case["allowSymlinks"] == true;
            options.complete = true;
            options.symlinks_observable = true;
        })
    }

    fn text(&self, field: &str) -> &str {
        self.case[field].as_str().expect("a text")
    }
}

/// Outcome and reasons, and the code and stage of the first reason.
fn judged(verdict: &Verdict) -> Value {
    let (json, reasons) = (json_of(verdict), verdict.reasons());
    let mut judged = json!({ "outcome": json["outcome"], "reasons": json["reasons"] });
    if let Some(first) = reasons.first() {
        judged["code"] = first.code().into();
        judged["stage"] = first.stage().name().into();
    }
    // What a surface shows of an error is what the error says.
    if let SignatureAnswer::Invalid { error, .. } = verdict.signature() {
        assert_eq!(reasons, [error.0]);
        assert_eq!(json["signature"]["error"]["code"], error.0.code());
        assert_eq!(json["signature"]["error"]["stage"], error.0.stage().name());
    }
    judged
}
