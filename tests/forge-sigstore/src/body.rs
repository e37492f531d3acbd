//! The bodies of log entries, by kind and version.

use modelseal_forge_oms::keys::pem;
use modelseal_forge_oms::model::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::content::base64;
use crate::log::Submission;
use crate::spec::Entry;

/// The body of an entry.
pub(crate) fn body(submission: &Submission<'_>) -> Value {
    let (kind, version) = submission.spec.entry.name();
    let spec = match submission.spec.entry {
        Entry::Dsse001 => dsse_001(submission),
        Entry::Dsse002 => dsse_002(submission),
        Entry::Hashedrekord001 => hashedrekord_001(submission),
        Entry::Hashedrekord002 => hashedrekord_002(submission),
        Entry::Intoto002 => intoto_002(submission),
    };
    json!({ "apiVersion": version, "kind": kind, "spec": spec })
}

fn certificate(submission: &Submission<'_>) -> String {
    base64(pem("CERTIFICATE", submission.leaf).as_bytes())
}

fn sha256(bytes: &[u8]) -> Value {
    json!({ "algorithm": "sha256", "value": hex(&Sha256::digest(bytes)) })
}

fn hashedrekord_001(submission: &Submission<'_>) -> Value {
    let hash = submission.spec.hash();
    let name = hash.name().replace("SHA2_", "sha");
    let digest = hash.digest(&submission.signed.message);
    json!({
        "data": { "hash": { "algorithm": name, "value": hex(&digest) } },
        "signature": {
            "content": base64(&submission.signed.signature),
            "publicKey": { "content": certificate(submission) },
        },
    })
}

fn hashedrekord_002(submission: &Submission<'_>) -> Value {
    let hash = submission.spec.hash();
    let digest = hash.digest(&submission.signed.message);
    json!({ "hashedRekordV002": {
        "data": { "algorithm": hash.name(), "digest": base64(&digest) },
        "signature": {
            "content": base64(&submission.signed.signature),
            "verifier": verifier(submission),
        },
    } })
}

fn verifier(submission: &Submission<'_>) -> Value {
    json!({
        "keyDetails": submission.spec.leaf_key.details(&submission.spec.content),
        "x509Certificate": { "rawBytes": base64(submission.leaf) },
    })
}

fn dsse_001(submission: &Submission<'_>) -> Value {
    let envelope = submission.signed.json.to_string();
    json!({
        "envelopeHash": sha256(envelope.as_bytes()),
        "payloadHash": sha256(&submission.signed.payload),
        "signatures": [{
            "signature": base64(&submission.signed.signature),
            "verifier": certificate(submission),
        }],
    })
}

fn dsse_002(submission: &Submission<'_>) -> Value {
    let digest = Sha256::digest(&submission.signed.payload);
    json!({ "dsseV002": {
        "payloadHash": { "algorithm": "SHA2_256", "digest": base64(&digest) },
        "signatures": [{
            "content": base64(&submission.signed.signature),
            "verifier": verifier(submission),
        }],
    } })
}

/// The log leaves the payload out, and wraps the signature in base64 once more.
fn intoto_002(submission: &Submission<'_>) -> Value {
    let envelope = submission.signed.json.to_string();
    let signature = base64(&submission.signed.signature);
    json!({ "content": {
        "envelope": {
            "payloadType": submission.signed.payload_type,
            "signatures": [{
                "publicKey": certificate(submission),
                "sig": base64(signature.as_bytes()),
            }],
        },
        "hash": sha256(envelope.as_bytes()),
        "payloadHash": sha256(&submission.signed.payload),
    } })
}
