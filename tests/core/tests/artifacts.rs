//! What a verdict over an artifact says, and what it is asked for: types of attestations, pins,
//! denials, digests, and files with several bundles.

use modelseal::{
    AnyPolicy, ArtifactBundles, ArtifactDigests, ArtifactVerdict, Bundle, Clock, Error, Identity,
    Limits, Policy, PublicKey, ReportOnly, TrustRoot, TrustRoots, UnixTime,
};
use modelseal_core_tests::bundles::digests;
use modelseal_forge_sigstore::content::{base64, slsa_v1};
use modelseal_forge_sigstore::{
    Content, Entry, Forged, IDENTITY, ISSUER, LeafKey, Sigstore, Spec, Times, time,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

const SLSA_V1: &str = "https://slsa.dev/provenance/v1";
const OTHER: &str = "https://example.com/scan/v1";
const SUMMARY: &str = "https://slsa.dev/verification_summary/v1";

fn clock() -> Clock {
    Clock::now(UnixTime::from_seconds(time::NOW))
}

/// A statement that says something else than how the artifact was built.
fn statement(predicate_type: &str, predicate: Value) -> Forged {
    let mut statement = slsa_v1();
    statement["predicateType"] = predicate_type.into();
    statement["predicate"] = predicate;
    forge(Spec::new(Entry::Dsse001, Content::statement(&statement)))
}

fn forge(spec: Spec) -> Forged {
    Sigstore::new("little").forge(&spec)
}

fn root(forged: &Forged) -> TrustRoot {
    TrustRoot::parse(&forged.root_bytes()).expect("a trust root")
}

fn policy(forged: &Forged) -> Policy {
    let identity = Identity::new(ISSUER, IDENTITY).expect("an identity");
    Policy::sigstore(root(forged), vec![identity]).expect("a policy")
}

fn judge_by(forged: &Forged, policy: impl Into<AnyPolicy>, digests: &ArtifactDigests) -> Judged {
    let bundles = ArtifactBundles::parse(&forged.bytes(), &Limits::default())?;
    policy.into().judge(bundles, clock(), digests)
}

fn judge(forged: &Forged, policy: impl Into<AnyPolicy>) -> Value {
    let verdict = judge_by(forged, policy, &digests(&forged.artifact)).expect("a verdict");
    read(&verdict)
}

type Judged = Result<ArtifactVerdict, Error>;

fn read(verdict: &ArtifactVerdict) -> Value {
    serde_json::from_str(&verdict.to_json()).expect("JSON")
}

/// Outcome and reasons.
fn outcome(verdict: &Value) -> (String, Vec<String>) {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let reasons = verdict["reasons"].as_array().expect("a list");
    (
        text(&verdict["outcome"]),
        reasons.iter().map(text).collect(),
    )
}

fn is(outcome: &str, reasons: &[&str]) -> (String, Vec<String>) {
    let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
    (outcome.to_owned(), reasons)
}

#[test]
fn provenance_is_what_an_attestation_is_asked_for_by_default() {
    for content in [Content::slsa_v0_2(), Content::slsa_v1()] {
        let forged = forge(Spec::new(Entry::Dsse001, content));
        let verdict = judge(&forged, policy(&forged));
        assert_eq!(outcome(&verdict), is("verified", &[]));
    }
    let forged = statement(OTHER, json!({ "result": "revoked" }));
    let verdict = judge(&forged, policy(&forged));
    let unexpected = is("failed", &["predicate-type-unexpected"]);
    assert_eq!(outcome(&verdict), unexpected);
    // The signature holds, and both types are shown.
    assert_eq!(verdict["signature"]["status"], "valid");
    assert_eq!(verdict["attestation"]["predicateType"], OTHER);
    assert_eq!(
        verdict["attestation"]["acceptedTypes"],
        json!(["https://slsa.dev/provenance/v0.2", SLSA_V1])
    );
}

#[test]
fn a_predicate_type_that_is_asked_for_is_compared_exactly() {
    let forged = statement(OTHER, json!({ "number": 1 }));
    let asked = |name: &str| policy(&forged).with_predicate_types(vec![name.into()]);
    let verdict = judge(&forged, asked(OTHER).expect("a type"));
    assert_eq!(outcome(&verdict), is("verified", &[]));
    for other in [
        "https://example.com/scan/v1/",
        "https://example.com/scan",
        SLSA_V1,
    ] {
        let verdict = judge(&forged, asked(other).expect("a type"));
        let unexpected = is("failed", &["predicate-type-unexpected"]);
        assert_eq!(outcome(&verdict), unexpected, "{other}");
    }
    let refused = Some(Error::PolicyInvalid {
        field: "predicateTypes",
    });
    for name in ["", "https://model_signing/signature/v1.0"] {
        assert_eq!(asked(name).err(), refused, "{name:?}");
    }
    assert_eq!(
        policy(&forged).with_predicate_types(Vec::new()).err(),
        refused
    );
}

#[test]
fn any_predicate_type_is_at_best_incomplete() {
    let forged = statement(OTHER, json!({}));
    let verdict = judge(&forged, policy(&forged).with_any_predicate_type());
    let unchecked = is("incomplete", &["predicate-unchecked"]);
    assert_eq!(outcome(&verdict), unchecked);
    assert_eq!(verdict["attestation"]["acceptedTypes"], Value::Null);
    // A signature over the artifact states nothing: there is nothing left unchecked.
    let message = forge(Spec::message(Entry::Hashedrekord001));
    let verdict = judge(&message, policy(&message).with_any_predicate_type());
    assert_eq!(outcome(&verdict), is("verified", &[]));
}

#[test]
fn an_oms_statement_and_an_empty_type_are_never_attestations() {
    let oms = forge(Spec::new(Entry::Dsse001, Content::oms()));
    let empty = statement("", json!({}));
    for forged in [oms, empty] {
        for policy in [policy(&forged), policy(&forged).with_any_predicate_type()] {
            let verdict = judge(&forged, policy);
            let unsupported = is("failed", &["predicate-type-unsupported"]);
            assert_eq!(outcome(&verdict), unsupported);
        }
        let verdict = judge(&forged, ReportOnly::sigstore(root(&forged)));
        let unsupported = is("failed", &["predicate-type-unsupported"]);
        assert_eq!(outcome(&verdict), unsupported);
    }
}

#[test]
fn a_verification_summary_says_passed_or_fails() {
    for (result, passed) in [
        (json!({ "verificationResult": "PASSED" }), true),
        (json!({ "verificationResult": "FAILED" }), false),
        (json!({ "verificationResult": "passed" }), false),
        (json!({ "verificationResult": ["PASSED"] }), false),
        (json!({}), false),
        (Value::Null, false),
    ] {
        let forged = statement(SUMMARY, result.clone());
        let asked = policy(&forged).with_predicate_types(vec![SUMMARY.into()]);
        let expected = if passed {
            is("verified", &[])
        } else {
            is("failed", &["verification-not-passed"])
        };
        let verdict = judge(&forged, asked.expect("a type"));
        assert_eq!(outcome(&verdict), expected, "{result}");
        let any = judge(&forged, policy(&forged).with_any_predicate_type());
        assert_eq!(outcome(&any).0 == "failed", !passed, "{result}");
    }
}

#[test]
fn a_message_is_no_attestation() {
    let forged = forge(Spec::message(Entry::Hashedrekord001));
    let verdict = judge(&forged, policy(&forged));
    assert_eq!(outcome(&verdict), is("verified", &[]));
    let asked = policy(&forged).with_predicate_types(vec![SLSA_V1.into()]);
    let verdict = judge(&forged, asked.expect("a type"));
    assert_eq!(outcome(&verdict), is("failed", &["attestation-missing"]));
}

#[test]
fn pins_that_an_artifact_cannot_have_are_refused() {
    let forged = forge(Spec::message(Entry::Hashedrekord001));
    let error = |policy: Policy| judge_by(&forged, policy, &digests(&forged.artifact)).err();
    let refused = |field| Some(Error::PolicyInvalid { field });
    let pinned = policy(&forged).with_root_digest([0; 32]);
    assert_eq!(error(pinned), refused("rootDigest"));
    let named = policy(&forged).with_model_name("other".into());
    assert_eq!(error(named), refused("modelName"));
    for (member, value) in [
        ("rootDigest", json!(format!("sha256:{}", "0".repeat(64)))),
        ("modelName", json!("other")),
        ("digestsV01", json!(true)),
    ] {
        let key = include_str!("../../fixtures/key.pub");
        let mut policy = json!({ "method": "key", "publicKey": key });
        policy[member] = value;
        let error = AnyPolicy::for_artifacts_from_json(&policy.to_string(), &TrustRoots::default());
        let error = error.expect_err("it is refused");
        assert_eq!(error.code(), "policy-field-unknown", "{member}");
        assert!(error.to_string().contains(member), "{error}");
    }
}

/// Pins of an artifact are as much in vain for a model.
#[test]
fn predicate_types_are_refused_for_a_model() {
    let forged = forge(Spec::new(Entry::Dsse001, Content::oms()));
    let refused = Some(Error::PolicyInvalid {
        field: "predicateTypes",
    });
    let policy = policy(&forged).with_any_predicate_type();
    let bundle = Bundle::parse(&forged.bytes(), &Limits::default()).expect("a bundle");
    assert_eq!(bundle.verify(&policy, clock()).err(), refused);
}

#[test]
fn a_denied_artifact_is_denied() {
    let forged = forge(Spec::message(Entry::Hashedrekord001));
    let denied = policy(&forged).with_denied(Sha256::digest(&forged.artifact).into());
    let verdict = judge(&forged, denied);
    assert_eq!(outcome(&verdict), is("failed", &["artifact-denied"]));
    let other = policy(&forged).with_denied([7; 32]);
    assert_eq!(outcome(&judge(&forged, other)), is("verified", &[]));
}

/// A denial is by SHA-256: a digest by another algorithm cannot be compared with it.
#[test]
fn a_denial_that_cannot_be_compared_is_refused() {
    let forged = forge(Spec::message(Entry::Hashedrekord001).key(LeafKey::P384));
    let sha384 = ArtifactDigests::sha384(Sha384::digest(&forged.artifact).into());
    let verdict = judge_by(&forged, policy(&forged), &sha384).expect("a verdict");
    assert_eq!(outcome(&read(&verdict)), is("verified", &[]));
    let denied = policy(&forged).with_denied([7; 32]);
    let error = judge_by(&forged, denied, &sha384).err();
    assert_eq!(
        error.map(|error| error.to_string()),
        Some(
            "this cannot be checked with the digest that was given: \
             give the file, or its digest by sha256"
                .to_owned()
        )
    );
}

#[test]
fn a_digest_that_was_given_does_not_read_like_bytes() {
    let forged = forge(Spec::message(Entry::Hashedrekord001));
    let given = ArtifactDigests::sha256(Sha256::digest(&forged.artifact).into());
    let given = judge_by(&forged, policy(&forged), &given).expect("a verdict");
    let (given, hashed) = (read(&given), judge(&forged, policy(&forged)));
    assert_eq!(given["bytes"], "digest-given");
    assert_eq!(hashed["bytes"], "hashed");
    assert_eq!(outcome(&given), outcome(&hashed));
}

/// No digest in common: nothing can be said, and it names the algorithms that would do.
#[test]
fn no_digest_in_common_is_no_mismatch() {
    let artifact = Sigstore::new("little")
        .forge(&Spec::message(Entry::Hashedrekord001))
        .artifact;
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let subject = |digests: Value| {
        let mut statement = slsa_v1();
        statement["subject"][0]["digest"] = digests;
        forge(Spec::new(Entry::Dsse001, Content::statement(&statement)))
    };
    let sha512 = hex(&Sha512::digest(&artifact));
    let forged = subject(json!({ "sha512": sha512 }));
    let sha256 = ArtifactDigests::sha256(Sha256::digest(&artifact).into());
    let error = judge_by(&forged, policy(&forged), &sha256).expect_err("it cannot tell");
    assert_eq!(error.code(), "artifact-digest-missing");
    assert!(error.to_string().ends_with("by sha512"), "{error}");
    let sha512 = ArtifactDigests::sha512(Sha512::digest(&artifact).into());
    let verdict = judge_by(&forged, policy(&forged), &sha512).expect("a verdict");
    assert_eq!(outcome(&read(&verdict)), is("verified", &[]));
    assert_eq!(
        outcome(&judge(&forged, policy(&forged))),
        is("verified", &[])
    );
}

/// JSON lines: those about the artifact are judged, and the verdict is over the best of them.
#[test]
fn of_several_bundles_the_one_about_the_artifact_is_judged() {
    let good = forge(Spec::statement(Entry::Dsse001));
    let scan = statement(OTHER, json!({}));
    let mut about_another = slsa_v1();
    about_another["subject"][0]["digest"]["sha256"] = "00".repeat(32).into();
    let another = forge(Spec::new(
        Entry::Dsse001,
        Content::statement(&about_another),
    ));
    let lines = |forged: &[&Forged]| {
        let lines: Vec<_> = forged.iter().map(|one| one.bundle.to_string()).collect();
        lines.join("\n")
    };
    let judge = |text: &str| {
        let bundles = ArtifactBundles::parse(text.as_bytes(), &Limits::default());
        let digests = digests(&good.artifact);
        let policy = AnyPolicy::from(policy(&good));
        let verdict = policy.judge(bundles.expect("bundles"), clock(), &digests);
        read(&verdict.expect("a verdict"))
    };
    let verdict = judge(&lines(&[&another, &scan, &good]));
    assert_eq!(outcome(&verdict), is("verified", &[]));
    assert_eq!(verdict["line"], 3);
    let others = verdict["others"].as_array().expect("others");
    assert_eq!(
        others.len(),
        1,
        "the one about another artifact is not judged"
    );
    assert_eq!(others[0]["line"], 2);
    assert_eq!(others[0]["outcome"], "failed");
    assert_eq!(others[0]["reasons"], json!(["predicate-type-unexpected"]));
    assert_eq!(others[0]["predicateType"], OTHER);

    let verdict = judge(&lines(&[&another, &another]));
    assert_eq!(outcome(&verdict), is("failed", &["artifact-mismatch"]));
    // At most 16 are judged, of however many.
    let verdict = judge(&lines(&vec![&scan; 100]));
    assert_eq!(verdict["others"].as_array().map(Vec::len), Some(15));
}

/// Without a verified time, a log's window is judged at the time of the check.
#[test]
fn a_retired_log_proves_nothing() {
    let ended = |root: &mut Value| {
        for log in root["tlogs"].as_array_mut().expect("logs") {
            log["publicKey"]["validFor"] =
                json!({ "start": "2001-01-01T00:00:00Z", "end": "2002-01-01T00:00:00Z" });
        }
    };
    for entry in [Entry::Hashedrekord001, Entry::Hashedrekord002] {
        for (root_change, expected) in [
            (None, is("verified", &[])),
            (Some(ended), is("failed", &["log-outside-validity"])),
        ] {
            let mut spec = by_key(entry).times(Times::None);
            if let Some(change) = root_change {
                spec = spec.root(change);
            }
            let forged = forge(spec);
            let key = PublicKey::for_artifacts_from_pem(LeafKey::P256.key().public_pem());
            let policy = Policy::key(key.expect("a key")).with_trust_root(root(&forged));
            let verdict = judge(&forged, policy);
            assert_eq!(outcome(&verdict), expected, "{entry:?}");
        }
    }
}

/// A message in a bundle of the key method: bundle and log know the signer by the key alone.
fn by_key(entry: Entry) -> Spec {
    Spec::message(entry)
        .body(move |body| {
            let key = LeafKey::P256.key();
            if entry.is_v2() {
                let verifier = &mut body["spec"]["hashedRekordV002"]["signature"]["verifier"];
                *verifier = json!({
                    "keyDetails": verifier["keyDetails"],
                    "publicKey": { "rawBytes": base64(&key.spki()) },
                });
            } else {
                let pem = base64(key.public_pem().as_bytes());
                body["spec"]["signature"]["publicKey"]["content"] = pem.into();
            }
        })
        .bundle(|bundle| {
            let material = &mut bundle["verificationMaterial"];
            let material = material.as_object_mut().expect("an object");
            material.remove("certificate");
            material.insert("publicKey".into(), json!({ "hint": "" }));
        })
}
