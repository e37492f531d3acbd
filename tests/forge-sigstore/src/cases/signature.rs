//! The signature over the content, and what the content says of the artifact.

use modelseal_forge_oms::keys::Algorithm;
use modelseal_forge_oms::model::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{Case, bad, dsse, good, remove, spoil, v1, v2};
use crate::content::{ARTIFACT, base64, slsa_v1};
use crate::{Content, Entry, Forged, LeafKey, Spec};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = signatures();
    cases.extend(messages());
    cases.extend(subjects());
    cases.extend(statements());
    cases
}

fn signatures() -> Vec<Case> {
    let wrong = "signature-mismatch";
    vec![
        bad(
            "signature: spoiled, message",
            wrong,
            v1().signature(|signature| spoil(signature)),
        ),
        bad(
            "signature: spoiled, envelope",
            wrong,
            dsse().signature(|signature| spoil(signature)),
        ),
        bad(
            "signature: spoiled, Rekor v2",
            wrong,
            Spec::statement(Entry::Dsse002).signature(|signature| spoil(signature)),
        ),
        bad("signature: over the payload alone", wrong, unwrapped()),
        bad(
            "signature: P-384 with SHA-256",
            wrong,
            dsse()
                .key(LeafKey::P384)
                .with(|spec| spec.algorithm = Some(Algorithm::EcdsaSha256)),
        ),
        bad(
            "signature: P-256 with SHA-384",
            wrong,
            dsse().with(|spec| spec.algorithm = Some(Algorithm::EcdsaSha384)),
        ),
        good(
            "signature: P-384 with SHA-256, message",
            v1().key(LeafKey::P384)
                .with(|spec| spec.algorithm = Some(Algorithm::EcdsaSha256)),
        ),
        bad(
            "signature: P-256 with SHA-384, message",
            "message-hash-unsupported",
            v1().with(|spec| spec.algorithm = Some(Algorithm::EcdsaSha384)),
        ),
        bad(
            "signature: not in DER",
            "signature-encoding",
            v1().signature(|signature| signature.push(0)),
        ),
        bad(
            "signature: empty",
            "signature-encoding",
            v1().signature(Vec::clear),
        ),
    ]
}

/// Signed over the payload without DSSE's encoding.
fn unwrapped() -> Spec {
    dsse().signature(|signature| {
        let key = LeafKey::P256.key();
        *signature = key.sign(key.algorithm(), slsa_v1().to_string().as_bytes());
    })
}

fn other(case: Case) -> Case {
    let make = case.make;
    Case {
        make: Box::new(move |sigstore| Forged {
            artifact: b"other weights\n".to_vec(),
            ..make(sigstore)
        }),
        ..case
    }
}

fn messages() -> Vec<Case> {
    let wrong = "message-digest-mismatch";
    vec![
        other(bad("signature: message of another artifact", wrong, v1())),
        other(bad(
            "signature: message of another artifact, without a digest",
            "log-entry-mismatch",
            v1().bundle(|bundle| remove(&mut bundle["messageSignature"], "messageDigest")),
        )),
        good(
            "signature: message without a digest",
            v1().bundle(|bundle| remove(&mut bundle["messageSignature"], "messageDigest")),
        ),
        bad(
            "signature: message's digest wrong",
            wrong,
            v1().bundle(|bundle| {
                bundle["messageSignature"]["messageDigest"]["digest"] = base64(&[7; 32]).into();
            }),
        ),
        bad(
            "signature: message's digest cut",
            wrong,
            v1().bundle(|bundle| {
                let digest = Sha256::digest(ARTIFACT);
                bundle["messageSignature"]["messageDigest"]["digest"] =
                    base64(&digest[..16]).into();
            }),
        ),
        bad(
            "signature: message's digest of an unknown algorithm",
            wrong,
            v1().bundle(|bundle| {
                bundle["messageSignature"]["messageDigest"]["algorithm"] = json!("SHA1");
            }),
        ),
        good(
            "signature: message's digest in SHA-512",
            v2().bundle(|bundle| {
                bundle["messageSignature"]["messageDigest"] =
                    json!({ "algorithm": "SHA2_512", "digest": base64(&Sha512::digest(ARTIFACT)) });
            }),
        )
        .gap(
            "`messageDigest` is a hint (protobuf-specs, \
                 `MessageSignature`); it takes its algorithm for the \
                 signature's",
        ),
    ]
}

