//! One whole bundle for every combination of entry kind, content, key and time, and for every
//! kind of timestamp and media type.

use super::{Case, good};
use crate::spec::{MEDIA_TYPE_0_1, MEDIA_TYPE_0_2, MEDIA_TYPE_0_3, MEDIA_TYPE_0_3_OLD};
use crate::tsa::TsaKey;
use crate::{Content, Entry, LeafKey, Spec, Times};

const DSSE_0_0_2: &str = "rekor-tiles has dsse 0.0.2 (`DSSERequestV002`), which it does \
                 not read";
const ENVELOPE_HASHED: &str = "the body of hashedrekord 0.0.1 is over any digest \
    (rekor `hashedrekord_v0_0_1_schema.json`), so also over that of an envelope's PAE";
const P521: &str = "P-521 is in the algorithm registry of Sigstore; it has no P-521";
const REKOR_V2_KEYS: &str = "hashedrekord 0.0.2 has any of `PublicKeyDetails` (rekor-tiles, \
    `verifier.proto`); it knows PKIX_ECDSA_P256_SHA_256 alone";
const HASHES: &str = "the body of hashedrekord may hold SHA-384 and SHA-512 \
    (`hashedrekord_v0_0_1_schema.json`, protobuf-specs `HashAlgorithm`); it compares SHA-256 alone";
const PREHASHED: &str = "hashedrekord takes Ed25519ph (RFC 8032 section 5.1; algorithm registry); \
    it verifies Ed25519 over the artifact";
const TSA_KEYS: &str = "RFC 3161 names no algorithm; it takes timestamps by P-256 and \
                 P-384 alone";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = combinations();
    let media_types = [
        MEDIA_TYPE_0_1,
        MEDIA_TYPE_0_2,
        MEDIA_TYPE_0_3_OLD,
        MEDIA_TYPE_0_3,
    ];
    for media_type in media_types {
        for entry in [Entry::Hashedrekord001, Entry::Hashedrekord002] {
            // v0.1 is of a time before Rekor v2: it needs a promise, which v2 does not give.
            if media_type == MEDIA_TYPE_0_1 && entry.is_v2() {
                continue;
            }
            let name = format!("accepted: media type {media_type}, {entry:?}");
            cases.push(good(
                leak(name),
                Spec::message(entry).media_type(media_type),
            ));
        }
    }
    for content in [Content::message(), Content::slsa_v0_2()] {
        let entry = match content {
            Content::Message(_) => Entry::Hashedrekord001,
            Content::Envelope { .. } => Entry::Intoto002,
        };
        let spec = Spec::new(entry, content).media_type(MEDIA_TYPE_0_1);
        let spec = spec.times(Times::Promise).with(|spec| spec.proof = false);
        let name = format!("accepted: v0.1 with a promise alone, {entry:?}");
        cases.push(good(leak(name), spec));
    }
    for tsa_key in TsaKey::ALL {
        for embedded in [false, true] {
            let name = format!("accepted: timestamp by {tsa_key:?}, embedded: {embedded}");
            let spec = Spec::message(Entry::Hashedrekord002).with(|spec| {
                spec.tsa_key = tsa_key;
                spec.embedded = embedded;
            });
            let case = good(leak(name), spec);
            cases.push(match tsa_key {
                TsaKey::P521 | TsaKey::Rsa => case.gap(TSA_KEYS),
                _ => case,
            });
        }
    }
    cases
}

fn combinations() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in Entry::ALL {
        for (what, content) in contents(entry) {
            for times in times(entry) {
                for key in LeafKey::ALL {
                    let name = format!("accepted: {entry:?}, {what}, {key:?}, {times:?}");
                    let gap = gap(entry, &content, key);
                    let spec = Spec::new(entry, content.clone()).times(*times).key(key);
                    let case = good(leak(name), spec);
                    cases.push(match gap {
                        Some(gap) => case.gap(gap),
                        None => case,
                    });
                }
            }
        }
    }
    cases
}

fn contents(entry: Entry) -> Vec<(&'static str, Content)> {
    let mut contents = vec![
        ("OMS", Content::oms()),
        ("SLSA v0.2", Content::slsa_v0_2()),
        ("SLSA v1", Content::slsa_v1()),
    ];
    if matches!(entry, Entry::Hashedrekord001 | Entry::Hashedrekord002) {
        contents.push(("message", Content::message()));
    }
    contents
}

fn times(entry: Entry) -> &'static [Times] {
    match entry.is_v2() {
        true => &[Times::Stamp],
        false => &[Times::Both, Times::Promise, Times::Stamp],
    }
}

fn gap(entry: Entry, content: &Content, key: LeafKey) -> Option<&'static str> {
    let hashed = matches!(entry, Entry::Hashedrekord001 | Entry::Hashedrekord002);
    match (entry, key) {
        (Entry::Dsse002, _) => Some(DSSE_0_0_2),
        (Entry::Hashedrekord001, _) if !content.is_message() => Some(ENVELOPE_HASHED),
        (_, LeafKey::P521) => Some(P521),
        (Entry::Hashedrekord002, LeafKey::Ed25519 | LeafKey::P384 | LeafKey::Rsa) => {
            Some(REKOR_V2_KEYS)
        }
        (_, LeafKey::Ed25519) if content.is_message() => Some(PREHASHED),
        (_, LeafKey::P384) if hashed => Some(HASHES),
        _ => None,
    }
}

/// Names live as long as the tests that they are of.
fn leak(name: String) -> &'static str {
    name.leak()
}
