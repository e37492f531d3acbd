//! Sigstore bundles around a DSSE envelope.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::keys::{Algorithm, Key};
use crate::model::hex;

/// The media type of every OMS bundle with a key or a chain.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// The payload type of an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// The text of a statement, laid out as the Python implementation does.
pub fn payload(statement: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(statement).expect("a JSON value can be written")
}

/// DSSE's pre-authentication encoding.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    )
    .into_bytes();
    out.extend_from_slice(payload);
    out
}

/// What v0.2.0 signed instead: a capital V, and Python's `repr` of the payload.
pub fn pae_v01(payload: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "DSSEV1 {} {PAYLOAD_TYPE} {} b'",
        PAYLOAD_TYPE.len(),
        payload.len()
    )
    .into_bytes();
    for &byte in payload {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\'' => out.extend_from_slice(b"\\'"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x20..=0x7e => out.push(byte),
            _ => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    out.push(b'\'');
    out
}

/// The hint of a key: SHA-256 over its PEM text.
pub fn hint(key: &Key) -> String {
    hex(&Sha256::digest(key.public_pem()))
}

/// The material of a key bundle.
pub fn key_material(key: &Key) -> Value {
    json!({ "publicKey": { "hint": hint(key) }, "tlogEntries": [] })
}

/// The material of a certificate bundle, leaf first.
pub fn chain_material(certificates: &[Vec<u8>]) -> Value {
    let certificates: Vec<_> = certificates.iter().map(|der| raw_bytes(der)).collect();
    json!({ "x509CertificateChain": { "certificates": certificates }, "tlogEntries": [] })
}

/// `{ "rawBytes": base64 }`.
pub fn raw_bytes(bytes: &[u8]) -> Value {
    json!({ "rawBytes": Base64::encode_string(bytes) })
}

/// An envelope with one signature.
pub fn envelope(payload: &[u8], signature: &[u8]) -> Value {
    json!({
        "payload": Base64::encode_string(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{ "sig": Base64::encode_string(signature), "keyid": "" }],
    })
}

/// A bundle from its parts.
pub fn bundle(material: Value, envelope: Value) -> Value {
    json!({
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": material,
        "dsseEnvelope": envelope,
    })
}

/// A signed bundle: the key's usual hash over the pre-authentication encoding.
pub fn signed(material: Value, key: &Key, payload: &[u8]) -> Value {
    let signature = key.sign(key.algorithm(), &pae(PAYLOAD_TYPE, payload));
    bundle(material, envelope(payload, &signature))
}

/// A signed bundle in the form of v0.2.0: its own encoding, SHA-256 whatever the curve.
pub fn signed_v01(certificates: &[Vec<u8>], key: &Key, payload: &[u8]) -> Value {
    let mut material = chain_material(certificates);
    material
        .as_object_mut()
        .expect("an object")
        .remove("tlogEntries");
    let signature = key.sign(Algorithm::EcdsaSha256, &pae_v01(payload));
    let mut envelope = envelope(payload, &signature);
    envelope["signatures"][0]["keyid"] = Value::Null;
    bundle(material, envelope)
}
