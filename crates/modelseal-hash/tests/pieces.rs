//! BLAKE3 of one file in several pieces.

mod support;

use modelseal_hash::{Algorithm, blake3_merge, blake3_subtree};
use support::{Random, reference};

fn subtrees(bytes: &[u8], piece: usize) -> Vec<[u8; 32]> {
    let pieces = bytes.chunks(piece).enumerate();
    pieces
        .map(|(number, bytes)| blake3_subtree((number * piece) as u64, bytes).expect("a subtree"))
        .collect()
}

#[test]
fn pieces_make_up_the_file() {
    let data = Random::new(20).bytes(300_000);
    for piece in [1024, 2048, 4096, 65_536, 131_072] {
        for count in 1..=9 {
            for length in [piece * count + 1, piece * count + 1023, piece * (count + 1)] {
                if length <= data.len() {
                    let bytes = &data[..length];
                    assert_eq!(
                        blake3_merge(length as u64, piece as u64, &subtrees(bytes, piece)),
                        Some(reference(Algorithm::Blake3, bytes)),
                        "{length} bytes in pieces of {piece}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_no_subtree_is_refused() {
    let bytes = vec![0; 4097];
    assert_eq!(blake3_subtree(0, b""), None);
    assert_eq!(blake3_subtree(1, &bytes), None);
    assert_eq!(blake3_subtree(1024, &bytes[..1025]), None);
    assert!(blake3_subtree(1024, &bytes[..1024]).is_some());
    assert_eq!(blake3_subtree(4096, &bytes), None);
    assert!(blake3_subtree(8192, &bytes).is_some());
    assert!(blake3_subtree(u64::MAX - 1023, &bytes[..1]).is_some());
}

#[test]
fn pieces_that_do_not_fit_are_refused() {
    let pieces = [[1; 32]; 4];
    assert!(blake3_merge(4096, 1024, &pieces).is_some());
    assert!(blake3_merge(3073, 1024, &pieces).is_some());
    assert_eq!(blake3_merge(3072, 1024, &pieces), None);
    assert_eq!(blake3_merge(4097, 1024, &pieces), None);
    assert_eq!(blake3_merge(2048, 512, &pieces), None);
    assert_eq!(blake3_merge(4 * 1500, 1500, &pieces), None);
    assert_eq!(blake3_merge(0, 0, &[]), None);
    // The whole file in one piece has another root.
    assert_eq!(blake3_merge(1024, 1024, &pieces[..1]), None);
}
