//! How much a mirror may send, and how much work it may cause.

/// Bounds on files and on the work that they cause. To change one, start from the default:
///
/// ```
/// let mut limits = modelseal_tuf::Limits::default();
/// limits.delegations = 8;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of root metadata. Default 512,000.
    pub root_bytes: u64,
    /// Bytes of timestamp metadata. Default 16,384.
    pub timestamp_bytes: u64,
    /// Bytes of snapshot metadata that the timestamp gives no length of. Default 2,000,000.
    pub snapshot_bytes: u64,
    /// Bytes of targets metadata that the snapshot gives no length of. Default 5,000,000.
    pub targets_bytes: u64,
    /// Bytes of a target file, whatever its signed length. Default 64 MiB.
    pub target_bytes: u64,
    /// Bytes of all files of a refresh and a search. Default 128 MiB.
    pub total_bytes: u64,
    /// Roots after the start root. Default 256.
    pub rotations: usize,
    /// Roles that are asked about one target, `targets` among them. Default 33.
    pub delegations: usize,
    /// Keys of one role, and signatures of one file. Default 256.
    pub keys: usize,
    /// Values in one file's JSON. Default 500,000.
    pub json_values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            root_bytes: 512_000,
            timestamp_bytes: 16_384,
            snapshot_bytes: 2_000_000,
            targets_bytes: 5_000_000,
            target_bytes: 64 * 1024 * 1024,
            total_bytes: 128 * 1024 * 1024,
            rotations: 256,
            delegations: 33,
            keys: 256,
            json_values: 500_000,
        }
    }
}
