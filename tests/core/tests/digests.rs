//! Digests that a host computed itself, and checks that are broken off and resumed.

use std::fs;

use modelseal::{
    AuditOptions, Diagnostics, Disposition, EntryKind, Error, FileContent, FileStatus, Manifest,
};
use modelseal_core_tests::{codes, fixture, options, repository};
use serde_json::{Value, json};

const WHOLE: &str = "config.json";
const KEY: [u8; 32] = *b"a key of the tests, of 32 bytes.";
const SHARDED: &str = "model-00001-of-00002.safetensors";

/// What was signed of a file: its digests one after the other, and its length.
fn signed(manifest: &Manifest, path: &str) -> (Vec<u8>, u64) {
    let file = manifest.files().iter().find(|file| file.path() == path);
    match file.expect("a signed file").content() {
        FileContent::Whole(digest) => (digest.as_bytes().to_vec(), 0),
        FileContent::Shards {
            length, digests, ..
        } => {
            let bytes = digests.iter().flat_map(|digest| digest.as_bytes().to_vec());
            (bytes.collect(), *length)
        }
        other => panic!("{other:?}"),
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
fn a_shard_is_compared_before_the_others_are_there() {
    for bundle in [
        "shards/model.sig",
        "shards-blake2b/model.sig",
        "shards-blake3/model.sig",
    ] {
        let manifest = fixture(bundle);
        let (digests, _) = signed(&manifest, SHARDED);
        let size = manifest.algorithm().digest_len();
        let shards: Vec<_> = digests.chunks(size).collect();
        assert!(shards.len() > 1, "{bundle}");
        for (index, digest) in shards.iter().enumerate() {
            assert_eq!(manifest.compare_shard(SHARDED, index, digest), Ok(true));
            let mut wrong = digest.to_vec();
            wrong[size - 1] ^= 1;
            assert_eq!(manifest.compare_shard(SHARDED, index, &wrong), Ok(false));
            // Nor is it another shard, or one that was not signed.
            for other in [index + 1, shards.len(), usize::MAX] {
                assert_eq!(manifest.compare_shard(SHARDED, other, digest), Ok(false));
            }
        }
        for misfit in [&[][..], &shards[0][1..], &digests] {
            let compared = manifest.compare_shard(SHARDED, 0, misfit);
            assert!(matches!(compared, Err(Error::UsageInvalid { .. })));
        }
        let unsigned = manifest.compare_shard("nowhere", 0, shards[0]);
        assert_eq!(unsigned, Err(Error::FileUnsigned));
    }
    let whole = fixture("model.sig");
    let (digest, _) = signed(&whole, WHOLE);
    let compared = whole.compare_shard(WHOLE, 0, &digest);
    assert!(matches!(compared, Err(Error::UsageInvalid { .. })));
}

#[test]
fn a_file_in_shards_has_a_signed_length_and_a_whole_one_has_none() {
    let sharded = fixture("shards/model.sig");
    let (_, length) = signed(&sharded, SHARDED);
    let audit = sharded.audit(AuditOptions::default());
    assert_eq!(audit.signed_length(SHARDED), Some(length));
    assert_eq!(audit.signed_length("nowhere"), None);
    let whole = fixture("model.sig").audit(AuditOptions::default());
    assert_eq!(whole.signed_length(WHOLE), None);
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
    let engines = ["wasm", "subtle", "wasm"].map(String::from).to_vec();
    audit.diagnose(Diagnostics::new(engines, 2));
    let verdict = audit.finish();
    assert_eq!(codes(verdict.reasons()), [""; 0]);
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
            let state = begun.save(&KEY).expect("a state");
            let mut resumed = manifest
                .restore(SHARDED, &state, &KEY)
                .expect("its own state");
            assert_eq!(resumed.length(), at as u64);
            resumed.push(&bytes[at..]);
            let checked = resumed.finish();
            assert_eq!(checked.status(), FileStatus::Ok);
            assert_eq!(checked.is_resumed(), at > 0);
            for damaged in [&state[1..], &state[..state.len() - 1], &[]] {
                let restored = manifest
                    .restore(SHARDED, damaged, &KEY)
                    .map(|check| check.finish().status());
                assert!(is_usage(restored), "{bundle}");
            }
        }
    }
}

