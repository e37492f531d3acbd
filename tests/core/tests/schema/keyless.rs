//! Verdicts over keyless models and over artifacts, of every kind.

use std::sync::LazyLock;

use modelseal::{
    AnyPolicy, ArtifactBundles, ArtifactDigests, AuditOptions, Clock, Identity, Limits, Policy,
    ReportOnly, TrustRoot, UnixTime,
};
use modelseal_core_tests::case::json_of;
use modelseal_core_tests::{Tree, bundles};
use modelseal_forge_sigstore::{Forged, Sigstore, cases};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{exact, kinds, schema, set, valid};

/// A forged bundle, its policy and its time.
struct Sample {
    forged: Forged,
    policy: AnyPolicy,
    clock: Clock,
}

/// Cases of the tests' Sigstore that differ in what a verdict says: most rejections differ in their
/// code alone, and most accepted bundles in their key.
fn differs(name: &str) -> bool {
    match name.split_once(": ") {
        Some(("accepted", what)) => {
            let keys = ["Ed25519", "P384", "P521", "Rsa"];
            what.starts_with("Dsse001, OMS") || !keys.iter().any(|key| what.contains(key))
        }
        Some((check, _)) => ["identity", "root", "statement", "subject", "time"].contains(&check),
        None => true,
    }
}

/// Cases of the tests' Sigstore under their own policy; those that are accepted also under one
/// that expects someone else, and under none.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let sigstore = Sigstore::new("schema");
    let mut samples = Vec::new();
    for case in cases::all() {
        if !differs(case.name) {
            continue;
        }
        let forged = case.forge(&sigstore);
        let Ok(root) = TrustRoot::parse(&forged.root_bytes()) else {
            continue;
        };
        let expecting = |identity: &str| {
            let identity = Identity::new(case.issuer, identity).expect("an identity");
            AnyPolicy::Expecting(Policy::sigstore(root.clone(), vec![identity]).expect("one"))
        };
        let mut policies = vec![expecting(case.identity)];
        if case.code.is_none() {
            policies.push(expecting("somebody else"));
            policies.push(AnyPolicy::ReportOnly(ReportOnly::sigstore(root.clone())));
        }
        for policy in policies {
            samples.push(Sample {
                forged: forged.clone(),
                policy,
                clock: Clock::now(UnixTime::from_seconds(case.now)),
            });
        }
    }
    samples
});

static ARTIFACTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut verdicts: Vec<_> = SAMPLES.iter().filter_map(Sample::artifact).collect();
    verdicts.extend([several(), by_digest()]);
    verdicts
});

/// Over a bundle among several in one file.
fn several() -> Value {
    let sample = SAMPLES.first().expect("samples");
    let bundle = sample.forged.bytes();
    let lines = [bundle.as_slice(), &bundle].join(b"\n".as_slice());
    let digests = bundles::digests(&sample.forged.artifact);
    sample.judge(&lines, &digests).expect("a verdict")
}

/// Over a digest that the caller stated.
fn by_digest() -> Value {
    let sample = SAMPLES.first().expect("samples");
    let digests = ArtifactDigests::sha256(Sha256::digest(&sample.forged.artifact).into());
    let verdict = sample.judge(&sample.forged.bytes(), &digests);
    verdict.expect("a verdict")
}

impl Sample {
    fn artifact(&self) -> Option<Value> {
        let digests = bundles::digests(&self.forged.artifact);
        self.judge(&self.forged.bytes(), &digests)
    }

    /// None for what cannot be judged.
    fn judge(&self, bytes: &[u8], digests: &ArtifactDigests) -> Option<Value> {
        let bundles = ArtifactBundles::parse(bytes, &Limits::default()).ok()?;
        let verdict = self.policy.judge(bundles, self.clock, digests).ok()?;
        serde_json::from_str(&verdict.to_json()).expect("JSON")
    }

    /// Over a model of which no file is there; none for what cannot be judged.
    fn model(&self) -> Option<Value> {
        let (bytes, policy) = (self.forged.bytes(), self.policy.clone());
        let (tree, options) = (Tree::default(), AuditOptions::default());
        let verdict = modelseal_core_tests::judge(&bytes, policy, self.clock, &tree, options);
        Some(json_of(&verdict.ok()?))
    }
}

#[test]
fn every_kind_of_artifact_verdict_has_the_schemas_form() {
    let schema = schema("artifact-verdict");
    for verdict in ARTIFACTS.iter() {
        valid(&schema, verdict);
    }
    let kinds = |pointer| kinds(&ARTIFACTS, pointer);
    assert_eq!(
        kinds("/outcome"),
        set(&["failed", "incomplete", "verified"])
    );
    assert_eq!(kinds("/signature/status"), set(&["invalid", "valid"]));
    assert_eq!(kinds("/signature/method"), set(&["sigstore"]));
    assert_eq!(kinds("/signature/form"), set(&["attestation", "message"]));
    assert_eq!(
        kinds("/publisher/status"),
        set(&["expected", "unchecked", "unexpected"])
    );
    assert_eq!(
        kinds("/signature/identity/kind"),
        set(&["email", "uri", "username"])
    );
    assert_eq!(
        kinds("/signature/logEntries/0/inclusion"),
        set(&["promised", "proved"])
    );
    assert_eq!(
        kinds("/signature/verifiedTimes/0/source"),
        set(&["log", "timestamp-authority"])
    );
    assert_eq!(kinds("/judgedAtBasis"), set(&["now", "signed-time"]));
    assert_eq!(kinds("/bytes"), set(&["digest-given", "hashed"]));
    let slsa = [
        "https://slsa.dev/provenance/v0.2",
        "https://slsa.dev/provenance/v1",
    ];
    assert!(set(&slsa).is_subset(&kinds("/attestation/predicateType")));
}

#[test]
fn every_kind_of_keyless_verdict_has_the_schemas_form() {
    let schema = schema("verdict");
    let verdicts: Vec<_> = SAMPLES.iter().filter_map(Sample::model).collect();
    for verdict in &verdicts {
        valid(&schema, verdict);
    }
    let kinds = |pointer| kinds(&verdicts, pointer);
    assert_eq!(kinds("/signature/method"), set(&["sigstore"]));
    assert_eq!(
        kinds("/publisher/status"),
        set(&["expected", "unchecked", "unexpected"])
    );
    assert_eq!(kinds("/judgedAtBasis"), set(&["now", "signed-time"]));
}

#[test]
fn an_artifact_verdict_with_a_field_too_many_or_too_few_has_another_form() {
    let schema = schema("artifact-verdict");
    let whole = ARTIFACTS.iter().find(|verdict| {
        verdict["outcome"] == "verified" && verdict["attestation"]["provenance"].is_object()
    });
    let whole = whole.expect("verified provenance");
    let parts = [
        "",
        "/signature",
        "/signature/identity",
        "/signature/logEntries/0",
        "/signature/verifiedTimes/0",
        "/publisher",
        "/artifact",
        "/attestation",
        "/attestation/provenance",
        "/trustRoot",
        "/bundle",
    ];
    exact(&schema, whole, &parts);
    for (pointer, value) in [
        ("/outcome", json!("incomplete")),
        ("/publisher/status", json!("unchecked")),
        ("/signature/form", json!("v1.0")),
        ("/artifact/sha256", json!("sha256:0")),
    ] {
        let mut verdict = whole.clone();
        *verdict.pointer_mut(pointer).expect("a value") = value;
        assert!(!schema.is_valid(&verdict), "{pointer}");
    }
}
