//! Policies: what they refuse, which signer they expect, and how another signer is reported.

use std::fs;

use modelseal::{
    AnyPolicy, ArtifactBundles, CertificateField, Clock, Error, Identity, Limits, Opened, Policy,
    TrustRoot, TrustRoots, UnixTime,
};
use modelseal_core_tests::bundles::digests;
use modelseal_core_tests::{clock, repository};
use modelseal_forge_sigstore::fulcio::{ISSUER_V1, ISSUER_V2};
use modelseal_forge_sigstore::{Entry, Forged, IDENTITY, ISSUER, Sigstore, Spec, time};
use serde_json::{Value, json};

const REPOSITORY: &str = "https://github.com/modelseal/models";

fn error(policy: &Value) -> Error {
    let models = AnyPolicy::from_json(&policy.to_string(), &TrustRoots::default());
    let artifacts = AnyPolicy::for_artifacts_from_json(&policy.to_string(), &TrustRoots::default());
    let (models, artifacts) = (models.err(), artifacts.err());
    assert_eq!(models, artifacts, "{policy}");
    models.unwrap_or_else(|| panic!("{policy} is accepted"))
}

fn keyless(identity: &Value) -> Value {
    json!({ "method": "sigstore", "identities": [identity] })
}

#[test]
fn a_null_member_is_named_and_refused_wherever_it_is() {
    let key = include_str!("../../fixtures/key.pub");
    let mut key = json!({ "method": "key", "publicKey": key });
    key["deny"] = Value::Null;
    let refused = error(&key);
    assert_eq!(refused.code(), "policy-field-null");
    assert!(refused.to_string().contains("policy.deny"), "{refused}");
    let named = [("issuer", ISSUER), ("identity", IDENTITY)];
    for null in ["sourceRepositoryUri", "identity", "issuer", "noIssuer"] {
        let mut identity = json!(
            named
                .iter()
                .copied()
                .collect::<std::collections::BTreeMap<_, _>>()
        );
        identity[null] = Value::Null;
        let refused = error(&keyless(&identity));
        assert_eq!(refused.code(), "policy-field-null", "{identity}");
        let member = format!("identities.{null}");
        assert!(refused.to_string().contains(&member), "{refused}");
    }
}

#[test]
fn an_unknown_member_is_named_and_refused_wherever_it_is() {
    let misspelt = json!({ "issuer": ISSUER, "identity": IDENTITY, "sourceRepositoryURI": "x" });
    let refused = error(&keyless(&misspelt));
    assert_eq!(refused.code(), "policy-field-unknown");
    let text = refused.to_string();
    assert!(text.contains("identities.sourceRepositoryURI"), "{text}");
    // The name is an attacker's where the policy is: nothing of it reaches a terminal unchanged.
    let hostile = json!({ "method": "key", "\u{1b}[31mred\n": 1 });
    let refused = error(&hostile).to_string();
    assert!(refused.contains("policy.??31mred?"), "{refused}");
}

/// Anyone may call a reusable workflow.
#[test]
fn a_reusable_workflow_alone_names_no_one() {
    let uri = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.0.0";
    let alone = keyless(&json!({ "issuer": ISSUER, "buildSignerUri": uri }));
    let refused = Error::PolicyInvalid {
        field: "identities.identity",
    };
    assert_eq!(error(&alone), refused);
    let fields = [(CertificateField::BuildSignerUri, uri.to_owned())];
    assert_eq!(Identity::with_fields(ISSUER, fields).err(), Some(refused));
    let beside =
        json!({ "issuer": ISSUER, "buildSignerUri": uri, "sourceRepositoryUri": REPOSITORY });
    let policy = AnyPolicy::from_json(&keyless(&beside).to_string(), &TrustRoots::default());
    assert!(policy.is_ok(), "{:?}", policy.err());
}

fn judge(forged: &Forged, identities: Vec<Identity>) -> Value {
    let root = TrustRoot::parse(&forged.root_bytes()).expect("a trust root");
    let policy = AnyPolicy::from(Policy::sigstore(root, identities).expect("identities"));
    let bundles = ArtifactBundles::parse(&forged.bytes(), &Limits::default()).expect("a bundle");
    let now = Clock::now(UnixTime::from_seconds(time::NOW));
    let verdict = policy.judge(bundles, now, &digests(&forged.artifact));
    let verdict = verdict.expect("a verdict").to_json();
    serde_json::from_str(&verdict).expect("JSON")
}

fn message() -> Spec {
    Spec::message(Entry::Hashedrekord002)
}

#[test]
fn an_unexpected_publisher_is_reported_field_by_field() {
    let forged = Sigstore::new("little").forge(&message());
    let other = "https://github.com/modelseal/others/.github/workflows/sign.yml@refs/heads/main";
    let identity = Identity::new(ISSUER, other).expect("an identity");
    let verdict = judge(&forged, vec![identity]);
    assert_eq!(verdict["reasons"], json!(["identity-unexpected"]));
    assert_eq!(
        verdict["signature"]["status"], "valid",
        "the signature holds"
    );
    let publisher = &verdict["publisher"];
    assert_eq!(publisher["status"], "unexpected");
    assert_eq!(publisher["name"], IDENTITY, "what was found");
    assert_eq!(
        publisher["expected"],
        json!([{ "issuer": ISSUER, "identity": other }])
    );
    assert_eq!(
        publisher["mismatches"],
        json!([{ "field": "identity", "expected": other, "found": IDENTITY }])
    );
}

