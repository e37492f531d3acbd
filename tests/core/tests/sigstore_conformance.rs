//! The public Sigstore vectors: every case of `sigstore/bundle-verify`, by its artifact and by its
//! digest, with its exact error and stage.

use std::path::Path;

use base64ct::{Base64, Encoding};
use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{ArtifactDigests, Bundle, Error, Limits};
use modelseal_core_tests::bundles::{self, BundleCase};
use modelseal_core_tests::case::{ignored, same};
use modelseal_core_tests::vectors::{self, NOW, WHERE, read_json};
use modelseal_core_tests::{clock, repository};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn main() {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit();
}

fn trials() -> Vec<Trial> {
    let expected = read_json(&repository().join("tests/suites/vectors/sigstore.json"));
    let expected = expected.as_object().expect("an object").clone();
    let Some(vectors) = vectors::folder() else {
        return expected.keys().map(|name| ignored(name, WHERE)).collect();
    };
    let folder = bundles::suite(&vectors);
    let (found, names): (Vec<_>, Vec<_>) = (
        vectors::folders_in(&folder),
        expected.keys().cloned().collect(),
    );
    let mut trials = vec![Trial::test("every vector is expected", move || {
        same("names of vectors", &json!(found), &json!(names))
    })];
    for (name, expected) in expected {
        for by in ["path", "digest"] {
            let (case, expected) = (BundleCase::new(&vectors, &name), expected.clone());
            trials.push(Trial::test(format!("{name} by {by}"), move || {
                run(&case, &case.bundle()?, by, &expected)
            }));
        }
    }
    let wrong_time = "rekor2-timestamp-with-incorrect-time_fail";
    trials.push(Trial::test(
        format!("{wrong_time} without line breaks"),
        move || without_line_breaks(&vectors, wrong_time),
    ));
    trials
}

fn run(case: &BundleCase, bundle: &[u8], by: &str, expected: &Value) -> Result<(), Failed> {
    let artifact = case.artifact()?;
    let digests = match by {
        "digest" => ArtifactDigests::sha256(Sha256::digest(&artifact).into()),
        _ => bundles::digests(&artifact),
    };
    let found = match verify(case, bundle, &digests) {
        Ok(()) => json!("verified"),
        Err(error) => json!({ "code": error.code(), "stage": error.stage().name() }),
    };
    same("result", &found, expected)
}

fn verify(case: &BundleCase, bundle: &[u8], digests: &ArtifactDigests) -> Result<(), Error> {
    let policy = case.policy()?;
    let bundle = Bundle::parse(bundle, &Limits::default())?;
    bundle
        .verify_artifact(&policy, clock(NOW), digests)
        .map(drop)
}

/// The suite's case breaks the lines of its base64, which is refused before anything looks at the
/// time. Without the breaks it is about what it says.
fn without_line_breaks(vectors: &Path, name: &str) -> Result<(), Failed> {
    let case = BundleCase::new(vectors, name);
    let mut bundle: Value = serde_json::from_slice(&case.bundle()?)?;
    let stamp = bundle
        .pointer_mut(
            "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp",
        )
        .ok_or("no timestamp")?;
    let text = stamp.as_str().ok_or("no text")?.replace(['\r', '\n'], "");
    Base64::decode_vec(&text).map_err(|error| error.to_string())?;
    *stamp = text.into();
    let expected = json!({ "code": "certificate-expired", "stage": "certificate" });
    run(&case, bundle.to_string().as_bytes(), "path", &expected)
}