#[test]
fn a_state_is_restored_with_its_key_alone() {
    for bundle in ["model.sig", "shards/model.sig"] {
        let manifest = fixture(bundle);
        let path = manifest.files()[0].path().to_owned();
        let mut begun = manifest.check(&path).expect("a signed file");
        begun.push(b"some bytes");
        let state = begun.save(&KEY).expect("a state");
        let restored = |path: &str, key: &[u8]| {
            let check = manifest.restore(path, &state, key);
            check.map(|check| check.finish().status())
        };
        assert_eq!(restored(&path, &KEY), Ok(FileStatus::Changed));
        assert!(is_usage(restored(&path, &[0; 32])));
        // There is no saving without a key, nor with one that could be guessed.
        for short in [&[][..], &KEY[..31]] {
            assert!(is_usage(restored(&path, short)));
            assert!(matches!(begun.save(short), Err(Error::UsageInvalid { .. })));
        }
        let neighbour = manifest.files()[1].path();
        assert!(is_usage(restored(neighbour, &KEY)));
        assert_eq!(restored("nowhere", &KEY), Err(Error::FileUnsigned));
    }
}

/// In 0.1.0 this needed no byte of the file: the sum over a state was not keyed.
#[test]
fn a_state_that_claims_every_shard_is_not_believed() {
    let manifest = fixture("shards/model.sig");
    let (digests, length) = signed(&manifest, SHARDED);
    let shards = digests.len() / manifest.algorithm().digest_len();
    let mut state = manifest
        .check(SHARDED)
        .expect("a signed file")
        .save(&KEY)
        .expect("a state");
    // After the magic stand the length, and the number of shards that were compared.
    state[16..24].copy_from_slice(&length.to_le_bytes());
    state[24..32].copy_from_slice(&(shards as u64).to_le_bytes());
    let restored = manifest.restore(SHARDED, &state, &KEY);
    assert!(is_usage(restored.map(|check| check.finish().status())));
}

#[test]
fn a_resumed_file_is_marked_and_accepted_only_where_the_caller_says_so() {
    for accept_resumed in [false, true] {
        let manifest = fixture("model.sig");
        let model = repository().join("tests/fixtures/example-model");
        let paths: Vec<_> = manifest
            .files()
            .iter()
            .map(|file| file.path().to_owned())
            .collect();
        let options = options(|options| options.accept_resumed = accept_resumed);
        let mut audit = manifest.clone().audit(options);
        for path in &paths {
            let bytes = fs::read(model.join(path)).expect("a file");
            let announced = audit.announce(path, EntryKind::File, None);
            assert_eq!(announced, Ok(Disposition::Hash));
            let mut check = manifest.check(path).expect("a check");
            if *path == WHOLE {
                check.push(&bytes[..3]);
                let state = check.save(&KEY).expect("a state");
                let restored = manifest.restore(path, &state, &KEY);
                check = restored.expect("its own state");
                check.push(&bytes[3..]);
            } else {
                check.push(&bytes);
            }
            assert_eq!(audit.record_check(check.finish()), Ok(FileStatus::Ok));
        }
        let verdict = audit.finish();
        let json: Value = serde_json::from_str(&verdict.to_json()).expect("JSON");
        assert_eq!(json["bytes"]["resumed"], json!([WHOLE]));
        assert_eq!(json["bytes"]["hashed"], paths.len());
        let (outcome, reasons) = if accept_resumed {
            ("verified", vec![])
        } else {
            ("incomplete", vec!["bytes-resumed"])
        };
        assert_eq!(json["outcome"], outcome);
        assert_eq!(codes(verdict.reasons()), reasons);
    }
}
