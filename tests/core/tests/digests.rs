//! Digests that a host computed itself, and checks that are broken off and resumed.

use std::fs;

use modelseal::{
    AuditOptions, Content, Diagnostics, Disposition, EntryKind, Error, FileStatus, Manifest,
};
use modelseal_core_tests::{fixture, repository};
use serde_json::{Value, json};

const WHOLE: &str = "config.json";
const SHARDED: &str = "model-00001-of-00002.safetensors";

/// What was signed of a file: its digests one after the other, and its length.
fn signed(manifest: &Manifest, path: &str) -> (Vec<u8>, u64) {
    let file = manifest.files().iter().find(|file| file.path() == path);
    match file.expect("a signed file").content() {
        Content::Whole(digest) => (digest.as_bytes().to_vec(), 0),
        Content::Shards {
            length, digests, ..
        } => {
            let bytes = digests.iter().flat_map(|digest| digest.as_bytes().to_vec());
            (bytes.collect(), *length)
        }
    }
}

fn is_usage(result: Result<FileStatus, Error>) -> bool {
    matches!(result, Err(Error::UsageInvalid { .. }))
}

fn compare(
    manifest: &Manifest,
    path: &str,
    digests: &[u8],
    length: u64,
) -> Result<FileStatus, Error> {
    manifest
        .compare(path, digests, length)
        .map(|checked| checked.status())
}

#[test]
fn a_whole_file_has_one_digest_of_the_algorithms_length() {
    for bundle in ["model.sig", "blake2b/model.sig", "blake3/model.sig"] {
        let manifest = fixture(bundle);
        let (digest, _) = signed(&manifest, WHOLE);
        assert_eq!(compare(&manifest, WHOLE, &digest, 7), Ok(FileStatus::Ok));
        let mut wrong = digest.clone();
        wrong[0] ^= 1;
        assert_eq!(
            compare(&manifest, WHOLE, &wrong, 7),
            Ok(FileStatus::Changed)
        );
        let twice = [digest.clone(), digest.clone()].concat();
        for misfit in [&[][..], &digest[1..], &twice] {
            assert!(is_usage(compare(&manifest, WHOLE, misfit, 7)), "{bundle}");
        }
        assert_eq!(
            compare(&manifest, "nowhere", &digest, 7),
            Err(Error::FileUnsigned)
        );
    }
}

#[test]
fn a_sharded_file_has_a_digest_for_each_shard_and_its_signed_length() {
    for bundle in [
        "shards/model.sig",
        "shards-blake2b/model.sig",
        "shards-blake3/model.sig",
    ] {
        let manifest = fixture(bundle);
        let (digests, length) = signed(&manifest, SHARDED);
        assert_eq!(
            compare(&manifest, SHARDED, &digests, length),
            Ok(FileStatus::Ok)
        );
        for at in [0, digests.len() - 1] {
            let mut wrong = digests.clone();
            wrong[at] ^= 1;
            let status = compare(&manifest, SHARDED, &wrong, length);
            assert_eq!(status, Ok(FileStatus::Changed));
        }
        // Another length is another file, however many shards it has.
        for (digests, length) in [(&digests[..], length + 1), (&[], 0)] {
            let status = compare(&manifest, SHARDED, digests, length);
            assert_eq!(status, Ok(FileStatus::Changed));
        }
        let size = manifest.algorithm().digest_len();
        for misfit in [&digests[size..], &digests[1..], &[]] {
            assert!(is_usage(compare(&manifest, SHARDED, misfit, length)));
        }
    }
}

#[test]
fn digests_of_the_host_make_the_same_verdict_as_bytes() {
    let manifest = fixture("model.sig");
    let files: Vec<_> = manifest
        .files()
        .iter()
        .map(|file| (file.path().to_owned(), signed(&manifest, file.path()).0))
        .collect();
    let mut audit = manifest.audit(AuditOptions::default());
    assert!(is_usage(audit.hashed(WHOLE, &files[0].1, 1)));
    for (path, digest) in &files {
        let disposition = audit.announce(path, EntryKind::File, None);
        assert_eq!(disposition, Ok(Disposition::Hash));
        assert_eq!(audit.hashed(path, digest, 1), Ok(FileStatus::Ok));
        assert!(is_usage(audit.hashed(path, digest, 1)), "settled once");
    }
    audit.diagnose(Diagnostics {
        engines: ["wasm", "subtle", "wasm"].map(String::from).to_vec(),
        workers: 2,
    });
    let verdict = audit.finish();
    assert_eq!(verdict.reasons(), [""; 0]);
    let json: Value = serde_json::from_str(&verdict.to_json()).expect("JSON");
    assert_eq!(json["bytes"]["hashed"], files.len());
    assert_eq!(
        json["diagnostics"],
        json!({ "engines": ["subtle", "wasm"], "workers": 2 })
    );
}

#[test]
fn a_check_goes_on_from_its_saved_state() {
    let model = repository().join("tests/fixtures/example-model/weights");
    let bytes = fs::read(model.join(SHARDED)).expect("a file");
    for bundle in [
        "shards/model.sig",
        "shards-blake2b/model.sig",
        "shards-blake3/model.sig",
    ] {
        let manifest = fixture(bundle);
        for at in [0, 1, 1023, 1024, 1025, bytes.len() - 1, bytes.len()] {
            let mut begun = manifest.check(SHARDED).expect("a signed file");
            begun.push(&bytes[..at]);
            let state = begun.save();
            let mut resumed = manifest.restore(SHARDED, &state).expect("its own state");
            assert_eq!(resumed.length(), at as u64);
            resumed.push(&bytes[at..]);
            assert_eq!(resumed.finish().status(), FileStatus::Ok);
            for damaged in [&state[1..], &state[..state.len() - 1], &[]] {
                let restored = manifest
                    .restore(SHARDED, damaged)
                    .map(|check| check.finish().status());
                assert!(is_usage(restored), "{bundle}");
            }
        }
    }
}
