//! The steps of verification.

use core::fmt;

/// The step of verification in which an [`Error`](super::Error) arose, in the order in which data flows.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// How the caller uses the interface.
    Usage,
    /// The caller's policy, keys, anchors and trust root.
    Policy,
    /// The bundle's JSON and shape.
    Bundle,
    /// The verification material: its kind, and whether it fits the policy.
    Material,
    /// Signed timestamps (RFC 3161).
    Timestamp,
    /// Entries of transparency logs.
    Log,
    /// Certificates and the path to an anchor.
    Certificate,
    /// The signature over the content.
    Signature,
    /// Whether the signer is the one that the policy expects.
    Publisher,
    /// The in-toto statement.
    Statement,
    /// The signed list of files.
    Manifest,
    /// The model's files against the manifest.
    Files,
}

impl Stage {
    /// Every stage, in the order in which data flows.
    pub const ALL: &'static [Self] = &[
        Self::Usage,
        Self::Policy,
        Self::Bundle,
        Self::Material,
        Self::Timestamp,
        Self::Log,
        Self::Certificate,
        Self::Signature,
        Self::Publisher,
        Self::Statement,
        Self::Manifest,
        Self::Files,
    ];

    /// The stage's stable name, as in the verdict.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Policy => "policy",
            Self::Bundle => "bundle",
            Self::Material => "material",
            Self::Timestamp => "timestamp",
            Self::Log => "log",
            Self::Certificate => "certificate",
            Self::Signature => "signature",
            Self::Publisher => "publisher",
            Self::Statement => "statement",
            Self::Manifest => "manifest",
            Self::Files => "files",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
