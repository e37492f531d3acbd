//! Digests as lower-case hex in JSON.

use modelseal_hash::Hex;
use serde::Serializer;

/// Writes bytes as lower-case hex.
pub(crate) fn serialize<S: Serializer>(
    bytes: impl AsRef<[u8]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Hex(bytes.as_ref()))
}
