//! `modelseal verify artifact` and `modelseal verify-bundle`: one artifact and a Sigstore bundle about
//! it.

use std::path::Path;

use modelseal::{AnyPolicy, ArtifactBundles, ArtifactVerdict, Clock, Limits};

use crate::{
    args::{Artifact, Expected, Format, Predicates, Roots, VerifyBundle},
    clock::clock,
    exit::{self, Accepted, Failure},
    input, policy, print, show,
};

/// Runs `modelseal verify artifact`; the result is the exit code.
///
/// # Errors
/// If there is no verdict.
pub fn run(arguments: &Artifact) -> Result<u8, Failure> {
    let policy = match &arguments.public_key {
        Some(key) => policy::artifact_key(key, &arguments.keyless.roots)?.into(),
        None => policy::keyless(&arguments.keyless)?,
    };
    let policy = match policy {
        AnyPolicy::Expecting(mut policy) => {
            for digest in &arguments.deny {
                policy = policy.with_denied(digest.0);
            }
            policy::with_predicates(policy, &arguments.predicates)?.into()
        }
        report @ AnyPolicy::ReportOnly(_) => {
            policy::without_predicates(&arguments.predicates, &arguments.deny)?;
            report
        }
    };
    let clock = clock(arguments.time.at, arguments.time.max_clock_skew)?;
    let (file, bundle) = (&arguments.file, &arguments.bundle);
    let verdict = judge(&policy, bundle, file, clock)?;
    let any = arguments.predicates.any_predicate_type;
    finish(&verdict, file, arguments.format, any)
}

/// Runs `modelseal verify-bundle`; the result is the exit code. The suite has attestations of any type.
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
    let any = Predicates {
        any_predicate_type: true,
        ..Predicates::default()
    };
    let policy = policy::with_predicates(policy, &any)?.into();
    let (file, bundle) = (&arguments.file, &arguments.bundle);
    let verdict = judge(&policy, bundle, file, clock(None, None)?)?;
    finish(&verdict, file, Format::Text, true)
}

fn judge(
    policy: &AnyPolicy,
    bundle: &Path,
    file: &Path,
    clock: Clock,
) -> Result<ArtifactVerdict, Failure> {
    let limits = Limits::default();
    let bytes = input::bundle(bundle, &limits)?;
    let in_bundle = |error| input::in_bundle(error, bundle);
    let bundles = ArtifactBundles::parse(&bytes, &limits).map_err(in_bundle)?;
    let digests = input::artifact(file, bundles.hasher())?;
    policy.judge(bundles, clock, &digests).map_err(in_bundle)
}

/// Prints the verdict; the result is the exit code.
fn finish(
    verdict: &ArtifactVerdict,
    file: &Path,
    format: Format,
    any_predicate: bool,
) -> Result<u8, Failure> {
    match format {
        Format::Json => print::json(&verdict.to_json())?,
        Format::Text => print::text(&show::artifact(verdict, file))?,
    }
    let accepted = Accepted {
        any_predicate,
        ..Accepted::default()
    };
    Ok(exit::code(verdict.outcome(), verdict.reasons(), accepted))
}
