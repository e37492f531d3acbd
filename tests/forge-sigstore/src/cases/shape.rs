//! The bundle's shape (protobuf-specs, `sigstore_bundle.proto`).

use modelseal_forge_oms::bundle::{PAYLOAD_TYPE, raw_bytes};
use serde_json::{Value, json};

use super::{Case, bad, dsse, entries, entry, good, made, remove, stamps, v1, v2};
use crate::spec::{MEDIA_TYPE_0_1, MEDIA_TYPE_0_2, MEDIA_TYPE_0_3, Material};
use crate::{Spec, Times};

const ONE_OF: &str = "`content` is a oneof (protobuf-specs, `VerificationMaterial`): ProtoJSON \
    has one of them; it takes the first that it knows";
const MEDIA_TYPE: &str = "the media type says the version (protobuf-specs, `Bundle`); \
    it takes a bundle without one for v0.1";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = media_types();
    cases.extend(versions());
    cases.extend(chains());
    cases.extend(numbers());
    cases.extend(fields());
    cases
}

fn media_types() -> Vec<Case> {
    let spec = |media_type: &'static str| v1().media_type(media_type);
    let unknown = "media-type-unsupported";
    vec![
        bad(
            "shape: media type v0.4",
            unknown,
            spec("application/vnd.dev.sigstore.bundle.v0.4+json"),
        ),
        bad(
            "shape: media type version=0.4",
            unknown,
            spec("application/vnd.dev.sigstore.bundle+json;version=0.4"),
        ),
        bad(
            "shape: media type without a version",
            unknown,
            spec("application/vnd.dev.sigstore.bundle+json"),
        ),
        bad(
            "shape: media type in capitals",
            unknown,
            spec("APPLICATION/VND.DEV.SIGSTORE.BUNDLE.V0.3+JSON"),
        ),
        bad(
            "shape: media type with a space",
            unknown,
            spec("application/vnd.dev.sigstore.bundle+json; version=0.3"),
        ),
        bad("shape: empty media type", unknown, spec("")),
    ]
}

/// v0.1 needs a promise, later versions a proof.
fn versions() -> Vec<Case> {
    let without_proof = |media_type| v1().media_type(media_type).with(|spec| spec.proof = false);
    vec![
        bad(
            "shape: v0.1 without a promise",
            "inclusion-promise-missing",
            v1().media_type(MEDIA_TYPE_0_1).times(Times::Stamp),
        ),
        bad(
            "shape: v0.2 without a proof",
            "inclusion-proof-missing",
            without_proof(MEDIA_TYPE_0_2),
        ),
        bad(
            "shape: v0.3 without a proof",
            "inclusion-proof-missing",
            without_proof(MEDIA_TYPE_0_3),
        ),
        bad(
            "shape: Rekor v2 without a proof",
            "inclusion-proof-missing",
            v2().entry_json(|entry| remove(entry, "inclusionProof")),
        ),
        bad(
            "shape: Rekor v2 in v0.1",
            "inclusion-promise-missing",
            v2().media_type(MEDIA_TYPE_0_1),
        ),
    ]
}

