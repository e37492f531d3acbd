//! Checkpoints: signed notes (C2SP signed-note and tlog-checkpoint).

use modelseal_forge_oms::keys::{Key, Kind};
use serde_json::json;

use super::{Case, bad, good, made, remove, spoil, v1, v2};
use crate::note::{Note, SignatureLine, ed25519_id};
use crate::{Spec, Times};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = texts();
    cases.extend(notes());
    cases.extend(signatures());
    cases.extend(trees());
    cases
}

/// A change that the log signs.
fn says(change: impl Fn(&mut crate::note::Checkpoint) + Send + Sync + 'static) -> Spec {
    v2().checkpoint(change)
}

/// The whole note, written anew.
fn written(change: impl Fn(&mut Note) -> String + Send + Sync + 'static) -> Spec {
    v2().note(move |note| note.written = Some(change(note)))
}

fn texts() -> Vec<Case> {
    let wrong = "checkpoint-invalid";
    let decimal = "the size is decimal without leading zeroes (C2SP \
                 tlog-checkpoint); it takes any of Rust's";
    vec![
        bad(
            "checkpoint: missing",
            "checkpoint-missing",
            v2().entry_json(|entry| remove(&mut entry["inclusionProof"], "checkpoint")),
        ),
        bad(
            "checkpoint: empty",
            "checkpoint-missing",
            v2().entry_json(|entry| {
                entry["inclusionProof"]["checkpoint"] = json!({ "envelope": "" })
            }),
        ),
        bad(
            "checkpoint: missing in Rekor v1",
            "checkpoint-missing",
            v1().entry_json(|entry| remove(&mut entry["inclusionProof"], "checkpoint")),
        ),
        bad(
            "checkpoint: no origin",
            wrong,
            says(|checkpoint| checkpoint.origin.clear()),
        ),
        bad(
            "checkpoint: size with a leading zero",
            wrong,
            says(|checkpoint| checkpoint.size = "013".into()),
        )
        .lenient(decimal),
        bad(
            "checkpoint: size with a plus",
            wrong,
            says(|checkpoint| checkpoint.size = "+13".into()),
        )
        .lenient(decimal),
        bad(
            "checkpoint: size with a space",
            wrong,
            says(|checkpoint| checkpoint.size = "13 ".into()),
        )
        .lenient("lines are compared as they are (C2SP signed-note); it trims them"),
        bad(
            "checkpoint: negative size",
            wrong,
            says(|checkpoint| checkpoint.size = "-1".into()),
        ),
        bad(
            "checkpoint: size beyond 64 bits",
            wrong,
            says(|checkpoint| checkpoint.size = "18446744073709551616".into()),
        ),
        bad(
            "checkpoint: no size",
            wrong,
            says(|checkpoint| checkpoint.size.clear()),
        ),
        bad(
            "checkpoint: root of 31 octets",
            wrong,
            says(|checkpoint| checkpoint.root = crate::content::base64(&[7; 31])),
        ),
        bad(
            "checkpoint: root of 33 octets",
            wrong,
            says(|checkpoint| checkpoint.root = crate::content::base64(&[7; 33])),
        ),
        bad(
            "checkpoint: root in hex",
            wrong,
            says(|checkpoint| checkpoint.root = "07".repeat(32)),
        ),
        bad(
            "checkpoint: no root",
            wrong,
            says(|checkpoint| checkpoint.root.clear()),
        ),
        good(
            "checkpoint: with further lines",
            says(|checkpoint| {
                checkpoint.extensions =
                    vec!["Timestamp: 1689177396617352539".into(), "other".into()]
            }),
        ),
    ]
}

