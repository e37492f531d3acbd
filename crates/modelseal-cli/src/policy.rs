//! From flags to policies.

use std::path::{Path, PathBuf};

use modelseal::{AnyPolicy, Policy, ReportOnly, TrustRoot};

use crate::{
    args::{Anchors, Evidence, Expected, Keyless, Pins, Roots},
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

/// The certificate method.
///
/// # Errors
/// If a file cannot be read, or is not what it should be.
pub fn certificate(given: &Anchors, evidence: &Evidence) -> Result<Policy, Failure> {
    let files = given.certificate_chain.iter().map(PathBuf::as_path);
    let pinned = given.anchor_digest.iter().map(|digest| digest.0);
    let anchors = match (&given.certificate_chain[..], &given.anchor_digest[..]) {
        (_, []) => input::anchors(files)?,
        ([], _) => modelseal::Anchors::pinned(pinned)?,
        _ => input::anchors(files)?.and(modelseal::Anchors::pinned(pinned)?),
    };
    with_evidence(Policy::certificate(anchors), evidence)
}

/// The sigstore method: whom the flags expect, or nobody.
///
/// # Errors
/// If the flags do not say whom, or the trust root cannot be used.
pub fn keyless(keyless: &Keyless) -> Result<AnyPolicy, Failure> {
    if keyless.report_only {
        let report = ReportOnly::sigstore(trust_root(&keyless.roots)?);
        return Ok(AnyPolicy::ReportOnly(report));
    }
    sigstore(&keyless.expected, &keyless.roots).map(AnyPolicy::Expecting)
}

/// The sigstore method with somebody to expect.
///
/// # Errors
/// As [`keyless`].
pub fn sigstore(expected: &Expected, roots: &Roots) -> Result<Policy, Failure> {
    let identities = expected.identities()?;
    Ok(Policy::sigstore(trust_root(roots)?, identities)?)
}

/// A key, for an artifact. Evidence is checked with the same root as for identities.
///
/// # Errors
/// If a file cannot be read, or is not what it should be.
pub fn artifact_key(public_key: &Path, roots: &Roots) -> Result<Policy, Failure> {
    let policy = Policy::key(input::artifact_key(public_key)?);
    Ok(policy.with_trust_root(trust_root(roots)?))
}

/// The policy with the caller's pins.
///
/// # Errors
/// If it can accept nothing.
pub fn pinned(mut policy: Policy, pins: &Pins) -> Result<Policy, Failure> {
    if let Some(digest) = pins.root_digest {
        policy = policy.with_root_digest(digest.0);
    }
    if let Some(name) = &pins.model_name {
        policy = policy.with_model_name(name.clone());
    }
    for digest in &pins.deny {
        policy = policy.with_denied(digest.0);
    }
    policy.check()?;
    Ok(policy)
}

/// Whoever expects something does not want a report alone.
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

fn expects_something() -> Failure {
    let sentence =
        "--report-only expects nobody, so --root-digest, --model-name and --deny cannot go with it";
    Failure::new("usage-invalid", sentence)
}

fn with_evidence(policy: Policy, evidence: &Evidence) -> Result<Policy, Failure> {
    Ok(match &evidence.trust_root {
        Some(name) => policy.with_trust_root(input::trust_root(name)?),
        None => policy,
    })
}

fn trust_root(roots: &Roots) -> Result<TrustRoot, Failure> {
    match (&roots.trust_root, roots.use_staging) {
        (Some(name), _) => input::trust_root(name),
        (None, true) => Ok(TrustRoot::bundled("staging")?),
        (None, false) => Ok(TrustRoot::bundled("production")?),
    }
}
