//! How much a bundle may contain, and how much work it may cause.

/// Bounds on a bundle's size and on the work that it causes.
///
/// Every loop over a bundle's content ends at one of these. To change one, start from the default:
///
/// ```
/// let mut limits = modelseal::Limits::default();
/// limits.resources = 1_000;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a bundle. Default 64 MiB: 250,000 resources of 130 bytes, in base64, fit.
    pub bundle_bytes: usize,
    /// Bytes of a certificate, in a bundle, a timestamp, a policy or a trust root. Default 64 KiB:
    /// real ones have up to 10 KiB.
    pub certificate_bytes: usize,
    /// Certificates in a bundle, and anchors in a policy. Default 16: real chains have 2 to 4.
    pub certificates: usize,
    /// Bytes of a checkpoint. Default 64 KiB: one with 100 witnesses has 20 KiB.
    pub checkpoint_bytes: usize,
    /// Depth of nesting in JSON. Default 32: an OMS payload has 5 levels, a Rekor entry 8.
    pub json_depth: usize,
    /// Values in a JSON document. Default 1,500,000: 250,000 resources have 1,000,000. Small values
    /// such as `0` take more memory than the bytes they are read from, so the size alone is not a bound.
    pub json_values: usize,
    /// Bytes of the body of a log entry. Default 256 KiB: real ones have up to 20 KiB, most of it
    /// the signer's certificate in base64 twice.
    pub log_body_bytes: usize,
    /// Log entries and timestamps, each. Default 32, as in sigstore-go.
    pub log_entries: usize,
    /// Steps of certificate path building. Default 200,000, as in webpki.
    pub path_steps: usize,
    /// Resources in a manifest. Default 250,000: the largest public model repositories have about
    /// 100,000 files.
    pub resources: usize,
    /// Bytes of a signature, a promise, a key, a key hint or a log id in a bundle. Default 16 KiB: a
    /// signature by the largest key, RSA with 8,192 bits, has 1 KiB.
    pub signature_bytes: usize,
    /// Checks of signatures for one bundle, whatever they are for. Default 256. That admits what the
    /// other limits admit in real use: 32 log entries with a promise and a checkpoint each (64), 32
    /// timestamps with a signature and a path of up to 4 certificates each (160), a chain of 16, its
    /// SCTs, and the signature itself.
    pub signature_checks: usize,
    /// Bytes of a timestamp. Default 64 KiB: real ones have up to 8 KiB.
    pub timestamp_bytes: usize,
    /// Logs, or authorities, of a kind in a trust root. Default 64; public ones have up to 6.
    pub trust_root_entries: usize,
}

impl Limits {
    /// The defaults, see each field.
    pub(crate) const DEFAULT: Self = Self {
        bundle_bytes: 64 * 1024 * 1024,
        certificate_bytes: 64 * 1024,
        certificates: 16,
        checkpoint_bytes: 64 * 1024,
        json_depth: 32,
        json_values: 1_500_000,
        log_body_bytes: 256 * 1024,
        log_entries: 32,
        path_steps: 200_000,
        resources: 250_000,
        signature_bytes: 16 * 1024,
        signature_checks: 256,
        timestamp_bytes: 64 * 1024,
        trust_root_entries: 64,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
