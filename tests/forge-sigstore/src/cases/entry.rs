//! The log's promise (SET) and proof (RFC 6962 section 2.1.1).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Case, bad, entries, entry, good, made, recode, since, spoil, until, v1, v2};
use crate::content::base64;
use crate::{Sigstore, Spec, Times, merkle, time};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = promises();
    cases.extend(proofs());
    cases.extend(rekor_v2());
    cases.extend(logs());
    cases.extend(every_one());
    cases
}

fn promised() -> Spec {
    v1().times(Times::Promise)
}

fn promises() -> Vec<Case> {
    let wrong = "set-signature-mismatch";
    let signs = |member: &'static str, value: Value| {
        promised().promise(move |promise| promise[member] = value.clone())
    };
    vec![
        bad(
            "SET: over another body",
            wrong,
            signs("body", json!("e30=")),
        ),
        bad(
            "SET: over another time",
            wrong,
            signs("integratedTime", json!(time::SIGNED + 1)),
        ),
        bad("SET: over another log", wrong, signs("logID", json!("00"))),
        bad(
            "SET: over another index",
            wrong,
            signs("logIndex", json!(5)),
        ),
        bad("SET: over one more field", wrong, signs("extra", json!(1))),
        bad(
            "SET: over the log in base64",
            wrong,
            promised().promise(|promise| {
                promise["logID"] =
                    base64(promise["logID"].as_str().expect("a text").as_bytes()).into();
            }),
        ),
        bad(
            "SET: spoiled",
            wrong,
            promised().entry_json(|entry| {
                recode(
                    &mut entry["inclusionPromise"]["signedEntryTimestamp"],
                    |bytes| spoil(bytes),
                )
            }),
        ),
        bad(
            "SET: moved to another time",
            wrong,
            promised().entry_json(|entry| {
                entry["integratedTime"] = (time::SIGNED + 1).to_string().into()
            }),
        ),
        bad(
            "SET: moved to another index",
            wrong,
            promised().entry_json(|entry| entry["logIndex"] = json!("1006")),
        ),
        made("SET: by another log", Some(wrong), |sigstore| {
            let mut forged = sigstore.forge(&promised());
            let other = Sigstore::new("other").forge(&promised()).bundle;
            entry(&mut forged.bundle)["inclusionPromise"] =
                other["verificationMaterial"]["tlogEntries"][0]["inclusionPromise"].clone();
            forged
        }),
        bad(
            "SET: log ended",
            "log-outside-validity",
            promised().root(until("tlogs", 0, time::SIGNED - 1)),
        ),
        bad(
            "SET: log not begun",
            "log-outside-validity",
            promised().root(since("tlogs", 0, time::SIGNED + 1)),
        ),
        good(
            "SET: log's last second",
            promised().root(until("tlogs", 0, time::SIGNED)),
        ),
        good(
            "SET: log's first second",
            promised().root(since("tlogs", 0, time::SIGNED)),
        ),
        bad(
            "SET: wrong beside a good timestamp",
            wrong,
            v1().promise(|promise| promise["logIndex"] = json!(5)),
        ),
    ]
}

fn proofs() -> Vec<Case> {
    let wrong = "inclusion-proof-mismatch";
    let tree = |index: usize, size: usize| {
        v1().proof_of(move |proof| {
            let own = proof.leaves[proof.index];
            proof.leaves.truncate(size);
            (proof.index, proof.leaves[index]) = (index, own);
            proof.settle();
        })
    };
    vec![
        good("proof: a tree of one", tree(0, 1)),
        good("proof: the first of two", tree(0, 2)),
        good("proof: the last of thirteen", tree(12, 13)),
        good("proof: the last of nine", tree(8, 9)),
        good("proof: the first of eight", tree(0, 8)),
        bad(
            "proof: a hash changed",
            wrong,
            v1().proof_of(|proof| proof.hashes[0][0] ^= 1),
        ),
        bad(
            "proof: cut",
            wrong,
            v1().proof_of(|proof| proof.hashes.truncate(1)),
        ),
        bad(
            "proof: empty",
            wrong,
            v1().proof_of(|proof| proof.hashes.clear()),
        ),
        bad(
            "proof: one hash more",
            wrong,
            v1().proof_of(|proof| proof.hashes.push([0; 32])),
        ),
        bad(
            "proof: upside down",
            wrong,
            v1().proof_of(|proof| proof.hashes.reverse()),
        ),
        bad(
            "proof: of the entry beside it",
            wrong,
            v1().proof_of(|proof| proof.index += 1),
        ),
        bad(
            "proof: an index beyond the tree",
            wrong,
            v1().proof_of(|proof| proof.index = 13),
        ),
        bad(
            "proof: an index far beyond the tree",
            wrong,
            v1().proof_of(|proof| proof.index = i64::MAX as usize),
        ),
        bad(
            "proof: of a tree without the entry",
            wrong,
            v1().proof_of(|proof| {
                proof.leaves[proof.index] = [7; 32];
                proof.settle();
            }),
        ),
        bad("proof: the leaf hashed twice", wrong, unprefixed()),
        bad(
            "proof: a tree of none",
            wrong,
            v1().proof_of(|proof| proof.size = 0),
        ),
        bad(
            "proof: of a smaller tree",
            wrong,
            v1().proof_of(|proof| proof.size = 5),
        ),
        bad(
            "proof: a hash of 31 octets",
            wrong,
            v1().entry_json(|entry| {
                entry["inclusionProof"]["hashes"][0] = base64(&[7; 31]).into();
            }),
        ),
        bad(
            "proof: a body that was not logged",
            wrong,
            v1().times(Times::Stamp).entry_json(|entry| {
                recode(&mut entry["canonicalizedBody"], |body| body.push(b'\n'));
            }),
        ),
    ]
}

