//! The verification material: which kind, whose, and what must not be in it yet.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::remove;
use crate::bundle;
use crate::case::{Cases, Expect};
use crate::context::Context;
use crate::model::hex;
use sha2::{Digest, Sha256};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    kinds(context, cases);
    contents(context, cases);
    keys(context, cases);
    unchecked(context, cases);
    twins(context, cases);
}

fn kinds(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut add = |name: &str, rule: &str, bundle: Value, policy: Value, code| {
        cases.add(name, rule, bundle, policy, Expect::Failed("material", code));
    };
    let one_of =
        "Sigstore bundle: publicKey, x509CertificateChain and certificate exclude each other";
    let mut both = context.key_bundle();
    both["verificationMaterial"]["x509CertificateChain"] =
        bundle::chain_material(&pki.chain())["x509CertificateChain"].take();
    add(
        "material-key-and-chain",
        one_of,
        both,
        context.key_policy(),
        "material-ambiguous",
    );

    let mut both = context.chain_bundle(&pki.chain());
    both["verificationMaterial"]["publicKey"] = json!({ "hint": bundle::hint(&pki.leaf_key) });
    add(
        "material-chain-and-key",
        one_of,
        both,
        pki.policy(),
        "material-ambiguous",
    );

    let mut both = context.chain_bundle(&pki.chain());
    both["verificationMaterial"]["certificate"] = bundle::raw_bytes(&pki.leaf_der());
    add(
        "material-chain-and-certificate",
        one_of,
        both,
        pki.policy(),
        "material-ambiguous",
    );

    let mut none = context.key_bundle();
    remove(&mut none["verificationMaterial"], "publicKey");
    let rule = "Sigstore bundle: verificationMaterial has one kind of content";
    add(
        "material-none",
        rule,
        none,
        context.key_policy(),
        "material-missing",
    );
    let rule = "OMS 1.0: the material's kind is that of the method";
    let mut single = context.chain_bundle(&pki.chain());
    single["verificationMaterial"] = json!({ "certificate": bundle::raw_bytes(&pki.leaf_der()) });
    let mismatch = "material-mismatch";
    add(
        "material-certificate-as-chain",
        rule,
        single.clone(),
        pki.policy(),
        mismatch,
    );
    add(
        "material-certificate-as-key",
        rule,
        single,
        context.key_policy(),
        mismatch,
    );
    add(
        "material-key-as-chain",
        rule,
        context.key_bundle(),
        pki.policy(),
        mismatch,
    );
    let chain = context.chain_bundle(&pki.chain());
    add(
        "material-chain-as-key",
        rule,
        chain,
        context.key_policy(),
        mismatch,
    );
}

/// Bundles with the other kind of content: a signature over a digest of the statement.
fn contents(context: &Context, cases: &mut Cases) {
    let payload = context.payload();
    let message_signature = json!({
        "messageDigest": {
            "algorithm": "SHA2_256",
            "digest": Base64::encode_string(&Sha256::digest(&payload)),
        },
        "signature": Base64::encode_string(&context.key.sign(context.key.algorithm(), &payload)),
    });
    let mut instead = context.key_bundle();
    remove(&mut instead, "dsseEnvelope");
    instead["messageSignature"] = message_signature.clone();
    cases.add(
        "content-message-signature",
        "OMS 1.0: the signed content is a DSSE envelope",
        instead,
        context.key_policy(),
        Expect::Failed("bundle", "bundle-field-missing"),
    );
    let mut beside = context.key_bundle();
    beside["messageSignature"] = message_signature;
    cases.add(
        "content-both",
        "Sigstore bundle: dsseEnvelope and messageSignature exclude each other",
        beside,
        context.key_policy(),
        Expect::Failed("bundle", "content-ambiguous"),
    );
}

