//! The answer about the publisher.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    context::PublisherCheck,
    policy::Unexpected,
    signer::{Identity, Mismatch, Signer},
};

/// Is the signer the expected one?
///
/// `name` is the identity, or the subject of the certificate; `None` for a key, and where the signature
/// does not hold. `issuer` certifies the identity. Escape both where they are shown.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Publisher {
    /// It is the expected one.
    #[non_exhaustive]
    Expected {
        /// What was expected.
        basis: Basis,
        /// The signer.
        name: Option<String>,
        /// The issuer of the identity.
        issuer: Option<String>,
    },
    /// It is another one.
    #[non_exhaustive]
    Unexpected {
        /// The signer.
        name: Option<String>,
        /// The issuer of the identity.
        issuer: Option<String>,
        /// Any of these would have been accepted.
        expected: Vec<Identity>,
        /// The fields in which the signer differs from the nearest of them.
        mismatches: Vec<Mismatch>,
    },
    /// The caller expected no one, or the signature does not hold.
    #[non_exhaustive]
    Unchecked {
        /// The signer.
        name: Option<String>,
        /// The issuer of the identity.
        issuer: Option<String>,
    },
}

/// What was expected of a publisher.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A certificate that leads to the caller's anchor.
    Anchor,
    /// An identity.
    Identity,
    /// The caller's key.
    Key,
}

impl Publisher {
    /// The signature does not hold, so it says nothing about the signer.
    pub(super) const UNKNOWN: Self = Self::Unchecked {
        name: None,
        issuer: None,
    };

    pub(crate) fn of(signer: &Signer, check: PublisherCheck) -> Self {
        let (name, issuer) = names(signer);
        match check {
            PublisherCheck::Unchecked => Self::Unchecked { name, issuer },
            PublisherCheck::Expected => Self::Expected {
                basis: match (signer.identity(), signer.chain()) {
                    (Some(_), _) => Basis::Identity,
                    (None, []) => Basis::Key,
                    (None, _) => Basis::Anchor,
                },
                name,
                issuer,
            },
        }
    }

    pub(super) fn unexpected(signer: &Signer, difference: &Unexpected) -> Self {
        let (name, issuer) = names(signer);
        Self::Unexpected {
            name,
            issuer,
            expected: difference.expected.clone(),
            mismatches: difference.mismatches.clone(),
        }
    }

    /// The signer, see [`Publisher`].
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Expected { name, .. }
            | Self::Unexpected { name, .. }
            | Self::Unchecked { name, .. } => name.as_deref(),
        }
    }

    /// The issuer of the identity, see [`Publisher`].
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Expected { issuer, .. }
            | Self::Unexpected { issuer, .. }
            | Self::Unchecked { issuer, .. } => issuer.as_deref(),
        }
    }
}

/// The identity and its issuer, or else the certificate's subject.
fn names(signer: &Signer) -> (Option<String>, Option<String>) {
    match signer.identity() {
        Some(identity) => (
            Some(identity.identity().into()),
            identity.issuer().map(String::from),
        ),
        None => (
            signer.chain().first().map(|leaf| leaf.subject.clone()),
            None,
        ),
    }
}