fn about(change: impl Fn(&mut Value)) -> Spec {
    let mut statement = slsa_v1();
    change(&mut statement);
    Spec::new(Entry::Dsse001, Content::statement(&statement))
}

fn digests(digests: Value) -> Spec {
    about(|statement| statement["subject"][0]["digest"] = digests.clone())
}

/// A subject has a digest that is known, and every one that is known is right.
fn subjects() -> Vec<Case> {
    let wrong = "artifact-mismatch";
    let (sha256, sha384, sha512) = (
        hex(&Sha256::digest(ARTIFACT)),
        hex(&Sha384::digest(ARTIFACT)),
        hex(&Sha512::digest(ARTIFACT)),
    );
    let some = "a digest of any algorithm may stand alone (in-toto, \
                 `DigestSet`); it has no SHA-384";
    let every = "digests that are known must all match (in-toto, `DigestSet`); \
                 one is enough to it";
    vec![
        other(bad("subject: another artifact", wrong, dsse())),
        good("subject: SHA-384", digests(json!({ "sha384": sha384 }))).gap(some),
        good("subject: SHA-512", digests(json!({ "sha512": sha512 }))),
        good(
            "subject: SHA-256 and SHA-512",
            digests(json!({ "sha256": sha256, "sha512": sha512 })),
        ),
        bad(
            "subject: SHA-256 right, SHA-512 wrong",
            wrong,
            digests(json!({ "sha256": sha256, "sha512": "00".repeat(64) })),
        )
        .lenient(every),
        bad(
            "subject: SHA-256 wrong, SHA-512 right",
            wrong,
            digests(json!({ "sha256": "00".repeat(32), "sha512": sha512 })),
        )
        .lenient(every),
        bad(
            "subject: an unknown digest alone",
            "artifact-digest-missing",
            digests(json!({ "md5": "00".repeat(16) })),
        ),
        good(
            "subject: an unknown digest beside",
            digests(json!({ "sha256": sha256, "gitCommit": "00".repeat(20) })),
        ),
        bad(
            "subject: no digest",
            "artifact-digest-missing",
            digests(json!({})),
        ),
        good(
            "subject: another before it",
            about(|statement| {
                let own = statement["subject"][0].clone();
                statement["subject"] =
                    json!([{ "name": "other", "digest": { "sha256": "00".repeat(32) } }, own]);
            }),
        ),
        bad(
            "subject: none",
            "artifact-mismatch",
            about(|statement| statement["subject"] = json!([])),
        ),
    ]
}

fn statements() -> Vec<Case> {
    let kind = |text: &'static str| about(move |statement| statement["_type"] = json!(text));
    vec![
        bad(
            "statement: of version 2",
            "statement-type-unsupported",
            kind("https://in-toto.io/Statement/v2"),
        )
        .lenient("in-toto has v0.1 and v1; it does not look"),
        bad(
            "statement: without a type",
            "statement-field-missing",
            about(|statement| remove(statement, "_type")),
        ),
        bad(
            "statement: without subjects",
            "statement-field-missing",
            about(|statement| remove(statement, "subject")),
        ),
        bad(
            "statement: no JSON",
            "json-syntax",
            Spec::new(
                Entry::Dsse001,
                Content::Envelope {
                    payload_type: modelseal_forge_oms::bundle::PAYLOAD_TYPE.into(),
                    payload: b"{".to_vec(),
                    artifact: ARTIFACT.to_vec(),
                },
            ),
        ),
        bad(
            "statement: of v0.1 over a model",
            "statement-type-unsupported",
            {
                let mut statement = modelseal_forge_oms::fixtures::example_model()
                    .statement(modelseal_forge_oms::model::Hash::Sha256);
                statement["_type"] = json!("https://in-toto.io/Statement/v0.1");
                Spec::new(Entry::Dsse001, Content::statement(&statement))
            },
        ),
    ]
}