fn chains() -> Vec<Case> {
    let of = |root: usize| {
        move |spec: Spec| {
            made("", None, move |sigstore| {
                let mut forged = sigstore.forge(&spec);
                let chain = &forged.root["certificateAuthorities"][0]["certChain"]["certificates"];
                let brought: Vec<Value> = chain.as_array().expect("a chain")[..root].to_vec();
                let certificates = &mut forged.bundle["verificationMaterial"]["x509CertificateChain"]
                    ["certificates"];
                certificates
                    .as_array_mut()
                    .expect("a chain")
                    .extend(brought);
                forged
            })
        }
    };
    let named = |name, code, case: Case| Case { name, code, ..case };
    vec![
        named(
            "shape: a chain with the intermediate",
            None,
            of(1)(v1().media_type(MEDIA_TYPE_0_2)),
        ),
        named(
            "shape: a chain with the root",
            None,
            of(2)(v1().media_type(MEDIA_TYPE_0_2)),
        ),
        made(
            "shape: a self-signed leaf",
            Some("chain-has-root"),
            |sigstore| {
                let mut forged = sigstore.forge(&v1());
                let chain = &forged.root["certificateAuthorities"][0]["certChain"]["certificates"];
                let root = chain[1].clone();
                forged.bundle["verificationMaterial"]["certificate"] = root;
                forged
            },
        ),
        bad(
            "shape: v0.3 with a chain",
            "material-mismatch",
            v1().with(|spec| spec.material = Material::Chain),
        ),
        bad(
            "shape: a chain of none",
            "certificate-count",
            v1().media_type(MEDIA_TYPE_0_2).bundle(|bundle| {
                bundle["verificationMaterial"]["x509CertificateChain"]["certificates"] = json!([]);
            }),
        ),
        bad(
            "shape: 17 certificates",
            "certificate-count",
            v1().media_type(MEDIA_TYPE_0_2).bundle(|bundle| {
                let chain =
                    &mut bundle["verificationMaterial"]["x509CertificateChain"]["certificates"];
                let leaf = chain[0].clone();
                *chain = vec![leaf; 17].into();
            }),
        )
        .lenient("a limit of ours: real chains have 2 to 4 certificates"),
        bad(
            "shape: certificate and chain",
            "material-ambiguous",
            v1().bundle(|bundle| {
                let material = &mut bundle["verificationMaterial"];
                material["x509CertificateChain"] =
                    json!({ "certificates": [material["certificate"]] });
            }),
        )
        .lenient(ONE_OF),
        bad(
            "shape: certificate and key",
            "material-ambiguous",
            v1().bundle(|bundle| {
                bundle["verificationMaterial"]["publicKey"] = json!({ "hint": "a" });
            }),
        )
        .lenient(ONE_OF),
        bad(
            "shape: a key in place of the certificate",
            "material-mismatch",
            v1().bundle(|bundle| {
                let material = &mut bundle["verificationMaterial"];
                remove(material, "certificate");
                material["publicKey"] = json!({ "hint": "a" });
            }),
        ),
        bad(
            "shape: no certificate",
            "material-missing",
            v1().bundle(|bundle| {
                remove(&mut bundle["verificationMaterial"], "certificate");
            }),
        ),
        bad(
            "shape: a certificate that is none",
            "certificate-invalid",
            v1().bundle(|bundle| {
                bundle["verificationMaterial"]["certificate"] = raw_bytes(b"0");
            }),
        ),
    ]
}

/// int64 of ProtoJSON: a number, or a text.
fn numbers() -> Vec<Case> {
    let index = |value: Value| v1().bundle(move |bundle| entry(bundle)["logIndex"] = value.clone());
    let wrong = "bundle-number-invalid";
    vec![
        good(
            "shape: log index as a number",
            v1().bundle(|bundle| {
                let entry = entry(bundle);
                let index: u64 = entry["logIndex"]
                    .as_str()
                    .expect("a text")
                    .parse()
                    .expect("a number");
                entry["logIndex"] = index.into();
            }),
        ),
        bad("shape: negative log index", wrong, index(json!("-1"))),
        bad(
            "shape: negative log index as a number",
            wrong,
            index(json!(-1)),
        ),
        bad(
            "shape: log index beyond int64",
            wrong,
            index(json!("9223372036854775808")),
        ),
        bad("shape: log index with a fraction", wrong, index(json!(5.5))),
        bad("shape: log index in letters", wrong, index(json!("five"))),
        bad("shape: log index with a plus", wrong, index(json!("+1005")))
            .lenient("ProtoJSON writes int64 without a plus; Rust's parser takes one"),
        bad(
            "shape: log index with a space",
            wrong,
            index(json!(" 1005")),
        ),
        bad(
            "shape: negative integrated time",
            wrong,
            v1().bundle(|bundle| entry(bundle)["integratedTime"] = json!("-1")),
        ),
        bad(
            "shape: negative tree size",
            wrong,
            v1().bundle(|bundle| entry(bundle)["inclusionProof"]["treeSize"] = json!("-1")),
        ),
        bad(
            "shape: negative index in the proof",
            wrong,
            v1().bundle(|bundle| entry(bundle)["inclusionProof"]["logIndex"] = json!("-1")),
        ),
        bad("shape: log index of another type", wrong, index(json!([]))),
    ]
}