/// Of several identities the nearest is the one that the fields are compared with.
#[test]
fn the_nearest_of_several_identities_is_compared() {
    let forged = Sigstore::new("little").forge(&message());
    let near = Identity::with_fields(
        ISSUER,
        [
            (CertificateField::SourceRepositoryUri, REPOSITORY.into()),
            (CertificateField::SourceRepositoryRef, "refs/tags/v1".into()),
        ],
    );
    let far = Identity::new("https://example.com", "someone@example.com");
    let verdict = judge(
        &forged,
        vec![far.expect("an identity"), near.expect("an identity")],
    );
    let publisher = &verdict["publisher"];
    assert_eq!(publisher["expected"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        publisher["mismatches"],
        json!([{
            "field": "sourceRepositoryRef",
            "expected": "refs/tags/v1",
            "found": "refs/heads/main",
        }])
    );
}

/// A certificate without an issuer matches nothing but an explicit "no issuer".
#[test]
fn no_issuer_is_expected_explicitly_or_not_at_all() {
    let forged = Sigstore::new("little").forge(&message().leaf(|leaf| {
        leaf.remove(ISSUER_V1);
        leaf.remove(ISSUER_V2);
    }));
    let verdict = judge(
        &forged,
        vec![Identity::new(ISSUER, IDENTITY).expect("an identity")],
    );
    assert_eq!(verdict["reasons"], json!(["identity-unexpected"]));
    assert_eq!(verdict["publisher"]["issuer"], Value::Null);
    assert_eq!(
        verdict["publisher"]["mismatches"],
        json!([{ "field": "issuer", "expected": ISSUER, "found": null }])
    );
    let none = Identity::without_issuer(IDENTITY).expect("an identity");
    let verdict = judge(&forged, vec![none.clone()]);
    assert_eq!(verdict["outcome"], "verified");
    // And a certificate with an issuer does not match "no issuer".
    let forged = Sigstore::new("little").forge(&message());
    let verdict = judge(&forged, vec![none]);
    assert_eq!(
        verdict["publisher"]["mismatches"],
        json!([{ "field": "issuer", "expected": null, "found": ISSUER }])
    );
    let both = keyless(&json!({ "issuer": ISSUER, "noIssuer": true, "identity": IDENTITY }));
    let refused = Error::PolicyInvalid {
        field: "identities.issuer",
    };
    assert_eq!(error(&both), refused);
    assert_eq!(error(&keyless(&json!({ "identity": IDENTITY }))), refused);
}

/// A caller that expects no one sees what a bundle of any method claims, and that nothing confirms it.
#[test]
fn a_report_on_any_method_shows_claims() {
    let fixtures = repository().join("tests/fixtures");
    let report = json!({ "reportOnly": true });
    let report = AnyPolicy::from_json(&report.to_string(), &TrustRoots::default());
    let report = report.expect("a report");
    let verdict = |bundle: &[u8]| {
        let clock = clock(modelseal_forge_oms::case::AT);
        let opened = report.open(bundle, &Limits::default(), clock);
        let Ok(Opened::Rejected(rejected)) = opened else {
            panic!("a list of files was handed out: {opened:?}");
        };
        let verdict = rejected.into_verdict().to_json();
        serde_json::from_str::<Value>(&verdict).expect("JSON")
    };
    let by_key = fs::read(fixtures.join("model.sig")).expect("a bundle");
    let found = verdict(&by_key);
    assert_eq!(found["outcome"], "incomplete");
    assert_eq!(
        found["reasons"],
        json!(["key-needed", "publisher-unchecked"])
    );
    assert_eq!(found["signature"]["status"], "unchecked");
    assert_eq!(
        found["signature"]["keyHint"].as_str().map(str::len),
        Some(64)
    );
    assert_eq!(found["model"], Value::Null);

    let by_certificate = fs::read(fixtures.join("certificate/model.sig")).expect("a bundle");
    let found = verdict(&by_certificate);
    assert_eq!(
        found["reasons"],
        json!(["anchor-needed", "publisher-unchecked"])
    );
    let chain = &found["signature"]["claimedChain"];
    assert_eq!(chain[0]["subject"], "CN=Test Signer,O=modelseal tests");
    assert_eq!(
        found["publisher"],
        json!({ "status": "unchecked", "name": null, "issuer": null })
    );
    // What contradicts itself fails: the leaf's key made no such signature.
    let mut bundle: Value = serde_json::from_slice(&by_certificate).expect("JSON");
    let other: Value = serde_json::from_slice(&by_key).expect("JSON");
    bundle["dsseEnvelope"] = other["dsseEnvelope"].clone();
    let found = verdict(bundle.to_string().as_bytes());
    assert_eq!(found["outcome"], "failed");
    assert_eq!(found["reasons"], json!(["signature-mismatch"]));
    let pinned = json!({ "reportOnly": true, "modelName": "x" });
    assert_eq!(error(&pinned).code(), "policy-field-unknown");
}
