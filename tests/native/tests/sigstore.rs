//! The public Sigstore vectors: every case of `sigstore/bundle-verify`, by its artifact and by its
//! digest, with its exact error and stage.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{
    ArtifactDigests, ArtifactHasher, Bundle, Error, Identity, Limits, Policy, PublicKey, TrustRoot,
};
use modelseal_tests::case::{ignored, same};
use modelseal_tests::vectors::{self, NOW, WHERE, read_json};
use modelseal_tests::{clock, repository};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What the suite expects where a case says nothing.
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn main() {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit();
}

fn trials() -> Vec<Trial> {
    let expected = read_json(&repository().join("tests/vectors/sigstore.json"));
    let expected = expected.as_object().expect("an object").clone();
    let Some(folder) = vectors::folder() else {
        return expected.keys().map(|name| ignored(name, WHERE)).collect();
    };
    let folder = folder.join("sigstore/bundle-verify");
    let (found, names): (Vec<_>, Vec<_>) = (
        vectors::folders_in(&folder),
        expected.keys().cloned().collect(),
    );
    let mut trials = vec![Trial::test("every vector is expected", move || {
        same("names of vectors", &json!(found), &json!(names))
    })];
    for (name, expected) in expected {
        for by in ["path", "digest"] {
            let (folder, name, expected) = (folder.clone(), name.clone(), expected.clone());
            trials.push(Trial::test(format!("{name} by {by}"), move || {
                let bundle = fs::read(folder.join(&name).join("bundle.sigstore.json"))?;
                run(&folder, &name, &bundle, by, &expected)
            }));
        }
    }
    let wrong_time = "rekor2-timestamp-with-incorrect-time_fail";
    trials.push(Trial::test(
        format!("{wrong_time} without line breaks"),
        move || without_line_breaks(&folder, wrong_time),
    ));
    trials
}

fn run(folder: &Path, name: &str, bundle: &[u8], by: &str, expected: &Value) -> Result<(), Failed> {
    let case = folder.join(name);
    let artifact = fs::read(case.join("artifact")).or_else(|_| fs::read(folder.join("a.txt")))?;
    let digests = match by {
        "digest" => ArtifactDigests::sha256(Sha256::digest(&artifact).into()),
        _ => {
            let mut hasher = ArtifactHasher::default();
            hasher.update(&artifact);
            hasher.finish()
        }
    };
    let found = match verify(&case, bundle, &digests) {
        Ok(()) => json!("verified"),
        Err(error) => json!({ "code": error.code(), "stage": error.stage().name() }),
    };
    same("result", &found, expected)
}

fn verify(case: &Path, bundle: &[u8], digests: &ArtifactDigests) -> Result<(), Error> {
    let text = |name: &str, default: &str| {
        let text = fs::read_to_string(case.join(name));
        text.map_or_else(|_| default.to_owned(), |text| text.trim().to_owned())
    };
    let root = match fs::read(case.join("trusted_root.json")) {
        Ok(json) => TrustRoot::parse(&json)?,
        Err(_) => TrustRoot::bundled("production")?,
    };
    let policy = match fs::read_to_string(case.join("key.pub")) {
        Ok(pem) => Policy::key(PublicKey::for_artifacts_from_pem(&pem)?).with_trust_root(root),
        Err(_) => {
            let (issuer, identity) = (text("issuer", ISSUER), text("identity", IDENTITY));
            Policy::sigstore(root, vec![Identity::new(&issuer, &identity)?])?
        }
    };
    let bundle = Bundle::parse(bundle, &Limits::default())?;
    bundle
        .verify_artifact(&policy, clock(NOW), digests)
        .map(drop)
}

/// The suite's case breaks the lines of its base64, which is refused before anything looks at the
/// time. Without the breaks it is about what it says.
fn without_line_breaks(folder: &Path, name: &str) -> Result<(), Failed> {
    let mut bundle = read_json(&folder.join(name).join("bundle.sigstore.json"));
    let stamp = bundle
        .pointer_mut(
            "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp",
        )
        .ok_or("no timestamp")?;
    let text = stamp.as_str().ok_or("no text")?.replace(['\r', '\n'], "");
    Base64::decode_vec(&text).map_err(|error| error.to_string())?;
    *stamp = text.into();
    let expected = json!({ "code": "certificate-expired", "stage": "certificate" });
    run(
        folder,
        name,
        bundle.to_string().as_bytes(),
        "path",
        &expected,
    )
}