fn fields() -> Vec<Case> {
    vec![
        bad(
            "shape: no log entries",
            "log-entry-missing",
            v2().bundle(|bundle| entries(bundle).clear()),
        ),
        bad(
            "shape: the same log entry twice",
            "log-entry-duplicate",
            v1().bundle(|bundle| {
                let entry = entry(bundle).clone();
                entries(bundle).push(entry);
            }),
        )
        .lenient(
            "a copy of an entry says nothing new; the client's \
                 specification asks for distinct ones",
        ),
        bad(
            "shape: the same timestamp twice",
            "timestamp-duplicate",
            v2().bundle(|bundle| {
                let stamp = stamps(bundle)[0].clone();
                stamps(bundle).push(stamp);
            }),
        )
        .lenient("a copy of a timestamp says nothing new"),
        bad(
            "shape: message and envelope",
            "content-ambiguous",
            v1().bundle(|bundle| {
                bundle["dsseEnvelope"] = json!({
                    "payload": "",
                    "payloadType": PAYLOAD_TYPE,
                    "signatures": [{ "sig": "MA==" }],
                });
            }),
        ),
        bad(
            "shape: neither message nor envelope",
            "bundle-field-missing",
            v1().bundle(|bundle| remove(bundle, "messageSignature")),
        ),
        bad(
            "shape: no media type",
            "bundle-unreadable",
            v1().bundle(|bundle| remove(bundle, "mediaType")),
        )
        .lenient(MEDIA_TYPE),
        bad(
            "shape: no verification material",
            "bundle-field-missing",
            v1().bundle(|bundle| remove(bundle, "verificationMaterial")),
        ),
        bad(
            "shape: no signature",
            "bundle-field-missing",
            v1().bundle(|bundle| remove(&mut bundle["messageSignature"], "signature")),
        ),
        bad(
            "shape: no log id",
            "bundle-field-missing",
            v1().bundle(|bundle| remove(entry(bundle), "logId")),
        ),
        bad(
            "shape: no body",
            "bundle-field-missing",
            v1().bundle(|bundle| remove(entry(bundle), "canonicalizedBody")),
        ),
        bad(
            "shape: no kind",
            "bundle-field-missing",
            v1().bundle(|bundle| remove(entry(bundle), "kindVersion")),
        ),
        bad(
            "shape: a field that no version has",
            "bundle-field-unknown",
            v1().bundle(|bundle| bundle["comment"] = json!("")),
        )
        .lenient(
            "ProtoJSON parsers reject unknown fields unless they are told \
                 otherwise; it ignores them",
        ),
        bad(
            "shape: an entry with a field that no version has",
            "bundle-field-unknown",
            v1().bundle(|bundle| entry(bundle)["comment"] = json!("")),
        )
        .lenient(
            "ProtoJSON parsers reject unknown fields unless they are told \
                 otherwise; it ignores them",
        ),
        bad(
            "shape: a body with line breaks",
            "base64-invalid",
            v1().bundle(|bundle| {
                let entry = entry(bundle);
                let body = entry["canonicalizedBody"].as_str().expect("a text");
                entry["canonicalizedBody"] = format!("{}\n{}", &body[..64], &body[64..]).into();
            }),
        ),
        bad(
            "shape: a signature with another last character",
            "base64-invalid",
            dsse().bundle(|bundle| {
                bundle["dsseEnvelope"]["signatures"][0]["sig"] = json!("MB==");
            }),
        ),
        bad(
            "shape: two signatures",
            "signature-count",
            dsse().bundle(|bundle| {
                let signatures = &mut bundle["dsseEnvelope"]["signatures"];
                let first = signatures[0].clone();
                signatures.as_array_mut().expect("a list").push(first);
            }),
        ),
        bad(
            "shape: no signatures",
            "signature-count",
            dsse().bundle(|bundle| bundle["dsseEnvelope"]["signatures"] = json!([])),
        ),
        bad(
            "shape: another payload type",
            "envelope-payload-type",
            dsse().bundle(|bundle| bundle["dsseEnvelope"]["payloadType"] = json!("text/plain")),
        ),
    ]
}
