//! States that are saved, and what is refused as one.

mod support;

use hmac::{Hmac, KeyInit as _, Mac as _};
use modelseal_hash::{Algorithm, Digest, FileHasher, Hex, InvalidState, StateKey};
use support::{Random, boundaries, reference};

const KEY: [u8; 32] = *b"a key of the tests, of 32 bytes.";
const CONTEXT: &[u8] = b"weights.bin";

fn key() -> StateKey {
    StateKey::new(&KEY).expect("32 bytes")
}

fn restore(state: &[u8]) -> Result<FileHasher, InvalidState> {
    FileHasher::restore(state, &key(), CONTEXT)
}

fn saved(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    let mut hasher = FileHasher::new(algorithm);
    hasher.update(bytes);
    hasher.save(&key(), CONTEXT)
}

fn resumed(state: &[u8], bytes: &[u8]) -> Digest {
    let mut hasher = restore(state).expect("a state");
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
            assert_eq!(hasher.save(&key(), CONTEXT), saved(algorithm, bytes));
        }
    }
}

#[test]
fn a_restored_hasher_is_the_one_that_was_saved() {
    for algorithm in Algorithm::ALL {
        let state = saved(algorithm, &[7; 5000]);
        let hasher = restore(&state).expect("a state");
        assert_eq!(hasher.algorithm(), algorithm);
        assert_eq!(hasher.save(&key(), CONTEXT), state);
    }
}

/// The format is a promise: these were saved by version 2.
#[test]
fn states_of_version_2() {
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
            assert_eq!(restore(&damaged).err(), Some(InvalidState), "{at}");
            assert!(restore(&state[..at]).is_err(), "cut at {at}");
        }
        let longer = [state.as_slice(), &[0]].concat();
        assert!(restore(&longer).is_err());
    }
    assert!(restore(&[]).is_err());
    assert!(restore(&[0; 5000]).is_err());
}

#[test]
fn a_state_needs_the_key_and_the_context_that_it_was_saved_with() {
    for algorithm in Algorithm::ALL {
        let state = saved(algorithm, b"abc");
        assert!(restore(&state).is_ok());
        for other in [
            [0; 32].as_slice(),
            &[KEY.as_slice(), &[1]].concat(),
            &[1; 80],
        ] {
            let other = StateKey::new(other).expect("long enough");
            assert!(FileHasher::restore(&state, &other, CONTEXT).is_err());
        }
        for context in [&b""[..], b"weights.bi", b"weights.bin\0", b"Weights.bin"] {
            assert!(FileHasher::restore(&state, &key(), context).is_err());
        }
    }
}

#[test]
fn a_key_has_32_bytes_at_least_and_is_not_shown() {
    for length in 0..32 {
        assert!(StateKey::new(&vec![7; length]).is_none(), "{length}");
    }
    for length in [32, 33, 64, 65, 1000] {
        assert!(StateKey::new(&vec![7; length]).is_some(), "{length}");
    }
    assert_eq!(format!("{:?}", key()), "StateKey(..)");
}

/// Replaces the HMAC with the right one.
fn summed(mut framed: Vec<u8>) -> Vec<u8> {
    framed.truncate(framed.len() - 32);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&KEY).expect("a key");
    mac.update(&(CONTEXT.len() as u64).to_le_bytes());
    mac.update(CONTEXT);
    mac.update(&framed);
    framed.extend_from_slice(&mac.finalize().into_bytes());
    framed
}

#[test]
fn another_magic_version_or_algorithm_is_refused() {
    let state = saved(Algorithm::Sha256, b"abc");
    for (at, value) in [
        (0, b'M'),
        (14, 0),
        (14, 1),
        (14, 3),
        (15, 0),
        (15, 4),
        (15, 2),
        (15, 3),
    ] {
        let mut other = state.clone();
        other[at] = value;
        assert!(restore(&summed(other)).is_err(), "{at} {value}");
    }
    assert!(restore(&summed(state)).is_ok());
}

/// With the right HMAC, but with numbers that no hasher comes to.
#[test]
fn impossible_states_are_refused() {
    // After the frame of 16 bytes: chunks (8), subtrees (2 and 32 each), tail (2 and bytes).
    let state = saved(Algorithm::Blake3, &[1; 3000]);
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut state = state.clone();
        change(&mut state);
        restore(&summed(state)).map(|hasher| hasher.finish())
    };
    assert!(changed(&|_| {}).is_ok());
    // The two subtrees have an even number of chunks.
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
        let sum = state.split_off(state.len() - 32);
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
        assert!(restore(&summed(state)).is_err());
    }
}

const SHA256_AFTER_ABC: &str = "6d6f64656c7365616c2d686173680201030000000000000067e6096a85ae67bb72f36e3c3af54fa5\
    7f520e518c68059babd9831f19cde05b6162630953ff51849391ea6d88e57d72c0e7e078a746504a\
    beaba20b50097a4cf243f5";
const BLAKE2B_AFTER_ABC: &str = "6d6f64656c7365616c2d686173680202030000000000000048c9bdf267e6096a3ba7ca8485ae67bb\
    2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f\
    79217e1319cde05b616263ae7c4c9e9ae36a93b8543c58c7cd5e4da8c8829ecb7cafe82e65e48425\
    e60009";
const BLAKE3_AFTER_ABC: &str = "6d6f64656c7365616c2d6861736802030000000000000000000003006162631243aea08eb5c3b0b2\
    3ef1722198bc90cc50cd128ba68e65ff01a46794253d4c";
