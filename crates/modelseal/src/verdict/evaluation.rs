//! What every verdict states: which bundle was checked, when, with what, and what was not checked.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    context::Context, file_kind::FileKind, policy::Expectation, signer::Signer, time::UnixTime,
    trust::TrustRoot, x509::IgnoredAnchor,
};

/// Which bundle was checked, when, with what, and what was not checked.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    /// Who said which signer to expect.
    pub expectation: Expectation,
    /// The bundle.
    pub bundle: BundleId,
    /// The moment of the check: the caller's, where they chose it.
    pub evaluated_at: UnixTime,
    /// The moment for which certificates were checked.
    pub judged_at: UnixTime,
    /// Where that moment comes from.
    pub judged_at_basis: TimeBasis,
    /// The last moment at which every certificate of the chain is valid; `None` for a key, and where
    /// a verified time counts.
    pub valid_until: Option<UnixTime>,
    /// What log entries and timestamps were checked with; `None` where the policy names no root.
    pub trust_root: Option<TrustRootId>,
    /// What cannot be used of the caller's anchors.
    pub ignored_anchors: Vec<IgnoredAnchorAnswer>,
    /// What no verdict proves.
    pub not_checked: [NotChecked; 2],
    /// The version of modelseal.
    pub modelseal: &'static str,
}

/// A bundle.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct BundleId {
    /// SHA-256 of its bytes.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub sha256: [u8; 32],
    /// Its media type; `None` for a bundle that could not be read or whose signature does not hold.
    pub media_type: Option<&'static str>,
}

/// Where the moment for which certificates were checked comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum TimeBasis {
    /// The caller chose it.
    Caller,
    /// It is the moment of the check.
    Now,
    /// It is a verified signing time.
    SignedTime,
}

/// What no verdict proves.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum NotChecked {
    /// Whether there is a newer version.
    NewestVersion,
    /// Whether a certificate was revoked.
    Revocation,
}

/// A trust root: by name and date if it ships with modelseal, and always by its digest.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TrustRootId {
    /// Where it comes from.
    pub source: TrustRootSource,
    /// The name of a bundled root.
    pub name: Option<&'static str>,
    /// The day on which a bundled root was taken, in RFC 3339.
    pub date: Option<&'static str>,
    /// SHA-256 of the file.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub sha256: [u8; 32],
    /// When it was fetched; `None` where it was not.
    pub fetched_at: Option<UnixTime>,
    /// The version of the TUF root that was trusted when it was fetched.
    pub root_version: Option<u64>,
    /// When that TUF root expires.
    pub root_expires: Option<UnixTime>,
}

/// Where a trust root comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum TrustRootSource {
    /// It ships with modelseal.
    Bundled,
    /// It was fetched and verified by TUF.
    Fetched,
    /// The caller gave it.
    Given,
}

/// Something that cannot be used as an anchor and was skipped.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IgnoredAnchorAnswer {
    /// The certificate's subject, where it can be read. Escape it where it is shown.
    pub subject: Option<String>,
    /// What it is, in JSON as a sentence.
    #[serde(serialize_with = "sentence")]
    pub reason: FileKind,
}

fn sentence<S: serde::Serializer>(kind: &FileKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(kind)
}

impl Evaluation {
    /// `signer` is `None` for a signature that does not hold.
    pub(crate) fn of(context: &Context, signer: Option<&Signer>) -> Self {
        let clock = context.clock;
        let signed = signer.and_then(Signer::first_signed_time);
        let (judged_at, judged_at_basis) = match signed {
            Some(at) => (at, TimeBasis::SignedTime),
            None if clock.is_chosen() => (clock.at(), TimeBasis::Caller),
            None => (clock.at(), TimeBasis::Now),
        };
        Self {
            expectation: context.expectation.clone(),
            bundle: BundleId {
                sha256: context.bundle_sha256,
                media_type: context.media_type,
            },
            evaluated_at: clock.at(),
            judged_at,
            judged_at_basis,
            valid_until: signer.and_then(Signer::valid_until),
            trust_root: context.trust_root.as_ref().map(TrustRootId::of),
            ignored_anchors: context
                .ignored_anchors
                .iter()
                .map(IgnoredAnchorAnswer::of)
                .collect(),
            not_checked: [NotChecked::NewestVersion, NotChecked::Revocation],
            modelseal: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl TrustRootId {
    fn of(root: &TrustRoot) -> Self {
        let fetched = root.fetched();
        let source = match (root.name(), fetched) {
            (_, Some(_)) => TrustRootSource::Fetched,
            (Some(_), None) => TrustRootSource::Bundled,
            (None, None) => TrustRootSource::Given,
        };
        Self {
            source,
            name: root.name(),
            date: root.origin().date,
            sha256: root.sha256(),
            fetched_at: fetched.map(|fetched| fetched.at),
            root_version: fetched.map(|fetched| fetched.root_version),
            root_expires: fetched.map(|fetched| fetched.root_expires),
        }
    }
}

impl IgnoredAnchorAnswer {
    fn of(anchor: &IgnoredAnchor) -> Self {
        Self {
            subject: anchor.subject.clone(),
            reason: anchor.found,
        }
    }
}
