//! Real signers' bundles: NVIDIA's published agent skills, against NVIDIA's root.
//!
//! The vectors' own `expected.json` says what the reference implementation found. What that means
//! for a verdict, with every path that differs, stands in `tests/suites/vectors/nvidia-skills.json`.

use std::fs;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::Policy;
use modelseal_core_tests::case::{ignored, json_of, same};
use modelseal_core_tests::vectors::{self, NOW, WHERE};
use modelseal_core_tests::{Tree, clock, judge, options, repository};
use serde_json::{Value, json};

/// The name of the signature's file, inside the folder that it signs.
const SIGNATURE: &str = "skill.oms.sig";

fn main() {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit();
}

fn trials() -> Vec<Trial> {
    let pinned = vectors::read_json(&repository().join("tests/suites/vectors/nvidia-skills.json"));
    let pinned = pinned.as_object().expect("an object").clone();
    let Some(folder) = vectors::folder() else {
        let names = pinned.keys();
        return names
            .map(|name| ignored(&format!("nvidia-skills/{name}"), WHERE))
            .collect();
    };
    let reference = vectors::read_json(&folder.join("nvidia-skills/expected.json"));
    let mut trials = vec![complete(
        &folder,
        &reference,
        pinned.keys().cloned().collect(),
    )];
    for (name, pinned) in pinned {
        let (folder, reference) = (folder.clone(), reference[&name].clone());
        trials.push(Trial::test(format!("nvidia-skills/{name}"), move || {
            run(&folder, &name, &reference, &pinned)
        }));
    }
    trials
}

/// Every skill has an expectation in both files.
fn complete(folder: &Path, reference: &Value, pinned: Vec<String>) -> Trial {
    let found = vectors::folders_in(&folder.join("nvidia-skills"));
    let reference = reference.as_object().expect("an object");
    let reference: Vec<_> = reference.keys().cloned().collect();
    Trial::test("every skill is expected", move || {
        same("the vectors' names", &json!(found), &json!(reference))?;
        same("the pinned names", &json!(found), &json!(pinned))
    })
}

fn run(folder: &Path, name: &str, reference: &Value, pinned: &Value) -> Result<(), Failed> {
    let root = fs::read_to_string(folder.join("roots/nv-agent-root-cert.pem"))?;
    let policy = json!({ "method": "certificate", "anchors": [root] }).to_string();
    let skill = folder.join("nvidia-skills").join(name);
    let bundle = fs::read(skill.join(SIGNATURE))?;
    let options = options(|options| options.signature_path = Some(SIGNATURE.to_owned()));
    let verdict = judge(
        &bundle,
        Policy::from_json(&policy)?,
        clock(NOW),
        &Tree::read(&skill)?,
        options,
    )?;
    let verdict = json_of(&verdict);
    let publisher = &verdict["publisher"];
    let paths = |list: &Value| -> Vec<Value> {
        let list = list.as_array().into_iter().flatten();
        list.map(|entry| entry["path"].clone()).collect()
    };
    let actual = json!({
        "outcome": verdict["outcome"],
        "reasons": verdict["reasons"],
        "signer": publisher["name"],
        "signedFiles": verdict["coverage"]["signedFiles"],
        "changed": paths(&verdict["bytes"]["changed"]),
        "missing": verdict["coverage"]["missing"],
        "unsigned": paths(&verdict["coverage"]["unsigned"]),
    });
    same("verdict", &actual, pinned)?;

    // What the reference implementation found must be what the outcome says.
    let agrees = match reference.as_str() {
        Some("pass") => verdict["outcome"] == "verified",
        Some("untrusted-root") => verdict["reasons"] == json!(["issuer-unknown"]),
        Some("mismatch") => {
            verdict["outcome"] == "failed" && verdict["signature"]["status"] == "valid"
        }
        _ => false,
    };
    if agrees {
        Ok(())
    } else {
        Err(format!("the reference implementation says {reference}: {verdict}").into())
    }
}
