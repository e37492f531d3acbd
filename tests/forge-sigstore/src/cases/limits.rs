//! More than a bundle may have: one clear error each, in bounded time.

use super::{Case, bad, entries, entry, stamps, v1, v2};

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
            "limits: a proof of a thousand hashes",
            "inclusion-proof-mismatch",
            v2().proof_of(|proof| proof.hashes.resize(1000, [7; 32])),
        ),
    ]
}

fn repeat_entry(bundle: &mut serde_json::Value, count: usize) {
    let first = entry(bundle).clone();
    *entries(bundle) = vec![first; count];
}
