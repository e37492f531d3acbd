//! What every verdict states: what was judged, when, by whose word, and what was not checked.

use alloc::string::{String, ToString};

use modelseal_hash::Hex;
use serde::Serialize;

use crate::{envelope::Context, policy::SetBy, signer::Signer, trust::TrustRoot};

/// The part of a verdict that does not depend on what was signed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Frame {
    expectation: ExpectationAnswer,
    bundle: BundleId,
    evaluated_at: String,
    judged_at: String,
    judged_at_basis: &'static str,
    valid_until: Option<String>,
    /// What log entries and timestamps were checked with; none where the policy names no root.
    trust_root: Option<TrustRootId>,
    not_checked: [&'static str; 2],
    modelseal: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpectationAnswer {
    set_by: SetBy,
    name: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BundleId {
    sha256: String,
    media_type: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct TrustRootId {
    name: Option<&'static str>,
    date: Option<&'static str>,
    sha256: String,
}

impl Frame {
    /// `signer` is none for a signature that does not hold.
    pub(super) fn of(context: &Context, signer: Option<&Signer>) -> Self {
        let clock = context.clock;
        let signed = signer.and_then(Signer::first_signed_time);
        let (judged_at, basis) = match signed {
            Some(at) => (at, "signed-time"),
            None if clock.is_chosen() => (clock.at(), "caller"),
            None => (clock.at(), "now"),
        };
        Self {
            expectation: ExpectationAnswer {
                set_by: context.expectation.set_by,
                name: context.expectation.name.clone(),
            },
            bundle: BundleId {
                sha256: Hex(&context.bundle_sha256).to_string(),
                media_type: context.media_type,
            },
            evaluated_at: clock.evaluated_at().to_string(),
            judged_at: judged_at.to_string(),
            judged_at_basis: basis,
            valid_until: signer
                .and_then(Signer::valid_until)
                .map(|time| time.to_string()),
            trust_root: context.trust_root.as_ref().map(TrustRootId::of),
            not_checked: ["newest-version", "revocation"],
            modelseal: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl TrustRootId {
    fn of(root: &TrustRoot) -> Self {
        Self {
            name: root.name(),
            date: root.date(),
            sha256: Hex(&root.sha256()).to_string(),
        }
    }
}

/// Observations on the trust root: one without logs asks for no entries, one without logs of
/// certificates for no SCTs.
pub(super) fn notes(context: &Context, signer: &Signer) -> [(bool, &'static str); 2] {
    let keyless = context
        .trust_root
        .as_ref()
        .filter(|_| signer.identity().is_some());
    [
        (
            keyless.is_some_and(|root| root.ct_logs().is_empty()),
            "trust-root-without-certificate-logs",
        ),
        (
            keyless.is_some_and(|root| root.logs().is_empty()),
            "trust-root-without-logs",
        ),
    ]
}
