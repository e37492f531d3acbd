//! The form of v0.2.0: `https://model_signing/Digests/v0.1`.

use serde_json::{Value, json};

use super::{remove, replace};
use crate::bundle::{self, PAYLOAD_TYPE, pae, pae_v01};
use crate::case::{Cases, Expect};
use crate::certificate::Certificate;
use crate::context::{Context, INTERMEDIATE, SIGNER};
use crate::keys::{Algorithm, Key, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    consents(context, cases);
    signatures(context, cases);
    subjects(context, cases);
    twins(context, cases);
}

/// The policy that allows the form.
fn opted_in(context: &Context) -> Value {
    let mut policy = context.pki.policy();
    policy["digestsV01"] = true.into();
    policy
}

fn signed(context: &Context, payload: &[u8]) -> Value {
    bundle::signed_v01(&context.pki.chain(), &context.pki.leaf_key, payload)
}

fn consents(context: &Context, cases: &mut Cases) {
    let payload = bundle::payload(&context.model.statement_v01());
    let unsupported = || Expect::Failed("statement", "predicate-type-unsupported");

    cases.add(
        "legacy-without-consent",
        "OMS 1.0 section 10: the form of v0.2.0 is optional, and the policy does not allow it",
        signed(context, &payload),
        context.pki.policy(),
        Expect::Failed("statement", "legacy-not-allowed"),
    );
    cases.add(
        "legacy-without-consent-dsse",
        "OMS 1.0 section 10: nor with DSSE's own encoding",
        bundle::signed(
            bundle::chain_material(&context.pki.chain()),
            &context.pki.leaf_key,
            &payload,
        ),
        context.pki.policy(),
        unsupported(),
    );
    cases.add(
        "legacy-with-key",
        "v0.2.0 had certificates only: a key never signs this predicate",
        context.sign(&payload),
        context.key_policy(),
        unsupported(),
    );
    let signature = context.key.sign(Algorithm::EcdsaSha256, &pae_v01(&payload));
    cases.add(
        "legacy-with-key-legacy-pae",
        "v0.2.0 had certificates only: a key never signs in this encoding",
        bundle::bundle(
            bundle::key_material(&context.key),
            bundle::envelope(&payload, &signature),
        ),
        context.key_policy(),
        Expect::Failed("signature", "signature-mismatch"),
    );
}

fn signatures(context: &Context, cases: &mut Cases) {
    let legacy = bundle::payload(&context.model.statement_v01());
    let modern = context.payload();
    let p384 = Key::derive(Kind::P384, "leaf");
    let p384_chain = [p384_leaf(context, &p384), context.pki.intermediate_der()];
    let mismatch = || Expect::Failed("signature", "signature-mismatch");
    let mixed = || Expect::Failed("statement", "predicate-type-unsupported");
    let mut add = |name: &str, rule: &str, chain: &[Vec<u8>], signed: (&[u8], Vec<u8>), expect| {
        let (payload, signature) = signed;
        let envelope = bundle::envelope(payload, &signature);
        let bundle = bundle::bundle(bundle::chain_material(chain), envelope);
        cases.add(name, rule, bundle, opted_in(context), expect);
    };
    let chain = context.pki.chain();
    let key = &context.pki.leaf_key;
    add(
        "legacy-dsse-pae",
        "v0.2.0 signed its own encoding: DSSE's came with predicate 1.0",
        &chain,
        (
            &legacy,
            key.sign(Algorithm::EcdsaSha256, &pae(PAYLOAD_TYPE, &legacy)),
        ),
        mixed(),
    );
    add(
        "legacy-pae-modern-predicate",
        "consent to v0.2.0 does not extend to a predicate of 1.0",
        &chain,
        (&modern, key.sign(Algorithm::EcdsaSha256, &pae_v01(&modern))),
        mixed(),
    );
    add(
        "legacy-hash-by-curve",
        "v0.2.0 signed with SHA-256 whatever the curve",
        &p384_chain,
        (
            &legacy,
            p384.sign(Algorithm::EcdsaSha384, &pae_v01(&legacy)),
        ),
        mismatch(),
    );
    add(
        "modern-sha256-on-p384",
        "OMS 1.0: the hash follows the curve, with consent to v0.2.0 as without",
        &p384_chain,
        (
            &modern,
            p384.sign(Algorithm::EcdsaSha256, &pae(PAYLOAD_TYPE, &modern)),
        ),
        mismatch(),
    );
}