/// A tree in which the entry's leaf is hashed once more.
fn unprefixed() -> Spec {
    v1().proof_of(|proof| {
        let leaf = proof.leaves[proof.index];
        proof.leaves[proof.index] = Sha256::digest(leaf).into();
        proof.settle();
    })
}

/// Rekor v2: index from the entry, size and root from the checkpoint.
fn rekor_v2() -> Vec<Case> {
    let wrong = "inclusion-proof-mismatch";
    vec![
        bad(
            "proof: Rekor v2, a hash changed",
            wrong,
            v2().proof_of(|proof| proof.hashes[0][0] ^= 1),
        ),
        bad(
            "proof: Rekor v2, cut",
            wrong,
            v2().proof_of(|proof| proof.hashes.truncate(1)),
        ),
        bad(
            "proof: Rekor v2, of the entry beside it",
            wrong,
            v2().entry_json(|entry| {
                entry["logIndex"] = json!("6");
                entry["inclusionProof"]["logIndex"] = json!("6");
            }),
        ),
        bad(
            "proof: Rekor v2, a tree without the entry",
            wrong,
            v2().proof_of(|proof| {
                proof.leaves[proof.index] = [7; 32];
                proof.settle();
            }),
        ),
        good(
            "proof: Rekor v2, a tree of one",
            v2().proof_of(|proof| {
                proof.leaves = vec![proof.leaves[proof.index]];
                proof.index = 0;
                proof.settle();
            })
            .entry_json(|entry| entry["logIndex"] = json!("0")),
        ),
        bad(
            "proof: Rekor v2, a root that is its own alone",
            wrong,
            v2().proof_of(|proof| {
                let leaf = proof.leaves[proof.index];
                proof.root = merkle::node(&leaf, &leaf);
            }),
        ),
    ]
}

fn logs() -> Vec<Case> {
    vec![
        bad(
            "log: unknown",
            "log-unknown",
            v1().times(Times::Stamp).root(|root| {
                root["tlogs"].as_array_mut().expect("a list").remove(0);
            }),
        ),
        bad(
            "log: unknown, Rekor v2",
            "log-unknown",
            v2().root(|root| {
                root["tlogs"].as_array_mut().expect("a list").remove(1);
            }),
        ),
        bad(
            "log: an id of none",
            "log-unknown",
            v1().times(Times::Stamp).entry_json(|entry| {
                recode(&mut entry["logId"]["keyId"], |bytes| spoil(bytes));
            }),
        )
        .lenient(
            "without a SET it looks the log up by the checkpoint's hint alone; \
            the entry says which log it is of",
        ),
        bad(
            "log: ended, Rekor v2",
            "log-outside-validity",
            v2().root(until("tlogs", 1, time::SIGNED - 1)),
        )
        .lenient(
            "a log's key has a window, for Rekor v2 too (protobuf-specs, \
                `TransparencyLogInstance`); \
                it looks at its start alone",
        ),
        bad(
            "log: not begun, Rekor v2",
            "log-outside-validity",
            v2().root(since("tlogs", 1, time::SIGNED + 1)),
        )
        .lenient(
            "a log's key has a window, for Rekor v2 too (protobuf-specs, \
                `TransparencyLogInstance`); \
                it compares it with today",
        ),
        good(
            "log: last second, Rekor v2",
            v2().root(until("tlogs", 1, time::SIGNED)),
        ),
        good(
            "log: first second, Rekor v2",
            v2().root(since("tlogs", 1, time::SIGNED)),
        ),
        bad(
            "log: ended, a proof and a timestamp",
            "log-outside-validity",
            v1().times(Times::Stamp)
                .root(until("tlogs", 0, time::SIGNED - 1)),
        )
        .lenient(
            "the log's key has a window (protobuf-specs, `TransparencyLogInstance`); \
                without a SET it looks at its start alone",
        ),
    ]
}

/// Every entry that is there must be valid.
fn every_one() -> Vec<Case> {
    // Two logs recorded the same signature; the second entry is what the spec makes of it.
    let beside = |name, code, second: fn() -> Spec| {
        made(name, code, move |sigstore| {
            let mut forged = sigstore.forge(&v2());
            let mut other = sigstore.forge(&second());
            let entry = entry(&mut other.bundle).take();
            entries(&mut forged.bundle).push(entry);
            forged
        })
    };
    vec![
        beside("every entry: two that hold", None, v1),
        beside(
            "every entry: the second's proof is wrong",
            Some("inclusion-proof-mismatch"),
            || v1().proof_of(|proof| proof.hashes[0][0] ^= 1),
        ),
        beside(
            "every entry: the second's promise is wrong",
            Some("set-signature-mismatch"),
            || v1().promise(|promise| promise["logIndex"] = json!(5)),
        ),
        beside(
            "every entry: the second's checkpoint is wrong",
            Some("checkpoint-signature-mismatch"),
            || v1().note(|note| spoil(&mut note.signatures[0].signature)),
        ),
        beside(
            "every entry: the second is for another artifact",
            Some("log-entry-mismatch"),
            || v1().body(|body| body["spec"]["data"]["hash"]["value"] = "00".repeat(32).into()),
        ),
    ]
}
