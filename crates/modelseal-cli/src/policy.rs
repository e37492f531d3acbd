//! From flags to policies.

use std::path::{Path, PathBuf};

use modelseal::{AnyPolicy, CertificatePolicy, Policy, ReportOnly, TrustRoot};

use crate::{
    args::{Anchors, Evidence, Expected, Keyless, Pins, Predicates, Roots, Sha256},
    exit::Failure,
    input,
};

/// The key method.
///
/// # Errors
/// If a file cannot be read, or is not what it should be.
pub fn key(public_key: &Path, evidence: &Evidence) -> Result<Policy, Failure> {
    with_evidence(Policy::key(input::public_key(public_key)?), evidence)
}

/// What the certificate method accepts in addition.
#[derive(Clone, Copy, Debug, Default)]
pub struct Accepts {
    /// Anchors that are not self-signed.
    pub intermediate_anchors: bool,
    /// The form of v0.2.0.
    pub digests_v01: bool,
}

/// The certificate method.
///
/// # Errors
/// If a file cannot be read, or is not what it should be.
pub fn certificate(
    given: &Anchors,
    accepts: Accepts,
    evidence: &Evidence,
) -> Result<Policy, Failure> {
    let files = given.certificate_chain.iter().map(PathBuf::as_path);
    let pinned = given.anchor_digest.iter().map(|digest| digest.0);
    let anchors = match (&given.certificate_chain[..], &given.anchor_digest[..]) {
        (_, []) => input::anchors(files)?,
        ([], _) => modelseal::Anchors::pinned(pinned)?,
        _ => input::anchors(files)?.and(modelseal::Anchors::pinned(pinned)?),
    };
    let mut policy = CertificatePolicy::new(anchors);
    if accepts.intermediate_anchors {
        policy = policy.with_intermediate_anchors();
    }
    if accepts.digests_v01 {
        policy = policy.with_digests_v01();
    }
    let policy =
        Policy::certificate(policy).map_err(|error| match &given.certificate_chain[..] {
            [file] => Failure::in_file(error, file),
            _ => error.into(),
        })?;
    with_evidence(policy, evidence)
}

/// The sigstore method: the signer that the flags expect, or a report.
///
/// # Errors
/// If the flags name no signer, or the trust root cannot be used.
pub fn keyless(keyless: &Keyless) -> Result<AnyPolicy, Failure> {
    if keyless.report_only {
        let report = ReportOnly::sigstore(trust_root(&keyless.roots)?);
        return Ok(AnyPolicy::ReportOnly(report));
    }
    sigstore(&keyless.expected, &keyless.roots).map(AnyPolicy::Expecting)
}

/// The sigstore method with a signer to expect.
///
/// # Errors
/// As [`keyless`].
pub fn sigstore(expected: &Expected, roots: &Roots) -> Result<Policy, Failure> {
    let identities = expected.identities()?;
    Ok(Policy::sigstore(trust_root(roots)?, identities)?)
}

/// A policy that ships with modelseal.
///
/// # Errors
/// If there is none of this name.
pub fn preset(name: &str) -> Result<Policy, Failure> {
    let policy = Policy::preset(name)?;
    Ok(if policy.is_keyless() {
        policy.with_trust_root(trust_root(&Roots::default())?)
    } else {
        policy
    })
}

/// A key, for an artifact. Evidence is checked with the same root as for identities.
///
/// # Errors
/// If a file cannot be read, or is not what it should be.
pub fn artifact_key(public_key: &Path, roots: &Roots) -> Result<Policy, Failure> {
    let policy = Policy::key(input::artifact_key(public_key)?);
    Ok(policy.with_trust_root(trust_root(roots)?))
}

/// The policy with the types of attestations that the caller accepts.
///
/// # Errors
/// For a type that no attestation may have.
pub fn with_predicates(policy: Policy, predicates: &Predicates) -> Result<Policy, Failure> {
    let types = &predicates.predicate_type;
    Ok(match (types.is_empty(), predicates.any_predicate_type) {
        (_, true) => policy.with_any_predicate_type(),
        (false, false) => policy.with_predicate_types(types.clone())?,
        (true, false) => policy,
    })
}

/// The policy with the caller's pins.
#[must_use]
pub fn pinned(mut policy: Policy, pins: &Pins) -> Policy {
    if let Some(digest) = pins.root_digest {
        policy = policy.with_root_digest(digest.0);
    }
    if let Some(name) = &pins.model_name {
        policy = policy.with_model_name(name.clone());
    }
    for digest in &pins.deny {
        policy = policy.with_denied(digest.0);
    }
    policy
}

/// A report expects no one, so it has no pins either.
///
/// # Errors
/// If there are pins.
pub fn without_pins(pins: &Pins) -> Result<(), Failure> {
    let Pins {
        root_digest: None,
        model_name: None,
        deny,
    } = pins
    else {
        return Err(expects_something());
    };
    if deny.is_empty() {
        Ok(())
    } else {
        Err(expects_something())
    }
}

/// A report expects no one, so it has no pins either.
///
/// # Errors
/// If there are pins.
pub fn without_predicates(predicates: &Predicates, deny: &[Sha256]) -> Result<(), Failure> {
    if predicates.predicate_type.is_empty() && !predicates.any_predicate_type && deny.is_empty() {
        return Ok(());
    }
    let sentence = "--report-only expects no one: it cannot be combined with --predicate-type, \
        --any-predicate-type or --deny";
    Err(Failure::new("usage-invalid", sentence))
}

fn expects_something() -> Failure {
    let sentence = "--report-only expects no one: it cannot be combined with --root-digest, --model-name or --deny";
    Failure::new("usage-invalid", sentence)
}

fn with_evidence(policy: Policy, evidence: &Evidence) -> Result<Policy, Failure> {
    Ok(match &evidence.trust_root {
        Some(name) => policy.with_trust_root(input::trust_root(name)?),
        None => policy,
    })
}

/// A root that was fetched counts also where none is named.
fn trust_root(roots: &Roots) -> Result<TrustRoot, Failure> {
    match (&roots.trust_root, roots.use_staging) {
        (Some(name), _) => input::trust_root(name),
        (None, true) => input::trust_root(Path::new("staging")),
        (None, false) => input::trust_root(Path::new("production")),
    }
}
