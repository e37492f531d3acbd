//! How much a bundle may ask for. Counted work, never a clock.

/// Bounds on a bundle's size and on the work that it causes.
///
/// Every loop over a bundle's content ends at one of these.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a bundle. Default 64 MiB: 250,000 resources of 130 bytes, in base64, fit.
    pub bundle_bytes: usize,
    /// Certificates in a bundle, and anchors in a policy. Default 16: real chains have 2 to 4.
    pub certificates: usize,
    /// Bytes of a checkpoint. Default 64 KiB: one with 100 witnesses has 20 KiB.
    pub checkpoint_bytes: usize,
    /// Depth of nesting in JSON. Default 32: an OMS payload has 5, a Rekor entry 8.
    pub json_depth: usize,
    /// Values in a JSON text. Default 1,500,000: 250,000 resources have 1,000,000. Small values
    /// such as `0` take more memory than text, so that the size alone is no bound.
    pub json_values: usize,
    /// Log entries and timestamps. Default 32, as in sigstore-go.
    pub log_entries: usize,
    /// Steps of certificate path building. Default 200,000, as in webpki.
    pub path_steps: usize,
    /// Resources in a manifest. Default 250,000: the largest public model repositories have
    /// some 100,000 files.
    pub resources: usize,
    /// Signature checks for one bundle. Default 64; webpki allows 100, a chain needs 3.
    pub signature_checks: usize,
    /// Logs, or authorities, of a kind in a trust root. Default 64; public ones have up to 6.
    pub trust_root_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bundle_bytes: 64 * 1024 * 1024,
            certificates: 16,
            checkpoint_bytes: 64 * 1024,
            json_depth: 32,
            json_values: 1_500_000,
            log_entries: 32,
            path_steps: 200_000,
            resources: 250_000,
            signature_checks: 64,
            trust_root_entries: 64,
        }
    }
}