fn keys(context: &Context, cases: &mut Cases) {
    let hint = bundle::hint(&context.key);
    let mut add = |name: &str, rule: &str, key: Value, code| {
        let mut bundle = context.key_bundle();
        bundle["verificationMaterial"]["publicKey"] = key;
        let expect = Expect::Failed("material", code);
        cases.add(name, rule, bundle, context.key_policy(), expect);
    };
    let names = "OMS 1.0 section 4.1: the hint identifies the key";
    let mismatch = "key-hint-mismatch";
    add(
        "hint-of-another-key",
        names,
        json!({ "hint": bundle::hint(&context.other) }),
        mismatch,
    );
    add(
        "hint-upper-case",
        "OMS 1.0 section 4.1: the hint is lower-case hex",
        json!({ "hint": hint.to_uppercase() }),
        mismatch,
    );
    add(
        "hint-of-der",
        "OMS 1.0 section 4.1: the hint is the digest of the PEM text, not of the DER",
        json!({ "hint": hex(&Sha256::digest(context.key.spki())) }),
        mismatch,
    );
    add("hint-cut", names, json!({ "hint": hint[..32] }), mismatch);
    let bytes = |key: &[u8]| {
        let mut key = bundle::raw_bytes(key);
        key["keyDetails"] = "PKIX_ECDSA_P256_SHA_256".into();
        key
    };
    add(
        "raw-bytes-of-another-key",
        "model-signing 1.0.1: rawBytes is the key that signed",
        bytes(context.other.public_pem().as_bytes()),
        "key-raw-bytes-mismatch",
    );
    add(
        "raw-bytes-garbage",
        "model-signing 1.0.1: rawBytes is the PEM text of a key",
        bytes(b"no key"),
        "key-raw-bytes-mismatch",
    );
    let mut both = bytes(context.other.public_pem().as_bytes());
    both["hint"] = hint.into();
    add(
        "raw-bytes-beside-right-hint",
        "a right hint does not excuse another key in rawBytes",
        both,
        "key-raw-bytes-mismatch",
    );
}

/// What cannot be checked yet must not be passed over.
fn unchecked(context: &Context, cases: &mut Cases) {
    let entry = json!({
        "logIndex": "1",
        "logId": { "keyId": Base64::encode_string(&[7; 32]) },
        "kindVersion": { "kind": "dsse", "version": "0.0.1" },
        "integratedTime": "1750000000",
        "inclusionPromise": { "signedEntryTimestamp": Base64::encode_string(&[1; 64]) },
        "canonicalizedBody": Base64::encode_string(b"{}"),
    });
    let stamps = json!({ "rfc3161Timestamps": [{ "signedTimestamp": "MAA=" }] });
    for (method, bundle, policy) in [
        ("key", context.key_bundle(), context.key_policy()),
        (
            "chain",
            context.chain_bundle(&context.pki.chain()),
            context.pki.policy(),
        ),
    ] {
        let mut logged = bundle.clone();
        logged["verificationMaterial"]["tlogEntries"] = json!([entry]);
        cases.add(
            &format!("log-entry-{method}"),
            "every log entry present must verify, and this policy names no trust root",
            logged,
            policy.clone(),
            Expect::Failed("material", "trust-root-missing"),
        );
        let mut stamped = bundle;
        stamped["verificationMaterial"]["timestampVerificationData"] = stamps.clone();
        cases.add(
            &format!("timestamp-{method}"),
            "every timestamp present must verify, and this policy names no trust root",
            stamped,
            policy,
            Expect::Failed("material", "trust-root-missing"),
        );
    }
    let mut many = context.key_bundle();
    many["verificationMaterial"]["tlogEntries"] = vec![entry; 33].into();
    cases.add(
        "log-entries-33",
        "a bundle has at most 32 log entries",
        many,
        context.key_policy(),
        Expect::Failed("material", "log-entry-count"),
    );
}

fn twins(context: &Context, cases: &mut Cases) {
    let mut empty = context.key_bundle();
    empty["verificationMaterial"]["timestampVerificationData"] = json!({ "rfc3161Timestamps": [] });
    cases.add(
        "twin-no-timestamps",
        "Sigstore bundle: an empty list of timestamps is none",
        empty,
        context.key_policy(),
        Expect::Verified,
    );
    let mut bytes = bundle::raw_bytes(context.key.public_pem().as_bytes());
    bytes["keyDetails"] = "PKIX_ECDSA_P256_SHA_256".into();
    let mut raw = context.key_bundle();
    raw["verificationMaterial"] = json!({ "publicKey": bytes });
    cases.add(
        "twin-raw-bytes",
        "model-signing 1.0.1: rawBytes is the key that signed",
        raw,
        context.key_policy(),
        Expect::Verified,
    );
}
