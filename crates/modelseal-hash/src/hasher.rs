//! One hasher over all algorithms.

use alloc::vec::Vec;

use crate::{
    Algorithm, Digest,
    blake2b::Blake2b,
    blake3::Blake3,
    sha256::Sha256,
    state::{Fields, InvalidState, StateKey, Writer},
};

/// Hashes one file, or one shard of a file, as its bytes arrive.
///
/// ```
/// use modelseal_hash::{Algorithm, FileHasher};
///
/// let mut hasher = FileHasher::new(Algorithm::Sha256);
/// hasher.update(b"mod");
/// hasher.update(b"el");
/// let digest = hasher.finish().to_string();
/// assert!(digest.starts_with("sha256:9372c470"), "{digest}");
/// ```
#[derive(Clone, Debug)]
pub struct FileHasher(State);

#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "one file has one state: boxing would save nothing"
)]
enum State {
    Blake2b(Blake2b),
    Blake3(Blake3),
    Sha256(Sha256),
}

impl FileHasher {
    /// A hasher that has seen no bytes.
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Blake2b => State::Blake2b(Blake2b::new()),
            Algorithm::Blake3 => State::Blake3(Blake3::default()),
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
        })
    }

    pub(crate) const fn sha256_mut(&mut self) -> Option<&mut Sha256> {
        match &mut self.0 {
            State::Sha256(stream) => Some(stream),
            _ => None,
        }
    }

    /// The algorithm of the digest.
    pub const fn algorithm(&self) -> Algorithm {
        match self.0 {
            State::Blake2b(_) => Algorithm::Blake2b,
            State::Blake3(_) => Algorithm::Blake3,
            State::Sha256(_) => Algorithm::Sha256,
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Blake2b(stream) => stream.update(bytes),
            State::Blake3(stream) => stream.update(bytes),
            State::Sha256(stream) => stream.update(bytes),
        }
    }

    /// The digest of all bytes.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Blake2b(stream) => Digest::Blake2b(stream.finish()),
            State::Blake3(stream) => Digest::Blake3(stream.finish()),
            State::Sha256(stream) => Digest::Sha256(stream.finish()),
        }
    }

    /// The state, at most 4 KiB, from which [`Self::restore`] goes on in another process or release,
    /// by the same key in the same context.
    ///
    /// The context is what the bytes belong to, such as a file's name: a state that was saved in one
    /// context cannot be restored in another.
    ///
    /// ```
    /// use modelseal_hash::{Algorithm, FileHasher, StateKey};
    ///
    /// let key = StateKey::new(&[7; 32]).expect("32 bytes, which should be random");
    /// let mut begun = FileHasher::new(Algorithm::Sha256);
    /// begun.update(b"a");
    /// let state = begun.save(&key, b"weights.bin");
    ///
    /// let mut resumed = FileHasher::restore(&state, &key, b"weights.bin").expect("that state");
    /// resumed.update(b"bc");
    /// assert!(resumed.finish().to_string().starts_with("sha256:ba7816bf"));
    /// assert!(FileHasher::restore(&state, &key, b"other.bin").is_err());
    /// ```
    pub fn save(&self, key: &StateKey, context: &[u8]) -> Vec<u8> {
        let mut to = Writer::new(self.algorithm());
        match &self.0 {
            State::Blake2b(stream) => stream.save(&mut to),
            State::Blake3(stream) => stream.save(&mut to),
            State::Sha256(stream) => stream.save(&mut to),
        }
        to.finish(key, context)
    }

    /// The hasher whose state was saved.
    ///
    /// # Errors
    /// [`InvalidState`] for bytes that [`Self::save`] did not make by this key in this context.
    pub fn restore(state: &[u8], key: &StateKey, context: &[u8]) -> Result<Self, InvalidState> {
        let (algorithm, mut from) = Fields::open(state, key, context)?;
        let restored = match algorithm {
            Algorithm::Blake2b => State::Blake2b(Blake2b::restore(&mut from)?),
            Algorithm::Blake3 => State::Blake3(Blake3::restore(&mut from)?),
            Algorithm::Sha256 => State::Sha256(Sha256::restore(&mut from)?),
        };
        from.end()?;
        Ok(Self(restored))
    }
}
