//! Every bundle of `tests/malformed` and `tests/fixtures`: exact outcome, code and stage.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{AuditOptions, Error, Policy, Verdict};
use modelseal_core_tests::case::{json_of, same};
use modelseal_core_tests::{Tree, audit, clock, open, repository};
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
        let expected = &self.case["expect"];
        let actual = match Policy::from_json(&self.case["policy"].to_string()) {
            Ok(policy) => self.judge(&policy)?,
            Err(error) => json!({
                "outcome": "misuse",
                "code": error.code(),
                "stage": error.stage().name(),
            }),
        };
        same(self.text("rule"), &actual, expected)
    }

    fn judge(&self, policy: &Policy) -> Result<Value, Failed> {
        let bundle = fs::read(self.folder.join(self.text("bundle")))?;
        let clock = clock(self.text("at"));
        match open(&bundle, policy, clock) {
            Ok(manifest) => {
                let tree = Tree::read(&self.folder.join(self.text("model")))?;
                let single = self.case["single"] == true;
                assert_eq!(
                    single,
                    tree.single.is_some(),
                    "`single` says what the model is"
                );
                Ok(judged(&audit(manifest, &tree, self.options())))
            }
            Err(error) => {
                // What a surface shows of the error is what the error says.
                let verdict = Verdict::rejected(error, &bundle, policy, clock);
                let shown = &json_of(&verdict)["signature"]["error"];
                same("the verdict's code", &shown["code"], &error.code().into())?;
                same(
                    "the verdict's stage",
                    &shown["stage"],
                    &error.stage().name().into(),
                )?;
                let mut judged = judged(&verdict);
                // Only the error itself knows: JSON is read in more than one stage.
                judged["stage"] = shown["stage"].clone();
                Ok(judged)
            }
        }
    }

    fn options(&self) -> AuditOptions {
        let ignored = self.case["ignorePaths"].as_array().into_iter().flatten();
        AuditOptions {
            ignore_paths: ignored
                .map(|path| path.as_str().expect("a path").to_owned())
                .collect(),
            ignore_unsigned: self.case["ignoreUnsigned"] == true,
            allow_symlinks: self.case["allowSymlinks"] == true,
            complete: true,
            symlinks_observable: true,
            ..AuditOptions::default()
        }
    }

    fn text(&self, field: &str) -> &str {
        self.case[field].as_str().expect("a text")
    }
}

/// Outcome and reasons, and the code and stage of the first reason.
fn judged(verdict: &Verdict) -> Value {
    let verdict = json_of(verdict);
    let mut judged = json!({ "outcome": verdict["outcome"], "reasons": verdict["reasons"] });
    if let Some(first) = verdict["reasons"][0].as_str() {
        let error = Error::ALL.iter().find(|error| error.code() == first);
        judged["code"] = first.into();
        judged["stage"] = error
            .expect("a reason is an error's code")
            .stage()
            .name()
            .into();
    }
    judged
}
