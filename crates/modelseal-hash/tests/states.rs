//! States that are saved, and what is refused as one.

mod support;

use modelseal_hash::{Algorithm, Digest, FileHasher, Hex, InvalidState};
use sha2::Digest as _;
use support::{Random, boundaries, reference};

fn saved(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    let mut hasher = FileHasher::new(algorithm);
    hasher.update(bytes);
    hasher.save()
}

fn resumed(state: &[u8], bytes: &[u8]) -> Digest {
    let mut hasher = FileHasher::restore(state).expect("a state");
    hasher.update(bytes);
    hasher.finish()
}

#[test]
fn hashing_goes_on_from_every_boundary() {
    let data = Random::new(30).bytes(600_100);
    for algorithm in Algorithm::ALL {
        for at in boundaries() {
            let state = saved(algorithm, &data[..at]);
            assert!(state.len() <= 4096, "{algorithm:?} at {at}");
            for more in [0, 1, 64, 5000] {
                assert_eq!(
                    resumed(&state, &data[at..at + more]),
                    reference(algorithm, &data[..at + more]),
                    "{algorithm:?} at {at}, {more} more"
                );
            }
        }
    }
}

#[test]
fn a_state_says_the_same_however_the_bytes_came() {
    let data = Random::new(31).bytes(50_000);
    let mut random = Random::new(32);
    for _ in 0..50 {
        let bytes = &data[..random.below(data.len())];
        for algorithm in [Algorithm::Blake2b, Algorithm::Sha256] {
            let mut hasher = FileHasher::new(algorithm);
            let chunks = random.cut(bytes, 3000);
            chunks.iter().for_each(|chunk| hasher.update(chunk));
            assert_eq!(hasher.save(), saved(algorithm, bytes));
        }
    }
}

#[test]
fn a_restored_hasher_is_the_one_that_was_saved() {
    for algorithm in Algorithm::ALL {
        let state = saved(algorithm, &[7; 5000]);
        let hasher = FileHasher::restore(&state).expect("a state");
        assert_eq!(hasher.algorithm(), algorithm);
        assert_eq!(hasher.save(), state);
    }
}

/// The format is a promise: these were saved by version 1.
#[test]
fn states_of_version_1() {
    for (algorithm, hex) in [
        (Algorithm::Sha256, SHA256_AFTER_ABC),
        (Algorithm::Blake2b, BLAKE2B_AFTER_ABC),
        (Algorithm::Blake3, BLAKE3_AFTER_ABC),
    ] {
        assert_eq!(Hex(&saved(algorithm, b"abc")).to_string(), hex);
    }
}

#[test]
fn damage_is_found() {
    for algorithm in Algorithm::ALL {
        let state = saved(algorithm, &[3; 3000]);
        for at in 0..state.len() {
            let mut damaged = state.clone();
            damaged[at] ^= 1 << (at % 8);
            assert_eq!(
                FileHasher::restore(&damaged).err(),
                Some(InvalidState),
                "{at}"
            );
            assert!(FileHasher::restore(&state[..at]).is_err(), "cut at {at}");
        }
        let longer = [state.as_slice(), &[0]].concat();
        assert!(FileHasher::restore(&longer).is_err());
    }
    assert!(FileHasher::restore(&[]).is_err());
    assert!(FileHasher::restore(&[0; 5000]).is_err());
}

/// Replaces the check sum with the right one.
fn summed(mut framed: Vec<u8>) -> Vec<u8> {
    framed.truncate(framed.len() - 8);
    let sum = sha2::Sha256::digest(&framed);
    framed.extend_from_slice(&sum[..8]);
    framed
}

#[test]
fn another_magic_version_or_algorithm_is_refused() {
    let state = saved(Algorithm::Sha256, b"abc");
    for (at, value) in [
        (0, b'M'),
        (14, 0),
        (14, 2),
        (15, 0),
        (15, 4),
        (15, 2),
        (15, 3),
    ] {
        let mut other = state.clone();
        other[at] = value;
        assert!(FileHasher::restore(&summed(other)).is_err(), "{at} {value}");
    }
    assert!(FileHasher::restore(&summed(state)).is_ok());
}

/// With the right check sum, but with numbers that no hasher comes to.
#[test]
fn impossible_states_are_refused() {
    // After the frame of 16 bytes: chunks (8), subtrees (2 and 32 each), tail (2 and bytes).
    let state = saved(Algorithm::Blake3, &[1; 3000]);
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut state = state.clone();
        change(&mut state);
        FileHasher::restore(&summed(state)).map(|hasher| hasher.finish())
    };
    assert!(changed(&|_| {}).is_ok());
    // The two subtrees stand for an even number of chunks.
    assert!(changed(&|state| state[16] = 3).is_ok());
    for chunks in [0, 1, 7, 15] {
        assert!(changed(&|state| state[16] = chunks).is_err(), "{chunks}");
    }
    assert!(changed(&|state| state[16..24].fill(0xff)).is_err());
    assert!(changed(&|state| state[24] = 3).is_err());
    assert!(changed(&|state| state[25] = 0xff).is_err());
    // A tail that is longer than a chunk, or than what is there.
    let tail = 16 + 8 + 2 + 2 * 32;
    assert!(
        changed(&|state| state[tail..tail + 2].copy_from_slice(&1025_u16.to_le_bytes())).is_err()
    );
    assert!(changed(&|state| state[tail] ^= 1).is_err());
    // One subtree alone and nothing after it: its root cannot be made of its chaining value.
    let alone = |state: &mut Vec<u8>| {
        let sum = state.split_off(state.len() - 8);
        state.truncate(16 + 8 + 2 + 32);
        state[24] = 1;
        state.extend_from_slice(&[0, 0]);
        state.extend_from_slice(&sum);
    };
    assert!(changed(&alone).is_err());
    // A length and a tail that do not go together.
    for algorithm in [Algorithm::Sha256, Algorithm::Blake2b] {
        let mut state = saved(algorithm, &[1; 100]);
        state[16] ^= 1;
        assert!(FileHasher::restore(&summed(state)).is_err());
    }
}

const SHA256_AFTER_ABC: &str = "6d6f64656c7365616c2d686173680101030000000000000067e6096a85ae67bb72f36e3c3af54fa5\
    7f520e518c68059babd9831f19cde05b61626306db5303a6410dea";
const BLAKE2B_AFTER_ABC: &str = "6d6f64656c7365616c2d686173680102030000000000000048c9bdf267e6096a3ba7ca8485ae67bb\
    2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f\
    79217e1319cde05b61626319b5cd42e17a7a7f";
const BLAKE3_AFTER_ABC: &str =
    "6d6f64656c7365616c2d686173680103000000000000000000000300616263c8c38fbede1fe41e";
