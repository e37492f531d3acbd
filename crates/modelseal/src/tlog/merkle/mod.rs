//! Merkle trees as logs have them (RFC 6962 section 2.1).

use alloc::vec::Vec;

use sha2::{Digest, Sha256};

/// The hash of a leaf.
pub(super) fn leaf_hash(body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix([0]);
    hash.update(body);
    hash.finalize().into()
}

/// The root of a tree of `size` leaves in which `leaf` is at `index`, by its audit path.
///
/// None for a path of another length than this place in the tree has (RFC 9162 section 2.1.3.2).
pub(super) fn root(index: u64, size: u64, leaf: [u8; 32], path: &[Vec<u8>]) -> Option<[u8; 32]> {
    if index >= size {
        return None;
    }
    let mut node = index;
    let mut last = size.checked_sub(1)?;
    let mut hash = leaf;
    for sibling in path {
        let sibling: &[u8; 32] = sibling.as_slice().try_into().ok()?;
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // The last node of a level without a sibling moves up as it is.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

#[cfg(test)]
mod tests;
