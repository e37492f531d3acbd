//! Log entries: checkpoints of many signatures, long bodies, long proofs. All by a trust root that the caller trusts.

use base64ct::{Base64, Encoding};
use modelseal_forge_oms::der;
use modelseal_forge_sigstore::log::{EARLIER, INDEX};
use modelseal_forge_sigstore::note::{Note, SignatureLine};
use modelseal_forge_sigstore::{Entry, Forged, Sigstore, Spec};
use serde_json::{Value, json};

use crate::shape::{Made, Shape, by_sigstore};

/// How long a checkpoint may be.
const CHECKPOINT: usize = 64 * 1024;

/// How many entries a bundle may have.
const ENTRIES: u8 = 32;

/// Every shape, `scale` times smaller than at its worst.
pub(crate) fn shapes(scale: usize) -> Vec<Shape> {
    let checkpoints = |name, what, kinds: &'static [Entry], valid: bool| {
        Shape::new(name, what, move || {
            checkpoints(kinds, valid, CHECKPOINT / scale)
        })
    };
    vec![
        checkpoints(
            "checkpoint-ecdsa",
            "a checkpoint of ECDSA signatures",
            &[Entry::Dsse001],
            false,
        ),
        checkpoints(
            "checkpoint-ed25519",
            "a checkpoint of Ed25519 signatures",
            &[Entry::Dsse002],
            false,
        ),
        checkpoints(
            "checkpoints-3",
            "three entries with checkpoints of signatures, the last of each valid",
            &[Entry::Dsse001, Entry::Intoto002, Entry::Dsse002],
            true,
        ),
        Shape::new("bodies-32", "32 bodies of 1.3 MiB", move || {
            let pad = "a".repeat(1_363_148 / scale);
            entries(move |entry, number| {
                let body = json!({ "apiVersion": "0.0.1", "kind": "hashedrekord", "pad": pad, "number": number });
                entry["canonicalizedBody"] =
                    Base64::encode_string(body.to_string().as_bytes()).into();
            })
        }),
        Shape::new("hashes-32", "32 proofs of 30,000 hashes", move || {
            let hashes = vec![Base64::encode_string(&[0; 32]); 30_000 / scale];
            entries(move |entry, number| {
                entry["canonicalizedBody"] = Base64::encode_string(&[number]).into();
                entry["inclusionProof"]["hashes"] = hashes.clone().into();
            })
        }),
    ]
}

/// A bundle with an entry of each kind, whose checkpoints have as many signature lines as fit.
fn checkpoints(kinds: &[Entry], valid: bool, size: usize) -> Made {
    let sigstore = Sigstore::new("hostile");
    let forge = |place: usize, kind: Entry| {
        let index = INDEX + place;
        let spec = Spec::statement(kind)
            .proof_of(move |proof| {
                proof.leaves.swap(INDEX, index);
                proof.index = index;
                proof.settle();
            })
            .note(move |note| fill(note, kind, valid, size));
        // In Rekor v1 entries have an index of their own beside that in the tree.
        let own = if kind.is_v2() { index } else { EARLIER + index };
        let spec = spec
            .promise(move |promise| promise["logIndex"] = own.into())
            .entry_json(move |entry| entry["logIndex"] = own.to_string().into());
        sigstore.forge(&spec)
    };
    let forged: Vec<Forged> = kinds
        .iter()
        .enumerate()
        .map(|(place, kind)| forge(place, *kind))
        .collect();
    let entry = |forged: &Forged| forged.bundle["verificationMaterial"]["tlogEntries"][0].clone();
    let list: Vec<Value> = forged.iter().map(entry).collect();
    let mut first = forged[0].clone();
    first.bundle["verificationMaterial"]["tlogEntries"] = list.into();
    made(&first)
}

/// Adds signatures by the log's own name and key hint, before the valid one or in its place.
fn fill(note: &mut Note, entry: Entry, valid: bool, size: usize) {
    let own = note.signatures.remove(0);
    let signature = match entry.is_v2() {
        true => vec![0; 64],
        // The shortest that there is: r = s = 1.
        false => der::sequence(&[der::unsigned(&[1]), der::unsigned(&[1])]),
    };
    let line = SignatureLine {
        signature,
        ..own.clone()
    };
    let room = size.saturating_sub(note.text.len() + own.to_text().len() + 1);
    note.signatures = vec![line.clone(); room / line.to_text().len()];
    if valid {
        note.signatures.push(own);
    }
}

/// A bundle of 32 entries, each changed after it was made.
fn entries(change: impl Fn(&mut Value, u8)) -> Made {
    let mut forged = Sigstore::new("hostile").forge(&Spec::statement(Entry::Dsse001));
    let entry = forged.bundle["verificationMaterial"]["tlogEntries"][0].clone();
    let list: Vec<Value> = (1..=ENTRIES)
        .map(|number| {
            let mut entry = entry.clone();
            entry["logIndex"] = number.to_string().into();
            change(&mut entry, number);
            entry
        })
        .collect();
    forged.bundle["verificationMaterial"]["tlogEntries"] = list.into();
    made(&forged)
}

fn made(forged: &Forged) -> Made {
    let member = |name: &str| format!("\"{name}\":{}", forged.bundle[name]);
    let members = ["mediaType", "verificationMaterial", "dsseEnvelope"].map(member);
    Made {
        bundle: format!("{{{}}}", members.join(",")).into_bytes(),
        by: by_sigstore(forged),
    }
}
