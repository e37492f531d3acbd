//! Proofs against RFC 6962 as its definitions read: recursive, and slow.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::vec::Vec;

use proptest::prelude::*;

use super::{leaf_hash, node_hash, root};

/// RFC 6962 section 2.1, as its definitions read.
mod naive {
    use std::vec::Vec;

    use super::super::node_hash;

    /// The Merkle Tree Hash over leaf hashes, of which there is at least one.
    pub(super) fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
        if let [leaf] = leaves {
            return *leaf;
        }
        let (left, right) = leaves.split_at(split(leaves.len()));
        node_hash(&root(left), &root(right))
    }

    /// The audit path of a leaf, from its sibling up.
    pub(super) fn path(index: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
        if leaves.len() <= 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(split(leaves.len()));
        let (mut path, sibling) = match index.checked_sub(left.len()) {
            None => (path(index, left), root(right)),
            Some(index) => (path(index, right), root(left)),
        };
        path.push(sibling);
        path
    }

    /// The largest power of two below `count`.
    fn split(count: usize) -> usize {
        1 << (count - 1).ilog2()
    }
}

/// RFC 6962 section 2.1.1 turned around: the last hash of a path is the other half's root.
fn reference(index: u64, size: u64, leaf: [u8; 32], path: &[[u8; 32]]) -> Option<[u8; 32]> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (last, path) = path.split_last()?;
    // The largest power of two below the size.
    let left = 1 << (size - 1).ilog2();
    Some(match index.checked_sub(left) {
        None => node_hash(&reference(index, left, leaf, path)?, last),
        Some(index) => node_hash(last, &reference(index, size - left, leaf, path)?),
    })
}

fn path(hashes: &[[u8; 32]]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.to_vec()).collect()
}

fn leaves(count: usize) -> Vec<[u8; 32]> {
    (0..count)
        .map(|leaf| leaf_hash(&leaf.to_be_bytes()))
        .collect()
}

proptest! {
    /// Every place of every small tree, with the proof from the tree.
    #[test]
    fn the_path_of_a_leaf_leads_to_the_root(count in 1_usize..100, seed: usize) {
        let (leaves, index) = (leaves(count), seed % count);
        let found = root(
            u64::try_from(index)?,
            u64::try_from(count)?,
            leaves[index],
            &path(&naive::path(index, &leaves)),
        );
        prop_assert_eq!(found, Some(naive::root(&leaves)));
    }

    /// A proof for another place, of another length or for another tree.
    #[test]
    fn any_path_leads_where_the_definitions_say(
        size in prop_oneof![0..70_u64, any::<u64>()],
        index in prop_oneof![0..70_u64, any::<u64>()],
        hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
        leaf: [u8; 32],
    ) {
        let index = if size > 0 && index % 3 > 0 { index % size } else { index };
        prop_assert_eq!(root(index, size, leaf, &path(&hashes)), reference(index, size, leaf, &hashes));
    }

    /// Of a tree's proof everything counts.
    #[test]
    fn a_changed_proof_leads_elsewhere(
        count in 2_usize..100,
        seed: usize,
        at: prop::sample::Index,
        bit in 0_usize..256,
    ) {
        let (leaves, index) = (leaves(count), seed % count);
        let mut hashes = naive::path(index, &leaves);
        let at = at.index(hashes.len());
        hashes[at][bit / 8] ^= 1 << (bit % 8);
        let (index, size) = (u64::try_from(index)?, u64::try_from(count)?);
        let found = root(index, size, leaves[seed % count], &path(&hashes));
        prop_assert_ne!(found, Some(naive::root(&leaves)));
    }
}

#[test]
fn a_hash_of_another_length_leads_nowhere() {
    for length in [0, 31, 33] {
        assert_eq!(root(0, 2, [0; 32], &[std::vec![0; length]]), None);
    }
}
