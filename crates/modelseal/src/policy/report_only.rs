//! Asking who signed, without expecting anyone.

use alloc::vec::Vec;

use super::{Expectation, Method, Policy};
use crate::trust::TrustRoot;

/// Asks who signed, and expects no one: for showing, never for trusting.
///
/// The result can be reported. It is never `verified`, and checks no files.
///
/// ```
/// use modelseal::{AnyPolicy, Clock, Error, Limits, Opened, ReportOnly, TrustRoot, UnixTime};
///
/// /// Who signed, if the bundle says so and it is right. This is to be shown, and proves nothing about a model.
/// fn signer(bundle: &[u8], seconds: u64) -> Result<Option<String>, Error> {
///     let policy = AnyPolicy::from(ReportOnly::sigstore(TrustRoot::bundled("production")?));
///     let clock = Clock::now(UnixTime::from_seconds(seconds));
///     Ok(match policy.open(bundle, &Limits::default(), clock)? {
///         Opened::Reported(reported) => Some(format!("{:?}", reported.signer().identity())),
///         Opened::Expected(_) | Opened::Rejected(_) => None,
///     })
/// }
/// # let _ = signer;
/// ```
#[derive(Clone, Debug)]
pub struct ReportOnly {
    policy: Policy,
    /// Does it cover bundles of the other methods too?
    any: bool,
}

impl ReportOnly {
    /// Reports the signer of a keyless signature, checked with `root`.
    pub fn sigstore(root: TrustRoot) -> Self {
        let policy = Policy::of(Method::Sigstore(Vec::new()));
        Self {
            policy: policy.with_trust_root(root),
            any: false,
        }
    }

    /// Reports the signer of any signature: of a keyless one as [`ReportOnly::sigstore`]. What a bundle
    /// with a certificate or a key claims is in the verdict, with [`Error::AnchorNeeded`](crate::Error::AnchorNeeded) or
    /// [`Error::KeyNeeded`](crate::Error::KeyNeeded) as its reason; its list of files is not read.
    pub fn any(root: TrustRoot) -> Self {
        Self {
            any: true,
            ..Self::sigstore(root)
        }
    }

    /// States who asked.
    #[must_use]
    pub fn with_expectation(mut self, expectation: Expectation) -> Self {
        self.policy = self.policy.with_expectation(expectation);
        self
    }

    pub(crate) const fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) const fn covers_any(&self) -> bool {
        self.any
    }
}

/// A policy that expects a signer, or one that only reports.
#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a check has one policy: boxing would save nothing"
)]
pub enum AnyPolicy {
    /// Expects a signer.
    Expecting(Policy),
    /// Reports who signed.
    ReportOnly(ReportOnly),
}

impl From<Policy> for AnyPolicy {
    fn from(policy: Policy) -> Self {
        Self::Expecting(policy)
    }
}

impl From<ReportOnly> for AnyPolicy {
    fn from(report: ReportOnly) -> Self {
        Self::ReportOnly(report)
    }
}

impl AnyPolicy {
    /// The policy itself; a report's expects no one.
    pub(crate) const fn policy(&self) -> &Policy {
        match self {
            Self::Expecting(policy) => policy,
            Self::ReportOnly(report) => report.policy(),
        }
    }

    /// States who set the expectation.
    #[must_use]
    pub fn with_expectation(self, expectation: Expectation) -> Self {
        match self {
            Self::Expecting(policy) => Self::Expecting(policy.with_expectation(expectation)),
            Self::ReportOnly(report) => Self::ReportOnly(report.with_expectation(expectation)),
        }
    }
}
