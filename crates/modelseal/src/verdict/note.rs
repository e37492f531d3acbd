//! Harmless observations.

use serde::Serialize;

/// A harmless observation that a careful reader may want to know.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// Certificates or other blocks that the caller gave as anchors cannot be used.
    AnchorIgnored,
    /// The machine's clock is behind a verified signing time, within the tolerance.
    ClockBehind,
    /// The signature has the form of v0.2.0, without a root digest.
    #[serde(rename = "digests-v0.1-form")]
    DigestsV01Form,
    /// Unsigned files lie in `.cache/huggingface`, where Hugging Face's tools keep their own records of
    /// a download.
    HuggingFaceRecords,
    /// The bundle does not name its key.
    KeyHintMissing,
    /// The resources are not in the order of OMS 1.0 section 6.1.
    ResourcesNotInOrder,
    /// The bundle contains a self-signed certificate, which was skipped.
    RootInChain,
    /// A timestamp of an authority that the trust root does not name was skipped.
    TimestampIgnored,
    /// The TUF root that was trusted when the trust root was fetched has expired.
    TrustRootExpired,
    /// The trust root was bundled or fetched more than 180 days ago.
    TrustRootOld,
    /// The trust root names no logs of certificates, so that no SCT was asked for.
    TrustRootWithoutCertificateLogs,
    /// The trust root names no transparency logs, so that no entry was asked for.
    TrustRootWithoutLogs,
}

impl Note {
    /// Every note.
    pub const ALL: &'static [Self] = &[
        Self::AnchorIgnored,
        Self::ClockBehind,
        Self::DigestsV01Form,
        Self::HuggingFaceRecords,
        Self::KeyHintMissing,
        Self::ResourcesNotInOrder,
        Self::RootInChain,
        Self::TimestampIgnored,
        Self::TrustRootExpired,
        Self::TrustRootOld,
        Self::TrustRootWithoutCertificateLogs,
        Self::TrustRootWithoutLogs,
    ];
}
