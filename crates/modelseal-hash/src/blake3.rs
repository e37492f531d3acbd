//! BLAKE3 without a key: one stream whose state can be saved, and one file in several pieces.
//!
//! Both rest on the shape of its tree (BLAKE3 paper, section 2.1): chunks of 1,024 bytes are leaves,
//! and every left subtree is full. A full subtree that begins at a multiple of its own length is
//! hashed apart from all else, to a chaining value. The `blake3` crate does the hashing.

use alloc::vec::Vec;

use blake3::{
    Hasher,
    hazmat::{self, ChainingValue, HasherExt as _, Mode},
};

use crate::{
    Digest,
    state::{Fields, InvalidState, Writer},
};

/// Bytes in a chunk.
const CHUNK: usize = 1024;

/// One stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blake3 {
    /// The subtrees so far.
    tree: Tree,
    /// The chunk that was begun. It stays here when it is full, if it could be the only one.
    tail: Tail,
}

#[derive(Clone, Debug)]
struct Tail {
    bytes: [u8; CHUNK],
    length: usize,
}

impl Default for Tail {
    fn default() -> Self {
        Self {
            bytes: [0; CHUNK],
            length: 0,
        }
    }
}

impl Tail {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Takes what there is room for, and returns the rest.
    fn fill<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let (taken, rest) = bytes.split_at(bytes.len().min(CHUNK - self.length));
        self.bytes[self.length..self.length + taken.len()].copy_from_slice(taken);
        self.length += taken.len();
        rest
    }
}

impl Blake3 {
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        if self.tail.length > 0 {
            bytes = self.tail.fill(bytes);
            if bytes.is_empty() {
                return;
            }
            self.push(&[self.tail.bytes]);
            self.tail.length = 0;
        }
        // What is held back could be all there is: a root is hashed another way.
        while bytes.len() > CHUNK {
            let (subtree, rest) = bytes.split_at(self.next_subtree(bytes.len()));
            self.push(subtree.as_chunks().0);
            bytes = rest;
        }
        self.tail.fill(bytes);
    }

    /// The length of the longest full subtree that may begin here, in `length` bytes.
    fn next_subtree(&self, length: usize) -> usize {
        let longest = 1 << length.ilog2();
        match self.tree.chunks {
            0 => longest,
            chunks => {
                let aligned = (CHUNK as u64) << chunks.trailing_zeros();
                usize::try_from(aligned).map_or(longest, |aligned| aligned.min(longest))
            }
        }
    }

    /// Takes a full subtree: its halves, since the node above them could be the root.
    fn push(&mut self, chunks: &[[u8; CHUNK]]) {
        let (left, right) = chunks.split_at(chunks.len().div_ceil(2));
        for half in [left, right] {
            if !half.is_empty() {
                let start = self.tree.chunks * CHUNK as u64;
                let mut hasher = Hasher::new();
                hasher.set_input_offset(start).update(half.as_flattened());
                self.tree
                    .push(hasher.finalize_non_root(), half.len() as u64);
            }
        }
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        let Self { mut tree, tail } = self;
        if tree.chunks == 0 {
            return *blake3::hash(tail.bytes()).as_bytes();
        }
        if tail.length > 0 {
            let mut hasher = Hasher::new();
            let start = tree.chunks * CHUNK as u64;
            hasher.set_input_offset(start).update(tail.bytes());
            tree.push(hasher.finalize_non_root(), 1);
        }
        tree.root()
    }
}

/// The chaining values of the subtrees so far, the largest first.
///
/// Two that make a larger one are merged when the next comes, and no sooner: the last merge of all
/// makes the root.
#[derive(Clone, Debug, Default)]
struct Tree {
    chunks: u64,
    subtrees: Vec<ChainingValue>,
}

