//! More than a bundle may have: one clear error each, in bounded time.

use modelseal_forge_oms::certificate::{Extension, extension};

use super::{Case, bad, entries, entry, good, stamps, v1, v2};
use crate::content::base64;

pub(super) fn cases() -> Vec<Case> {
    let counted = "a limit of ours: what bounds time is counted work";
    vec![
        bad(
            "limits: 33 log entries",
            "log-entry-count",
            v1().bundle(|bundle| repeat_entry(bundle, 33)),
        )
        .lenient(counted),
        bad(
            "limits: a thousand log entries",
            "log-entry-count",
            v1().bundle(|bundle| repeat_entry(bundle, 1000)),
        )
        .lenient(counted),
        bad(
            "limits: 33 timestamps",
            "log-entry-count",
            v2().bundle(|bundle| {
                let first = stamps(bundle)[0].clone();
                *stamps(bundle) = vec![first; 33];
            }),
        )
        .lenient(counted),
        bad(
            "limits: a checkpoint of a megabyte",
            "checkpoint-too-large",
            v2().checkpoint(|checkpoint| {
                checkpoint.extensions = vec!["x".repeat(100); 10_000];
            }),
        )
        .lenient(counted),
        bad(
            "limits: a checkpoint with a megabyte of signatures",
            "checkpoint-too-large",
            v2().note(|note| {
                let first = note.signatures[0].clone();
                note.signatures = vec![first; 8_000];
            }),
        )
        .lenient(counted),
        bad(
            "limits: 300 signatures with the log's name and key hint",
            "signature-check-count",
            v1().note(|note| {
                let mut wrong = note.signatures[0].clone();
                // The smallest signature that is well-formed: r and s are 1.
                wrong.signature = vec![0x30, 6, 2, 1, 1, 2, 1, 1];
                note.signatures.splice(0..0, vec![wrong; 300]);
            }),
        )
        .lenient(counted),
        good(
            "limits: 100 signatures by witnesses",
            v1().note(|note| {
                let mut witness = note.signatures[0].clone();
                witness.name = "witness.example".into();
                note.signatures.splice(0..0, vec![witness; 100]);
            }),
        ),
        bad(
            "limits: a certificate of 65 KiB",
            "certificate-too-large",
            v1().leaf(|leaf| leaf.set(padding(65 << 10))),
        ),
        good(
            "limits: a certificate of 60 KiB",
            v1().leaf(|leaf| leaf.set(padding(60 << 10))),
        ),
        bad(
            "limits: a body of 300 KiB",
            "log-entry-too-large",
            v1().bundle(|bundle| {
                entry(bundle)["canonicalizedBody"] = base64(&vec![b' '; 300 << 10]).into();
            }),
        ),
        bad(
            "limits: a signature of 17 KiB",
            "signature-too-large",
            v1().signature(|signature| *signature = vec![0x30; 17 << 10]),
        ),
        bad(
            "limits: a timestamp of 65 KiB",
            "timestamp-too-large",
            v2().token(|token| token.resize(65 << 10, 0)),
        ),
        bad(
            "limits: a proof of a thousand hashes",
            "inclusion-proof-mismatch",
            v2().proof_of(|proof| proof.hashes.resize(1000, [7; 32])),
        ),
    ]
}

/// An extension of this many bytes.
fn padding(bytes: usize) -> Extension {
    Extension::new(extension::UNKNOWN, false, vec![0; bytes])
}

fn repeat_entry(bundle: &mut serde_json::Value, count: usize) {
    let first = entry(bundle).clone();
    *entries(bundle) = vec![first; count];
}
