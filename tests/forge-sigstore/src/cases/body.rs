//! The log entry's body: the same signature, content and signer as the bundle.

use serde_json::{Value, json};

use super::{Case, bad, decoded, made, v1, v2};
use crate::content::base64;
use crate::{Entry, LeafKey, Spec};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = hashedrekord_001();
    cases.extend(hashedrekord_002());
    cases.extend(dsse_001());
    cases.extend(dsse_002());
    cases.extend(intoto_002());
    cases.extend(kinds());
    cases
}

const WRONG: &str = "log-entry-mismatch";

fn zeros() -> Value {
    "00".repeat(32).into()
}

fn logs(entry: Entry, pointer: &'static str, value: impl Into<Value>) -> Spec {
    let value = value.into();
    let spec = match entry {
        Entry::Hashedrekord001 | Entry::Hashedrekord002 => Spec::message(entry),
        _ => Spec::statement(entry),
    };
    spec.body(move |body| match body.pointer_mut(pointer) {
        Some(place) => *place = value.clone(),
        None => panic!("no {pointer}"),
    })
}

/// The leaf of the same signer with another key, as an entry would hold it.
fn other_certificate(name: &'static str, entry: Entry, pointer: &'static str) -> Case {
    made(name, Some(WRONG), move |sigstore| {
        let whole = || match entry {
            Entry::Hashedrekord001 | Entry::Hashedrekord002 => Spec::message(entry),
            _ => Spec::statement(entry),
        };
        let other = sigstore.forge(&whole().key(LeafKey::P384));
        let entry = &other.bundle["verificationMaterial"]["tlogEntries"][0];
        let body = decoded(&entry["canonicalizedBody"]);
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        let certificate = body.pointer(pointer).expect("a certificate").clone();
        sigstore.forge(&whole().body(move |body| {
            *body.pointer_mut(pointer).expect("a certificate") = certificate.clone();
        }))
    })
}

fn hashedrekord_001() -> Vec<Case> {
    use Entry::Hashedrekord001 as E;
    vec![
        bad(
            "body: hashedrekord 0.0.1, another digest",
            WRONG,
            logs(E, "/spec/data/hash/value", zeros()),
        ),
        bad(
            "body: hashedrekord 0.0.1, another algorithm",
            WRONG,
            logs(E, "/spec/data/hash/algorithm", "sha512"),
        )
        .lenient("a digest is of the algorithm beside it; it takes each for SHA-256"),
        bad(
            "body: hashedrekord 0.0.1, another signature",
            WRONG,
            logs(E, "/spec/signature/content", "MAYCAQECAQE="),
        ),
        other_certificate(
            "body: hashedrekord 0.0.1, another certificate",
            E,
            "/spec/signature/publicKey/content",
        ),
        bad(
            "body: hashedrekord 0.0.1, a key in place of the certificate",
            WRONG,
            logs(
                E,
                "/spec/signature/publicKey/content",
                base64(LeafKey::P256.key().public_pem().as_bytes()),
            ),
        ),
        bad(
            "body: hashedrekord 0.0.1, no digest",
            "log-entry-invalid",
            logs(E, "/spec/data", json!({})),
        ),
        bad(
            "body: hashedrekord 0.0.1, a certificate that is none",
            WRONG,
            logs(E, "/spec/signature/publicKey/content", "AAAA"),
        ),
    ]
}

fn hashedrekord_002() -> Vec<Case> {
    use Entry::Hashedrekord002 as E;
    let at = |pointer: &'static str, value: Value| logs(E, pointer, value);
    vec![
        bad(
            "body: hashedrekord 0.0.2, another digest",
            WRONG,
            at(
                "/spec/hashedRekordV002/data/digest",
                base64(&[0; 32]).into(),
            ),
        ),
        bad(
            "body: hashedrekord 0.0.2, another algorithm",
            WRONG,
            at("/spec/hashedRekordV002/data/algorithm", json!("SHA2_512")),
        ),
        bad(
            "body: hashedrekord 0.0.2, another signature",
            WRONG,
            at(
                "/spec/hashedRekordV002/signature/content",
                json!("MAYCAQECAQE="),
            ),
        ),
        other_certificate(
            "body: hashedrekord 0.0.2, another certificate",
            E,
            "/spec/hashedRekordV002/signature/verifier/x509Certificate/rawBytes",
        ),
        bad(
            "body: hashedrekord 0.0.2, a key in place of the certificate",
            WRONG,
            at(
                "/spec/hashedRekordV002/signature/verifier",
                json!({
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "publicKey": { "rawBytes": base64(&LeafKey::P256.key().spki()) },
                }),
            ),
        ),
        bad(
            "body: hashedrekord 0.0.2, the details of another kind of key",
            WRONG,
            at(
                "/spec/hashedRekordV002/signature/verifier/keyDetails",
                json!("PKIX_ECDSA_P384_SHA_384"),
            ),
        ),
        bad(
            "body: hashedrekord 0.0.2, no content",
            "log-entry-invalid",
            at("/spec", json!({})),
        ),
    ]
}

