//! What every verdict repeats: which bundle was checked, when, and with what.

use alloc::vec::Vec;

use crate::{
    policy::{Expectation, Policy},
    time::Clock,
    trust::TrustRoot,
    x509::IgnoredAnchor,
};

/// What every verdict repeats.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) bundle_sha256: [u8; 32],
    /// `None` for a bundle that could not be read.
    pub(crate) media_type: Option<&'static str>,
    pub(crate) expectation: Expectation,
    pub(crate) clock: Clock,
    /// What log entries and timestamps were checked with.
    pub(crate) trust_root: Option<TrustRoot>,
    pub(crate) ignored_anchors: Vec<IgnoredAnchor>,
}

/// Was the signer compared with one that the caller expects?
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PublisherCheck {
    Expected,
    Unchecked,
}

impl Context {
    pub(crate) fn new(
        bundle_sha256: [u8; 32],
        media_type: Option<&'static str>,
        policy: &Policy,
        clock: Clock,
    ) -> Self {
        Self {
            bundle_sha256,
            media_type,
            expectation: policy.expectation().clone(),
            clock,
            trust_root: policy.trust_root().cloned(),
            ignored_anchors: policy.ignored_anchors().to_vec(),
        }
    }
}
