//! One stream of each algorithm against the crates of RustCrypto and BLAKE3, and known answers.

mod support;

use modelseal_hash::{Algorithm, Digest, FileHasher};
use support::{Random, boundaries, hash, reference};

#[test]
fn every_boundary_in_one_chunk_and_in_two() {
    let data = Random::new(1).bytes(600_000);
    let mut random = Random::new(2);
    for algorithm in Algorithm::ALL {
        for length in boundaries() {
            let bytes = &data[..length];
            let expected = reference(algorithm, bytes);
            assert_eq!(
                hash(algorithm, &[bytes]),
                expected,
                "{algorithm:?} {length}"
            );
            let (first, second) = bytes.split_at(random.below(length + 1));
            let at = first.len();
            assert_eq!(
                hash(algorithm, &[first, second]),
                expected,
                "{algorithm:?} {length} cut at {at}"
            );
        }
    }
}

#[test]
fn a_chunk_that_ends_at_a_boundary_and_one_that_follows() {
    let data = Random::new(3).bytes(20_000);
    for algorithm in Algorithm::ALL {
        for first in boundaries().into_iter().filter(|length| *length < 9000) {
            for second in [0, 1, 63, 64, 127, 128, 129, 1023, 1024, 1025, 4096] {
                let bytes = &data[..first + second];
                assert_eq!(
                    hash(algorithm, &[&bytes[..first], &[], &bytes[first..]]),
                    reference(algorithm, bytes),
                    "{algorithm:?} {first} and {second}"
                );
            }
        }
    }
}

#[test]
fn chunks_of_one_length() {
    let data = Random::new(4).bytes(70_001);
    for algorithm in Algorithm::ALL {
        let expected = reference(algorithm, &data);
        for length in [
            1, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 4096, 16384, 65536,
        ] {
            let chunks: Vec<&[u8]> = data.chunks(length).collect();
            assert_eq!(
                hash(algorithm, &chunks),
                expected,
                "{algorithm:?} by {length}"
            );
        }
    }
}

#[test]
fn random_lengths_in_random_chunks() {
    let data = Random::new(5).bytes(1 << 20);
    let mut random = Random::new(6);
    for round in 0..200 {
        let bytes = &data[..random.below(1 << (5 + round % 16))];
        let longest = 1 + random.below(1 << (1 + round % 18));
        for algorithm in Algorithm::ALL {
            let chunks = random.cut(bytes, longest);
            assert_eq!(
                hash(algorithm, &chunks),
                reference(algorithm, bytes),
                "{algorithm:?} {} bytes in chunks of at most {longest}",
                bytes.len()
            );
        }
    }
}

/// The examples of FIPS 180-2 appendix B and NIST's further ones; RFC 7693 appendix A.
#[test]
fn published_answers() {
    let million = vec![b'a'; 1_000_000];
    let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    let sha256: [(&[u8], &str); 6] = [
        (
            b"",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            b"abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            two_blocks,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        (
            b"\xbd",
            "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b",
        ),
        (
            b"\xc9\x8c\x8e\x55",
            "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504",
        ),
        (
            &million,
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        ),
    ];
    let blake2b: [(&[u8], &str); 2] = [
        (
            b"",
            "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419\
             d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
        ),
        (
            b"abc",
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
             7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        ),
    ];
    for (bytes, hex) in sha256 {
        let expected = Digest::from_hex(Algorithm::Sha256, hex);
        assert_eq!(Some(hash(Algorithm::Sha256, &[bytes])), expected, "{hex}");
    }
    for (bytes, hex) in blake2b {
        let expected = Digest::from_hex(Algorithm::Blake2b, hex);
        assert_eq!(Some(hash(Algorithm::Blake2b, &[bytes])), expected, "{hex}");
    }
}

/// The same file is run through the Wasm.
#[test]
fn digests_that_other_implementations_made() {
    let text = include_str!("digests.json");
    let vectors: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let cases = vectors["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 51);
    for case in cases {
        let length = case["length"].as_u64().expect("a length") as usize;
        let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        for algorithm in Algorithm::ALL {
            let mut hasher = FileHasher::new(algorithm);
            hasher.update(&bytes);
            let digest = hasher.finish().to_string();
            let hex = case[algorithm.name()].as_str().expect("a digest");
            assert_eq!(digest, format!("{}:{hex}", algorithm.name()), "{length}");
        }
    }
}
