//! The public OMS vectors: every case of `oms/verify`, with its exact outcome and reasons.

use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal_core_tests::case::{ignored, outcome, same};
use modelseal_core_tests::vectors::{self, Case, NOW, WHERE};
use modelseal_core_tests::{clock, judge, open};
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
        let case = Case::read(&folder, &name, &expected);
        let digests_v01 = expected["digestsV01"] == true;
        if digests_v01 {
            let refused = json!({ "outcome": "failed", "reasons": ["legacy-not-allowed"] });
            let case = Case::read(&folder, &name, &expected);
            trials.push(Trial::test(
                format!("{name} without opting in"),
                move || run(&case, false, &refused),
            ));
        }
        trials.push(Trial::test(name, move || {
            run(&case, digests_v01, &expected)
        }));
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

fn run(case: &Case, digests_v01: bool, expected: &Value) -> Result<(), Failed> {
    let (bundle, policy) = (case.bundle()?, case.policy(digests_v01)?);
    let (tree, options) = (case.model()?, case.options());
    let verdict = match judge(&bundle, policy.clone(), clock(NOW), &tree, options) {
        Ok(verdict) => verdict,
        Err(error) => {
            let stage = error.stage().name();
            let found = json!({ "outcome": "misuse", "code": error.code(), "stage": stage });
            return same("error", &found, expected);
        }
    };
    let wanted = json!({ "outcome": expected["outcome"], "reasons": expected["reasons"] });
    same("verdict", &outcome(&verdict), &wanted)?;

    let signed = &case.config()["expected_signed_files"];
    if signed.is_array() {
        let manifest = open(&bundle, &policy, clock(NOW))?;
        let files = manifest.files().iter();
        let files: Vec<_> = files.map(|file| file.path()).collect();
        same("signed files", &json!(files), signed)?;
    }
    Ok(())
}