fn dsse_001() -> Vec<Case> {
    use Entry::Dsse001 as E;
    vec![
        bad(
            "body: dsse 0.0.1, another payload",
            WRONG,
            logs(E, "/spec/payloadHash/value", zeros()),
        ),
        bad(
            "body: dsse 0.0.1, another algorithm",
            WRONG,
            logs(E, "/spec/payloadHash/algorithm", "sha512"),
        ),
        bad(
            "body: dsse 0.0.1, another signature",
            WRONG,
            logs(E, "/spec/signatures/0/signature", "MAYCAQECAQE="),
        ),
        other_certificate(
            "body: dsse 0.0.1, another certificate",
            E,
            "/spec/signatures/0/verifier",
        ),
        bad(
            "body: dsse 0.0.1, one signature more",
            WRONG,
            twice(E, "/spec/signatures"),
        ),
        bad(
            "body: dsse 0.0.1, no signature",
            WRONG,
            logs(E, "/spec/signatures", json!([])),
        ),
    ]
}

fn dsse_002() -> Vec<Case> {
    use Entry::Dsse002 as E;
    vec![
        bad(
            "body: dsse 0.0.2, another payload",
            WRONG,
            logs(E, "/spec/dsseV002/payloadHash/digest", base64(&[0; 32])),
        ),
        bad(
            "body: dsse 0.0.2, another algorithm",
            WRONG,
            logs(E, "/spec/dsseV002/payloadHash/algorithm", "SHA2_512"),
        ),
        bad(
            "body: dsse 0.0.2, another signature",
            WRONG,
            logs(E, "/spec/dsseV002/signatures/0/content", "MAYCAQECAQE="),
        ),
        other_certificate(
            "body: dsse 0.0.2, another certificate",
            E,
            "/spec/dsseV002/signatures/0/verifier/x509Certificate/rawBytes",
        ),
        bad(
            "body: dsse 0.0.2, one signature more",
            WRONG,
            twice(E, "/spec/dsseV002/signatures"),
        ),
    ]
}

fn intoto_002() -> Vec<Case> {
    use Entry::Intoto002 as E;
    let content = |rest: &str| format!("/spec/content/{rest}").leak() as &'static str;
    vec![
        bad(
            "body: intoto 0.0.2, another payload",
            WRONG,
            logs(E, content("payloadHash/value"), zeros()),
        ),
        bad(
            "body: intoto 0.0.2, another algorithm",
            WRONG,
            logs(E, content("payloadHash/algorithm"), "sha512"),
        ),
        bad(
            "body: intoto 0.0.2, another payload type",
            WRONG,
            logs(E, content("envelope/payloadType"), "text/plain"),
        ),
        bad(
            "body: intoto 0.0.2, another signature",
            WRONG,
            logs(
                E,
                content("envelope/signatures/0/sig"),
                base64(b"MAYCAQECAQE="),
            ),
        ),
        other_certificate(
            "body: intoto 0.0.2, another certificate",
            E,
            "/spec/content/envelope/signatures/0/publicKey",
        ),
        bad(
            "body: intoto 0.0.2, one signature more",
            WRONG,
            twice(E, "/spec/content/envelope/signatures"),
        ),
    ]
}

fn twice(entry: Entry, pointer: &'static str) -> Spec {
    Spec::statement(entry).body(move |body| {
        let list = body
            .pointer_mut(pointer)
            .and_then(Value::as_array_mut)
            .expect("a list");
        let first = list[0].clone();
        list.push(first);
    })
}

fn kinds() -> Vec<Case> {
    let unknown = "log-entry-kind-unsupported";
    let kind = |kind: &'static str, version: &'static str| {
        let names = v1().body(move |body| {
            (body["kind"], body["apiVersion"]) = (json!(kind), json!(version));
        });
        names.entry_json(move |entry| {
            entry["kindVersion"] = json!({ "kind": kind, "version": version });
        })
    };
    vec![
        bad("body: kind unknown", unknown, kind("rekord", "0.0.1")),
        bad(
            "body: version unknown",
            unknown,
            kind("hashedrekord", "0.0.3"),
        ),
        bad("body: intoto 0.0.1", unknown, kind("intoto", "0.0.1")),
        bad(
            "body: kind in capitals",
            unknown,
            kind("HashedRekord", "0.0.1"),
        ),
        bad(
            "body: another kind than the entry's",
            "log-entry-invalid",
            v1().body(|body| body["kind"] = json!("dsse")),
        )
        .lenient(
            "the body says its kind too, and the log hashed it; it goes by \
                 the entry's",
        ),
        bad(
            "body: another version than the entry's",
            "log-entry-invalid",
            v1().body(|body| body["apiVersion"] = json!("0.0.2")),
        )
        .lenient(
            "the body says its version too, and the log hashed it; it goes \
                 by the entry's",
        ),
        bad(
            "body: an envelope's entry for a message",
            "log-entry-mismatch",
            Spec::new(Entry::Dsse001, crate::Content::message()),
        ),
        bad(
            "body: no JSON",
            "log-entry-invalid",
            v2().body(|body| *body = json!("text")),
        ),
        bad(
            "body: no kind",
            "log-entry-invalid",
            v1().body(|body| super::remove(body, "kind")),
        )
        .lenient("every body has a kind (rekor, `pkg/generated`); it goes by the entry's"),
    ]
}