impl Tree {
    /// Takes the next subtree, of `chunks`. Its length divides its start.
    fn push(&mut self, subtree: ChainingValue, chunks: u64) {
        // Each bit of the count is a subtree that is complete.
        while self.subtrees.len() > self.chunks.count_ones() as usize {
            self.merge();
        }
        self.subtrees.push(subtree);
        self.chunks += chunks;
    }

    fn merge(&mut self) {
        if let Some([left, right]) = self.subtrees.last_chunk() {
            let parent = hazmat::merge_subtrees_non_root(left, right, Mode::Hash);
            self.subtrees.truncate(self.subtrees.len() - 2);
            self.subtrees.push(parent);
        }
    }

    /// The root, of at least two subtrees.
    fn root(mut self) -> [u8; 32] {
        while self.subtrees.len() > 2 {
            self.merge();
        }
        match *self.subtrees {
            [left, right] => *hazmat::merge_subtrees_root(&left, &right, Mode::Hash).as_bytes(),
            _ => unreachable!("a stream keeps two halves, or the last chunk, apart"),
        }
    }
}

impl Blake3 {
    pub(crate) fn save(&self, to: &mut Writer) {
        let Self { tree, tail } = self;
        to.u64(tree.chunks);
        to.u16(tree.subtrees.len() as u16);
        to.bytes(tree.subtrees.as_flattened());
        to.u16(tail.length as u16);
        to.bytes(tail.bytes());
    }

    pub(crate) fn restore(from: &mut Fields<'_>) -> Result<Self, InvalidState> {
        let mut this = Self::default();
        let Self { tree, tail } = &mut this;
        tree.chunks = from.u64()?;
        let count = usize::from(from.u16()?);
        let least = tree.chunks.count_ones() as usize;
        // The last subtree may be there in halves, its right half as well, and so on.
        let most = match tree.chunks {
            0 => 0,
            chunks => least + chunks.trailing_zeros() as usize,
        };
        if tree.chunks > u64::MAX / CHUNK as u64 || !(least..=most).contains(&count) {
            return Err(InvalidState);
        }
        for _ in 0..count {
            tree.subtrees.push(from.take()?);
        }
        tail.length = usize::from(from.u16()?);
        let rootless = count == 1 && tail.length == 0;
        if tail.length > CHUNK || rootless {
            return Err(InvalidState);
        }
        from.fill(&mut tail.bytes[..tail.length])?;
        Ok(this)
    }
}

/// The chaining value of the bytes of a file from `offset` on, apart from all else of it: part of
/// [`blake3_merge`].
///
/// `None` if they are not a subtree: if there are none, if `offset` is not a multiple of 1,024, or
/// if there are more than the largest power of two that divides `offset`.
pub fn blake3_subtree(offset: u64, bytes: &[u8]) -> Option<[u8; 32]> {
    if bytes.is_empty() || !offset.is_multiple_of(CHUNK as u64) {
        return None;
    }
    let longest = hazmat::max_subtree_len(offset);
    if longest.is_some_and(|longest| bytes.len() as u64 > longest) {
        return None;
    }
    let mut hasher = Hasher::new();
    hasher.set_input_offset(offset);
    hasher.update(bytes);
    Some(hasher.finalize_non_root())
}

/// The digest of a file of `length` bytes, of which every `piece` bytes were hashed apart by
/// [`blake3_subtree`]; the last piece may be shorter.
///
/// `None` unless `piece` is a power of two, at least 1,024, and `subtrees` has one for each piece:
/// two at least, since a file of one piece is hashed as a whole.
pub fn blake3_merge(length: u64, piece: u64, subtrees: &[[u8; 32]]) -> Option<Digest> {
    let whole = piece.is_power_of_two() && piece >= CHUNK as u64;
    if !whole || length <= piece || length.div_ceil(piece) != subtrees.len() as u64 {
        return None;
    }
    let mut tree = Tree::default();
    for subtree in subtrees {
        tree.push(*subtree, piece / CHUNK as u64);
    }
    Some(Digest::Blake3(tree.root()))
}
