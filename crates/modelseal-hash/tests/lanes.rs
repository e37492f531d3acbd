//! Four streams of SHA-256 side by side.

mod support;

use modelseal_hash::{Algorithm, FileHasher, Sha256x4};
use support::{Random, boundaries, reference};

/// Hashes four inputs, in chunks that `next` picks, and holds them against the reference.
fn check(inputs: [&[u8]; 4], mut next: impl FnMut(usize) -> usize) {
    let mut lanes = Sha256x4::new();
    let mut left = inputs;
    while left.iter().any(|input| !input.is_empty()) {
        let mut chunks: [&[u8]; 4] = [&[]; 4];
        for (lane, input) in left.iter_mut().enumerate() {
            (chunks[lane], *input) = input.split_at(next(lane).min(input.len()));
        }
        lanes.update(chunks);
    }
    for (lane, input) in inputs.into_iter().enumerate() {
        let expected = reference(Algorithm::Sha256, input);
        let lengths = inputs.map(<[u8]>::len);
        assert_eq!(lanes.finish(lane), expected, "lane {lane} of {lengths:?}");
    }
}

#[test]
fn lanes_of_one_length_at_every_boundary() {
    let data = Random::new(10).bytes(4 * 70_000);
    for length in boundaries().into_iter().filter(|length| *length <= 70_000) {
        let inputs = [0, 1, 2, 3].map(|lane| &data[lane * 70_000..][..length]);
        check(inputs, |_| usize::MAX);
        check(inputs, |_| 4096);
    }
}

/// Lanes that end early, or rest, or have nothing at all.
#[test]
fn lanes_of_differing_lengths() {
    let data = Random::new(11).bytes(3000);
    let lengths = [0, 1, 63, 64, 65, 127, 128, 129, 1000];
    for a in lengths {
        for b in lengths {
            for (c, d) in [(0, 0), (64, 0), (0, 200), (128, 640)] {
                check(
                    [
                        &data[..a],
                        &data[1..][..b],
                        &data[2..][..c],
                        &data[3..][..d],
                    ],
                    |_| usize::MAX,
                );
            }
        }
    }
}

#[test]
fn random_lengths_in_random_chunks() {
    let data = Random::new(12).bytes(1 << 18);
    let mut random = Random::new(13);
    for round in 0..300 {
        let inputs = [0; 4].map(|_| {
            let start = random.below(1000);
            &data[start..][..random.below(1 << (4 + round % 13))]
        });
        let longest = 1 + random.below(1 << (1 + round % 14));
        check(inputs, |_| random.below(longest + 1));
    }
}

/// A lane that is finished hashes the next file, while the others go on.
#[test]
fn a_lane_begins_anew_when_it_is_finished() {
    let data = Random::new(14).bytes(100_000);
    let mut lanes = Sha256x4::new();
    let long = [&data[..30_000], &data[..40_000], &data[1..][..50_000]];
    lanes.update([
        &long[0][..999],
        &long[1][..20_000],
        &data[..5000],
        &long[2][..7],
    ]);
    let short = reference(Algorithm::Sha256, &data[..5000]);
    assert_eq!(lanes.finish(2), short);
    lanes.update([
        &long[0][999..],
        &long[1][20_000..],
        &data[7..][..6000],
        &long[2][7..],
    ]);
    let next = reference(Algorithm::Sha256, &data[7..][..6000]);
    assert_eq!(lanes.finish(2), next);
    for (lane, bytes) in [0, 1, 3].into_iter().zip(long) {
        assert_eq!(lanes.finish(lane), reference(Algorithm::Sha256, bytes));
    }
    let nothing = reference(Algorithm::Sha256, b"");
    assert_eq!(lanes.finish(2), nothing);
    // Lanes are counted modulo four.
    lanes.update([b"", b"abc", b"", b""]);
    assert_eq!(lanes.finish(5), reference(Algorithm::Sha256, b"abc"));
}

#[test]
fn a_lane_and_a_stream_are_swapped() {
    let data = Random::new(15).bytes(10_000);
    let mut stream = FileHasher::new(Algorithm::Sha256);
    stream.update(&data[..777]);
    let mut lanes = Sha256x4::new();
    lanes.update([b"", b"", b"", &data[..4000]]);
    assert!(lanes.swap(3, &mut stream));
    lanes.update([&data, b"", b"", &data[777..]]);
    stream.update(&data[4000..]);
    let whole = reference(Algorithm::Sha256, &data);
    assert_eq!(stream.finish(), whole);
    assert_eq!(lanes.finish(0), whole);
    assert_eq!(lanes.finish(3), whole);

    let mut other = FileHasher::new(Algorithm::Blake3);
    other.update(&data);
    assert!(!lanes.swap(0, &mut other));
    assert_eq!(other.finish(), reference(Algorithm::Blake3, &data));
}