fn notes() -> Vec<Case> {
    let wrong = "checkpoint-invalid";
    vec![
        bad(
            "checkpoint: no signatures",
            wrong,
            v2().note(|note| note.signatures.clear()),
        ),
        bad(
            "checkpoint: no blank line",
            wrong,
            written(|note| note.to_text().replacen("\n\n", "\n", 1)),
        ),
        bad(
            "checkpoint: a hyphen for the dash",
            wrong,
            written(|note| note.to_text().replace('\u{2014}', "-")),
        ),
        bad(
            "checkpoint: two spaces in the signature line",
            wrong,
            written(|note| note.to_text().replace("\u{2014} ", "\u{2014}  ")),
        )
        .lenient("one space each (C2SP signed-note); it splits at any"),
        bad(
            "checkpoint: no name in the signature line",
            wrong,
            written(|note| {
                let line = note.signatures[0].to_text();
                let last = line.rsplit(' ').next().expect("a signature").to_owned();
                format!("{}\n\u{2014} {last}", note.text)
            }),
        ),
        bad(
            "checkpoint: a signature of three octets",
            wrong,
            written(|note| format!("{}\n\u{2014} {} AAAA\n", note.text, note.signatures[0].name)),
        ),
        bad(
            "checkpoint: a signature that is not Base64",
            wrong,
            written(|note| format!("{}\n\u{2014} {} *\n", note.text, note.signatures[0].name)),
        ),
        bad(
            "checkpoint: carriage returns",
            wrong,
            written(|note| note.to_text().replace('\n', "\r\n")),
        ),
        bad(
            "checkpoint: a last line without its end",
            wrong,
            written(|note| note.to_text().trim_end().into()),
        )
        .lenient(
            "every line ends with a line feed (C2SP signed-note); it does \
                 not ask for the last",
        ),
        bad(
            "checkpoint: text after the signatures",
            wrong,
            written(|note| format!("{}\nmore\n", note.to_text())),
        )
        .lenient("signatures end the note (C2SP signed-note); it stops at a blank line"),
    ]
}

fn signatures() -> Vec<Case> {
    let wrong = "checkpoint-signature-mismatch";
    vec![
        bad(
            "checkpoint: signature spoiled",
            wrong,
            v2().note(|note| spoil(&mut note.signatures[0].signature)),
        ),
        bad(
            "checkpoint: signature spoiled, Rekor v1",
            wrong,
            v1().note(|note| spoil(&mut note.signatures[0].signature)),
        ),
        bad(
            "checkpoint: another hint",
            wrong,
            v2().note(|note| note.signatures[0].hint[0] ^= 1),
        ),
        bad(
            "checkpoint: text changed after signing",
            wrong,
            v2().note(|note| note.text.push_str("more\n")),
        ),
        bad(
            "checkpoint: witnesses alone",
            wrong,
            v2().note(|note| note.signatures = vec![witness(&note.text)]),
        ),
        good(
            "checkpoint: a witness after the log",
            v2().note(|note| note.signatures.push(witness(&note.text))),
        ),
        good(
            "checkpoint: a witness before the log",
            v2().note(|note| note.signatures.insert(0, witness(&note.text))),
        ),
        good(
            "checkpoint: two of its signatures, the first spoiled",
            v2().note(|note| {
                let mut first = note.signatures[0].clone();
                spoil(&mut first.signature);
                note.signatures.insert(0, first);
            }),
        ),
        good(
            "checkpoint: a stranger with the same hint before it",
            v2().note(|note| {
                let mut first = witness(&note.text);
                first.hint = note.signatures[0].hint;
                note.signatures.insert(0, first);
            }),
        ),
        bad(
            "checkpoint: signed under another name",
            wrong,
            v2().note(|note| note.signatures[0].name = "other".into()),
        )
        .lenient(
            "the log's signature is the line with the log's name (C2SP \
                 tlog-checkpoint); it looks at the hint alone",
        ),
        made(
            "checkpoint: by the other log of the trust root",
            Some(wrong),
            |sigstore| {
                let log = &sigstore.rekor_v2;
                let (key, id, name) = (log.key.spki(), log.id.clone(), log.name.clone());
                assert_eq!(ed25519_id(&name, &key), id);
                let (text_name, key) = (name, Key::derive(Kind::Ed25519, "little rekor v2"));
                sigstore.forge(&v1().times(Times::Stamp).note(move |note| {
                    note.signatures = vec![SignatureLine::sign(&text_name, &id, &key, &note.text)];
                }))
            },
        )
        .lenient(
            "the checkpoint is that of the entry's own log; it takes any \
                 log's of the trust root",
        ),
    ]
}

fn witness(text: &str) -> SignatureLine {
    let key = Key::derive(Kind::Ed25519, "a witness");
    let name = "witness.example.com";
    SignatureLine::sign(name, &ed25519_id(name, &key.spki()), &key, text)
}

/// Rekor v1 says size and root twice.
fn trees() -> Vec<Case> {
    let wrong = "checkpoint-root-mismatch";
    vec![
        bad(
            "checkpoint: of another root, Rekor v1",
            wrong,
            v1().checkpoint(|checkpoint| checkpoint.root = crate::content::base64(&[7; 32])),
        ),
        bad(
            "checkpoint: of another size, Rekor v1",
            wrong,
            v1().checkpoint(|checkpoint| checkpoint.size = "14".into()),
        )
        .lenient(
            "the proof is for the tree that the checkpoint signs (RFC 6962 section 2.1.1): \
                root and size; it compares the root alone",
        ),
    ]
}
