//! `modelseal verify attestation` and `modelseal verify-bundle`: one artifact and a Sigstore
//! bundle about it.

use std::path::Path;

use modelseal::{AnyPolicy, ArtifactHasher, ArtifactVerdict, Bundle, Limits, Stage};

use crate::{
    args::{Attestation, Expected, Format, Roots, VerifyBundle},
    exit::{self, Accepted, Failure},
    input, policy, print, show, verify,
};

/// What the bundle has to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// A statement about the artifact.
    Attestation,
    /// That, or a signature over the artifact.
    Any,
}

/// Runs `modelseal verify attestation`; the result is the exit code.
///
/// # Errors
/// If there is no verdict.
pub fn run(arguments: &Attestation) -> Result<u8, Failure> {
    let policy = match &arguments.public_key {
        Some(key) => AnyPolicy::Expecting(policy::artifact_key(key, &arguments.keyless.roots)?),
        None => policy::keyless(&arguments.keyless)?,
    };
    let (file, bundle) = (&arguments.file, &arguments.bundle);
    let verdict = judge(&policy, bundle, file, Kind::Attestation)?;
    finish(&verdict, file, arguments.format)
}

/// Runs `modelseal verify-bundle`; the result is the exit code.
///
/// # Errors
/// If there is no verdict.
pub fn conformance(arguments: VerifyBundle) -> Result<u8, Failure> {
    let roots = Roots {
        trust_root: arguments.trusted_root,
        use_staging: arguments.staging,
    };
    let policy = match &arguments.key {
        Some(key) => policy::artifact_key(key, &roots)?,
        None => {
            let (identity, issuer) = (
                arguments.certificate_identity,
                arguments.certificate_oidc_issuer,
            );
            let expected = Expected::of(identity, issuer);
            policy::sigstore(&expected, &roots)?
        }
    };
    let (file, bundle) = (&arguments.file, &arguments.bundle);
    let verdict = judge(&AnyPolicy::Expecting(policy), bundle, file, Kind::Any)?;
    finish(&verdict, file, Format::Text)
}

fn judge(
    policy: &AnyPolicy,
    bundle: &Path,
    file: &Path,
    kind: Kind,
) -> Result<ArtifactVerdict, Failure> {
    let limits = Limits::default();
    let bytes = input::bundle(bundle, &limits)?;
    let parsed = Bundle::parse(&bytes, &limits);
    let hasher = parsed.as_ref().map(ArtifactHasher::for_bundle);
    // A bundle that cannot be read is judged all the same: with all the digests.
    let hasher = hasher.unwrap_or_default();
    let digests = input::artifact(file, hasher)?;
    let clock = verify::clock(None)?;
    let result = match policy {
        AnyPolicy::Expecting(policy) => parsed
            .and_then(|bundle| bundle.verify_artifact(policy, clock, &digests))
            .map(|artifact| (artifact.attestation().is_some(), artifact.verdict())),
        AnyPolicy::ReportOnly(report) => parsed
            .and_then(|bundle| bundle.report_artifact(report, clock, &digests))
            .map(|artifact| (artifact.attestation().is_some(), artifact.verdict())),
    };
    match (result, policy) {
        (Ok((false, _)), _) if kind == Kind::Attestation => Err(no_attestation()),
        (Ok((_, verdict)), _) => Ok(verdict),
        // A digest that the caller did not give says nothing about the artifact.
        (Err(error), _) if error.stage() == Stage::Policy => Err(error.into()),
        (Err(error), AnyPolicy::Expecting(policy)) => Ok(ArtifactVerdict::rejected(
            error, &bytes, policy, clock, &digests,
        )),
        (Err(error), AnyPolicy::ReportOnly(report)) => Ok(ArtifactVerdict::rejected_report(
            error, &bytes, report, clock, &digests,
        )),
    }
}

/// The file is signed, but nobody attested anything about it.
fn no_attestation() -> Failure {
    Failure::new(
        "attestation-missing",
        "the bundle is a signature over the file, and no attestation about it",
    )
}

/// Prints the verdict; the result is the exit code.
fn finish(verdict: &ArtifactVerdict, file: &Path, format: Format) -> Result<u8, Failure> {
    match format {
        Format::Json => print::json(&verdict.to_json())?,
        Format::Text => print::text(&show::artifact(&verdict.to_json(), file))?,
    }
    Ok(exit::code(
        verdict.outcome(),
        verdict.reasons(),
        Accepted::default(),
    ))
}