fn subjects(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, stage, code, change: &dyn Fn(&mut Value)| {
        let mut statement = context.model.statement_v01();
        change(&mut statement["subject"]);
        let bundle = signed(context, &bundle::payload(&statement));
        cases.add(
            name,
            rule,
            bundle,
            opted_in(context),
            Expect::Failed(stage, code),
        );
    };
    let statement = "statement";
    add(
        "legacy-no-subject",
        "v0.2.0: one subject a file, and at least one",
        statement,
        "subject-count",
        &|subjects| *subjects = json!([]),
    );
    let rule = "v0.2.0: a subject has a SHA-256 digest in lower-case hex";
    let invalid = "subject-digest-invalid";
    add(
        "legacy-digest-missing",
        rule,
        statement,
        "statement-field-missing",
        &|subjects| {
            remove(&mut subjects[1], "digest");
        },
    );
    add(
        "legacy-digest-other-hash",
        rule,
        statement,
        invalid,
        &|subjects| {
            subjects[1]["digest"] = json!({ "sha512": "00".repeat(64) });
        },
    );
    add(
        "legacy-digest-upper-case",
        rule,
        statement,
        invalid,
        &|subjects| {
            let digest = subjects[1]["digest"]["sha256"]
                .as_str()
                .expect("a digest")
                .to_uppercase();
            subjects[1]["digest"]["sha256"] = digest.into();
        },
    );
    let rule = "v0.2.0: actual_hash_algorithm is file-sha256 where it is present";
    add(
        "legacy-annotation-other-hash",
        rule,
        "manifest",
        "digest-algorithm-mismatch",
        &|subjects| subjects[1]["annotations"]["actual_hash_algorithm"] = "file-blake2b".into(),
    );
    add(
        "legacy-annotation-number",
        rule,
        statement,
        "statement-field-type",
        &|subjects| subjects[1]["annotations"]["actual_hash_algorithm"] = 1.into(),
    );
    add(
        "legacy-annotations-array",
        "in-toto ResourceDescriptor: annotations is an object",
        statement,
        "statement-field-type",
        &|subjects| subjects[1]["annotations"] = json!(["file-sha256"]),
    );
    let rule = "v0.2.0: names are canonical paths, each once";
    add(
        "legacy-duplicate-name",
        rule,
        "manifest",
        "path-duplicate",
        &|subjects| {
            subjects[1]["name"] = subjects[0]["name"].clone();
        },
    );
    add(
        "legacy-climbing",
        rule,
        "manifest",
        "path-component-dot",
        &|subjects| {
            subjects[1]["name"] = "../vocab.txt".into();
        },
    );
    add(
        "legacy-absolute",
        rule,
        "manifest",
        "path-absolute",
        &|subjects| {
            subjects[1]["name"] = "/sub/vocab.txt".into();
        },
    );
    add(
        "legacy-conflict",
        rule,
        "manifest",
        "path-conflict",
        &|subjects| {
            subjects[1]["name"] = "config.json/vocab.txt".into();
        },
    );
    add(
        "legacy-changed",
        "the files are those that were signed",
        "files",
        "file-changed",
        &|subjects| {
            subjects[1]["digest"]["sha256"] = "00".repeat(32).into();
        },
    );
    add(
        "legacy-unsigned",
        "every file is signed",
        "files",
        "file-unsigned",
        &|subjects| {
            subjects.as_array_mut().expect("an array").remove(1);
        },
    );
}

fn twins(context: &Context, cases: &mut Cases) {
    let payload = bundle::payload(&context.model.statement_v01());
    let mut add = |name: &str, rule: &str, bundle: Value| {
        cases.add(name, rule, bundle, opted_in(context), Expect::Verified);
    };
    add(
        "twin-legacy",
        "v0.2.0, with consent",
        signed(context, &payload),
    );
    let p384 = Key::derive(Kind::P384, "leaf");
    let chain = [p384_leaf(context, &p384), context.pki.intermediate_der()];
    add(
        "twin-legacy-p384",
        "v0.2.0 signed with SHA-256 whatever the curve",
        bundle::signed_v01(&chain, &p384, &payload),
    );
    let text = String::from_utf8(payload.clone()).expect("JSON is UTF-8");
    let awkward = replace(
        &text,
        "Unused, just",
        "It's \\t a\\\\b é \u{7f}\u{10ffff}\\u0000 just",
    );
    add(
        "twin-legacy-escapes",
        "v0.2.0 signed Python's repr of the payload: quotes, backslashes, bytes beyond ASCII",
        signed(context, awkward.replace('\n', "\r\n\t").as_bytes()),
    );
    let mut plain = context.model.statement_v01();
    for subject in plain["subject"].as_array_mut().expect("an array") {
        remove(subject, "annotations");
    }
    add(
        "twin-legacy-no-annotations",
        "v0.2.0: annotations are optional",
        signed(context, &bundle::payload(&plain)),
    );
    add(
        "twin-modern-with-consent",
        "consent to v0.2.0 changes nothing for a bundle of 1.0",
        context.chain_bundle(&context.pki.chain()),
    );
}

fn p384_leaf(context: &Context, key: &Key) -> Vec<u8> {
    let issuer = &context.pki.intermediate_key;
    Certificate::leaf(SIGNER, key, INTERMEDIATE, issuer).sign(issuer)
}
